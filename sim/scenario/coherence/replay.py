"""Trace demand: given arrivals and service times leave nothing to chance or choice."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.coherence.view import Finding, View


def trace_is_plain(view: View) -> Iterator[Finding]:
    """A trace goes with a generic journey of single stations, each visited once."""
    spec = view.spec
    if spec.demand.trace is None:
        return
    if spec.kind != "generic":
        message = f'a trace is for kind = "generic", not "{spec.kind}"'
        yield Finding(("demand", "trace"), message, (("kind",),))
    if len(spec.demand.party_sizes) > 1:
        yield Finding(("demand", "party_sizes"), "a trace has no parties; take it out")
    seen: set[str] = set()
    for place in view.places:
        path = ("journey", place.step)
        if place.station in seen:
            message = f"{place.station} is visited twice; a trace has one column for each station"
            yield Finding((*path, "station"), message)
        seen.add(place.station)
        if place.visit.calls:
            yield Finding((*place.path, "calls"), "a trace has no times for calls; take them out")
        station = view.stations.get(place.station)
        for key in ("match", "batch"):
            if station is not None and getattr(station, key) is not None:
                message = f"{station.id} has a {key}, for which a trace has no times; remove it"
                yield Finding((*path, "station"), message, (("stations",),))
    for number, step in enumerate(spec.journey):
        for key in ("options", "next"):
            if getattr(step, key):
                message = "a trace leads everyone the same way; give each step one station"
                yield Finding(("journey", number, key), message)
        if step.when.strip():
            message = "a blank in the trace skips a station; remove when"
            yield Finding(("journey", number, "when"), message)


def trace_has_no_busy_days(view: View) -> Iterator[Finding]:
    """Who came is given, and so is how many."""
    if view.spec.demand.trace is not None and view.spec.demand.day_factor is not None:
        message = "a trace says who came, on no busier day; take it out"
        yield Finding(("demand", "day_factor"), message)


CHECKS = (
    trace_is_plain,
    trace_has_no_busy_days,
)
