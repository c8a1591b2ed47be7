"""Random days begun again in mid-day: the future is that of the day, in both engines."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events.kinds import CODE, Kind
from sim.events.log import COLUMNS, concat_blocks
from sim.experiments.opening.beginning import told_again
from sim.experiments.opening.section import section_of
from sim.projections.audit.fold import audit
from sim.projections.state_at import state_at
from sim.projections.summary import summarise
from sim.scenario.clock import to_us
from tests.contracts.engine.cases import Case
from tests.contracts.engine.forks import Day, random_fork
from tests.contracts.engine.openings import begun, other_future, whole_day
from tests.contracts.engine.random_cases import cases

INSTANTS = st.integers(1, 80).map(lambda halves: to_us(halves / 2))
"""So long after the day starts, in halves of a second: on ties and between them."""


def is_before_the_cut(day: Day, at_us: int) -> bool:
    """Whether a day is not over by then."""
    return day[0].cut_us < 0 or at_us < day[0].cut_us


@given(case=cases(passengers=12), after=INSTANTS)
@settings(max_examples=120)
def test_future_is_that_of_the_day(case: Case, after: int) -> None:
    """Every event from the instant on is the day's own, whoever was where."""
    day = (case.network(), case.workload())
    at_us = day[0].start_us + after
    if is_before_the_cut(day, at_us):
        assert other_future(day, at_us=at_us) == {"reference": "", "compiled": ""}


@given(case=cases(), other=cases(), after=INSTANTS, data=st.data())
@settings(max_examples=60)
def test_future_of_a_fork(case: Case, other: Case, after: int, data: st.DataObject) -> None:
    """A run that was forked may be begun again before, at and after its fork."""
    day = (case.network(), case.workload())
    fork, _ = random_fork(day, other, lambda low, high: data.draw(st.integers(low, high)))
    at_us = day[0].start_us + after
    if is_before_the_cut(fork, at_us):
        assert other_future(fork, at_us=at_us) == {"reference": "", "compiled": ""}


@given(case=cases(passengers=12), after=INSTANTS, later=INSTANTS)
@settings(max_examples=80)
def test_log_tells_the_state_and_may_be_begun_again(case: Case, after: int, later: int) -> None:
    """Folds find the day's state in it, the audit nothing; its opening is told by itself."""
    day = (case.network(), case.workload())
    at_us = day[0].start_us + after
    if not is_before_the_cut(day, at_us):
        return
    log = whole_day(day)

    new = begun(day, log, at_us=at_us, engine="compiled")

    assert audit(new, case.spec()) == ()
    assert summarise(new, case.spec())["events"] == len(new)
    section = section_of(log, *day, at_us=at_us)
    again = told_again(new)
    assert all((getattr(section, name) == getattr(again, name)).all() for name in COLUMNS)
    then = state_at(new, at_us + later)
    known = state_at(log, at_us + later)
    assert (then.stations, then.elsewhere, then.boarding) == (
        known.stations,
        known.elsewhere,
        known.boarding,
    )
    if is_before_the_cut(day, at_us + later):
        both = [section_of(each, *day, at_us=at_us + later) for each in (log, new)]
        assert all(np.array_equal(getattr(both[0], n), getattr(both[1], n)) for n in COLUMNS)


@given(case=cases(), after=INSTANTS)
@settings(max_examples=60)
def test_opening_is_made_of_events_of_the_day(case: Case, after: int) -> None:
    """But for ``carried_over``, the opening repeats events of the day in their order."""
    day = (case.network(), case.workload())
    at_us = day[0].start_us + after
    log = whole_day(day)

    section = section_of(log, *day, at_us=at_us)

    told = section[section.kind != CODE[Kind.CARRIED_OVER]]
    events = concat_blocks(log.blocks())
    rows = [_row(events, number) for number in range(len(events))]
    places = iter(rows)
    assert all(_row(told, number) in places for number in range(len(told)))
    assert (section.at_us <= at_us).all()


def _row(events: object, number: int) -> tuple[int, ...]:
    return tuple(int(getattr(events, name)[number]) for name in COLUMNS if name != "seq")
