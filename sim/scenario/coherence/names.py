"""Names: each stands for one thing, and each that is used stands for something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from keyword import iskeyword

from sim.scenario.coherence.view import NO_STATION_ID, NO_STEP_ID, NO_TRAIT_ID, Finding, View
from sim.scenario.journey import EXIT, LEAVE
from sim.scenario.keys import KeyPath
from sim.scenario.schedule_files import schedules_of
from sim.scenario.suggestions import advice

NAMED = (
    "stations",
    "traits",
    "policy",
    "outages",
    "failures",
    "background",
    "degraded",
    "targets",
)


def duplicates(view: View) -> Iterator[Finding]:
    """No two stations, steps, traits, policies … share an id."""
    for array in NAMED:
        elements = getattr(view.spec, array)
        unnamed = [type(each).model_fields["id"].default for each in elements]
        given = [e.id if e.id != own else None for e, own in zip(elements, unnamed, strict=True)]
        yield from _repeated((array,), given)
    yield from _repeated(("journey",), [step.id for step in view.spec.journey])
    if view.spec.plan is not None:
        own = [each.id if each.id != "target" else None for each in view.spec.plan.targets]
        yield from _repeated(("plan", "targets"), own)
    demand = view.spec.demand
    yield from _repeated(("demand", "flows"), [flow.id for flow in demand.flows])
    if demand.timetable is not None:
        for array in ("aircraft", "carriers"):
            ids = [each.id for each in getattr(demand.timetable, array)]
            yield from _repeated(("demand", "timetable", array), ids)
    for path, schedule in schedules_of(demand):
        for array in ("aircraft", "carriers"):
            yield from _repeated((*path, array), [each.id for each in getattr(schedule, array)])
    if demand.punctuality is not None:
        ids = [each.id for each in demand.punctuality.carriers]
        yield from _repeated(("demand", "punctuality", "carriers"), ids)
    if demand.calendar is not None:
        ids = [each.id for each in demand.calendar.holiday]
        yield from _repeated(("demand", "calendar", "holiday"), ids)
    if isinstance(demand.departures, tuple):
        yield from _repeated(("demand", "departures"), [row.id for row in demand.departures])


def reserved_words(view: View) -> Iterator[Finding]:
    """Steps are not called as outcomes are, nor traits as the words between them."""
    for number, step in enumerate(view.spec.journey):
        if step.id in {LEAVE, EXIT}:
            message = f"{step.id} is not free as the name of a step; choose another"
            yield Finding(("journey", number, "id"), message)
    for number, trait in enumerate(view.spec.traits):
        if iskeyword(trait.id):
            message = f"{trait.id} is a word of conditions, not free for a trait; choose another"
            yield Finding(("traits", number, "id"), message)


def stations(view: View) -> Iterator[Finding]:
    """Every station that is named stands in the file."""
    known = [*view.stations, *view.other_stations]
    for path, name in _stations_named(view):
        if not view.knows_station(name):
            message = f"there is no station {name}; {advice(name, known, kind='stations')}"
            yield Finding((*path, "station"), message, because=(NO_STATION_ID,))


def traits(view: View) -> Iterator[Finding]:
    """Every trait that is set or given stands in the file."""
    for path, name in _traits_named(view):
        if name not in view.bits:
            message = f"there is no trait {name}; {advice(name, view.bits, kind='traits')}"
            yield Finding(path, message, because=(NO_TRAIT_ID,))


def steps(view: View) -> Iterator[Finding]:
    """Every step that an outcome leads to stands in the journey."""
    known = {*view.steps, *view.other_steps}
    for number, step in enumerate(view.spec.journey):
        for key in ("on_reject", "on_balk", "on_renege"):
            target = getattr(step, key)
            if target not in known | {"", LEAVE}:
                remedy = advice(target, [*view.steps, LEAVE], kind="steps")
                message = f"there is no step {target}; {remedy}"
                yield Finding(("journey", number, key), message, because=(NO_STEP_ID,))
        for index, branch in enumerate(step.next):
            if branch.to not in known | {EXIT}:
                remedy = advice(branch.to, [*view.steps, EXIT], kind="steps")
                message = f"there is no step {branch.to}; {remedy}"
                path = ("journey", number, "next", index, "to")
                yield Finding(path, message, because=(NO_STEP_ID,))


CHECKS = (duplicates, reserved_words, stations, traits, steps)


def _stations_named(view: View) -> Iterator[tuple[KeyPath, str]]:
    for place in view.places:
        yield place.path, place.station
        for index, call in enumerate(place.visit.calls):
            yield (*place.path, "calls", index), call.station
    for number, policy in enumerate(view.spec.policy):
        for index, restriction in enumerate(policy.restrict):
            yield ("policy", number, "restrict", index), restriction.station
    for array in ("outages", "failures", "background", "degraded", "targets"):
        for number, each in enumerate(getattr(view.spec, array)):
            yield (array, number), each.station
    plan = view.spec.plan
    for number, target in enumerate(plan.targets if plan is not None else ()):
        if target.station is not None:
            yield ("plan", "targets", number), target.station


def _traits_named(view: View) -> Iterator[tuple[KeyPath, str]]:
    for place in view.places:
        for name in place.visit.sets:
            yield (*place.path, "sets", name), name
    for number, flow in enumerate(view.spec.demand.flows):
        for index, name in enumerate(flow.traits):
            yield ("demand", "flows", number, "traits", index), name
    timetable = view.spec.demand.timetable
    for number, carrier in enumerate(timetable.carriers if timetable else ()):
        if carrier.trait is not None:
            yield ("demand", "timetable", "carriers", number, "trait"), carrier.trait
    for path, schedule in schedules_of(view.spec.demand):
        for number, carrier in enumerate(schedule.carriers):
            yield (*path, "carriers", number, "trait"), carrier.trait


def _repeated(array: KeyPath, ids: Iterable[str | None]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, name in enumerate(ids):
        if name is None:
            continue
        if name in seen:
            message = f"{name} stands twice in {array[-1]}; give each its own id"
            yield Finding((*array, number, "id"), message)
        seen.add(name)
