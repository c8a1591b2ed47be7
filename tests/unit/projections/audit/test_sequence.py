"""The log itself: a gap, a step back in time, names of nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events.log import COLUMNS, block_from_rows
from sim.projections.audit import AuditFold, Contradiction
from sim.projections.fold import run_fold
from tests.unit.projections.logs import Story, spec_of, tables_of
from tests.unit.projections.worlds import SEEDS, SPEC, STATIONS, hall

WILD = st.integers(-3, 30) | st.sampled_from([-(2**62), 2**31 - 1, 2**62])


def raw(**columns: list[int]) -> tuple[Contradiction, ...]:
    block = Story("desk").open(0, "desk", 1).open(5, "desk", 2).open(5, "desk", 1).block()
    for name, values in columns.items():
        getattr(block, name)[:] = values
    fold = AuditFold(stations=["desk"], tables=tables_of([0]), spec=spec_of("desk"))
    return run_fold(fold, [block])


@pytest.mark.parametrize(
    ("columns", "rule", "words"),
    [
        ({"seq": [0, 2, 3]}, "sequence", "position 2 where 1 must come"),
        ({"seq": [0, 1, 1]}, "sequence", "position 1 where 2 must come"),
        ({"at_us": [0, 7, 6]}, "time", "time runs backwards, from 7 to 6 microseconds"),
        ({"at_us": [-1, 7, 7]}, "time", "time runs backwards, from 0 to -1 microseconds"),
        ({"kind": [19, 19, 200]}, "kind", "kind 200 has no name"),
        ({"station": [0, 0, 4]}, "station", "station 4 does not exist"),
        ({"passenger": [-1, 9, -1]}, "passenger", "passenger 9 is not in the passenger table"),
    ],
)
def test_log_must_be_a_log(columns: dict[str, list[int]], rule: str, words: str) -> None:
    """Gaps, steps back in time and names of what does not exist are found."""
    contradictions = [each for each in raw(**columns) if each.rule == rule]

    assert [each.message for each in contradictions] == [words]


def test_gap_between_blocks_is_found() -> None:
    """The next block goes on where the last one ended."""
    story = Story("desk").open(0, "desk", 1).open(1, "desk", 1)
    fold = AuditFold(stations=["desk"], tables=tables_of([]), spec=spec_of("desk"))
    fold.update(story.block())

    fold.update(block_from_rows(story.rows, first_seq=3))

    assert {each.rule for each in fold.result()} == {"sequence", "time"}


@given(SEEDS, st.lists(st.tuples(st.integers(0, 600), st.sampled_from(COLUMNS), WILD), max_size=20))
@settings(max_examples=60)
def test_no_log_makes_the_audit_crash(seed: int, lies: list[tuple[int, str, int]]) -> None:
    """Whatever stands in a log, the answer is a list of contradictions."""
    world = hall(seed)
    block = world.block()
    for place, name, value in lies:
        column = getattr(block, name)
        bounds = np.iinfo(column.dtype)
        column[place % len(block)] = min(max(value, bounds.min), bounds.max)
    fold = AuditFold(stations=STATIONS, tables=tables_of(world.party_of), spec=SPEC)

    contradictions = run_fold(fold, [block])

    assert all(str(each).startswith("event ") for each in contradictions)
