"""The compiled engine beside the reference engine, event for event, on days by the thousand."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from sim.demand.sample import sample
from sim.engine.network import build_network
from sim.scenario.load import load_scenario
from tests.contracts.engine.agreement import Told, tell, tell_day
from tests.contracts.engine.behaviours import behaviours
from tests.contracts.engine.random_airports import random_airport
from tests.contracts.engine.random_cases import random_case
from tests.evidence.claim import Claim, Finding, Steps

SCENARIOS = ["airport-domestic", "vca", "sgn-t1", "sgn-t3", "sgn-t3-tet"]
SEEDS = (1, 2, 3)
SMALL_PARTS, SMALL_DAYS = 40, 1_000
"""Random small days, so many in each part, with at most one of `PASSENGERS`."""

PASSENGERS = (7, 12, 24, 60)
TERMINAL_PARTS, TERMINAL_DAYS = 10, 60
"""Random days at a terminal, with 300 passengers each."""

SHOWN = 20
"""Differences that are written down."""


def compare(key: str) -> dict[str, Any]:
    """One part: ``scenario NAME SEED``, ``small PART`` or ``terminal PART``."""
    kind, *rest = key.split()
    if kind == "scenario":
        return _compare_scenario(rest[0], int(rest[1]))
    days = SMALL_DAYS if kind == "small" else TERMINAL_DAYS
    differences: list[str] = []
    rules: Counter[str] = Counter()
    events = 0
    for day in range(days):
        roll = random.Random(f"{key} {day}").randint
        if kind == "small":
            case = random_case(roll, PASSENGERS[day % len(PASSENGERS)])
        else:
            case = random_airport(roll)
        told = tell(case)
        events += len(told.events)
        rules.update(behaviours(case, told.events))
        differences += _named(f"{key} {day}", told)
    return {"days": days, "events": events, "differences": differences, "rules": dict(rules)}


def examine(steps: Steps) -> Finding:
    """No day differs in any column of any event."""
    parts = {
        "scenarios": [f"scenario {name} {seed}" for name in SCENARIOS for seed in SEEDS],
        "small_days": [f"small {part}" for part in range(SMALL_PARTS)],
        "terminal_days": [f"terminal {part}" for part in range(TERMINAL_PARTS)],
    }
    found = steps.each([key for keys in parts.values() for key in keys], compare)
    differences = [text for each in found.values() for text in each["differences"]]
    rules: Counter[str] = Counter()
    for each in found.values():
        rules.update(each["rules"])
    return Finding(
        passed=not differences,
        figures={
            "days": sum(each["days"] for each in found.values()),
            "events_compared": sum(each["events"] for each in found.values()),
            "differing_days": len(differences),
            "differences": differences[:SHOWN],
            "by_kind": {
                kind: {name: sum(found[key][name] for key in keys) for name in ("days", "events")}
                for kind, keys in parts.items()
            },
            "days_on_which_each_rule_was_at_work": dict(sorted(rules.items())),
        },
    )


def _compare_scenario(name: str, seed: int) -> dict[str, Any]:
    scenario = load_scenario(name)
    program = scenario.program()
    day = sample(scenario, program=program, seed=seed, replication=0)
    told = tell_day(build_network(scenario.spec, program), day)
    differences = _named(f"{name} with seed {seed}", told)
    return {"days": 1, "events": len(told.events), "differences": differences, "rules": {}}


def _named(day: str, told: Told) -> list[str]:
    return [f"{day}: {told.difference}"] if told.difference else []


CLAIM = Claim(
    "engines-agree",
    "The compiled engine's log is the reference engine's, event for event, in every column.",
    examine,
)
