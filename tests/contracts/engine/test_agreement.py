"""The comparison of two logs sees every column, and says where they part."""

from dataclasses import replace

import numpy as np
import pytest

from sim.events.log import COLUMNS, EventBlock
from tests.contracts.engine.agreement import difference, tell
from tests.contracts.engine.cases import Case


def _log() -> EventBlock:
    return tell(Case().station("desk").step("desk").passenger(0, serve=2)).events


def test_equal_logs_differ_in_nothing() -> None:
    """A log and its copy."""
    assert difference(_log(), _log(), ["desk"]) == ""


@pytest.mark.parametrize("column", COLUMNS)
def test_one_figure_in_one_column_is_a_difference(column: str) -> None:
    """It is found where it is, and told with the events before it."""
    log = _log()
    values = getattr(log, column).copy()
    values[4] += 1

    text = difference(log, replace(log, **{column: values}), ["desk", "other"])

    assert text.splitlines()[0] == f"event 4: {column}"
    assert text.splitlines()[4].split()[:3] == ["reference", "2", "service_completed"]


def test_shorter_log_is_a_difference() -> None:
    """The first event that only one has."""
    log = _log()

    assert difference(log, log[: len(log) - 1], ["desk"]).splitlines() == [
        "event 5: one log ends here",
        "  both       0 queue_joined p0 desk v0 =1",
        "  both       0 service_started p0 desk v0 s0 =1",
        "  both       2 service_completed p0 desk v0 s0 =1",
        "  reference  2 exited p0 (event 5 by its number)",
        "  compiled   (no more events)",
    ]


def test_column_of_another_type_is_a_difference() -> None:
    """Bytes are hashed, so a type that holds the same figures is not the same."""
    log = _log()

    assert difference(log, replace(log, visit=log.visit.astype(np.int64)), ["desk"])
