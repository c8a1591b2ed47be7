"""A world put together: every facility's scenario with what the world changes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from sim.errors import Fault, ScenarioError
from sim.scenario.document import Document, read_document
from sim.scenario.faults import explain, fault_at, in_order
from sim.scenario.find import builtin_scenarios, find_base, shown_path
from sim.scenario.layers import Node, grow
from sim.scenario.merging import merge
from sim.scenario.overlays import Assembly, assemble
from sim.scenario.overrides import (
    COMMAND_LINE,
    Override,
    apply_overrides,
    name_sources,
    parse_override,
    unsourced,
)
from sim.scenario.profiled import with_profiles
from sim.scenario.scenario import Facility, Scenario, World
from sim.scenario.suggestions import advice
from sim.scenario.world_chains import chain_faults, chained
from sim.scenario.world_coherence import union_faults, world_faults
from sim.scenario.world_spec import FacilityTable, WorldSpec, settings
from sim.scenario.world_union import BETWEEN, union, with_shared

OF_STATIONS = ("stations", "targets", "outages", "journey", "policy", "failures")
"""Arrays whose elements may be named as the world names them: ``stations."sgn-t3/counter"``."""

OF_FACILITY = frozenset({"id", "scenario", "overlay", "set", "shared", "draws", "source"})
"""Keys that a facility has in the world's own file."""


class Finish(Protocol):
    """How one facility's tables become a scenario (`sim.scenario.load`)."""

    def __call__(
        self,
        root: Node,
        documents: tuple[Document, ...],
        *,
        overrides: Sequence[str | Override],
        faults: Sequence[Fault] = (),
        is_complete: bool = True,
        files: tuple[Path, ...] = (),
    ) -> Scenario:
        """The scenario, or every fault."""
        ...


def is_world(root: Node) -> bool:
    """Whether some tables speak of a world."""
    return root.get("kind") == "world"


def finish_world(
    root: Node,
    documents: tuple[Document, ...],
    *,
    overrides: Sequence[str | Override],
    faults: Sequence[Fault],
    files: tuple[Path, ...],
    finish: Finish,
) -> Scenario:
    """Make a world of its tables.

    Parameters
    ----------
    root : Node
        The world's own tables.
    documents : tuple of Document
        The files they come from.
    overrides : sequence of str or Override
        Values to set: of the world, or of a facility under ``facilities.<id>.``
    finish : Finish
        Makes a scenario of a facility's tables.

    Raises
    ------
    ScenarioError
        With every fault of the world and of all its facilities.
    """
    dealt = deal(overrides)
    found = [*faults, *dealt.faults, *apply_overrides(root, dealt.own), *with_profiles(root)]
    spec = _spec(root, found)
    name_sources(root, unsourced(spec, root))
    document = documents[-1]
    made: list[tuple[int, Facility]] = []
    whole = True
    for number, table in enumerate(spec.facilities):
        maker = _Maker(spec, root, ("facilities", number), document, finish)
        try:
            own = maker.facilities(table, dealt.of_facility.pop(table.id, []))
            made += [(number, each) for each in own]
        except ScenarioError as error:
            found += error.faults
            whole = False
    known = [table.id for table in spec.facilities]
    for name, strays in dealt.of_facility.items():
        text = f"there is no facility {name}; {advice(name, known, kind='facilities')}"
        found += [Fault(text, COMMAND_LINE.path, key=each.key) for each in strays]
    data = root.plain()
    findings = world_faults(spec, made, is_whole=whole)
    found += [fault_at(root, data, path, message) for path, message in findings]
    if found:
        raise ScenarioError(in_order(found))
    found += [fault_at(root, data, *each) for each in chain_faults(spec, [f for _, f in made])]
    if found:
        raise ScenarioError(in_order(found))
    facilities = chained([_joined(each, spec) for _, each in made], spec)
    whole_spec = union(spec, facilities)
    found += [fault_at(root, data, *each) for each in union_faults(spec, whole_spec)]
    if found:
        raise ScenarioError(in_order(found))
    plain = _plain(spec, facilities)
    text = json.dumps(_digested(plain, facilities), sort_keys=True, separators=(",", ":"))
    return Scenario(
        spec=whole_spec,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        document=plain,
        trace=None,
        path=files[-1] if files else None,
        files=files,
        root=root,
        layers=(*documents, COMMAND_LINE),
        world=World(spec, tuple(facilities)),
    )


