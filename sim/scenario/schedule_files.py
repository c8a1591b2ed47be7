"""The schedules that a scenario names, read in for its day."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import Fault
from sim.scenario.arrivals import PlatoonArrivals
from sim.scenario.demand import DemandSpec
from sim.scenario.find import shown_path
from sim.scenario.keys import KeyPath, dotted
from sim.scenario.layers import Node
from sim.scenario.reading import first_places
from sim.scenario.schedules.ask import Schedule
from sim.scenario.schedules.found import Reading, ServiceDay
from sim.scenario.spec import ScenarioSpec

MOST_LISTED = 10_000
"""Rejected lines of one file that are listed one by one; the rest are counted."""


def schedules_of(demand: DemandSpec) -> Iterator[tuple[KeyPath, Schedule]]:
    """Every schedule of the demand, with its place: of departures, and of platoons."""
    if demand.schedule is not None:
        yield ("demand", "schedule"), demand.schedule
    if isinstance(demand.arrivals, PlatoonArrivals) and demand.arrivals.schedule is not None:
        yield ("demand", "arrivals", "schedule"), demand.arrivals.schedule
    for number, flow in enumerate(demand.flows):
        if isinstance(flow.arrivals, PlatoonArrivals) and flow.arrivals.schedule is not None:
            yield ("demand", "flows", number, "arrivals", "schedule"), flow.arrivals.schedule


def read_for(
    schedule: Schedule, root: Node, path: KeyPath, *, day: date, starts: int = 0
) -> Reading:
    """A schedule of a scenario, read from beside the file that names it.

    Parameters
    ----------
    schedule : Schedule
        What is asked.
    root : Node
        The scenario's tables.
    path : KeyPath
        Place of the schedule in them.
    day : date
        The day, which need not be the scenario's.
    starts : int
        Seconds since midnight at which the service day starts.
    """
    from sim.scenario.schedules.read import read_schedule

    service_day = ServiceDay(day, starts)
    return read_schedule(located(schedule, root, path), asked=schedule, day=service_day)


def located(schedule: Schedule, root: Node, path: KeyPath) -> str:
    """Path of a schedule's file: it starts from the folder of the file that names it."""
    folder = root.origin_at((*path, "file")).document.folder
    name = schedule.file
    return shown_path(Path(folder, name)) if "\0" not in name else name


def with_schedules(spec: ScenarioSpec, root: Node) -> tuple[ScenarioSpec, list[Fault]]:
    """The specification with the flights of its day in every schedule, and what is wrong.

    Schedules that hold their flights already, as a run's own scenario does, are not read.
    """
    faults: list[Fault] = []
    day = spec.date
    if day is None:
        return spec, faults
    for path, schedule in schedules_of(spec.demand):
        if schedule.flights is not None:
            continue
        reading = read_for(schedule, root, path, day=day, starts=spec.day_starts)
        file = located(schedule, root, path)
        if not reading.faults and schedule.sha256 not in {"", reading.sha256}:
            message = "has changed since the scenario was made; put the old file back or run again"
            faults.append(Fault(message, path=file))
        elif reading.faults:
            told = [_placed(fault, root, path) for fault in reading.faults]
            faults += first_places(told, path=file, most=MOST_LISTED)
        else:
            found = {"flights": reading.flights, "sha256": reading.sha256}
            update = {"file": str(Path(file).absolute()), **found}  # read from there for other days
            spec = _replaced(spec, path, schedule.model_copy(update=update))
    return spec, faults


def forget_flights(demand: dict[str, Any]) -> None:
    """Make a resolved document read its schedules anew, as for another day."""
    for table in _tables(demand):
        table.pop("flights", None)


def with_bare_names(demand: dict[str, Any]) -> dict[str, Any]:
    """The demand of a document whose digest is asked for: files may lie wherever they are."""
    if not any(True for _ in _tables(demand)):
        return demand
    copied = deepcopy(demand)
    for table in _tables(copied):
        table["file"] = Path(table["file"]).name
    return copied


def _tables(demand: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The tables of schedules in a document, in the order of `schedules_of`."""
    laws = [demand.get("arrivals", {}), *(flow["arrivals"] for flow in demand.get("flows", ()))]
    yield from (each["schedule"] for each in (demand, *laws) if "schedule" in each)


def _placed(fault: Fault, root: Node, path: KeyPath) -> Fault:
    """A fault of the request, not of the file, at its place in the scenario."""
    if fault.path:
        return fault
    there = (*path, fault.key)
    origin = root.origin_at(there)
    return Fault(fault.message, origin.path, origin.line, dotted(root.plain(), there))


def _replaced(model: Any, path: KeyPath, value: Any) -> Any:
    """A model, or an array of them, with another value somewhere below."""
    if not path:
        return value
    first, *rest = path
    if isinstance(model, tuple):
        assert isinstance(first, int)
        below = _replaced(model[first], tuple(rest), value)
        return (*model[:first], below, *model[first + 1 :])
    below = _replaced(getattr(model, str(first)), tuple(rest), value)
    return model.model_copy(update={str(first): below})
