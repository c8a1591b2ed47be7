"""Days that outgrow the tables the compiled engine starts with, or leave them empty."""

from dataclasses import replace

import numpy as np
import pytest

from sim.demand.workload import SKIPS, Workload
from sim.engine.compiled.layout import BLOCK_ROWS
from sim.engine.compiled.simulate import simulate
from sim.engine.compiled.world import FIRST_ENTRIES, FIRST_REQUESTS
from sim.engine.network import Network
from sim.errors import SimError
from sim.events.kinds import CODE, Kind
from sim.events.log import COLUMNS, EventBlock, concat_blocks
from sim.scenario.clock import US_PER_S
from tests.contracts.engine.agreement import tell, tell_day
from tests.contracts.engine.cases import Case, Person
from tests.engines import ENGINES, day_of

PARTY = 7
"""Persons who come at once, so that a block fills in the middle of a turn."""


def _copied(block: EventBlock) -> EventBlock:
    return EventBlock(*(getattr(block, name).copy() for name in COLUMNS))


def _skipping(passengers: int, *, party: int) -> tuple[Network, Workload]:
    """Parties that come, skip the only station and leave: all their events at one instant."""
    alone = day_of(
        np.arange(passengers) // party * US_PER_S, np.full((passengers, 1), SKIPS, dtype=np.int64)
    )
    sizes = np.full(passengers, party, dtype=np.int32)
    sizes[passengers // party * party :] = passengers % party
    return Case().station("desk", per="party").step("desk").network(), replace(
        alone, party_size=sizes
    )


def _callers(passengers: int, *, gap_s: float = 0) -> Case:
    """Everybody has a server and asks the one matcher, which takes its time."""
    case = Case().station("eye", passengers).batches("matcher", times=(1, 1, 1, 2))
    asks = [{"station": "matcher", "after_share": 0.0, "timeout_s": 40.0, "on_timeout": "refer"}]
    case.step("eye", calls=asks)
    for number in range(passengers):
        case.passenger(number * gap_s, serve=3 + number % 5, patience=9)
    return case


@pytest.mark.parametrize(
    "requests", [FIRST_REQUESTS - 1, FIRST_REQUESTS, FIRST_REQUESTS + 1, 3 * FIRST_REQUESTS]
)
def test_requests_beyond_the_first_table(requests: int) -> None:
    """As many requests at once as there is room for, one more, and thrice as many."""
    told = tell(_callers(requests))

    assert told.difference == ""
    at_matcher = told.events.station == 1
    joined = at_matcher & (told.events.kind == CODE[Kind.QUEUE_JOINED])
    assert told.events.at_us[joined].tolist() == [0] * requests


def test_numbers_of_requests_are_used_again() -> None:
    """Many more requests in a day than at once, some of them timed out: each is told apart."""
    told = tell(_callers(1_000, gap_s=0.25))

    assert told.difference == ""
    assert (told.events.kind == CODE[Kind.CALL_TIMED_OUT]).sum() > 100


def test_calendar_beyond_the_first_table() -> None:
    """Twice as many walkers, and then as many patient waiters, as the calendar starts with."""
    people = 2 * FIRST_ENTRIES + 500
    walks = (np.arange(people) * 7_919 % 1_000)[:, None] * US_PER_S
    service = np.full((people, 1), US_PER_S, dtype=np.int64)
    patience = 2_000 * US_PER_S - walks
    day = day_of(np.zeros(people), service, walk_us=walks, patience_us=patience)

    told = tell_day(Case().station("desk").step("desk").network(), day)

    assert told.difference == ""
    assert (told.events.kind == CODE[Kind.RENEGED]).sum() > FIRST_ENTRIES


def test_block_that_fills_in_the_middle_of_a_turn() -> None:
    """The rest of the turn begins the next block, in the order of the reference engine."""
    network, day = _skipping(BLOCK_ROWS // 2 + 50, party=PARTY)

    told = tell_day(network, day)

    assert told.difference == ""
    assert len(told.events) > BLOCK_ROWS
    assert told.events.at_us[BLOCK_ROWS - 1] == told.events.at_us[BLOCK_ROWS]


@pytest.mark.parametrize("party", [1, PARTY, 1_000])
def test_blocks_in_one_memory_tell_the_same(party: int) -> None:
    """With `reuse` each block, copied before the next is asked for, is as without."""
    network, day = _skipping(BLOCK_ROWS + 123, party=party)

    apart = list(simulate(network, day))
    shared = [_copied(block) for block in simulate(network, day, reuse=True)]

    assert [len(block) for block in shared] == [BLOCK_ROWS, BLOCK_ROWS, 247]
    assert [len(block) for block in apart] == [len(block) for block in shared]
    for one, other in zip(apart, shared, strict=True):
        assert all(np.array_equal(getattr(one, n), getattr(other, n)) for n in COLUMNS)
    assert np.array_equal(concat_blocks(apart).seq, np.arange(2 * BLOCK_ROWS + 247))


def test_block_of_a_departure_that_opens_and_leaves() -> None:
    """A hundred held and let in at once, and turned away at once, are within a turn's room."""
    case = Case().station("gate", {0: 1, 9: 0}, queue_limit=60).departure(30)
    case.step("gate", boards=True, opens_before=20, closes_before=1)
    for _ in range(50):
        case.party(0, Person(), Person(), departure=0)

    told = tell(case)

    assert told.difference == ""
    assert (told.events.kind == CODE[Kind.MISSED_DEPARTURE]).sum() == 100


def test_nobody_comes() -> None:
    """A day without passengers is the facility's alone, failures and departures included."""
    case = Case().station("desk", {0: 1, 3: 2}).station("gate").step("desk").departure(20)
    case.step("gate", boards=True, opens_before=9, closes_before=4).outage("desk", 4, 6)

    told = tell(case)

    assert told.difference == ""
    assert len(told.events) == 8


def test_station_without_servers() -> None:
    """Who goes to a station that has none waits for ever, gives up, or balks."""
    case = Case().station("desk", 0, queue_limit=2).step("desk", on_renege="leave")
    case.passenger(0).passenger(0, patience=5).passenger(1)

    told = tell(case)

    assert told.difference == ""
    assert len(told.events) == 8


def test_station_nobody_visits() -> None:
    """A station outside the journey changes its servers and fails like any other."""
    case = Case().station("desk").station("spare", {0: 1, 2: 3}).step("desk")
    case.outage("spare", 1, 5, server=0).passenger(0, serve=3)

    assert tell(case).difference == ""


def test_day_without_events() -> None:
    """A day cut before it starts has no blocks, with either engine."""
    case = Case().says(end_of_run="cut", horizon_s=5, day_starts=5).station("desk").step("desk")

    assert list(simulate(case.network(), case.workload())) == []
    assert tell(case).difference == ""


def test_what_does_not_fit_is_refused() -> None:
    """The compiled loop checks no index, so a gate without a desk must not reach it."""
    case = (
        Case()
        .station("gates", 2, lanes="by_departure")
        .step("gates", boards=True)
        .departure(60, gate=2)
        .passenger(0, departure=0)
    )

    with pytest.raises(SimError, match="gate 2"):
        case.block(ENGINES["compiled"])
