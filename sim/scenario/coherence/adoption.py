"""Adoption and equipment: what moves with the date is there, and there is a date to start from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sim.scenario.adopting import same_class, shares_of
from sim.scenario.coherence.view import NO_STATION_ID, NO_TRAIT_ID, Finding, View
from sim.scenario.suggestions import advice

CURVES = ("adoption", "curves")
LESSONS = ("adoption", "lessons")


def dated(view: View) -> Iterator[Finding]:
    """The scenario has a date, which the written shares and servers are of."""
    if view.spec.date is None:
        for key in ("adoption", "equipment"):
            if getattr(view.spec, key):
                message = f"missing; {key} needs the date that the scenario's figures are of"
                yield Finding(("date",), message, ((key,),))


def curves(view: View) -> Iterator[Finding]:
    """Every curve moves a share that is written, and no two move the same."""
    if view.spec.adoption is None:
        return
    traits = {trait.id: trait for trait in view.spec.traits}
    seen: set[tuple[str, str]] = set()
    for number, curve in enumerate(view.spec.adoption.curves):
        path = (*CURVES, number)
        trait = traits.get(curve.trait)
        if trait is None:
            if curve.trait not in view.other_traits:
                known = advice(curve.trait, view.bits, kind="traits")
                message = f"there is no trait {curve.trait}; {known}"
                yield Finding((*path, "trait"), message, (NO_TRAIT_ID,))
            continue
        classes = [when for _, when, _ in shares_of(trait)]
        because = (("traits",),)
        if not classes:
            message = f"{curve.trait} has no share that could move; take the curve out"
            yield Finding((*path, "trait"), message, because)
        elif curve.when is not None and not any(same_class(curve.when, each) for each in classes):
            known = ", ".join(f'"{each}"' for each in classes)
            message = f'{curve.trait} has no class "{curve.when}"; its classes are {known}'
            yield Finding((*path, "when"), message, because)
        key = curve.trait, "*" if curve.when is None else " ".join(curve.when.split())
        if key in seen:
            message = f"another curve moves that class of {curve.trait} too; keep one"
            yield Finding(path, message)
        seen.add(key)


def lessons(view: View) -> Iterator[Finding]:
    """Every lesson shortens times that are written."""
    if view.spec.adoption is None:
        return
    for number, lesson in enumerate(view.spec.adoption.lessons):
        path, station = (*LESSONS, number), view.stations.get(lesson.station)
        if station is None:
            if not view.knows_station(lesson.station):
                known = advice(lesson.station, view.stations, kind="stations")
                message = f"there is no station {lesson.station}; {known}"
                yield Finding((*path, "station"), message, (NO_STATION_ID,))
            continue
        classes = [law.when for law in station.service or ()]
        if not any(lesson.when is None or same_class(lesson.when, each) for each in classes):
            known = ", ".join(f'"{each}"' for each in classes) or "none"
            said = "no service time" if lesson.when is None else f'no class "{lesson.when}"'
            message = f"{lesson.station} has {said}; its classes are {known}"
            yield Finding(path, message, (("stations",),))


def equipment(view: View) -> Iterator[Finding]:
    """Every dated number of servers is of a station there is, one for each day."""
    seen: set[tuple[str, date]] = set()
    for number, entry in enumerate(view.spec.equipment or ()):
        path = ("equipment", number)
        if not view.knows_station(entry.station):
            known = advice(entry.station, view.stations, kind="stations")
            message = f"there is no station {entry.station}; {known}"
            yield Finding((*path, "station"), message, (NO_STATION_ID,))
        if (entry.station, entry.from_) in seen:
            message = f"{entry.station} changes twice on {entry.from_}; keep one"
            yield Finding(path, message)
        seen.add((entry.station, entry.from_))
    yield from _without_past(view)


def _without_past(view: View) -> Iterator[Finding]:
    """The first entry of a station says what was before it, if the own date is later."""
    first: dict[str, int] = {}
    entries = view.spec.equipment or ()
    for number in sorted(range(len(entries)), key=lambda each: entries[each].from_):
        first.setdefault(entries[number].station, number)
    for number in first.values():
        entry, own = entries[number], view.spec.date
        if entry.formerly is None and own is not None and entry.from_ <= own:
            message = (
                f"missing; what stands in the file holds for {own}, so say how many servers "
                f"{entry.station} had before {entry.from_}"
            )
            yield Finding(("equipment", number, "formerly"), message, (("date",),))


CHECKS = (dated, curves, lessons, equipment)
