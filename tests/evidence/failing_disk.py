"""Every step at which a disk can refuse ``sim run``: what is left, what is said, what is next."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.events.store import open_run
from tests.evidence.claim import Claim, Finding, Steps
from tests.failing_disk import WAYS, answers_of, faults_of
from tests.golden.make import SCENARIO as SHORT
from tests.kills import events_left

ROOT = Path(__file__).resolve().parents[2]

SCENARIOS = {"short": (str(SHORT.relative_to(ROOT)), 1), "tet": ("sgn-t3-tet", 4)}
"""A run of one short segment, and one of three; after every how many-th failure commands look."""

LOTS = {"short": 4, "tet": 12}


def examine_lot(key: str) -> dict[str, Any]:
    """One lot of the steps of one way, ``scenario/way/number``."""
    size, way, lot = key.split("/")
    scenario, by_command = SCENARIOS[size]
    with TemporaryDirectory() as folder:
        where = Path(folder)
        answers = answers_of(
            where, scenario, way, share=int(lot), of=LOTS[size], by_command=by_command
        )
        whole = open_run(where / "whole")
        left = [events_left(where / answer.directory, whole) for answer in answers]
        told = zip(answers, left, strict=True)
        return {
            "whole": whole.events,
            "left": left,
            "refused": sum(answer.code != 0 for answer in answers),
            "by_command": sum(answer.verify_code is not None for answer in answers),
            "faults": [fault for each, found in told for fault in faults_of(each, left=found)],
        }


def examine(steps: Steps) -> Finding:
    """`events_left` asserts that what is left is a valid prefix; the rest is counting."""
    lots = [
        f"{size}/{way}/{lot}"
        for size, count in LOTS.items()
        for way in WAYS
        for lot in range(count)
    ]
    found = steps.each(lots, examine_lot, processes=1)
    faults = [text for each in found.values() for text in each["faults"]]
    figures = {
        f"{SCENARIOS[size][0]}, {way}": _counts(
            [each for key, each in found.items() if key.startswith(f"{size}/{way}/")]
        )
        for size in SCENARIOS
        for way in WAYS
    }
    return Finding(
        passed=not faults and all(each["refused"] for each in figures.values()),
        figures={**figures, "faults": faults},
    )


def _counts(lots: list[dict[str, Any]]) -> dict[str, Any]:
    left = [events for each in lots for events in each["left"]]
    whole = lots[0]["whole"]
    return {
        "events_of_the_whole_run": whole,
        "failures": len(left),
        "refused": sum(each["refused"] for each in lots),
        "looked_at_by_command": sum(each["by_command"] for each in lots),
        "left_nothing": left.count(None),
        "left_a_prefix": sum(events is not None and events < whole for events in left),
        "left_the_whole_run": left.count(whole),
    }


CLAIM = Claim(
    "failing-disk",
    "Whichever step a full or failing disk refuses, the run says so and leaves nothing or a "
    "valid prefix.",
    examine,
)
