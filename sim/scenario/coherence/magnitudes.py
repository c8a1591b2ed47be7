"""Magnitudes: times that a day of a facility can have."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.clock import LONGEST_S
from sim.scenario.coherence.view import Finding, View
from sim.scenario.figure_walk import each_figure
from sim.scenario.laws import Empirical

LONGEST = {"s": LONGEST_S, "min": LONGEST_S / 60}
"""Longest duration by unit; failures may be rarer than that."""


def durations_finite(view: View) -> Iterator[Finding]:
    """No duration is longer than 400 days."""
    for each in each_figure(view.spec):
        longest = LONGEST.get(each.unit)
        for name in ("value", "low", "high"):
            number = getattr(each.figure, name)
            if number is None or each.path == ("horizon_s",):
                continue
            if longest is not None and number > longest:
                message = f"got {number:g}; at most {longest:.0f} {each.unit}, 400 days"
                yield Finding(each.path, message)


def observed_durations_finite(view: View) -> Iterator[Finding]:
    """No observed duration is longer than 400 days."""
    for path, laws in view.laws():
        for index, law in enumerate(laws):
            if not isinstance(law, Empirical):
                continue
            for place, value in enumerate(law.values_s):
                if value > LONGEST_S:
                    message = f"got {value:g}; at most {LONGEST_S} s, 400 days"
                    yield Finding((*path, index, "values_s", place), message)


CHECKS = (durations_finite, observed_durations_finite)
