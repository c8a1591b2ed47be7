"""Departures: what belongs to them, and how everybody comes to board or miss theirs."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.coherence.facilities import installed_servers
from sim.scenario.coherence.view import Finding, View
from sim.scenario.guards import GuardError, compile_guard
from sim.scenario.journey import Visit


def departures_only(view: View) -> Iterator[Finding]:
    """What speaks of departures stands only where there are some, and show-up there."""
    if view.has_departures:
        if not view.spec.demand.show_up:
            message = "missing; say how long before their departure passengers arrive"
            yield Finding(("demand", "show_up"), message)
        return
    needs = "needs departures or a timetable in demand; take it out"
    if view.spec.demand.show_up:
        yield Finding(("demand", "show_up"), needs)
    if view.spec.demand.first_wave is not None:
        yield Finding(("demand", "first_wave"), needs)
    for place in view.places:
        for key in ("boards", "opens_before_min", "closes_before_min"):
            if getattr(place.visit, key):
                yield Finding((*place.path, key), needs, (("demand",),))
    for number, station in enumerate(view.spec.stations):
        if station.lanes == "by_departure":
            yield Finding(("stations", number, "lanes"), needs, (("demand",),))
        for index, rule in enumerate(station.priority):
            if rule.late_within_min is not None:
                path = ("stations", number, "priority", index, "late_within_min")
                yield Finding(path, needs, (("demand",),))


def boarding_last(view: View) -> Iterator[Finding]:
    """With departures the last step, and no other, is boarding, and nobody skips it."""
    if not view.has_departures:
        return
    boarding = sorted({place.step for place in view.places if place.visit.boards})
    last = len(view.spec.journey) - 1
    because = (("journey",), ("demand",))
    if not boarding:
        message = "has no boarding; with departures the last step needs boards = true"
        yield Finding(("journey", last), message, because)
    for number in boarding:
        if number != last:
            message = "is not the last step; only the last one boards"
            yield Finding(("journey", number, "boards"), message, because)
    if boarding[-1:] == [last]:
        yield from _boarding_for_all(view, last)


def _boarding_for_all(view: View, last: int) -> Iterator[Finding]:
    step = view.spec.journey[last]
    if view.spec.demand.flows and step.options:
        message = (
            "flows beside departures need one boarding station, which they pass by; "
            "give the step a station instead of options"
        )
        yield Finding(("journey", last, "options"), message, (("demand", "flows"),))
    if step.when.strip():
        message = f'is only for "{step.when}"; everybody boards or misses: remove when'
        yield Finding(("journey", last, "when"), message)
    for index, option in enumerate(step.options):
        if not option.boards:
            message = "missing; all options of the boarding step board"
            yield Finding(("journey", last, "options", index, "boards"), message)
        for key in ("opens_before_min", "closes_before_min"):
            own, first = (_minutes(each, key) for each in (option, step.options[0]))
            if own is not None and first is not None and own != first:
                message = f"got {own:g}, but options[0] has {first:g}; a departure boards at once"
                yield Finding(("journey", last, "options", index, key), message)
    try:
        others = " and ".join(f"not ({o.when})" for o in step.options if o.when.strip())
        is_for_all = any(not option.when.strip() for option in step.options)
        if step.options and not is_for_all and compile_guard(others, view.bits):
            message = "leave somebody without a gate; make the last option for everyone"
            yield Finding(("journey", last, "options"), message, (("traits",),))
    except GuardError:
        return


def _minutes(visit: Visit, key: str) -> float | None:
    figure = getattr(visit, key)
    return None if figure is None else figure.value


def windows_open(view: View) -> Iterator[Finding]:
    """Boarding opens before it closes, at a station of its own lanes or a shared one."""
    if not view.has_departures:
        return
    for place in view.places:
        visit, path = place.visit, place.path
        station = view.stations.get(place.station)
        if station is not None and station.lanes == "by_departure" and not visit.boards:
            message = f"{place.station} has lanes by departure, which only boarding may use"
            yield Finding((*path, "station"), message, (("stations",),))
        if not visit.boards:
            if visit.opens_before_min is not None:
                message = "has no effect without boards = true; take it out"
                yield Finding((*path, "opens_before_min"), message)
            continue
        opens, closes = visit.opens_before_min, visit.closes_before_min
        for key in ("opens_before_min", "closes_before_min"):
            if getattr(visit, key) is None:
                message = "missing; boarding needs it, in minutes before the departure"
                yield Finding((*path, key), message)
        if opens is not None and closes is not None and opens.value <= closes.value:
            message = (
                f"opens {opens.value:g} min before the departure, but closes {closes.value:g} "
                "before; open earlier"
            )
            yield Finding((*path, "opens_before_min"), message, ((*path, "closes_before_min"),))


def gates_exist(view: View) -> Iterator[Finding]:
    """A departure that names its gate names a server of the boarding station."""
    departures = view.spec.demand.departures
    if not isinstance(departures, tuple):
        return
    boarding = [place.station for place in view.places if place.visit.boards]
    station = view.stations.get(boarding[0]) if boarding else None
    if station is None or station.lanes != "by_departure":
        return
    there = installed_servers(station)
    for number, row in enumerate(departures):
        if row.gate >= there:
            message = f"departure {row.id}: {station.id} has gates 0 to {there - 1}; got {row.gate}"
            yield Finding(("demand", "departures", number, "gate"), message, (("stations",),))


CHECKS = (departures_only, boarding_last, windows_open, gates_exist)
