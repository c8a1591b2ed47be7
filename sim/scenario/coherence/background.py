"""Background traffic and degraded modes: they speak of stations that call and are called."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.background import Background, Degraded
from sim.scenario.coherence.facilities import highest_servers, installed_servers
from sim.scenario.coherence.view import NO_STATION_ID, Finding, View
from sim.scenario.keys import KeyPath
from sim.scenario.laws import mean_s
from sim.scenario.suggestions import advice

LONGEST_DAY_S = 7 * 86_400
"""Longest horizon of a scenario with background traffic, which is worked out by the second."""

MOST_ERLANG = 1_000_000
"""Most servers that background traffic may ask for; backlogs stay countable."""


def background_answered(view: View) -> Iterator[Finding]:
    """Background traffic goes to a station that only calls go to, once for each."""
    visited = {place.station for place in view.places}
    called = {call.station for place in view.places for call in place.visit.calls}
    seen: set[str] = set()
    for number, each in enumerate(view.spec.background):
        path: KeyPath = ("background", number)
        name = each.station
        if name in visited:
            message = (
                f"passengers visit {name} themselves; its traffic would not delay them. Let a "
                "step call it (calls = …) instead"
            )
            yield Finding((*path, "station"), message, (("journey",),))
        elif name in view.stations and name not in called and view.spec.kind != "world":
            message = f"no step calls {name}, so nobody feels its traffic; call it from a step"
            yield Finding((*path, "station"), message, (("journey",),))
        if name in seen:
            message = f"{name} has background traffic already; write one, with growth and surges"
            yield Finding((*path, "station"), message)
        seen.add(name)


def background_moderate(view: View) -> Iterator[Finding]:
    """What it asks for can be counted, second by second; its parts make sense."""
    horizon = view.spec.horizon_s
    for number, each in enumerate(view.spec.background):
        path: KeyPath = ("background", number)
        if horizon is not None and horizon.value > LONGEST_DAY_S:
            message = f"got {horizon.value:g}; with background traffic at most {LONGEST_DAY_S}"
            yield Finding(("horizon_s",), message, (path,))
        erlang = _peak_erlang(each)
        if erlang > MOST_ERLANG:
            message = (
                f"asks for up to {erlang:.3g} servers at once; at most {MOST_ERLANG}: lower "
                "per_day, service_s, a factor or the growth"
            )
            yield Finding((*path, "per_day"), message)
        for index, surge in enumerate(each.surges):
            if surge.until <= surge.from_:
                message = "is not after from; a surge may not end before it starts"
                yield Finding((*path, "surges", index, "until"), message)
        if each.retry_factor.value < 1:
            message = f"got {each.retry_factor.value:g}; who asks again asks more, give 1 or more"
            yield Finding((*path, "retry_factor"), message)
        if each.retry_after_s is None and each.retry_factor.value > 1:
            message = "has no effect without retry_after_s; give one"
            yield Finding((*path, "retry_factor"), message)


def degraded_possible(view: View) -> Iterator[Finding]:
    """A degraded mode is of a station that calls the service watched, and changes something."""
    seen: set[str] = set()
    with_traffic = {each.station for each in view.spec.background}
    for number, each in enumerate(view.spec.degraded):
        path: KeyPath = ("degraded", number)
        if each.station in seen:
            message = f"{each.station} has a degraded mode already; give one to a station"
            yield Finding((*path, "station"), message)
        seen.add(each.station)
        calls = {
            call.station
            for place in view.places
            if place.station == each.station
            for call in place.visit.calls
        }
        if not view.knows_station(each.service):
            message = f"there is no station {each.service}; {advice(each.service, view.stations)}"
            yield Finding((*path, "service"), message, (NO_STATION_ID,))
        elif each.station in view.stations and each.service not in calls:
            message = f"{each.station} never calls {each.service}; name a service that it calls"
            yield Finding((*path, "service"), message, (("journey",), (*path, "station")))
        if each.closes == each.skips_calls:
            what = "both closes and skips_calls" if each.closes else "neither"
            message = f"says {what}; give one of closes = true, skips_calls = true"
            yield Finding((*path, "closes"), message)
        if each.delay_s is not None and each.service not in with_traffic:
            message = f"{each.service} has no [[background]], so it is never slow; take it out"
            yield Finding((*path, "delay_s"), message, (("background",),))
        yield from _own_law(view, each, path)
        yield from _lanes(view, each, path)
        yield from _reposted(view, each, path)


CHECKS = (background_answered, background_moderate, degraded_possible)


def _peak_erlang(each: Background) -> float:
    total = sum(hour.value for hour in each.hours)
    busiest = max(hour.value for hour in each.hours) / total
    surges = 1.0
    for surge in each.surges:
        surges *= max(1.0, surge.factor.value)
    rate_per_s = each.requests * busiest / 3600
    return rate_per_s * each.service_s.value * surges * max(1.0, each.retry_factor.value)


def _own_law(view: View, each: Degraded, path: KeyPath) -> Iterator[Finding]:
    if each.mean_s is None:
        return
    station = view.stations.get(each.station)
    if not each.skips_calls:
        yield Finding((*path, "mean_s"), "has no effect without skips_calls = true; take it out")
    elif station is not None and (not station.service or not mean_s(station.service[-1])):
        message = f"{each.station} has no service law whose draws could be scaled; take it out"
        yield Finding((*path, "mean_s"), message, (("stations",),))


def _lanes(view: View, each: Degraded, path: KeyPath) -> Iterator[Finding]:
    station = view.stations.get(each.station)
    if each.closes and station is not None and station.lanes == "by_departure":
        message = (
            f"{each.station} has lanes by departure: who waits there has no other gate; "
            "use skips_calls instead"
        )
        yield Finding((*path, "closes"), message, (("stations",),))


def _reposted(view: View, each: Degraded, path: KeyPath) -> Iterator[Finding]:
    if (each.repost_to is None) != (each.repost_servers is None):
        missing = "repost_to" if each.repost_to is None else "repost_servers"
        message = "missing; staff are re-posted to a station, to open so many servers"
        yield Finding((*path, missing), message)
    if each.repost_to is None:
        return
    where: KeyPath = (*path, "repost_to")
    to = view.stations.get(each.repost_to)
    if not view.knows_station(each.repost_to):
        message = f"there is no station {each.repost_to}; {advice(each.repost_to, view.stations)}"
        yield Finding(where, message, (NO_STATION_ID,))
    if each.repost_to in {other.station for other in view.spec.degraded if other.closes}:
        yield Finding(where, f"{each.repost_to} closes itself; send staff where it stays open")
    if to is None or each.repost_servers is None:
        return
    most = highest_servers(to) + sum(
        int(other.repost_servers.value)
        for other in view.spec.degraded
        if other.repost_to == each.repost_to and other.repost_servers is not None
    )
    if installed_servers(to) < most:
        message = (
            f"{each.repost_to} has {installed_servers(to)} servers installed, but up to {most} "
            "open with those re-posted; install more or send fewer"
        )
        yield Finding((*path, "repost_servers"), message, (("stations",),))
