"""Whether the facilities of a world fit together, and with what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.scenario.coherence.checks import incoherences
from sim.scenario.coherence.view import View
from sim.scenario.guards import GuardError, names_in
from sim.scenario.keys import KeyPath
from sim.scenario.scenario import Facility
from sim.scenario.spec import ScenarioSpec
from sim.scenario.suggestions import advice
from sim.scenario.world_spec import WorldSpec
from sim.scenario.world_union import BETWEEN

MOST_TRAITS = 60
"""Most traits of all facilities together, those of one name counted once."""

MOST_STATIONS = 32_000
"""Most stations of a world: the log numbers them in 16 bits."""

OWN = ("stations", "outages", "failures", "background", "degraded", "targets")
"""Arrays of the world's own."""

Finding = tuple[KeyPath, str]
"""Where to mend a world, and what is wrong."""


def world_faults(
    world: WorldSpec, facilities: Sequence[tuple[int, Facility]], *, is_whole: bool = True
) -> list[Finding]:
    """Everything that does not fit in a world whose facilities are each right by themselves.

    Parameters
    ----------
    facilities : sequence of (int, Facility)
        With the number of the table that each comes from.
    is_whole : bool
        False where some are faulty; what hangs on all of them is then not looked at.
    """
    found = [*_names(world, facilities), *_kinds(world, facilities), *_shared(world, facilities)]
    if is_whole:
        whole = [each for _, each in facilities]
        for check in (_days, _stations_used, _named, _traits, _size):
            found += check(world, whole)
    return found


def union_faults(world: WorldSpec, spec: ScenarioSpec) -> list[Finding]:
    """What the world's own tables say that does not fit, as a scenario's would not.

    Parameters
    ----------
    spec : ScenarioSpec
        What the world comes to; there its own tables stand behind those of the facilities.
    """
    before = {name: len(getattr(spec, name)) - len(getattr(world, name)) for name in OWN}
    found: list[Finding] = []
    for finding in incoherences(View(spec)):
        match finding.path:
            case (str() as array, int() as number, *rest) if number >= before.get(
                array, number + 1
            ):
                found.append(((array, number - before[array], *rest), finding.message))
            case _:
                pass  # each facility has been looked at by itself
    return found


def _names(world: WorldSpec, facilities: Sequence[tuple[int, Facility]]) -> Iterator[Finding]:
    """Facilities, and the world's stations, have a name each of their own."""
    for array, named in (
        ("facilities", [(number, each.id) for number, each in facilities]),
        ("stations", [(number, each.id) for number, each in enumerate(world.stations)]),
    ):
        ids = [name for _, name in named]
        for place, (number, name) in enumerate(named):
            if name in ids[:place]:
                yield (array, number, "id"), f"{name} stands twice in {array}; give each its own id"


def _kinds(world: WorldSpec, facilities: Sequence[tuple[int, Facility]]) -> Iterator[Finding]:
    """What one facility alone may be, but no part of a world."""
    for number, each in facilities:
        path: KeyPath = ("facilities", number)
        spec = each.scenario.spec
        if spec.demand.trace is not None:
            yield (*path, "scenario"), "replays a trace, which a world cannot; give it arrivals"
        if any(step.next for step in spec.journey):
            message = "has random routes, which a world cannot; use conditions"
            yield (*path, "scenario"), message
        if spec.end_of_run == "cut" and world.end_of_run != "cut":
            message = 'is cut at its horizon; set end_of_run = "drain" there, or cut the world'
            yield (*path, "scenario"), message
        if spec.warmup_s.value and spec.warmup_s.value != world.warmup_s.value:
            message = (
                f"has warmup_s = {spec.warmup_s.value:g}, the world {world.warmup_s.value:g}; "
                "make them the same"
            )
            yield (*path, "scenario"), message
    if world.end_of_run == "cut" and world.horizon_s is None:
        message = 'missing; end_of_run = "cut" needs the instant to cut at, in seconds'
        yield ("horizon_s",), message