@dataclass(slots=True)
class Dealt:
    """Overrides by whom they are for.

    Attributes
    ----------
    own : list of Override
        Of the world itself.
    of_facility : dict of str to list of Override
        By facility, with the keys of its scenario.
    faults : list of Fault
        What could not be read.
    """

    own: list[Override] = field(default_factory=list)
    of_facility: dict[str, list[Override]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def deal(overrides: Iterable[str | Override]) -> Dealt:
    """Overrides of a world by whom they are for, those of a facility with its own keys."""
    dealt = Dealt()
    for each in overrides:
        override = parse_override(each) if isinstance(each, str) else each
        if isinstance(override, Fault):
            dealt.faults.append(override)
            continue
        match override.parts:
            case ("facilities", name, first, *rest) if first not in OF_FACILITY:
                dealt.of_facility.setdefault(name, []).append(
                    replace(override, parts=(first, *rest))
                )
            case (array, name, *rest) if array in OF_STATIONS and BETWEEN in name:
                facility, _, own = name.partition(BETWEEN)
                dealt.of_facility.setdefault(facility, []).append(
                    replace(override, parts=(array, own, *rest))
                )
            case _:
                dealt.own.append(override)
    return dealt


def _spec(root: Node, found: list[Fault]) -> WorldSpec:
    try:
        return WorldSpec.model_validate(root.plain(), by_alias=True, by_name=False)
    except ValidationError as error:
        found += explain(error, model=WorldSpec, root=root)
        raise ScenarioError(in_order(found)) from None


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes one facility of a world."""

    world: WorldSpec
    root: Node
    path: tuple[str, int]
    document: Document
    finish: Finish

    def facilities(self, table: FacilityTable, overrides: list[Override]) -> list[Facility]:
        """The facility; of a world all of its own, under ``<id>-<id there>``."""
        made = self._facility(table, overrides)
        if made.scenario.world is None:
            return [made]
        inner = made.scenario.world
        if inner.spec.stations or inner.spec.outages or inner.spec.failures:
            text = (
                f"{inner.spec.id} has stations, outages or failures of its own, which a world in a "
                "world cannot; list its facilities instead"
            )
            path = (*self.path, "scenario")
            raise ScenarioError([fault_at(self.root, self.root.plain(), path, text)])
        return [
            Facility(
                f"{table.id}-{each.id}",
                each.scenario,
                tuple(name for name in table.shared if _has_station(each, name)),
                made.draws,
            )
            for each in inner.facilities
        ]

    def _facility(self, table: FacilityTable, overrides: list[Override]) -> Facility:
        assembly, files = self._assembled(table)
        given = {each.parts for each in overrides}
        set_here = [each for each in self._settings(table) if each.parts not in given]
        try:
            scenario = self.finish(
                assembly.root,
                (*assembly.documents, self.document),
                overrides=[*set_here, *overrides],
                faults=assembly.faults,
                is_complete=assembly.is_complete,
                files=files,
            )
        except ScenarioError as error:
            raise ScenarioError([self._told(each, table) for each in error.faults]) from None
        return Facility(table.id, scenario, table.shared, table.draws or self.world.draws)

    def _assembled(self, table: FacilityTable) -> tuple[Assembly, tuple[Path, ...]]:
        if isinstance(table.scenario, dict):
            layer = Document(path="", folder=Path(), data=table.scenario)
            return Assembly(grow(table.scenario, layer), (layer,), ()), ()
        assembly = assemble(shown_path(self._found(table.scenario, "scenario")))
        documents, faults, merged = [*assembly.documents], [*assembly.faults], assembly.root
        for name in table.overlay:
            over = read_document(shown_path(self._found(name, "overlay")))
            merged, more = merge(merged, grow(over.data, over))
            faults += more
            documents.append(over)
        files = tuple(Path(each.path).absolute() for each in documents)
        whole = Assembly(merged, tuple(documents), tuple(faults), assembly.is_complete)
        return whole, files

    def _found(self, name: str, key: str) -> Path:
        origin = self.root.origin_at((*self.path, key))
        found = find_base(name, folder=origin.document.folder)
        if found is not None:
            return found
        message = (
            f'"{name}" is neither a file beside this one nor a built-in scenario; '
            f"{advice(name, builtin_scenarios(), kind='there are')}"
        )
        raise ScenarioError([fault_at(self.root, self.root.plain(), (*self.path, key), message)])

    def _settings(self, table: FacilityTable) -> Iterator[Override]:
        values = dict(settings(table.set_))
        if self.world.date is not None and not isinstance(table.scenario, dict):
            values.setdefault("date", self.world.date)
        for key, value in values.items():
            override = parse_override(f"{key}=0")
            if isinstance(override, Fault):
                where = (*self.path, "set")
                text = f"{key} is no key; write one such as stations.counter.servers"
                raise ScenarioError([fault_at(self.root, self.root.plain(), where, text)])
            yield replace(override, value=value, document=self.document, source="")

    def _told(self, fault: Fault, table: FacilityTable) -> Fault:
        """A fault of the facility's, told with the facility where no file says so."""
        if fault.path not in {COMMAND_LINE.path, self.document.path, ""}:
            return fault
        here = f"facilities.{table.id}"
        key = fault.key if fault.key.startswith(here) else f"{here}.{fault.key}".rstrip(".")
        line = fault.line or self.root.origin_at(self.path).line
        return replace(fault, key=key, line=0 if fault.path == COMMAND_LINE.path else line)


def _has_station(facility: Facility, name: str) -> bool:
    return any(station.id == name for station in facility.scenario.spec.stations)


def _joined(facility: Facility, world: WorldSpec) -> Facility:
    """The facility with the world's stations in place of those it shares."""
    shared = [station for station in world.stations if station.id in facility.shared]
    spec = with_shared(facility.scenario.spec, shared)
    return replace(facility, scenario=replace(facility.scenario, spec=spec))


def _plain(spec: WorldSpec, facilities: Sequence[Facility]) -> dict[str, Any]:
    """The world as plain JSON, from which it can be made again without any file."""
    document = spec.model_dump(mode="json", by_alias=True, exclude_none=True)
    days = (each.scenario.spec.date for each in facilities)
    day = spec.date or next((day for day in days if day is not None), None)
    if day is not None:
        document["date"] = day.isoformat()
    document["facilities"] = [
        {
            "id": each.id,
            "scenario": each.scenario.document,
            "shared": list(each.shared),
            "draws": each.draws,
        }
        for each in facilities
    ]
    return document


def _digested(plain: dict[str, Any], facilities: Sequence[Facility]) -> dict[str, Any]:
    """What two worlds that ask the same have in common: no paths, each facility's digest."""
    own = zip(plain["facilities"], facilities, strict=True)
    tables = [{**table, "scenario": each.scenario.digest} for table, each in own]
    return {**plain, "facilities": tables}
