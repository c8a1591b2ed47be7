"""Runs begun in mid-day at full size: the future of every scenario, by both engines."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import numpy as np

from sim.events.log import COLUMNS, EventBlock, concat_blocks
from sim.experiments.day import Day, Engine, run_day
from sim.experiments.from_run import run_from
from sim.experiments.verification import verify_path
from sim.projections.audit.fold import audit
from sim.scenario.clock import instant_text, to_us
from sim.scenario.load import load_scenario
from tests.contracts.engine.forks import Day as Plan
from tests.contracts.engine.forks import random_fork
from tests.contracts.engine.openings import other_future
from tests.contracts.engine.random_airports import random_airport
from tests.contracts.engine.random_cases import random_case
from tests.evidence.claim import Claim, Finding, Steps

SCENARIOS = ["airport-domestic", "vca", "sgn-t1", "sgn-t3", "sgn-t3-tet"]
INSTANTS_US = [to_us(hour * 3600) for hour in (5.5, 8, 10, 12 + 1 / 3600 / 3, 15, 18.25)]
AT_US, UNTIL_US = to_us(10 * 3600), to_us(12 * 3600)
PARTS, DAYS, PASSENGERS = 10, 400, (7, 12, 24)
"""Random small days, so many in each part, and at most so many passengers."""


def begun(name: str) -> dict[str, Any]:
    """One scenario begun again at several instants, and at ten for two hours."""
    with TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        scenario = load_scenario(name)
        whole = concat_blocks(run_day(scenario, out=run).log.blocks())
        found = {}
        for at_us in INSTANTS_US:
            days = {
                engine: run_from(run, at_us=at_us, engine=engine) for engine in get_args(Engine)
            }
            new = days["compiled"]
            opening = new.folded.opening
            found[instant_text(at_us)] = {
                "persons": 0 if opening is None else opening.persons,
                "events": int((whole.at_us >= at_us).sum()),
                "is_the_future": all(is_the_future(day, whole, at_us) for day in days.values()),
                "engines_agree": len({day.chain_head for day in days.values()}) == 1,
                "contradictions": len(audit(new.log, scenario.spec)),
            }
        now = Path(folder) / "now"
        day = run_from(run, at_us=AT_US, until_us=UNTIL_US, out=now)
        found["two hours"] = {
            "events": int(((whole.at_us >= AT_US) & (whole.at_us < UNTIL_US)).sum()),
            "is_the_future": is_the_future(day, whole[whole.at_us < UNTIL_US], AT_US),
            "resimulates": verify_path(now, resimulate=True).resimulated,
        }
    return found


def is_the_future(day: Day, whole: EventBlock, at_us: int) -> bool:
    """Whether all that a run tells after its opening are the events from an instant on."""
    events = concat_blocks(day.log.blocks())
    future = whole[int(np.searchsorted(whole.at_us, at_us)) :]
    told = events[len(events) - len(future) :]
    opened = day.folded.opening
    rows = 0 if opened is None else int((events.seq >= opened.seq).sum()) - len(future)
    is_rest = opened is not None and (events.kind[opened.seq : opened.seq + rows] == 29).all()
    return bool(is_rest) and all(
        np.array_equal(getattr(told, name), getattr(future, name)) for name in COLUMNS[1:]
    )


def at_random(key: str) -> dict[str, Any]:
    """Small days by the hundred, ``PART``, and forks of some, begun at two instants each."""
    counts, differences = Counter[str](), list[str]()
    for number in range(DAYS):
        seed = int(key) * DAYS + number
        roll = random.Random(seed).randint
        case = random_airport(roll) if seed % 10 == 0 else random_case(roll, PASSENGERS[seed % 3])
        day: Plan = (case.network(), case.workload())
        if seed % 4 == 0:
            day, _ = random_fork(day, random_case(roll), roll)
        for at_us in (to_us(roll(1, 30)), to_us(roll(0, 40) + 0.5)):
            instant = day[0].start_us + at_us
            if 0 <= day[0].cut_us <= instant:
                continue
            told = other_future(day, at_us=instant)
            counts["instants"] += 1
            differences += [
                f"day {seed} at {instant} by {engine}: {words}"
                for engine, words in told.items()
                if words
            ]
    return {**counts, "days": DAYS, "differences": differences}


def examine(steps: Steps) -> Finding:
    """All scenarios, and random days."""
    found = steps.each(SCENARIOS, begun)
    days = steps.each([str(part) for part in range(PARTS)], at_random)
    rows = [row for instants in found.values() for row in instants.values()]
    return Finding(
        passed=all(
            row["is_the_future"]
            and row.get("engines_agree", True)
            and row.get("resimulates", True)
            and not row.get("contradictions")
            for row in rows
        )
        and not any(part["differences"] for part in days.values()),
        figures={
            **found,
            "random days": {
                name: sum(part[name] for part in days.values()) for name in ("days", "instants")
            },
            "differences": [text for part in days.values() for text in part["differences"]][:20],
        },
    )


CLAIM = Claim(
    "from-now",
    "Begun at an instant of a run, both engines tell its future event for event.",
    examine,
)
