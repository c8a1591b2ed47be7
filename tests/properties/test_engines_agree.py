"""The compiled engine and the reference engine tell every day alike, event for event."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings

from sim.experiments.day import run_day
from sim.scenario.coherence.checks import incoherences
from sim.scenario.coherence.view import View
from sim.scenario.load import load_scenario
from tests.contracts.engine.agreement import tell
from tests.contracts.engine.behaviours import behaviours
from tests.contracts.engine.cases import Case
from tests.contracts.engine.random_airports import random_airport
from tests.contracts.engine.random_cases import cases, random_case

DAYS = 1_000
AIRPORTS = 20
OFTEN = 3
"""On how many of the days each rule of the model is at work at least."""

SMALLER = {
    "airport-domestic": ["demand.timetable.load_factor=0.15"],
    "airport-international": ["demand.timetable.load_factor=0.1"],
    "airport-small": ["demand.timetable.load_factor=0.95"],
    "sgn-t1": ["demand.timetable.load_factor=0.08"],
    "sgn-t3": ["demand.timetable.load_factor=0.08"],
    "sgn-t3-tet": ["demand.timetable.load_factor=0.06", "stations.counter.servers=4"],
    "vca": [],
}
"""Airports of every form, with less demand where a full day is long; `python -m tests.evidence
airports` has all of them at full size.
"""

RULES = """
a batch is interrupted
a batch of several
a batch of several is interrupted
a blank in a trace
a call
a caller is interrupted
a choice by share
a cut finds somebody present
a day that starts after midnight
a further attempt
a further attempt calls anew
a gallery of a departure
a gate of its own fails at work
a level falls below the busy: idle_first
a level falls below the busy: named
a level falls below the busy: pause
a match is accepted
a party balks for good
a party has parted
a party is held
a party is interrupted
a party is served as one
a party misses together
a party on drawn routes
a party reneges for good
a policy forbids an option
a policy forbids every option
a queue without places
a request is interrupted
a request is paused
a request outlives its passenger
a request outlives its service
a request times out in line
a request times out in service
a second choice
a server fails at work: idle_first
a server fails at work: named
a server fails at work: pause
a server fails while the bank is down
a service is paused
a service is resumed
a service sets traits
a timeout counts as an answer
a timeout refers
an idle server fails
an orphaned request is served
balks and goes on
balks for good
begins anew on another server
boards
boards after the departure
every option is closed
feedback to a station
held until boarding opens
interrupted after the departure
interrupted while paused
lanes by departure
left in line
let in to a full queue
misses as the journey ends
paused at a station that calls
paused while an answer is awaited
priority to who is late
referred
rejected at last
reneges and goes on
reneges for good
routes are drawn
somebody is overtaken
somebody is still present at the end
staff go over to another gate
the bank fails at work: idle_first
the bank fails at work: named
the bank fails at work: pause
the bank is back without a server
the preferred is left
the preferred is taken
the shortest queue is not the first
too late at a station
two calls at once
two changes at one instant
"""


@given(case=cases())
@settings(max_examples=150)
def test_small_days_are_told_alike(case: Case) -> None:
    """No event differs in any column on days small enough to read."""
    assert tell(case).difference == ""


def test_busier_days_are_told_alike_and_exercise_every_rule() -> None:
    """No event differs on fixed days, and each rule of the model is at work on some of them."""
    seen: Counter[str] = Counter()
    for seed in range(DAYS):
        case = random_case(random.Random(seed).randint, 24)
        told = tell(case)

        assert told.difference == "", f"random_case of seed {seed}: {told.difference}"
        seen.update(behaviours(case, told.events))

    rules = RULES.strip().splitlines()
    assert sorted(seen) == sorted(rules)
    assert {rule: seen[rule] for rule in rules if seen[rule] < OFTEN} == {}


def test_crowded_days_are_told_alike() -> None:
    """The same where a hundred passengers wait in line."""
    for seed in range(60):
        told = tell(random_case(random.Random(seed).randint, 100))

        assert told.difference == "", f"random_case of seed {seed}: {told.difference}"


def test_days_at_a_terminal_are_told_alike() -> None:
    """The same for days of the shape of an airport's, with 300 passengers."""
    for seed in range(AIRPORTS):
        case = random_airport(random.Random(seed).randint)
        told = tell(case)

        assert incoherences(View(case.spec())) == []
        assert told.difference == "", f"random_airport of seed {seed}: {told.difference}"


@pytest.mark.parametrize("name", SMALLER)
def test_scenarios_have_one_chain_head(name: str) -> None:
    """The hash over a shipped scenario's log is the same with both engines."""
    scenario = load_scenario(name, overrides=SMALLER[name])

    reference, compiled = (run_day(scenario, engine=e) for e in ("reference", "compiled"))

    assert len(reference.log) > 10_000
    assert compiled.chain_head == reference.chain_head
