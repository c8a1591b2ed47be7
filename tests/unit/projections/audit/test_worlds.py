"""Sound logs pass; no single lie does."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, block_from_rows
from sim.events.memory import remember
from sim.projections.audit import AuditFold, Contradiction, audit
from sim.projections.fold import run_fold
from tests.unit.projections.hall import Hall
from tests.unit.projections.logs import Row, cut, tables_of
from tests.unit.projections.worlds import CUTS, SEEDS, SPEC, STATIONS, hall, log_of, pieces


@given(SEEDS)
@settings(max_examples=60)
def test_sound_log_has_no_contradiction(seed: int) -> None:
    """Parties, batches, calls, time-outs, pauses, outages: all of it can have happened."""
    assert audit(log_of(hall(seed)), SPEC) == ()


@given(SEEDS, st.integers(1, 600))
@settings(max_examples=40)
def test_beginning_of_a_sound_log_is_sound(seed: int, events: int) -> None:
    """A run that was killed is a valid prefix."""
    world = hall(seed)
    log = remember([world.block()[:events]], stations=STATIONS, tables=log_of(world).tables)

    assert audit(log, SPEC, is_complete=False) == ()


@given(SEEDS, CUTS, st.integers(0, 10_000))
@settings(max_examples=40)
def test_blocks_of_any_size_give_the_same_contradictions(
    seed: int, places: list[int], lost: int
) -> None:
    """A log with one event lost is as wrong in one block as in many."""
    world = hall(seed)
    rows = list(world.rows)
    del rows[lost % len(rows)]
    block = block_from_rows(rows, first_seq=0)
    tables = tables_of(world.party_of)

    def contradictions(blocks: list[EventBlock]) -> tuple[Contradiction, ...]:
        return run_fold(AuditFold(stations=STATIONS, tables=tables, spec=SPEC), blocks)

    assert contradictions([*cut(block, *places)]) == contradictions([block])


def test_result_may_be_asked_again() -> None:
    """Asking for contradictions changes none of them."""
    world = hall(5)
    fold = AuditFold(stations=STATIONS, tables=tables_of(world.party_of), spec=SPEC)
    first, second = pieces(world, [100])

    fold.update(first)
    fold.result()
    fold.update(second)

    assert fold.result() == fold.result() == ()


FACTS = (
    Kind.ARRIVED,
    Kind.QUEUE_JOINED,
    Kind.RENEGED,
    Kind.SERVICE_STARTED,
    Kind.SERVICE_PAUSED,
    Kind.SERVICE_RESUMED,
    Kind.SERVICE_INTERRUPTED,
    Kind.SERVICE_COMPLETED,
    Kind.MATCH_REJECTED,
    Kind.EXITED,
)
"""Kinds on which something else in the log always depends."""


def facts(world: Hall, pick: int) -> int:
    """Position of one of the world's facts."""
    codes = {CODE[kind] for kind in FACTS}
    places = [place for place, row in enumerate(world.rows) if row[1] in codes]
    return places[pick % len(places)]


def audited(world: Hall, rows: list[Row]) -> tuple[Contradiction, ...]:
    block = block_from_rows(rows, first_seq=0)
    return audit(remember([block], stations=STATIONS, tables=tables_of(world.party_of)), SPEC)


@given(SEEDS, st.integers(0, 10_000))
@settings(max_examples=80)
def test_no_fact_can_be_lost_unnoticed(seed: int, pick: int) -> None:
    """Without any one arrival, start, completion … the log contradicts itself."""
    world = hall(seed)
    place = facts(world, pick)

    assert audited(world, world.rows[:place] + world.rows[place + 1 :]) != ()


@given(SEEDS, st.integers(0, 10_000))
@settings(max_examples=80)
def test_no_fact_can_be_told_twice(seed: int, pick: int) -> None:
    """With any one of them repeated the log contradicts itself."""
    world = hall(seed)
    place = facts(world, pick)

    assert audited(world, world.rows[:place] + world.rows[place:][:1] + world.rows[place:]) != ()
