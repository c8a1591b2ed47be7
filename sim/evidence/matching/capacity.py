"""Match servers and memory that a load needs at its peak, with one group of them lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.matcher.memory import BYTES_PER_PERSON
from sim.matcher.trace.service import BUCKETS, ServiceTable
from sim.matcher.trace.virtual import least_cores, served
from sim.scenario.profile import MatcherProfile

STRETCH_S = 1800.0
"""Length of the peak that is simulated."""


@dataclass(frozen=True, slots=True)
class Load:
    """Who asks how often, among how many.

    Attributes
    ----------
    name : str
        What it is.
    people : int
        Size of the gallery.
    per_h : float
        Requests in the busiest hour.
    source : str
        Where these come from.
    """

    name: str
    people: int
    per_h: float
    source: str


def table_for(profile: MatcherProfile, people: int) -> tuple[ServiceTable, bool]:
    """Times of batches among so many people, and whether a gallery so large was measured.

    Beyond the largest measured gallery time goes on in proportion to size.
    """
    times = profile.times_for(people)
    found = times or profile.galleries[-1]
    factor = 1.0 if times is not None else people / found.people
    seconds = tuple(
        factor * next(each.service_s.value for each in found.buckets if each.size >= size)
        for size in BUCKETS
    )
    reason = f"measured among {found.people:,}"
    table = ServiceTable(found.kernel, reason, people, profile.measured.threshold, seconds)
    return table, times is not None


def capacity_row(
    profile: MatcherProfile, load: Load, *, promise_s: float = 0.200, seed: int = 1
) -> dict[str, Any]:
    """Cores and memory for a load in its busiest hour, as a Poisson stream."""
    table, is_measured = table_for(profile, load.people)
    rng = np.random.Generator(np.random.Philox(seed))
    wanted = max(1, round(load.per_h * STRETCH_S / 3600))
    at_s = np.sort(rng.uniform(0, STRETCH_S, wanted))
    found = least_cores(at_s, table, promise_s=promise_s)
    row: dict[str, Any] = {
        "name": load.name,
        "people": load.people,
        "per_h": load.per_h,
        "source": load.source,
        "is_measured": is_measured,
        "bytes": load.people * BYTES_PER_PERSON,
        "alone_s": table.seconds[0],
        "core_s_per_request": table.seconds[0],
    }
    if found is None:
        return row | {"cores": None}
    group = table.split(found.parts)
    kept = served(at_s, group, servers=found.groups)
    more = served(at_s, group, servers=found.groups + 1)
    row["core_s_per_request"] = kept.busy_s * found.parts / wanted
    return row | {
        "cores": found.total,
        "parts": found.parts,
        "groups": found.groups,
        "p99_s": kept.percentile(0.99),
        "cores_one_group_spare": found.parts * (found.groups + 1),
        "p99_with_spare_s": more.percentile(0.99),
        "bytes_one_group_spare": load.people * BYTES_PER_PERSON * (found.groups + 1),
    }
