"""A scenario as the checks look at it: its names, its visits, its findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from sim.scenario.journey import StepSpec, Visit
from sim.scenario.keys import KeyPath
from sim.scenario.laws import Law
from sim.scenario.program import step_ids
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec

NO_STATION_ID: KeyPath = ("stations", "*", "id")
NO_TRAIT_ID: KeyPath = ("traits", "*", "id")
NO_STEP_ID: KeyPath = ("journey", "*", "id")
"""Places whose loss leaves a table without its name, so that others cannot find it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Two parts of a scenario that do not fit.

    Attributes
    ----------
    path : KeyPath
        Where to mend it.
    message : str
        What is wrong, what was got, what to do.
    because : tuple of KeyPath
        Other places it depends on; where one of them is faulty the finding may be a mere
        consequence.
    """

    path: KeyPath
    message: str
    because: tuple[KeyPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One visit the journey may make.

    Attributes
    ----------
    path : KeyPath
        Of the step or option.
    step : int
        Number of the step.
    station : str
        Id of the station, known or not.
    visit : Visit
        What it means.
    """

    path: KeyPath
    step: int
    station: str
    visit: Visit


@dataclass(frozen=True)
class View:
    """A scenario with its names at hand.

    Attributes
    ----------
    spec : ScenarioSpec
        The scenario.
    other_stations, other_traits, other_steps : frozenset of str
        Names that stand in the file though their tables were too faulty to read.
    """

    spec: ScenarioSpec
    other_stations: frozenset[str] = field(default=frozenset())
    other_traits: frozenset[str] = field(default=frozenset())
    other_steps: frozenset[str] = field(default=frozenset())

    @cached_property
    def stations(self) -> dict[str, StationSpec]:
        """Stations by id; of two with one id the first."""
        return {station.id: station for station in reversed(self.spec.stations)}

    @cached_property
    def bits(self) -> dict[str, int]:
        """Number of each trait, in the order of the file."""
        names = dict.fromkeys([*(trait.id for trait in self.spec.traits), *self.other_traits])
        return {name: number for number, name in enumerate(names)}

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """Id of each step."""
        return step_ids(self.spec)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every visit the journey may make, in order."""
        return tuple(
            place
            for number, step in enumerate(self.spec.journey)
            for place in _places(number, step)
        )

    @cached_property
    def dynamic(self) -> dict[str, Place]:
        """Traits that a step sets, with the first place that does."""
        found: dict[str, Place] = {}
        for place in self.places:
            for trait in place.visit.sets:
                found.setdefault(trait, place)
        return found

    @property
    def has_departures(self) -> bool:
        """Whether passengers have a departure to catch."""
        demand = self.spec.demand
        given = (demand.departures, demand.timetable, demand.schedule)
        return any(each is not None for each in given)

    @property
    def is_routed(self) -> bool:
        """Whether routes are random."""
        return any(step.next for step in self.spec.journey)

    def knows_station(self, name: str) -> bool:
        """Whether a station of this name stands in the file."""
        return name in self.stations or name in self.other_stations

    def laws(self) -> Iterator[tuple[KeyPath, tuple[Law, ...]]]:
        """Every list of laws by class, with its place."""
        for number, station in enumerate(self.spec.stations):
            for key in ("service", "patience", "walk"):
                if laws := getattr(station, key):
                    yield ("stations", number, key), laws
        for place in self.places:
            if place.visit.walk:
                yield (*place.path, "walk"), place.visit.walk
        for number, step in enumerate(self.spec.journey):
            if step.switch_after:
                yield ("journey", number, "switch_after"), step.switch_after


def _places(number: int, step: StepSpec) -> Iterator[Place]:
    if step.station is not None:
        yield Place(("journey", number), number, step.station, step)
    for index, option in enumerate(step.options):
        yield Place(("journey", number, "options", index), number, option.station, option)
