"""Write `faults.txt` anew from what the checks say now; read the difference before keeping it."""

import os
from pathlib import Path

from sim.scenario.check import check_files

FOLDER = Path(__file__).parent


def main() -> None:
    os.chdir(FOLDER)
    sections = []
    for path in sorted(FOLDER.glob("*.toml")):
        faults = check_files([path.name])
        sections.append("\n".join([f"## {path.name}", *map(str, faults)]))
    (FOLDER / "faults.txt").write_text("\n\n".join(sections) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
