"""Who comes and when, as a scenario file describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from sim.scenario.calendar import Calendar
from sim.scenario.clock import ClockTime
from sim.scenario.figures import Count, Figure, NonNegative, Positive, Share, Strict
from sim.scenario.stations import TraitId


class PoissonArrivals(Strict):
    """Poisson arrivals at a constant rate, or at a rate by equal periods."""

    law: Literal["poisson"]
    rate_per_s: NonNegative | None = None
    period_min: Positive | None = None
    rate_per_min: Annotated[
        tuple[NonNegative, ...] | None, Field(min_length=1, max_length=100_000, strict=False)
    ] = None
    batch: Annotated[int, Field(ge=1, le=10_000)] = 1

    @model_validator(mode="after")
    def _one_form(self) -> PoissonArrivals:
        by_period = self.period_min is not None and self.rate_per_min is not None
        partly = self.period_min is not None or self.rate_per_min is not None
        if (self.rate_per_s is not None) == by_period or partly != by_period:
            msg = "give either rate_per_s, or period_min with rate_per_min"
            raise ValueError(msg)
        return self


class PlatoonArrivals(Strict):
    """Groups that arrive together, as from a train.

    Attributes
    ----------
    at_s : tuple of float
        Instants of the platoons.
    size : int
        Persons in each.
    spread_s : NonNegative
        The platoon arrives evenly at random over this time.
    """

    law: Literal["platoon"]
    at_s: Annotated[tuple[NonNegative, ...], Field(min_length=1, max_length=100_000, strict=False)]
    size: Annotated[int, Field(ge=1, le=100_000)]
    spread_s: NonNegative = Figure(value=0.0)


Arrivals = Annotated[PoissonArrivals | PlatoonArrivals, Field(discriminator="law")]


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


def _some_above_zero(shares: tuple[Figure, ...]) -> tuple[Figure, ...]:
    if not any(share.value > 0 for share in shares):
        msg = "every share is zero; give at least one above zero"
        raise ValueError(msg)
    return shares


class DemandSpec(Strict):
    """Demand of the day: a trace, arrivals by law, or departures.

    Attributes
    ----------
    trace : str or None
        CSV of arrival instants and service times, kind ``generic`` only.
    arrivals : Arrivals or None
        Arrivals by law.
    departures : str, tuple of DepartureRow or None
        CSV of departures beside the scenario file, or its rows once resolved.
    timetable : Timetable or None
        Departures generated from hourly counts.
    party_sizes : tuple of Share
        Share of parties of one, two, three, … persons.
    show_up : tuple of ShowUp
        By class of party; the first that fits applies.
    calendar : Calendar or None
        How the demand of other dates compares with this one's; a single day is not touched.
    """

    trace: str | None = None
    arrivals: Arrivals | None = None
    departures: Departures | None = None
    timetable: Timetable | None = None
    party_sizes: Annotated[
        tuple[Share, ...],
        Field(min_length=1, max_length=20, strict=False),
        AfterValidator(_some_above_zero),
    ] = (Figure(value=1.0),)
    party_sizes_source: str | None = None
    show_up: Annotated[tuple[ShowUp, ...], Field(strict=False)] = ()
    first_wave: FirstWave | None = None
    calendar: Calendar | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> DemandSpec:
        given = [
            name
            for name in ("trace", "arrivals", "departures", "timetable")
            if getattr(self, name) is not None
        ]
        if len(given) != 1:
            got = " and ".join(given) or "none"
            msg = f"give one of trace, arrivals, departures, timetable; got {got}"
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
