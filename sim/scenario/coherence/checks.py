"""All checks of coherence, run together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.scenario.coherence import (
    adoption,
    background,
    boarding,
    calendar,
    conditions,
    facilities,
    flow,
    magnitudes,
    names,
    parties,
    replay,
    roster,
    routing,
    schedules,
    timing,
)
from sim.scenario.coherence.view import Finding, View

CHECKS: tuple[Callable[[View], Iterator[Finding]], ...] = (
    *names.CHECKS,
    *conditions.CHECKS,
    *flow.CHECKS,
    *routing.CHECKS,
    *parties.CHECKS,
    *facilities.CHECKS,
    *boarding.CHECKS,
    *schedules.CHECKS,
    *calendar.CHECKS,
    *adoption.CHECKS,
    *roster.CHECKS,
    *timing.CHECKS,
    *replay.CHECKS,
    *background.CHECKS,
    *magnitudes.CHECKS,
)


def incoherences(view: View) -> list[Finding]:
    """Everything that does not fit in a scenario whose values are each right by themselves."""
    return [finding for check in CHECKS for finding in check(view)]
