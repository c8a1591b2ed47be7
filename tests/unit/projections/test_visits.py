"""The visit table: by hand, against a world that knows the truth, and cut anywhere."""

from dataclasses import fields

import numpy as np
from hypothesis import given, settings

from sim.projections.fold import run_fold
from sim.projections.visit_table import Outcome, VisitTable
from sim.projections.visits import Visits
from tests.unit.projections.logs import Story
from tests.unit.projections.worlds import CUTS, SEEDS, hall, pieces

OUTCOMES = {
    "served": Outcome.SERVED,
    "reneged": Outcome.RENEGED,
    "balked": Outcome.BALKED,
    "timed out": Outcome.TIMED_OUT,
}


def table(story: Story) -> VisitTable:
    return run_fold(Visits(), [story.block()])


def as_lists(visits: VisitTable) -> dict[str, list[int]]:
    return {
        f"{part}.{column.name}": getattr(getattr(visits, part), column.name).tolist()
        for part in ("rows", "pieces")
        for column in fields(getattr(visits, part))
    }


def test_plain_visit() -> None:
    """Joining, first start and completion are the instants of a served visit."""
    story = Story("desk").arrived(1, 0).served(0, "desk", joins=2, starts=5, ends=9, server=3)

    rows = table(story).rows

    assert (rows.passenger[0], rows.visit[0], rows.server[0]) == (0, 0, 3)
    assert (rows.joined_us[0], rows.started_us[0], rows.ended_us[0]) == (2e6, 5e6, 9e6)
    assert (rows.wait_us[0], rows.worked_us[0]) == (3e6, 4e6)
    assert rows.outcome[0] == Outcome.SERVED
    assert (rows.joined_seq[0], rows.started_seq[0], rows.ended_seq[0]) == (1, 2, 3)


def test_work_excludes_pauses() -> None:
    """A paused server does not work, though it keeps its passenger."""
    story = Story("desk").joined(0, 0, "desk").started(1, 0, "desk", 0)
    story.paused(3, 0, "desk", 0).resumed(7, 0, "desk", 0).completed(8, 0, "desk", 0)

    visits = table(story)

    assert visits.rows.worked_us.tolist() == [3_000_000]
    assert visits.pieces.is_work.tolist() == [True, True]


def test_wait_is_to_the_first_start_and_lost_work_counts_as_work() -> None:
    """An outage sends the passenger back: the wait is over, what was done was done."""
    story = Story("desk").joined(0, 0, "desk").started(2, 0, "desk", 1)
    story.interrupted(5, 0, "desk", 1).started(9, 0, "desk", 0).completed(10, 0, "desk", 0)

    visits = table(story)

    assert visits.rows.wait_us.tolist() == [2_000_000]
    assert visits.rows.worked_us.tolist() == [4_000_000]
    assert visits.rows.server.tolist() == [0]
    again = visits.pieces.is_work.tolist().index(False)
    assert (visits.pieces.from_us[again], visits.pieces.until_us[again]) == (5e6, 9e6)


def test_outcomes_of_those_never_served() -> None:
    """Balked, reneged, turned away at departure, given up as a request, and still there."""
    story = Story("desk").balked(0, 0, "desk").joined(1, 1, "desk").joined(1, 2, "desk")
    story.joined(2, 3, "desk").joined(2, 4, "desk").reneged(3, 1, "desk")
    story.missed(4, 2, "desk", 0).timed_out(5, 3, "desk")

    rows = table(story).rows

    assert rows.outcome.tolist() == [
        Outcome.BALKED,
        Outcome.RENEGED,
        Outcome.MISSED,
        Outcome.TIMED_OUT,
        Outcome.PRESENT,
    ]
    assert rows.ended_us.tolist() == [0, 3_000_000, 4_000_000, 5_000_000, -1]
    assert not rows.has_started.any()


def test_unfinished_visits_are_reckoned_to_the_last_event() -> None:
    """Someone in service, and someone sent back by an outage, when the log stops."""
    story = Story("desk").joined(0, 0, "desk").started(0, 0, "desk", 0)
    story.joined(0, 1, "desk").started(1, 1, "desk", 1).interrupted(4, 1, "desk", 1)
    story.arrived(10, 2)

    rows = table(story).rows

    assert rows.outcome.tolist() == [Outcome.PRESENT, Outcome.INTERRUPTED]
    assert rows.worked_us.tolist() == [10_000_000, 3_000_000]


def test_missing_a_departure_in_service_does_not_end_the_service() -> None:
    """Only who waits is turned away; a visit in service ends with its completion."""
    story = Story("desk").joined(0, 0, "desk").started(1, 0, "desk", 0)
    story.missed(2, 0, "desk", 0).completed(3, 0, "desk", 0)

    rows = table(story).rows

    assert rows.outcome.tolist() == [Outcome.SERVED]


