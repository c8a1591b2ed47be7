"""Match servers and memory that a load needs at its peak, with one group of them lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.experiments.day import Day
from sim.matcher.memory import BYTES_PER_PERSON
from sim.matcher.trace.galleries import Asked, galleries_named, galleries_of_run
from sim.matcher.trace.requests import requests_of
from sim.matcher.trace.service import BUCKETS, ServiceTable
from sim.matcher.trace.virtual import Cores, least_cores, served
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
    rng = np.random.Generator(np.random.Philox(seed))
    wanted = max(1, round(load.per_h * STRETCH_S / 3600))
    at_s = np.sort(rng.uniform(0, STRETCH_S, wanted))
    told = {"name": load.name, "people": load.people, "per_h": load.per_h, "source": load.source}
    return told | needed(at_s, profile, load.people, promise_s=promise_s)


def capacity_document(
    day: Day,
    profile: MatcherProfile,
    *,
    wanted: Sequence[str] = (),
    promise_s: float = 0.200,
) -> dict[str, Any]:
    """What a day's requests need in their busiest half hour, as they come.

    Parameters
    ----------
    day : Day
        A simulated day.
    profile : MatcherProfile
        Times of one core.
    wanted : sequence of str
        Galleries as in `galleries_named`; none takes what the day asks, then everyone of the
        day, a city and the nation.
    promise_s : float
        Latency that 99 % of the requests must not exceed.

    Raises
    ------
    UsageError
        If nobody asks for a match, or a gallery is none.
    """
    requests = requests_of(day.log)
    name = day.scenario.spec.id
    if not len(requests):
        raise UsageError(f"{name}: nobody asks for a match; take a scenario with face gates")
    if wanted:
        asked = galleries_named(requests, wanted)
    else:
        usual = ["city", "national"]
        everyone = Asked("day", requests.passengers, requests)
        asked = [*galleries_of_run(requests), everyone, *galleries_named(requests, usual)]
    rows = []
    for each in asked:
        peak = each.requests.busiest(STRETCH_S)
        told = {
            "name": each.kind,
            "people": each.people,
            "requests": len(each.requests),
            "per_h": len(peak) * 3600 / STRETCH_S,
            "from_s": float(peak.at_s[0]),
        }
        row = needed(peak.at_s, profile, each.people, promise_s=promise_s)
        work = 1000 * row["core_s_per_request"] * len(each.requests) / requests.passengers
        rows.append(told | row | {"core_s_per_1000_passengers": work})
    return {
        "scenario": name,
        "seed": day.seed,
        "passengers": requests.passengers,
        "requests": len(requests),
        "profile": {"id": profile.id, "measured": profile.measured.words},
        "promise_s": promise_s,
        "rows": rows,
    }


def needed(
    at_s: NDArray[np.float64], profile: MatcherProfile, people: int, *, promise_s: float
) -> dict[str, Any]:
    """Cores, memory and work for a stream of requests, and with one group of cores lost.

    Returns
    -------
    dict
        ``cores`` None where no number of cores keeps the promise; ``p99_one_group_lost_s`` of
        the least cores with one group out of order the whole time, None where none is left;
        ``core_s_per_request`` of the least cores.
    """
    table, is_measured = table_for(profile, people)
    found = least_cores(at_s, table, promise_s=promise_s)
    row: dict[str, Any] = {
        "is_measured": is_measured,
        "kernel": table.kernel,
        "bytes": people * BYTES_PER_PERSON,
        "alone_s": table.seconds[0],
        "core_s_per_request": table.seconds[0],
    }
    spared = least_cores(at_s, table, promise_s=promise_s, spare=1)
    if found is None or spared is None:
        return row | {"cores": None}
    return row | _least(at_s, table, found) | _with_spare(at_s, table, spared)


def _least(at_s: NDArray[np.float64], table: ServiceTable, found: Cores) -> dict[str, Any]:
    """The least cores, whole and with a group lost."""
    group = table.split(found.parts)
    kept = served(at_s, group, servers=found.groups)
    lost = served(at_s, group, servers=found.groups - 1) if found.groups > 1 else None
    return {
        "core_s_per_request": kept.busy_s * found.parts / len(at_s),
        "cores": found.total,
        "parts": found.parts,
        "groups": found.groups,
        "p99_s": kept.percentile(0.99),
        "p99_one_group_lost_s": None if lost is None else lost.percentile(0.99),
    }


def _with_spare(at_s: NDArray[np.float64], table: ServiceTable, spared: Cores) -> dict[str, Any]:
    """The least cores of which a group may be lost: other groups perhaps than those above."""
    group = table.split(spared.parts)
    return {
        "cores_one_group_spare": spared.total,
        "parts_one_group_spare": spared.parts,
        "groups_one_group_spare": spared.groups,
        "p99_with_spare_s": served(at_s, group, servers=spared.groups).percentile(0.99),
        "p99_spare_lost_s": served(at_s, group, servers=spared.groups - 1).percentile(0.99),
        "bytes_one_group_spare": table.people * BYTES_PER_PERSON * spared.groups,
    }
