"""Who comes and when, as a scenario file describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from sim.scenario.arrivals import Arrivals, Flow, PartySizes
from sim.scenario.busyness import DayFactor
from sim.scenario.calendar import Calendar
from sim.scenario.clock import ClockTime
from sim.scenario.figures import Count, Figure, NonNegative, Positive, Share, Strict, is_nothing
from sim.scenario.punctuality import Punctuality
from sim.scenario.schedules.ask import Schedule
from sim.scenario.stations import TraitId


class DepartureRow(Strict):
    """One scheduled departure of the day."""

    id: str
    at: ClockTime
    persons: Annotated[int, Field(ge=0, le=5_000)]
    carrier: str = ""
    aircraft: str = ""
    seats: Annotated[int, Field(ge=0, le=5_000)] = 0
    gate: Annotated[int, Field(ge=-1, le=10_000)] = -1
    international: bool = False


def _departures_form(data: Any) -> str:
    return "rows" if isinstance(data, list | tuple) else "file"


Departures = Annotated[
    Annotated[str, Tag("file")]
    | Annotated[tuple[DepartureRow, ...], Field(strict=False), Tag("rows")],
    Discriminator(_departures_form),
]
"""Departures in a CSV beside the scenario file, or row by row."""


class Aircraft(Strict):
    """A type of aircraft or train in the mix."""

    id: str
    seats: Annotated[int, Field(ge=1, le=5_000)]
    share: Share
    source: str | None = None


class Carrier(Strict):
    """A carrier's share of departures; passengers of `trait` carriers get that trait."""

    id: str
    share: Share
    trait: TraitId | None = None


class Timetable(Strict):
    """Departures generated from hourly counts where no schedule is public.

    Attributes
    ----------
    per_hour : tuple of int, length 24
        Departures in each local hour.
    aircraft, carriers : tuple
        Mixes, spread evenly over the day by largest remainder, without chance.
    load_factor : Share
        Share of seats taken.
    """

    per_hour: Annotated[tuple[Count, ...], Field(min_length=24, max_length=24, strict=False)]
    aircraft: Annotated[tuple[Aircraft, ...], Field(min_length=1, strict=False)]
    carriers: Annotated[tuple[Carrier, ...], Field(strict=False)] = ()
    load_factor: Share
    source: str | None = None


class ShowUp(Strict):
    """How long before the departure a party of one class arrives; lognormal, clipped."""

    when: str = ""
    mean_min: Positive
    sd_min: Positive
    earliest_min: Positive = Figure(value=240.0, source="assumed: default of the model")
    latest_min: NonNegative = Figure(value=45.0, source="assumed: default of the model")
    source: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> ShowUp:
        if self.latest_min.value >= self.earliest_min.value:
            msg = (
                f"latest_min = {self.latest_min.value:g} is not below "
                f"earliest_min = {self.earliest_min.value:g}"
            )
            raise ValueError(msg)
        return self


class FirstWave(Strict):
    """Passengers of early departures cut their margin."""

    before: ClockTime
    factor: Positive
    source: str | None = None


class DemandSpec(Strict):
    """Demand of the day: a trace, arrivals by law, departures, or flows beside them.

    Attributes
    ----------
    trace : str or None
        CSV of arrival instants and service times, kind ``generic`` only.
    arrivals : Arrivals or None
        Arrivals by law.
    flows : tuple of Flow
        Several streams of people, each with a law of its own; beside departures too.
    departures : str, tuple of DepartureRow or None
        CSV of departures beside the scenario file, or its rows once resolved.
    timetable : Timetable or None
        Departures generated from hourly counts.
    schedule : Schedule or None
        Departures of the date from a file in SSIM, GTFS or CSV by named columns.
    punctuality : Punctuality or None
        Delays and cancellations of departures; None: all leave as planned.
    party_sizes : tuple of Share
        Share of parties of one, two, three, … persons.
    show_up : tuple of ShowUp
        By class of party; the first that fits applies.
    calendar : Calendar or None
        How the demand of other dates compares with this one's; a single day is not touched.
    day_factor : DayFactor or None
        How much replications differ in their demand as a whole; None: not at all.
    """

    trace: str | None = None
    arrivals: Arrivals | None = None
    flows: Annotated[
        tuple[Flow, ...], Field(max_length=1000, strict=False, exclude_if=is_nothing)
    ] = ()
    departures: Departures | None = None
    timetable: Timetable | None = None
    schedule: Schedule | None = None
    punctuality: Punctuality | None = None
    party_sizes: PartySizes = (Figure(value=1.0),)
    party_sizes_source: str | None = None
    show_up: Annotated[tuple[ShowUp, ...], Field(strict=False)] = ()
    first_wave: FirstWave | None = None
    calendar: Calendar | None = None
    day_factor: DayFactor | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> DemandSpec:
        given = [
            name
            for name in ("trace", "arrivals", "departures", "timetable", "schedule")
            if getattr(self, name) is not None
        ]
        if len(given) != 1 and not (self.flows and not given):
            got = " and ".join(given) or "none"
            msg = (
                f"give one of trace, arrivals, departures, timetable, schedule, or flows; got {got}"
            )
            raise ValueError(msg)
        if self.flows and given and given[0] in {"trace", "arrivals"}:
            msg = f"flows do not go with {given[0]}; make it one of the flows"
            raise ValueError(msg)
        return self


class TraitShare(Strict):
    """Share of one class that has the trait."""

    when: str = ""
    share: Share
    source: str | None = None


class TraitSpec(Strict):
    """Something about a passenger that decides their way.

    Attributes
    ----------
    share : Share or None
        Share of those for whom `when` holds; None: nobody until a step sets it.
    shares : tuple of TraitShare
        Share by class instead; the first that fits applies.
    per : {"person", "party"}
        Whether the coin is tossed for each person or once for the party.
    spread : {"none", "any", "all"}
        For persons: whether one member's trait is given to all (any), or needs all (all).
    """

    id: TraitId
    share: Share | None = None
    shares: Annotated[tuple[TraitShare, ...], Field(strict=False)] = ()
    when: str = ""
    per: Literal["person", "party"] = "person"
    spread: Literal["none", "any", "all"] = "none"
    source: str | None = None

    @model_validator(mode="after")
    def _one_form(self) -> TraitSpec:
        if self.share is not None and self.shares:
            msg = "give share or shares, not both"
            raise ValueError(msg)
        if self.per == "party" and self.spread != "none":
            msg = 'spread is for persons; a trait per = "party" is shared already'
            raise ValueError(msg)
        return self
