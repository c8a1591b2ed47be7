"""The most servers a plan may open at a station."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.planner.days import Seen
from sim.scenario.clock import to_us
from sim.scenario.opening import installed_servers
from sim.scenario.scenario import Scenario

HALF_HOUR_US = 1_800_000_000


def cap_of(scenario: Scenario, station: str, *, today: Sequence[Seen]) -> int:
    """Servers that can be open at most.

    Parameters
    ----------
    scenario : Scenario
    station : str
    today : sequence of Seen
        Its visits on some days.

    Notes
    -----
    ``plan.max_servers``, and never more than ``installed`` where a station says it. Without both:
    at places with equipment the highest level of the file, at a ``generic`` station as many as the
    busiest half hour of the days would keep busy twice over.
    """
    spec = scenario.spec
    own = next(each for each in spec.stations if each.id == station)
    limit = spec.plan.max_servers if spec.plan is not None else None
    if own.installed is not None:
        installed = int(own.installed.value)
        return installed if limit is None else min(limit, installed)
    if limit is not None:
        return limit
    highest = installed_servers(own, start_us=to_us(spec.day_starts))
    if spec.kind != "generic":
        return highest
    return max(highest, math.ceil(2 * max(_busiest(day) for day in today)) + 3)


def _busiest(day: Seen) -> float:
    """Work that joined in the busiest half hour, in servers."""
    work: dict[int, int] = {}
    halves = (day.joined_us // HALF_HOUR_US).tolist()
    for half, service_us in zip(halves, day.service_us.tolist(), strict=True):
        work[half] = work.get(half, 0) + service_us
    return max(work.values(), default=0) / HALF_HOUR_US
