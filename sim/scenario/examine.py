"""From assembled tables to a checked specification, or everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Fault, ScenarioError
from sim.scenario.coherence.checks import incoherences
from sim.scenario.coherence.view import Finding, View
from sim.scenario.departures import read_departures
from sim.scenario.faults import explain, fault_at
from sim.scenario.find import shown_path
from sim.scenario.keys import element_ids, fitted
from sim.scenario.layers import Node
from sim.scenario.salvage import Salvage, salvage
from sim.scenario.schedule_files import with_schedules
from sim.scenario.spec import ScenarioSpec
from sim.scenario.trace import Trace, read_trace


@dataclass(frozen=True, slots=True)
class Examination:
    """What became of a scenario's tables.

    Attributes
    ----------
    spec : ScenarioSpec or None
        The specification, departures read in; None where there are faults.
    trace : Trace or None
        The trace it names.
    faults : tuple of Fault
        Everything found wrong.
    """

    spec: ScenarioSpec | None
    trace: Trace | None
    faults: tuple[Fault, ...]


def examine(root: Node, *, is_complete: bool = True) -> Examination:
    """Check tables against the models and each other, with the files they name.

    Parameters
    ----------
    root : Node
        The tables, each value with its place.
    is_complete : bool
        False where a base is not there: then only what is wrong in itself is told.
    """
    data = root.plain()
    try:
        spec = ScenarioSpec.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        faults = explain(error, model=ScenarioSpec, root=root, is_complete=is_complete)
        part = salvage(data, error) if is_complete else None
        if part is not None:
            faults += _faults_of_part(part, root, data)
        return Examination(None, None, tuple(faults))
    spec, trace, faults = _with_files(spec, root)
    found = _told(incoherences(View(spec)), root, data) if is_complete else []
    whole = spec if not found and not faults else None
    return Examination(whole, trace, (*faults, *found))


def _faults_of_part(part: Salvage, root: Node, data: Any) -> list[Fault]:
    """What is wrong in the sound part of a faulty scenario, whatever the faulty part was."""
    is_journey_whole = not part.is_touched(("journey",))
    spec, _, faults = part.spec, None, []
    if not part.is_touched(("demand",)):
        spec, _, faults = _with_files(part.spec, root, is_journey_whole=is_journey_whole)
    view = View(
        spec,
        other_stations=_names(data, "stations"),
        other_traits=_names(data, "traits"),
        other_steps=_names(data, "journey"),
    )
    return faults + _told(_independent(incoherences(view), part), root, data)


def _independent(findings: Iterable[Finding], part: Salvage) -> Iterable[Finding]:
    """Findings that no lost value can have caused, placed in the whole."""
    for finding in findings:
        path = part.original(finding.path)
        because = [part.original(each) for each in finding.because]
        if not any(part.is_touched(each) for each in (path, *because)):
            yield Finding(path, finding.message)


def _told(findings: Iterable[Finding], root: Node, data: Any) -> list[Fault]:
    return [_placed(finding, root, data) for finding in findings]


def _placed(finding: Finding, root: Node, data: Any) -> Fault:
    match finding.path:
        case ("demand", "departures", int() as row, str() as column) if isinstance(
            name := data["demand"]["departures"], str
        ):  # read from a table of their own, whose header is line 1
            path = _beside(root, "departures", name)
            return Fault(finding.message, path=path, line=row + 2, key=column)
        case path:
            return fault_at(root, data, fitted(data, path), finding.message)


def _with_files(
    spec: ScenarioSpec, root: Node, *, is_journey_whole: bool = True
) -> tuple[ScenarioSpec, Trace | None, list[Fault]]:
    """The specification with its departures read in, its trace, and what is wrong in them."""
    demand = spec.demand
    try:
        if isinstance(demand.departures, str):
            rows = read_departures(_beside(root, "departures", demand.departures))
            demand = demand.model_copy(update={"departures": rows})
            return spec.model_copy(update={"demand": demand}), None, []
        if demand.trace is not None:
            names = [step.station for step in spec.journey if step.station is not None]
            is_plain = is_journey_whole and len(set(names)) == len(spec.journey)
            trace = read_trace(
                _beside(root, "trace", demand.trace), stations=names if is_plain else None
            )
            return spec, trace, []
    except ScenarioError as error:
        return spec, None, list(error.faults)
    spec, faults = with_schedules(spec, root)
    return spec, None, faults


def _beside(root: Node, key: str, name: str) -> str:
    """A file named in a scenario file: its path starts from that file's folder."""
    folder = root.origin_at(("demand", key)).document.folder
    return shown_path(Path(folder, name)) if "\0" not in name else name


def _names(data: Any, array: str) -> frozenset[str]:
    elements = data.get(array) if isinstance(data, dict) else None
    return frozenset(element_ids(array, elements) if isinstance(elements, list) else ()) - {""}
