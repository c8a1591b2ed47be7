"""Called services down and slow at full size: engines, audits, and what a drill says."""

from __future__ import annotations

import random
from typing import Any

from sim.events.log import concat_blocks
from sim.events.memory import MemoryLog
from sim.experiments.day import run_day
from sim.experiments.drill import Outage, run_drill
from sim.projections.audit import audit
from sim.scenario.load import load_scenario
from tests.contracts.engine.agreement import tell, tell_day
from tests.contracts.engine.forks import past, random_fork
from tests.contracts.engine.random_cases import random_case
from tests.contracts.engine.random_troubles import gates_case, troubled_case
from tests.engines import ENGINES
from tests.evidence.claim import Claim, Finding, Steps

PARTS, DAYS = 10, 500
SCENARIOS = ("sgn-t3-outage", "sgn-t3-vneid", "vneid", "vneid-overload")
OUTAGE = Outage("vneid", 6 * 3600 + 1800, 7 * 3600)
DRILLS = 20


def examined(key: str) -> dict[str, Any]:
    """A part of the random days, or a scenario."""
    if not key.isdigit():
        scenario = load_scenario(key)
        logs = [run_day(scenario, engine=each) for each in ("reference", "compiled")]
        found = [each.message for each in audit(logs[1].log, scenario.spec)]
        return {"faults": found + [""] * (logs[0].chain_head != logs[1].chain_head)}
    faults = list[str]()
    for seed in range(int(key) * DAYS, (int(key) + 1) * DAYS):
        roll = random.Random(seed).randint
        case = (troubled_case, gates_case)[seed % 2](roll, 24)
        day = (case.network(), case.workload())
        told = tell(case)
        fork, at_us = random_fork(day, random_case(roll, 4), roll)
        forked = tell_day(*fork)
        stations = [station["id"] for station in case.stations]
        log = MemoryLog([told.events], stations=stations, tables=day[1].tables)
        own = [told.difference, forked.difference, *map(str, audit(log, case.spec()))]
        if past(forked.events, at_us) != past(concat_blocks(ENGINES["compiled"](*day)), at_us):
            own.append("a fork has another past")
        faults += [f"{seed}: {text}" for text in own if text]
    return {"faults": faults}


def drilled(key: str) -> dict[str, Any]:
    """Half an hour without VNeID at T3, as it is assumed and with everyone at the gates."""
    changes = [] if key == "as assumed" else ["traits.wants_gate.share=0.7"]
    if key == "without degraded mode":
        changes.append("degraded.gates-without-vneid.after_min=600")
    scenario = load_scenario("sgn-t3-vneid", overrides=changes)
    summary = run_drill(scenario, OUTAGE, reps=DRILLS).summary
    own = "facilities.sgn-t3-vneid."
    return {
        name.removeprefix(own): value
        for name, value in summary["intervals"].items()
        if name.startswith(own)
    } | {"vneid_back_after_min": summary["stations"]["vneid"]["recovered_after_min"]}


def examine(steps: Steps) -> Finding:
    """Random days and their forks, the scenarios, and three drills."""
    found = steps.each([*map(str, range(PARTS)), *SCENARIOS], examined)
    drills = steps.each(["as assumed", "many at the gates", "without degraded mode"], drilled)
    faults = [text for each in found.values() for text in each["faults"]]
    figures = {"random_days": PARTS * DAYS, "scenarios": list(SCENARIOS), "faults": faults}
    return Finding(passed=not faults, figures=figures | {"drills": drills})


CLAIM = Claim(
    "troubles",
    "On 5,000 random days with services slow or down, on a fork of each and on the VNeID "
    "scenarios both engines write one log without a contradiction, and no fork changes its past.",
    examine,
)
