"""``sim matcher bench`` at full size, held against what was promised."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.evidence.claim import Claim, Finding, Steps

MILLION = 1_000_000
WANTED = {("two-stage", 1): 25, ("two-stage", 64): 7, ("amx-int8", 512): 8}
"""Times NumPy float32 at a million people, by kernel and batch."""

MOST_LOST = 5e-5


def examine(steps: Steps) -> Finding:
    """One run of the command, alone on the machine."""
    document = steps.each(["bench"], bench, processes=1)["bench"]
    rows = {(row["kernel"], row["n"], row["batch"]): row for row in document["rows"]}
    holds = {
        f"{kernel} at least {times} times NumPy for batch {batch}": (
            rows.get((kernel, MILLION, batch), {}).get("ratio_numpy_f32", 0) >= times
        )
        for (kernel, batch), times in WANTED.items()
    }
    lost = max(row["mates_lost"] for row in document["rows"])
    holds[f"at most {MOST_LOST:.0e} of accepted mates lost"] = lost <= MOST_LOST
    return Finding(passed=all(holds.values()), figures={"holds": holds, **document})


def bench(_: str) -> dict[str, Any]:
    """What the command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", "matcher", "bench", "--json"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout)


CLAIM = Claim(
    "matcher-speed",
    "A face is found among a million 25 times faster than by NumPy alone, with at most 5 in "
    "100,000 accepted mates lost.",
    examine,
)
