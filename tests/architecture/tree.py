"""The files that are, or are about to be, under version control."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that Git tracks or would add; outside a clone, all but what is made."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        found = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    else:  # a source archive has no .git
        found = [path for path in ROOT.rglob("*") if not _is_made(path.relative_to(ROOT))]
    return tuple(sorted(path for path in found if path.is_file()))


def read_text(path: Path) -> str | None:
    """The file's text, or None where it holds something else."""
    data = path.read_bytes()
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None


def python_files(*folders: str) -> list[Path]:
    """The project's Python files below the given folders."""
    tops = [ROOT / folder for folder in folders]
    return [
        path
        for path in project_files()
        if path.suffix == ".py" and any(top in path.parents for top in tops)
    ]


def _is_made(relative: Path) -> bool:
    made = {".git", ".venv", ".lock", "runs", "build", "dist", "__pycache__"}
    return any(part in made or part.endswith("_cache") for part in relative.parts)
