"""A year of T3: bounded memory, killed on the way, taken up again, the same in the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.evidence.claim import Claim, Finding, Steps

ASKED = ("run", "sgn-t3", "--days", "365", "--from", "2026-01-01", "--json")
MOST_MIB = 1536


def examine(steps: Steps) -> Finding:
    """One year undisturbed by one process, one killed twice and resumed by two."""
    found = steps.each(["undisturbed", "killed"], measure, processes=1)
    one, other = found["undisturbed"], found["killed"]
    holds = {
        "about ten million passengers": one["passengers"] > 9_000_000,
        "under 1.5 GiB": one["peak_mib"] < MOST_MIB,
        "finished days untouched": other["touched"] == 0,
        "the same in the end": one["chain_head"] == other["chain_head"],
    }
    return Finding(passed=all(holds.values()), figures={"holds": holds, **found})


def measure(part: str) -> dict[str, Any]:
    """Figures of one of the two years."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "year"
        return _undisturbed(place) if part == "undisturbed" else _killed(place)


def _undisturbed(place: Path) -> dict[str, Any]:
    began = time.perf_counter()
    with subprocess.Popen(_command(place), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    document = json.loads(text)
    return {
        "seconds": time.perf_counter() - began,
        "peak_mib": usage.ru_maxrss / 1024,
        "passengers": document["passengers"],
        "events": document["events"],
        "chain_head": document["chain_head"],
        "mib_on_disk": sum(file.stat().st_size for file in place.rglob("*.json")) / 2**20,
    }


def _killed(place: Path) -> dict[str, Any]:
    """Two processes, killed at a quarter and at half of the days."""
    kept: dict[str, tuple[int, int]] = {}
    touched = 0
    for days in (90, 180, None):
        resume = ("--resume",) if kept else ()
        process = subprocess.Popen(
            [*_command(place), "--jobs", "2", *resume], stdout=subprocess.DEVNULL
        )
        while process.poll() is None:
            if days is not None and len(_finished(place)) >= days:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.05)
        process.wait()
        time.sleep(1)  # workers notice that they are alone
        now = _finished(place)
        touched += sum(now.get(day) != stamp for day, stamp in kept.items())
        kept = now
    study = json.loads((place / "study.json").read_text(encoding="utf-8"))
    return {"touched": touched, "days": len(kept), "chain_head": study["chain_head"]}


def _finished(place: Path) -> dict[str, tuple[int, int]]:
    return {
        file.name: (file.stat().st_ino, file.stat().st_mtime_ns)
        for file in (place / "days").glob("2026-*.json")
    }


def _command(place: Path) -> list[str]:
    return [sys.executable, "-m", "sim", *ASKED, "--out", str(place)]


CLAIM = Claim(
    "year",
    "A year of T3 takes less than 1.5 GiB, and is taken up after a kill without redoing a day.",
    examine,
)
