"""One specification of all facilities of a world, as engines and reports read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from sim.scenario.demand import DemandSpec, TraitSpec
from sim.scenario.journey import LEAVE, StepSpec
from sim.scenario.program import step_ids
from sim.scenario.scenario import Facility
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec
from sim.scenario.world_spec import WorldSpec

BETWEEN = "/"
"""Stands between a facility and what is in it: ``sgn-t3/counter``."""

Table = TypeVar("Table", bound=BaseModel)


def with_shared(spec: ScenarioSpec, shared: Sequence[StationSpec]) -> ScenarioSpec:
    """A facility's specification with stations of the world in place of its own.

    What its file says of such a station counts for nothing: neither its servers nor outages,
    failures, background traffic, degraded modes or targets of that station.

    Parameters
    ----------
    shared : sequence of StationSpec
        The world's, by the ids they have in the facility too.
    """
    if not shared:
        return spec
    of_world = {station.id: station for station in shared}

    def own(tables: Iterable[Table]) -> tuple[Table, ...]:
        return tuple(each for each in tables if getattr(each, "station", None) not in of_world)

    return spec.model_copy(
        update={
            "stations": tuple(of_world.get(each.id, each) for each in spec.stations),
            "outages": own(spec.outages),
            "failures": own(spec.failures),
            "background": own(spec.background),
            "degraded": own(spec.degraded),
            "targets": own(spec.targets),
        }
    )


def union(world: WorldSpec, facilities: Sequence[Facility]) -> ScenarioSpec:
    """All facilities as one: stations and steps under ``facility/…``, journeys end to end.

    Parameters
    ----------
    world : WorldSpec
        What the world says itself.
    facilities : sequence of Facility
        Their specifications have the world's stations in place already.

    Notes
    -----
    Nobody is drawn from it: each facility draws its own people. So its demand is empty.
    """
    names = [_Names(each) for each in facilities]
    specs = [each.scenario.spec for each in facilities]
    both = list(zip(names, specs, strict=True))
    return ScenarioSpec.model_construct(
        id=world.id,
        kind="world",
        title=world.title,
        question=world.question,
        date=world.date or next((spec.date for spec in specs if spec.date is not None), None),
        day_starts=min(spec.day_starts for spec in specs),
        horizon_s=world.horizon_s,
        warmup_s=world.warmup_s,
        end_of_run=world.end_of_run,
        demand=DemandSpec.model_construct(),
        traits=tuple(
            TraitSpec.model_construct(id=name)
            for name in dict.fromkeys(trait.id for spec in specs for trait in spec.traits)
        ),
        stations=(*(each for name, spec in both for each in name.stations(spec)), *world.stations),
        journey=tuple(each for name, spec in both for each in name.steps(spec)),
        policy=tuple(
            each.model_copy(
                update={
                    "id": name.of(each.id),
                    "restrict": tuple(map(name.placed, each.restrict)),
                }
            )
            for name, spec in both
            for each in spec.policy
        ),
        outages=(*_both(both, "outages"), *world.outages),
        failures=(*_both(both, "failures"), *world.failures),
        background=(*_both(both, "background"), *world.background),
        degraded=(*_both(both, "degraded"), *world.degraded),
        targets=(*_both(both, "targets"), *world.targets),
        sources={},
    )


def facility_ids(spec: ScenarioSpec) -> tuple[str, ...]:
    """Facilities of a world by number, from what they come to together."""
    names = (step.id.partition(BETWEEN)[0] for step in spec.journey if step.id is not None)
    return tuple(dict.fromkeys(names))


def listed_stations(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Tables of all stations of a resolved scenario, under the ids that its log has."""
    listed = [*document.get("stations", ())]
    for table in document.get("facilities", ()):
        own, shared = table["scenario"].get("stations", ()), table.get("shared", ())
        listed += [
            {**each, "id": f"{table['id']}{BETWEEN}{each['id']}"}
            for each in own
            if each["id"] not in shared
        ]
    listed += [
        {"id": f"{chain['of']}{BETWEEN}{chain['id']}", "per": "party"}
        for chain in document.get("chains", ())
    ]
    return listed


def _both(both: list[tuple[_Names, ScenarioSpec]], array: str) -> Iterator[Any]:
    return (name.placed(each) for name, spec in both for each in getattr(spec, array))


class _Names:
    """How what a facility names is called in its world."""

    def __init__(self, facility: Facility) -> None:
        self._facility = facility
        self.station = facility.station

    def of(self, name: str) -> str:
        """Name of a step or a policy of the facility."""
        return f"{self._facility.id}{BETWEEN}{name}"

    def placed(self, table: Table) -> Table:
        """A table that names stations."""
        named = ("station", "service", "repost_to")
        here = {key: getattr(table, key, None) for key in named}
        names = {key: self.station(name) for key, name in here.items() if isinstance(name, str)}
        if isinstance(getattr(table, "id", None), str):
            names["id"] = self.of(table.id)  # pyright: ignore[reportAttributeAccessIssue]
        return table.model_copy(update=names)

    def stations(self, spec: ScenarioSpec) -> Iterator[StationSpec]:
        for station in spec.stations:
            if self.station(station.id) == self.of(station.id):
                yield station.model_copy(update={"id": self.of(station.id)})

    def steps(self, spec: ScenarioSpec) -> Iterator[StepSpec]:
        for name, step in zip(step_ids(spec), spec.journey, strict=True):
            targets = {
                key: target if target in {"", LEAVE} else self.of(target)
                for key in ("on_reject", "on_balk", "on_renege")
                if isinstance(target := getattr(step, key), str)
            }
            yield step.model_copy(
                update={
                    "id": self.of(name),
                    "station": step.station and self.station(step.station),
                    "calls": tuple(map(self.placed, step.calls)),
                    "options": tuple(
                        each.model_copy(
                            update={
                                "station": self.station(each.station),
                                "calls": tuple(map(self.placed, each.calls)),
                            }
                        )
                        for each in step.options
                    ),
                    **targets,
                }
            )
