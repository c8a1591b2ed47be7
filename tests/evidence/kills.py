"""``sim run`` killed five hundred times: what is left is nothing, or a prefix with its count."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.events.store import open_run
from tests.evidence.claim import Claim, Finding, Steps
from tests.kills import events_left, kills

SCENARIO = "sgn-t3-tet"
KILLS = 500
LOT = 10
MOST_LOTS = 90
"""Some runs end before they are killed; lots go on until enough were alive."""


def examine_lot(lot: str) -> dict[str, Any]:
    """Kills at instants spread over the life of the command, start-up included."""
    with TemporaryDirectory() as folder:
        where = Path(folder)
        answers = [
            {
                "events": events_left(kill.directory, open_run(where / "whole")),
                "has_ended": kill.has_ended,
            }
            for kill in kills(_command, where, count=LOT, seed=int(lot))
        ]
        return {"whole": open_run(where / "whole").events, "kills": answers}


def examine(steps: Steps) -> Finding:
    """`events_left` asserts that what is left is a valid prefix; the rest is counting."""
    killed: list[int | None] = []
    ended = whole = 0
    for lot in range(MOST_LOTS):
        found = steps.each([str(lot)], examine_lot, processes=1)[str(lot)]
        whole = found["whole"]
        killed += [answer["events"] for answer in found["kills"] if not answer["has_ended"]]
        ended += sum(answer["has_ended"] for answer in found["kills"])
        if len(killed) >= KILLS:
            break
    return Finding(
        passed=len(killed) >= KILLS and any(killed),
        figures={
            "scenario": SCENARIO,
            "kills": len(killed),
            "ended_first": ended,
            "events_of_the_whole_run": whole,
            "left_nothing": killed.count(None),
            "left_a_prefix": len(killed) - killed.count(None),
            "left_a_sealed_segment": sum(map(bool, killed)),
            "events_left": killed,
        },
    )


def _command(directory: Path) -> list[str]:
    return [sys.executable, "-m", "sim", "run", SCENARIO, "--out", str(directory)]


CLAIM = Claim(
    "kills",
    "A run killed at any instant leaves nothing, or a readable prefix with a stated count.",
    examine,
)
