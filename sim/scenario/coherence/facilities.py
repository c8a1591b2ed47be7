"""Stations: what they need to serve, to be called and to close."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.scenario.coherence.view import Finding, View
from sim.scenario.keys import KeyPath
from sim.scenario.stations import Opening, Periods, StationSpec

MAX_FAILURES = 1_000_000
"""Most failures a day may be expected to have."""


def highest_servers(station: StationSpec) -> int:
    """Most servers a station ever has open."""
    match station.servers:
        case Periods():
            return int(max(level.value for level in station.servers.open))
        case tuple():
            return int(max((opening.servers.value for opening in station.servers), default=0))
        case _:
            return int(station.servers.value)


def installed_servers(station: StationSpec) -> int:
    """Servers that exist at a station."""
    return highest_servers(station) if station.installed is None else int(station.installed.value)


def service_given(view: View) -> Iterator[Finding]:
    """A station has a service law, unless it serves in batches or a trace gives the times."""
    is_trace = view.spec.demand.trace is not None
    visited = {place.station for place in view.places}
    for number, station in enumerate(view.spec.stations):
        path = ("stations", number, "service")
        if station.batch is not None and station.service is not None:
            yield Finding(path, "a batch station takes its times from buckets; remove service")
        elif is_trace and station.service is not None and station.id in visited:
            message = f"the trace gives the service times of {station.id}; remove service"
            yield Finding(path, message, (("demand", "trace"), ("journey",)))
        elif station.service is None and station.batch is None and not is_trace:
            message = 'missing; give a law, such as { law = "exponential", mean_s = 60 }'
            yield Finding(path, message, (("demand", "trace"), ("stations", number, "batch")))


def installed_enough(view: View) -> Iterator[Finding]:
    """No more servers open than there are."""
    for number, station in enumerate(view.spec.stations):
        if installed_servers(station) < highest_servers(station):
            message = (
                f"{installed_servers(station)} installed, but up to {highest_servers(station)} "
                "open; install more or open fewer"
            )
            path = ("stations", number)
            yield Finding((*path, "installed"), message, ((*path, "servers"),))


def openings_apart(view: View) -> Iterator[Finding]:
    """At most one opening of a station holds at any instant."""
    for number, station in enumerate(view.spec.stations):
        if not isinstance(station.servers, tuple):
            continue
        path = ("stations", number, "servers")
        openings: tuple[Opening, ...] = station.servers
        order = sorted(range(len(openings)), key=lambda index: openings[index].from_)
        for before, after in pairwise(order):
            if openings[after].from_ < openings[before].until:
                message = f"overlaps servers[{before}]; one number of servers holds at a time"
                yield Finding((*path, after), message, (path,))


def calls_answerable(view: View) -> Iterator[Finding]:
    """A step calls another station than its own, one that answers single requests or batches."""
    for place in view.places:
        for index, call in enumerate(place.visit.calls):
            path = (*place.path, "calls", index)
            if call.station == place.station:
                message = f"{call.station} would call itself; call another station"
                yield Finding((*path, "station"), message)
            called = view.stations.get(call.station)
            for reason in _unanswerable(called) if called is not None else ():
                message = f"{call.station} cannot be called: {reason}"
                yield Finding((*path, "station"), message, (("stations",),))
            if call.station in {earlier.station for earlier in place.visit.calls[:index]}:
                message = f"{call.station} is called twice; one step asks a station once"
                yield Finding((*path, "station"), message)
            if call.on_timeout == "refer" and call.timeout_s is None:
                message = '"refer" never happens without timeout_s; give one'
                yield Finding((*path, "on_timeout"), message)


def batches_only_called(view: View) -> Iterator[Finding]:
    """Nobody walks to a batch station; it serves the requests of other stations."""
    for place in view.places:
        station = view.stations.get(place.station)
        if station is not None and station.batch is not None:
            message = (
                f"{place.station} serves in batches, which only requests do; "
                "call it from a step (calls = …) instead of visiting it"
            )
            yield Finding(place.path, message, (("stations",),))


def _unanswerable(station: StationSpec) -> Iterator[str]:
    if station.per == "party":
        yield 'it serves per = "party"; make it per = "person"'
    if station.lanes == "by_departure":
        yield 'it has lanes by departure; make it lanes = "shared"'
    if station.match is not None:
        yield "it matches faces itself; call a plain or a batch station"
    if station.queue_limit is not None:
        yield "its queue is finite, so requests could be lost; remove queue_limit"
    if station.patience is not None:
        yield "requests have no patience; give the call a timeout_s instead"


def matches_defined(view: View) -> Iterator[Finding]:
    """A match has a gallery of known size, and one law of retries for everyone."""
    for number, station in enumerate(view.spec.stations):
        match, path = station.match, ("stations", number, "match")
        if match is None:
            continue
        if match.gallery in {"city", "national"} and match.gallery_size is None:
            message = f'missing; gallery = "{match.gallery}" has no size of its own'
            yield Finding((*path, "gallery_size"), message)
        if match.gallery == "departure" and not view.has_departures:
            message = "departure galleries need departures in demand; choose another gallery"
            yield Finding((*path, "gallery"), message, (("demand",),))
        if match.retry.when.strip():
            yield Finding(
                (*path, "retry", "when"), "retries have one law for everyone; remove when"
            )


def outages_possible(view: View) -> Iterator[Finding]:
    """An outage goes forward in time and names servers that exist."""
    for number, outage in enumerate(view.spec.outages):
        path: KeyPath = ("outages", number)
        if outage.until <= outage.from_:
            message = "is not after from; an outage may not end before it starts"
            yield Finding((*path, "until"), message)
        if outage.servers is None:
            continue
        if not outage.servers:
            yield Finding((*path, "servers"), "names no server; leave it out for the whole bank")
        station = view.stations.get(outage.station)
        there = installed_servers(station) if station is not None else None
        for index, server in enumerate(outage.servers):
            if there is not None and server >= there:
                message = f"{outage.station} has servers 0 to {there - 1}; got {server}"
                because = (("stations",), (*path, "station"))
                yield Finding((*path, "servers", index), message, because)


def failures_few(view: View) -> Iterator[Finding]:
    """Random failures are rare enough to be listed before the day starts."""
    horizon = view.spec.horizon_s
    days_s = horizon.value if horizon is not None else 86_400.0
    for number, failure in enumerate(view.spec.failures):
        station = view.stations.get(failure.station)
        units = installed_servers(station) if station and failure.of == "server" else 1
        expected = units * days_s / (failure.mtbf_h.value * 3600)
        if expected > MAX_FAILURES:
            message = f"makes {expected:.3g} failures; at most {MAX_FAILURES}: give more hours"
            yield Finding(("failures", number, "mtbf_h"), message, (("stations",),))


CHECKS = (
    service_given,
    installed_enough,
    openings_apart,
    calls_answerable,
    batches_only_called,
    matches_defined,
    outages_possible,
    failures_few,
)
