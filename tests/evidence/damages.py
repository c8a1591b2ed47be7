"""A thousand ways to damage a run, each of which ``sim verify`` must find and name."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.errors import DamagedRunError
from sim.events.store import open_run
from sim.events.verify import verify_run
from tests.damage import Damage, copy_of, damages
from tests.evidence.claim import Claim, Finding, Steps
from tests.synthetic_log import write_run

SIZES = {"small": 5_000, "large": 530_000}
"""Events of the runs: one segment, and three."""

DAMAGES = 1_000
LOTS = 10
BY_COMMAND = 5
"""Damages of each lot that go through the command line too, which takes a process each."""


def examine_lot(key: str) -> dict[str, Any]:
    """One lot, ``size/number``, on a run of its own."""
    size, lot = key.split("/")
    with TemporaryDirectory() as folder:
        run = write_run(Path(folder) / "run", events=SIZES[size]).directory
        missed: list[str] = []
        count = DAMAGES // LOTS
        for number, damage in enumerate(damages(run, count=count, seed=int(lot))):
            damaged = copy_of(run, damage, Path(folder))
            missed += _missed(damaged, damage, by_command=number % (count // BY_COMMAND) == 0)
        return {"damages": count, "missed": missed}


def examine(steps: Steps) -> Finding:
    """Nothing is missed."""
    keys = [f"{size}/{lot}" for size in SIZES for lot in range(LOTS)]
    found = steps.each(keys, examine_lot)
    missed = [text for each in found.values() for text in each["missed"]]
    return Finding(
        passed=not missed,
        figures={
            "damages": sum(each["damages"] for each in found.values()),
            "by_command_line": BY_COMMAND * len(found),
            "missed": missed,
        },
    )


def _missed(damaged: Path, damage: Damage, *, by_command: bool) -> list[str]:
    """What is wrong with how a damage was answered."""
    report = verify_run(damaged)
    named = {Path(fault.path).relative_to(report.path).as_posix() for fault in report.faults}
    wrong = []
    if report.exit_code != 1:
        wrong.append(f"{damage.name}: exit {report.exit_code}")
    if not named & damage.blamed:
        wrong.append(f"{damage.name}: blames {sorted(named)}")
    if not _refuses(damaged):
        wrong.append(f"{damage.name}: figures can still be folded")
    if by_command:
        command = [sys.executable, "-m", "sim", "verify", str(damaged)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = done.stdout + done.stderr
        if done.returncode != 1 or "Traceback" in told:
            wrong.append(f"{damage.name}: sim verify exits {done.returncode}")
        if not any(name in "".join(told.split()) for name in damage.blamed):
            wrong.append(f"{damage.name}: sim verify names no file of {sorted(damage.blamed)}")
    return wrong


def _refuses(directory: Path) -> bool:
    try:
        for _ in islice(open_run(directory).blocks(), None):
            pass
    except DamagedRunError:
        return True
    return False


CLAIM = Claim(
    "damages",
    "Every damage to a run is found by `sim verify` and named; no figure is folded over it.",
    examine,
)
