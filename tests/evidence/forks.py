"""Forks of every scenario at full size: the same past to the event, by both engines."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from sim.experiments.day import Engine, run_day
from sim.experiments.fork import fork_run
from sim.experiments.verification import verify_path
from sim.projections.audit import audit
from sim.projections.steps import FAR_US
from sim.scenario.clock import to_us
from sim.scenario.load import load_scenario
from tests.contracts.engine.agreement import tell_day
from tests.contracts.engine.forks import past, random_fork
from tests.contracts.engine.random_cases import random_case
from tests.evidence.claim import Claim, Finding, Steps

SCENARIOS = ["airport-domestic", "vca", "sgn-t1", "sgn-t3", "sgn-t3-tet"]
AT_US = to_us(9 * 3600)
PARTS, DAYS, PASSENGERS = 20, 500, (7, 12, 24)
"""Random small days, so many in each part, and at most so many passengers."""

CHANGES: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "fewer lanes": ("stations.security.servers=2",),
    "more counters than installed": ("stations.counter.servers=120",),
    "an outage": ("outages=[{station='security', from='09:00', until='09:45'}]",),
    "another share": ("journey.check-in-bag.options.kiosk.share=0.9",),
    "a policy called off": ("policy={remove=true}",),
    "all of it": (
        "stations.security.servers=2",
        "stations.counter.servers=120",
        "outages=[{station='bag-drop', from='09:00', until='09:45'}]",
        "journey.check-in-bag.options.kiosk.share=0.9",
    ),
}


def forked(name: str) -> dict[str, Any]:
    """One scenario, its fork with each change by both engines."""
    with TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        scenario = load_scenario(name)
        parent = run_day(scenario, out=run)
        found = {}
        for number, (what, changes) in enumerate(CHANGES.items()):
            forks = {
                engine: fork_run(
                    run,
                    at_us=AT_US,
                    changes=changes,
                    out=Path(folder) / f"{number}-{engine}",
                    engine=engine,
                )
                for engine in get_args(Engine)
            }
            done = forks["compiled"]
            heads = {fork.day.chain_head for fork in forks.values()}
            found[what] = {
                "events_before": done.prefix.before,
                "events_in_common": done.prefix.common,
                "events": done.day.summary["events"],
                "engines_agree": len(heads) == 1,
                "is_the_parent": heads == {parent.chain_head},
                "contradictions": len(audit(done.day.log, scenario.spec)),
                "resimulates": verify_path(
                    Path(folder) / f"{number}-compiled", resimulate=True
                ).resimulated,
            }
    return found


def at_random(key: str) -> dict[str, Any]:
    """Small days by the hundred, ``PART``: forks of them, and forks of those at once again."""
    counts = Counter[str]()
    differences = list[str]()
    for number in range(DAYS):
        seed = int(key) * DAYS + number
        roll = random.Random(seed).randint
        case = random_case(roll, PASSENGERS[number % len(PASSENGERS)])
        day = (case.network(), case.workload())
        fork, at_us = random_fork(day, random_case(roll), roll)
        told, plain = tell_day(*fork), tell_day(*day).events
        counts["events"] += len(told.events)
        counts["with another future"] += past(told.events, FAR_US) != past(plain, FAR_US)
        if told.difference:
            differences.append(f"day {seed}: {told.difference}")
        if past(told.events, at_us) != past(plain, at_us):
            differences.append(f"day {seed}: another past")
    return {**counts, "days": DAYS, "differences": differences}


def examine(steps: Steps) -> Finding:
    """All scenarios, and random days."""
    found = steps.each(SCENARIOS, forked)
    days = steps.each([str(part) for part in range(PARTS)], at_random)
    rows = [(what, row) for changes in found.values() for what, row in changes.items()]
    return Finding(
        passed=all(
            row["events_in_common"] >= row["events_before"] > 0
            and row["engines_agree"]
            and row["resimulates"]
            and not row["contradictions"]
            and row["is_the_parent"] == (what == "nothing")
            for what, row in rows
        )
        and not any(part["differences"] for part in days.values()),
        figures={
            **found,
            "random days": {
                name: sum(part[name] for part in days.values())
                for name in ("days", "events", "with another future")
            },
            "differences": [text for part in days.values() for text in part["differences"]][:20],
        },
    )


CLAIM = Claim(
    "forks",
    "A fork has its parent's past to the event, without changes its future too, in both engines.",
    examine,
)
