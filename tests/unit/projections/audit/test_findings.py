"""Contradictions in words."""

from __future__ import annotations

import numpy as np

from tests.unit.projections.audit.stories import desk, found
from tests.unit.projections.logs import Story


def test_many_of_a_sort_are_counted() -> None:
    """Twenty are spelt out, the rest is one line."""
    story = Story("desk").arrived(0, *range(50)).arrived(1, *range(50))

    contradictions = [each for each in found(story) if each.rule == "arrives once"]

    assert len(contradictions) == 21
    assert str(contradictions[0]) == "event 50: passenger 0 arrives a second time"
    assert str(contradictions[-1]) == ("event 70: and 30 more: passenger 19 arrives a second time")


def test_contradictions_come_in_the_order_of_the_log() -> None:
    """The first one is where to look first."""
    story = desk().completed(1, 0, "desk", 0).exited(2, 0).arrived(3, 0)

    places = [each.seq for each in found(story)]

    assert places == sorted(places)
    assert np.array(places).min() == 4