def test_refused_at_the_gate_is_no_visit() -> None:
    """Who comes after closing misses the departure without joining."""
    story = Story("gate").missed(5, 0, "gate", 3)

    assert len(table(story)) == 0


def test_calls_are_told_from_visits() -> None:
    """A request at another station during the own service is a call, on every attempt."""
    story = Story("gate", "matcher").joined(0, 0, "gate").started(0, 0, "gate", 0)
    for start in (1, 3):
        story.joined(start, 0, "matcher").started(start, 0, "matcher", 0, ref=start)
        story.completed(start + 1, 0, "matcher", 0, ref=start)
    story.completed(9, 0, "gate", 0).joined(9, 0, "matcher", visit=1)

    rows = table(story).rows

    assert rows.is_call.tolist() == [False, True, True, False]
    assert rows.batch.tolist() == [-1, 1, 3, -1]


def test_answer_that_comes_too_late_belongs_to_its_own_request() -> None:
    """The first request is still at its server when the second is sent, and ends after it."""
    story = Story("gate", "matcher").joined(0, 0, "gate").started(0, 0, "gate", 0)
    story.joined(1, 0, "matcher").started(1, 0, "matcher", 0, ref=0).timed_out(3, 0, "matcher")
    story.joined(4, 0, "matcher").started(5, 0, "matcher", 1, ref=1)
    story.completed(6, 0, "matcher", 1, ref=1).completed(8, 0, "matcher", 0, ref=0)

    rows = table(story).rows

    assert rows.server.tolist() == [0, 0, 1]
    assert rows.ended_us.tolist() == [-1, 8_000_000, 6_000_000]
    assert rows.wait_us.tolist() == [0, 0, 1_000_000]


def test_requests_of_one_visit_are_served_in_order_of_joining() -> None:
    """After an outage of the gate the forsaken request is served first, then the new one."""
    story = Story("gate", "matcher").joined(0, 0, "gate").started(0, 0, "gate", 0)
    story.joined(1, 0, "matcher").interrupted(2, 0, "gate", 0).started(3, 0, "gate", 0)
    story.joined(4, 0, "matcher").started(5, 0, "matcher", 0).completed(6, 0, "matcher", 0)
    story.started(6, 0, "matcher", 0).completed(9, 0, "matcher", 0)

    rows = table(story).rows

    assert rows.started_us.tolist() == [0, 5_000_000, 6_000_000]
    assert rows.ended_us.tolist() == [-1, 6_000_000, 9_000_000]


@given(SEEDS)
@settings(max_examples=60)
def test_table_tells_the_truth_about_a_random_world(seed: int) -> None:
    """Parties, batches, calls, time-outs, pauses, outages: every visit as it really was."""
    world = hall(seed)

    rows = run_fold(Visits(), [world.block()]).rows

    assert len(rows) == len(world.guests)
    for row, guest in enumerate(world.guests):
        worked = sum((end if end >= 0 else world.last) - start for start, end, _ in guest.works)
        assert (rows.passenger[row], rows.station[row], rows.visit[row]) == (
            guest.passenger,
            guest.station,
            guest.visit,
        )
        assert rows.persons[row] == (1 if guest.outcome == "balked" else guest.persons)
        assert rows.outcome[row] == OUTCOMES[guest.outcome]
        assert rows.joined_us[row] == guest.joined
        assert rows.started_us[row] == guest.started
        assert rows.ended_us[row] == guest.ended
        assert rows.worked_us[row] == worked
        assert rows.server[row] == guest.server
        assert rows.batch[row] == guest.batch
        assert rows.is_call[row] == (guest.caller is not None)


@given(SEEDS, CUTS)
@settings(max_examples=60)
def test_blocks_of_any_size_give_the_same_table(seed: int, places: list[int]) -> None:
    """Unfinished visits are carried from block to block."""
    world = hall(seed)

    whole = run_fold(Visits(), [world.block()])
    parts = run_fold(Visits(), pieces(world, places))

    assert as_lists(parts) == as_lists(whole)


def test_result_may_be_asked_on_the_way() -> None:
    """Asking changes nothing, and gives the table of the events so far."""
    world, fold = hall(3), Visits()
    half = len(world.rows) // 2
    first, second = pieces(world, [half])

    fold.update(first)
    on_the_way = fold.result()
    fold.update(second)

    assert as_lists(on_the_way) == as_lists(run_fold(Visits(), [first]))
    assert as_lists(fold.result()) == as_lists(run_fold(Visits(), [world.block()]))


def test_no_events_no_visits() -> None:
    """An empty log has an empty table."""
    assert len(run_fold(Visits(), [])) == 0
    assert np.array_equal(table(Story("desk")).rows.wait_us, [])
