"""Where a station may be worked out by itself: what stands in the way, if anything does."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import numpy as np

from sim.demand.workload import Workload
from sim.engine.network import NEVER, Network, Station
from sim.scenario.program import GO_LEAVE, GO_NEXT


def obstacle(network: Network, workload: Workload) -> str | None:
    """Why the recursion would not be exact for a day; None where it is.

    It needs everyone served first come first served, alone, with a service that depends on
    nothing but the draws, at stations in an order nobody goes against.
    """
    return next(_obstacles(network, workload), None)


def _obstacles(network: Network, workload: Workload) -> Iterator[str]:
    for station in network.stations:
        for what, is_there in _special(station).items():
            if is_there:
                yield f"{station.id} has {what}"
    slots, visits, steps = network.slots, network.visits, network.steps
    elsewhere = [step.on_renege not in (GO_LEAVE, GO_NEXT, step.index + 1) for step in steps]
    everywhere = {
        "a fork changes the day": bool(network.patches),
        "the world has several facilities": len(network.journeys) > 1,
        "a station has other traffic": bool(network.backgrounds),
        "a station may be degraded": bool(network.degradations),
        "a step calls another station": any(visit.calls for visit in visits),
        "a step matches faces": any(visit.attempts for visit in visits),
        "a step checks in or boards": any(visit.boards or visit.checks_in for visit in visits),
        "a service changes traits": any(slot.turns_on or slot.turns_off for slot in slots),
        "a choice looks at the queues": any(
            step.is_choice and step.choose != "share" for step in steps
        ),
        "who gives up goes elsewhere": any(elsewhere),
        "servers fail": len(workload.outage_at_us) > 0,
        "people travel in parties": workload.party_size.max(initial=1) > 1,
        "there are departures": workload.departure.max(initial=-1) >= 0,
        "someone may come to a station twice": station_order(network, workload) is None,
    }
    yield from (what for what, is_there in everywhere.items() if is_there)


def _special(station: Station) -> dict[str, bool]:
    levels = [level for _, level in station.levels]
    return {
        "priorities": bool(station.rules),
        "a limited queue": station.queue_limit != NEVER,
        "batches": bool(station.batch_us),
        "a lane for each departure": station.by_departure,
        "servers that pause": station.closing == "pause" and levels != sorted(levels),
    }


def station_order(network: Network, workload: Workload) -> tuple[int, ...] | None:
    """Stations in an order that every journey follows; None where there is none."""
    graph = TopologicalSorter[int]({station.index: () for station in network.stations})
    if workload.route is None:
        order = [{slot.station for slot in step.slots} for step in network.steps]
        for number, later in enumerate(order):
            for earlier in order[:number]:
                for station in later:
                    graph.add(station, *earlier)
    else:
        station_of_slot = np.array([slot.station for slot in network.slots])
        stations = station_of_slot[workload.route]
        goes_on = np.ones(len(stations), dtype=bool)
        goes_on[workload.first[1:][workload.first[1:] > workload.first[:-1]] - 1] = False
        steps = np.flatnonzero(goes_on[:-1]) if len(stations) else np.zeros(0, dtype=np.intp)
        pairs = np.unique(stations[steps] * len(network.stations) + stations[steps + 1])
        for earlier, later in zip(*divmod(pairs, len(network.stations)), strict=True):
            graph.add(int(later), int(earlier))
    try:
        return tuple(graph.static_order())
    except CycleError:
        return None
