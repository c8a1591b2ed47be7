"""Engines agree where called services are slow or down, and the log stays sound."""

import random
from collections import Counter

from sim.engine.outlook import outlook_of
from sim.events.kinds import CHOOSES_AGAIN, CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.events.memory import MemoryLog
from sim.projections.audit.fold import audit
from sim.scenario.coherence.checks import incoherences
from sim.scenario.coherence.view import View
from tests.contracts.engine.agreement import tell, tell_day
from tests.contracts.engine.cases import Case
from tests.contracts.engine.forks import past, random_fork
from tests.contracts.engine.invariants import Audit
from tests.contracts.engine.random_cases import random_case
from tests.contracts.engine.random_troubles import gates_case, troubled_case
from tests.engines import ENGINES

COMPILED = ENGINES["compiled"]
KINDS_OF_DAY = (troubled_case, gates_case)
DAYS = 200
OFTEN = 8
"""On how many of the days each of these is at work at least."""

RULES = """
a call is not made
a call is delayed
a mode begins
a mode ends
a station closes
a station does without
somebody is moved
staff are lent
"""


def test_troubled_days_are_told_alike_and_keep_to_the_rules() -> None:
    """No event differs between the engines, both audits find nothing, each rule is at work."""
    seen: Counter[str] = Counter()
    for seed in range(DAYS):
        case = KINDS_OF_DAY[seed % 2](random.Random(seed).randint, 24)
        told = tell(case)

        assert told.difference == "", (
            f"{KINDS_OF_DAY[seed % 2].__name__} of seed {seed}: {told.difference}"
        )
        assert [each.message for each in incoherences(View(case.spec()))] == [], seed
        Audit(case).replay(told.events)
        stations = [station["id"] for station in case.stations]
        log = MemoryLog([told.events], stations=stations, tables=case.workload().tables)
        assert audit(log, case.spec()) == (), seed
        seen.update(_at_work(case, told.events))

    rules = RULES.strip().splitlines()
    assert sorted(seen) == sorted(rules)
    assert {rule: seen[rule] for rule in rules if seen[rule] < OFTEN} == {}


def test_forks_of_troubled_days_keep_their_past() -> None:
    """Whatever a fork changes, what is known beforehand of the time before it stays so."""
    for seed in range(80):
        roll = random.Random(seed).randint
        case, other = KINDS_OF_DAY[seed % 2](roll, 16), random_case(roll, 4)
        day = (case.network(), case.workload())
        fork, at_us = random_fork(day, other, roll)
        told = tell_day(*fork)
        stations = [station["id"] for station in case.stations]
        log = MemoryLog([told.events], stations=stations, tables=day[1].tables)

        assert told.difference == "", (
            f"fork of {KINDS_OF_DAY[seed % 2].__name__} of seed {seed}: {told.difference}"
        )
        assert past(told.events, at_us) == past(concat_blocks(COMPILED(*day)), at_us), seed
        assert audit(log, case.spec()) == (), seed


def _at_work(case: Case, events: EventBlock) -> set[str]:
    network, work = case.network(), case.workload()
    outlook = outlook_of(network, work)
    kinds = set(events.kind.tolist())
    modes = [network.degradations[spell.mode] for spell in outlook.spells]
    lent = {mode.repost_to for mode in modes if mode.repost_to >= 0}
    joins = events[events.kind == CODE[Kind.QUEUE_JOINED]]
    at_services = {b for b in outlook.delay_us if (joins.station == b).any()}
    found = {
        "a call is not made": bool((work.call_us < 0).any()),
        "a call is delayed": any(outlook.delay_us[b].any() for b in at_services),
        "a mode begins": CODE[Kind.DEGRADED_STARTED] in kinds,
        "a mode ends": CODE[Kind.DEGRADED_ENDED] in kinds,
        "a station closes": any(mode.closes for mode in modes),
        "a station does without": any(mode.skips for mode in modes),
        "somebody is moved": bool(
            ((events.kind == CODE[Kind.RENEGED]) & (events.detail == CHOOSES_AGAIN)).any()
        ),
        "staff are lent": any(
            outlook.network.stations[b].levels != network.stations[b].levels for b in lent
        ),
    }
    return {name for name, is_there in found.items() if is_there}
