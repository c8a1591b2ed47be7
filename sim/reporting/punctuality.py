"""How punctual the departures of a simulated day were."""

from __future__ import annotations

from sim.demand.departures import departures_of
from sim.demand.punctuality import cancelled_of, delayed
from sim.demand.streams import Streams
from sim.reporting.wording import minutes
from sim.scenario.clock import US_PER_S
from sim.scenario.spec import ScenarioSpec


def punctuality_in_words(spec: ScenarioSpec, *, seed: int, replication: int = 0) -> str:
    """Departures on time, late and cancelled, as drawn for a day; "" where none can be late."""
    asked = spec.demand.punctuality
    if asked is None:
        return ""
    planned, streams = departures_of(spec), Streams(seed, replication)
    left = delayed(planned, asked, streams)
    if left.planned_us is None:
        return ""
    late_us = left.at_us - left.planned_us
    late = late_us[late_us > asked.on_time_within_min.value * 60 * US_PER_S]
    cancelled = len(cancelled_of(planned, asked, streams))
    by = f" by {minutes(late.mean() / US_PER_S)} min on average" if len(late) else ""
    return (
        f"Of {len(planned)} departures {len(left) - len(late)} were on time, "
        f"{len(late)} late{by}, {cancelled} cancelled."
    )