def _days(world: WorldSpec, facilities: Sequence[Facility]) -> Iterator[Finding]:
    """All facilities are of one day."""
    if world.date is not None:
        return
    dates = {each.id: each.scenario.spec.date for each in facilities}
    known = [(name, day) for name, day in dates.items() if day is not None]
    for name, day in known:
        if day != known[0][1]:
            message = (
                f"missing; {known[0][0]} is of {known[0][1]} and {name} of {day}: say which day "
                "the world is of"
            )
            yield ("date",), message
            return


def _shared(world: WorldSpec, facilities: Sequence[tuple[int, Facility]]) -> Iterator[Finding]:
    """What is shared stands in the world and in the facility."""
    of_world = [station.id for station in world.stations]
    for number, each in facilities:
        own = [station.id for station in each.scenario.spec.stations]
        for index, name in enumerate(each.shared):
            path: KeyPath = ("facilities", number, "shared", index)
            if name not in of_world:
                remedy = "define it under [[stations]] of the world"
                if of_world:
                    remedy = advice(name, of_world, kind="stations")
                yield path, f"the world has no station {name}; {remedy}"
            if name not in own:
                remedy = advice(name, own, kind="stations")
                yield path, f"{each.id} has no station {name}; {remedy}"
        lanes = [
            station.id
            for station in world.stations
            if station.id in each.shared and station.lanes == "by_departure"
        ]
        if lanes:
            message = f"{lanes[0]} has lanes by departure, which facilities cannot share"
            yield ("facilities", number, "shared"), message


def _stations_used(world: WorldSpec, facilities: Sequence[Facility]) -> Iterator[Finding]:
    """Somebody shares what the world has."""
    for number, name in enumerate(station.id for station in world.stations):
        if not any(name in each.shared for each in facilities):
            message = f'no facility shares {name}; add shared = ["{name}"] to those that call it'
            yield ("stations", number), message


def _named(world: WorldSpec, facilities: Sequence[Facility]) -> Iterator[Finding]:
    """What the world itself says of stations names some."""
    known = {station.id for station in world.stations}
    for each in facilities:
        own = (station.id for station in each.scenario.spec.stations)
        known |= {f"{each.id}{BETWEEN}{name}" for name in own if name not in each.shared}
    for array in ("outages", "failures", "background", "degraded", "targets"):
        for number, table in enumerate(getattr(world, array)):
            for key in ("station", "service", "repost_to"):
                name = getattr(table, key, None)
                if isinstance(name, str) and name not in known:
                    remedy = advice(name, sorted(known), kind="stations")
                    yield (array, number, key), f"there is no station {name}; {remedy}"


def _traits(world: WorldSpec, facilities: Sequence[Facility]) -> Iterator[Finding]:
    """The traits of all facilities fit in one word, and the world's conditions name them."""
    names = {trait.id for each in facilities for trait in each.scenario.spec.traits}
    if len(names) > MOST_TRAITS:
        message = f"has {len(names)} traits under different names; at most {MOST_TRAITS}"
        yield ("facilities",), message
    for number, station in enumerate(world.stations):
        tables = [*(station.service or ()), *(station.patience or ()), *(station.walk or ())]
        for text in [each.when for each in (*tables, *station.priority)]:
            try:
                unknown = sorted(names_in(text) - names)
            except GuardError as error:
                yield ("stations", number), str(error)
                continue
            for name in unknown:
                remedy = advice(name, sorted(names), kind="traits")
                yield ("stations", number), f"no facility has a trait {name}; {remedy}"


def _size(world: WorldSpec, facilities: Sequence[Facility]) -> Iterator[Finding]:
    """The log can number the stations."""
    total = len(world.stations) + sum(len(each.scenario.spec.stations) for each in facilities)
    if total > MOST_STATIONS:
        yield ("facilities",), f"have {total} stations; at most {MOST_STATIONS}"
