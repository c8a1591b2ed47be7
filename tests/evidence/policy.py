"""The rule of 1 December 2025 on every scenario: who moves, and that nobody else does."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from sim.events.kinds import CODE, Kind
from sim.events.log import concat_blocks
from sim.experiments.day import Day, run_day
from sim.scenario.guards import holds_for
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps

SCENARIOS = ["vca", "sgn-t1", "sgn-t3", "sgn-t3-tet"]
BEFORE, AFTER = date(2025, 11, 30), date(2025, 12, 1)
OUTCOMES = ("boarded", "missed", "exited", "reneged", "balked", "present")


def before_and_after(name: str) -> dict[str, Any]:
    """The same day under both rules, compared passenger by passenger."""
    scenario = load_scenario(name)
    before, after = run_day(scenario, on=BEFORE), run_day(scenario, on=AFTER)
    old, new = _first_choices(before), _first_choices(after)
    permitted = _permitted(after)
    excluded = {p for p, station in old.items() if station == "counter" and not permitted[p]}
    moved = {p for p in old if old[p] != new.get(p)}
    came = [_joined_counter(day) for day in (before, after)]
    tables = [day.log.tables.passengers.columns for day in (before, after)]
    conserved = all(
        sum(day.summary[outcome] for outcome in OUTCOMES) == day.summary["passengers"]
        for day in (before, after)
    )
    waits = [
        {station: figures["wait_s"]["mean"] for station, figures in day.summary["stations"].items()}
        for day in (before, after)
    ]
    return {
        "passengers": before.summary["passengers"],
        "same_passengers": all(np.array_equal(tables[0][k], tables[1][k]) for k in tables[0]),
        "nobody_lost": conserved,
        "counter_customers": [len(each) for each in came],
        "gone_from_the_counter": len(came[0] - came[1]),
        "excluded_too_late_to_join": len(excluded - came[0]),
        "excluded_customers": len(excluded),
        "moved_customers": len(moved),
        "only_the_excluded_moved": moved == excluded,
        "mean_wait_s": {"before": waits[0], "after": waits[1]},
        "ok": moved == excluded
        and bool(excluded)
        and conserved
        and came[1] <= came[0]
        and came[0] - came[1] == excluded & came[0],
    }


def examine(steps: Steps) -> Finding:
    """Every scenario, before and after."""
    found = steps.each(SCENARIOS, before_and_after)
    return Finding(
        passed=all(each["ok"] and each["same_passengers"] for each in found.values()),
        figures=found,
    )


def _first_choices(day: Day) -> dict[int, str]:
    log = concat_blocks(day.log.blocks())
    rows = np.flatnonzero((log.kind == CODE[Kind.CHANNEL_CHOSEN]) & (log.visit == 0))
    names = day.log.stations
    return {int(log.passenger[row]): names[log.station[row]] for row in rows}


def _joined_counter(day: Day) -> set[int]:
    log = concat_blocks(day.log.blocks())
    counter = day.log.stations.index("counter")
    joined = (log.kind == CODE[Kind.QUEUE_JOINED]) & (log.station == counter)
    return set(log.passenger[joined].tolist())


def _permitted(day: Day) -> np.ndarray:
    program = day.scenario.program(AFTER)
    slot = next(s for s in program.slots if program.stations[s.station] == "counter")
    return holds_for(slot.permit, day.log.tables.passengers["traits"].astype(np.int64))


CLAIM = Claim(
    "policy",
    "On 1 December the passengers the rule excludes leave the counters, and nobody else moves.",
    examine,
)
