"""Promises are read whole or refused with every fault."""

from __future__ import annotations

import pytest

from sim.errors import InvalidInputError
from sim.planner.targets import promises_of
from sim.scenario.load import load_scenario


def test_text_becomes_a_promise() -> None:
    """A promise given in words of the command line replaces those of the file."""
    (found,) = promises_of(load_scenario("two-peaks"), ["desk:0.9:300:15:0.8"])

    assert (found.share, found.within_us, found.per_us) == (0.9, 300_000_000, 900_000_000)
    assert (found.meaning, found.asked) == ("daily", 0.8)


def test_every_fault_is_told_at_once() -> None:
    """An unknown station, a certain promise, a word for a number: three faults together."""
    with pytest.raises(InvalidInputError) as caught:
        promises_of(load_scenario("two-peaks"), ["dask:0.9:300", "desk:1:300", "desk:0.9:soon"])

    said = str(caught.value)
    assert len(caught.value.faults) == 3
    assert "dask" in said
    assert "share = 1" in said
    assert "'soon' is not a number" in said
