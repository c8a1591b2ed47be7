"""What every engine keeps to on any day, however odd."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events.kinds import KINDS, Kind
from sim.events.log import COLUMNS, EventBlock
from sim.events.memory import MemoryLog
from sim.projections.audit.fold import audit
from sim.scenario.coherence.checks import incoherences
from sim.scenario.coherence.view import View
from tests.contracts.engine.cases import Case, Simulate
from tests.contracts.engine.invariants import Audit
from tests.contracts.engine.random_cases import cases, random_case
from tests.engines import ENGINES

ENGINE = pytest.mark.parametrize("simulate", ENGINES.values(), ids=ENGINES)


def _same(one: EventBlock, other: EventBlock) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS)


@ENGINE
@given(case=cases(alive=False))
def test_every_event_may_happen_where_it_stands(simulate: Simulate, case: Case) -> None:
    """Nobody is served twice at once, overtaken in a class, or left waiting by an idle server."""
    Audit(case).replay(case.block(simulate))


@ENGINE
@given(case=cases(alive=True))
def test_everybody_gets_away_where_everything_opens(simulate: Simulate, case: Case) -> None:
    """On a day that drains each passenger has one arrival and one last event."""
    audit = Audit(case)

    audit.replay(case.block(simulate))

    audit.everybody_got_away()


@ENGINE
def test_many_busier_days_keep_to_the_rules(simulate: Simulate) -> None:
    """The same for fixed days with more passengers than a shrinking search can afford."""
    for seed in range(150):
        case = random_case(random.Random(seed).randint, 40, alive=seed % 2 == 0)
        audit = Audit(case)

        audit.replay(case.block(simulate))

        if seed % 2 == 0:
            audit.everybody_got_away()


@ENGINE
@given(case=cases())
def test_audit_of_the_log_finds_nothing(simulate: Simulate, case: Case) -> None:
    """The audit that a run's reader can make, written apart from this one, agrees."""
    stations = [station["id"] for station in case.stations]
    log = MemoryLog([case.block(simulate)], stations=stations, tables=case.workload().tables)

    assert audit(log, case.spec()) == ()


@ENGINE
@given(case=cases())
@settings(max_examples=30)
def test_same_question_has_the_same_answer(simulate: Simulate, case: Case) -> None:
    """Two runs of one network and workload give equal logs."""
    assert _same(case.block(simulate), case.block(simulate))


@ENGINE
@given(case=cases(), later=st.integers(1, 5))
def test_who_comes_last_changes_nothing_before(simulate: Simulate, case: Case, later: int) -> None:
    """Events before the arrival of one more passenger are as if there were none."""
    at, departure, persons = case.parties[-1]
    longer = replace(case, parties=[*case.parties, (at + later, departure, persons[:1])])

    without, with_one = case.block(simulate), longer.block(simulate)

    before = int(np.searchsorted(without.at_us, (at + later) * 1_000_000))
    assert _same(without[:before], with_one[:before])


def test_random_days_exercise_everything() -> None:
    """Every kind that an engine writes happens on a few hundred random days."""
    found: set[int] = set()
    for seed in range(200):
        case = random_case(random.Random(seed).randint, 12)
        found |= set(case.block(ENGINES["reference"]).kind.tolist())

    unheard = {KINDS[code] for code in set(range(len(KINDS))) - found}
    # See test_engines_agree_in_trouble, and test_openings: an engine is told who was there.
    assert unheard == {Kind.DEGRADED_STARTED, Kind.DEGRADED_ENDED, Kind.CARRIED_OVER}


@given(case=cases())
def test_random_days_are_days_a_file_may_describe(case: Case) -> None:
    """The generator makes coherent scenarios only, so engines differ on nothing that cannot be."""
    assert [finding.message for finding in incoherences(View(case.spec()))] == []
