"""At what instants a run may begin and be cut."""

from __future__ import annotations

from sim.errors import Fault
from sim.scenario.clock import instant_text, to_us
from sim.scenario.spec import ScenarioSpec


def instant_faults(spec: ScenarioSpec, *, at_us: int, until_us: int | None) -> list[Fault]:
    """Why a run cannot begin at an instant, or end at another; none where it can."""
    found = list[Fault]()
    at, starts_us = instant_text(at_us), to_us(spec.day_starts)
    if at_us <= starts_us:
        text = (
            f"--at {at} is not after the day starts, {instant_text(starts_us)}; name a later "
            "instant, or run the whole day without --at"
        )
        found.append(Fault(text))
    if spec.end_of_run == "cut" and spec.horizon_s and at_us >= to_us(spec.horizon_s.value):
        ends = instant_text(to_us(spec.horizon_s.value))
        text = f"--at {at} is not before the run is cut, {ends}; name an earlier instant"
        found.append(Fault(text))
    if until_us is not None and until_us <= at_us:
        text = f"--until {instant_text(until_us)} is not after --at {at}; name a later instant"
        found.append(Fault(text))
    return found
