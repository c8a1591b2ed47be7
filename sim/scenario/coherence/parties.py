"""Parties: they come apart where each person is served alone, and stay apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sim.scenario.coherence.view import Finding, View


def options_serve_alike(view: View) -> Iterator[Finding]:
    """All options of a step serve the party as one, or all serve each person."""
    for number, step in enumerate(view.spec.journey):
        known = [view.stations[o.station] for o in step.options if o.station in view.stations]
        if len({station.per for station in known}) > 1:
            words = ", ".join(f"{station.id} per {station.per}" for station in known)
            message = f"mixes stations per party and per person ({words}); make them alike"
            yield Finding(("journey", number, "options"), message, (("stations",),))


def parties_come_apart_once(view: View) -> Iterator[Finding]:
    """No station serves a party as one after a step that served each person."""
    apart = ""
    for step, places in groupby(view.places, key=lambda place: place.step):
        because = (("stations",), ("journey",))
        known = [view.stations[p.station] for p in places if p.station in view.stations]
        together = [station.id for station in known if station.per == "party"]
        if together and apart:
            message = (
                f'{together[0]} serves per = "party" after {apart} served each person; '
                f'put it before, or make it per = "person"'
            )
            yield Finding(("journey", step), message, because)
        apart = apart or next((station.id for station in known if station.per == "person"), "")


CHECKS = (options_serve_alike, parties_come_apart_once)
