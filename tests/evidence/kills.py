"""``sim run`` killed a hundred times: what is left is nothing, or a prefix with its count."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.events.store import open_run
from tests.evidence.claim import Claim, Finding, Steps
from tests.kills import events_left, kills

SCENARIO = "sgn-t3-tet"
KILLS = 100
LOTS = 10


def examine_lot(lot: str) -> dict[str, Any]:
    """Kills at instants spread over the life of the command, start-up included."""
    with TemporaryDirectory() as folder:
        where = Path(folder)
        answers = [
            {
                "events": events_left(kill.directory, open_run(where / "whole")),
                "has_ended": kill.has_ended,
            }
            for kill in kills(_command, where, count=KILLS // LOTS, seed=int(lot))
        ]
        return {"whole": open_run(where / "whole").events, "kills": answers}


def examine(steps: Steps) -> Finding:
    """`events_left` asserts that what is left is a valid prefix; the rest is counting."""
    found = steps.each([str(lot) for lot in range(LOTS)], examine_lot, processes=1)
    answers = [answer for each in found.values() for answer in each["kills"]]
    return Finding(
        passed=len(answers) == KILLS,
        figures={
            "scenario": SCENARIO,
            "kills": len(answers),
            "events_of_the_whole_run": found["0"]["whole"],
            "left_nothing": sum(answer["events"] is None for answer in answers),
            "left_a_prefix": sum(
                answer["events"] is not None and not answer["has_ended"] for answer in answers
            ),
            "left_a_sealed_segment": sum(
                bool(answer["events"]) and not answer["has_ended"] for answer in answers
            ),
            "ended_first": sum(answer["has_ended"] for answer in answers),
            "answers": answers,
        },
    )


def _command(directory: Path) -> list[str]:
    return [sys.executable, "-m", "sim", "run", SCENARIO, "--out", str(directory)]


CLAIM = Claim(
    "kills",
    "A run killed at any instant leaves nothing, or a readable prefix with a stated count.",
    examine,
)
