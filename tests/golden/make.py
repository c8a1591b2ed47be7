"""``python -m tests.golden.make``: a stored run of the present format, written once."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from sim.events.kinds import KIND_VERSIONS
from sim.events.manifest import FORMAT_VERSION
from sim.events.store import RunWriter
from sim.experiments.day import run_day, run_header
from sim.scenario.load import load_scenario
from tests.evidence.claim import write_json

FOLDER = Path(__file__).resolve().parent
SCENARIO = FOLDER / "scenario.toml"
RUN, FIGURES = "run", "figures.json"
CREATED_AT = "2026-01-14T02:00:00+07:00"
SEED = 1


def present_name() -> str:
    """The folder of the present format: the kinds that are past version 1 are part of it."""
    newer = [f"{kind}-{version}" for kind, version in KIND_VERSIONS.items() if version > 1]
    return "-".join([f"format-{FORMAT_VERSION}", *newer])


def make(folder: Path) -> None:
    """Write the run and its figures into a new folder; nothing in it knows clock or machine."""
    folder.mkdir()
    scenario = load_scenario(SCENARIO)
    day = run_day(scenario, seed=SEED)
    header = run_header(
        scenario,
        program=scenario.program(None),
        on=None,
        seed=SEED,
        replication=0,
        engine="compiled",
    )
    header = replace(header, run_id=folder.name, created_at=CREATED_AT)
    with RunWriter(
        folder / RUN, stations=day.log.stations, tables=day.log.tables, header=header
    ) as writer:
        for block in day.log.blocks():
            writer.write(block)
    write_json(folder / FIGURES, day.summary)


def main() -> int:
    """Write it, unless there is one."""
    folder = FOLDER / present_name()
    if folder.exists():
        place = f"tests/golden/{folder.name}"
        print(f"{place} is there already; a stored run is never written again", file=sys.stderr)
        return 2
    make(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
