"""Laws by which people come: Poisson by rate or by profile, and platoons as from trains."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.scenario.clock import ClockTime
from sim.scenario.figures import Figure, NonNegative, Positive, Range, Share, Strict
from sim.scenario.schedules.ask import Schedule
from sim.scenario.stations import Id, TraitId

MOST_PLATOONS = 100_000
"""Most platoons of one law."""

Size = Annotated[
    Figure,
    Range(
        lambda x: 0 <= x <= 100_000,
        "a size; give 0 to 100000",
        {"type": "number", "minimum": 0, "maximum": 100_000},
    ),
]


def _some_above_zero(shares: tuple[Figure, ...]) -> tuple[Figure, ...]:
    if not any(share.value > 0 for share in shares):
        msg = "every share is zero; give at least one above zero"
        raise ValueError(msg)
    return shares


PartySizes = Annotated[
    tuple[Share, ...],
    Field(min_length=1, max_length=20, strict=False),
    AfterValidator(_some_above_zero),
]
"""Share of parties of one, two, three, … persons."""

Profile = Annotated[
    tuple[NonNegative, ...],
    Field(min_length=1, max_length=100_000, strict=False),
    AfterValidator(_some_above_zero),
]
"""Weights of equal periods from midnight on; only their proportions count."""


class PoissonArrivals(Strict):
    """Poisson arrivals at a constant rate, at a rate by equal periods, or along a profile.

    Attributes
    ----------
    rate_per_s : NonNegative or None
        The same rate all day.
    period_min : Positive or None
        Length of the periods, which count from midnight.
    rate_per_min : tuple of NonNegative or None
        Rate of each period; the last is kept after the last period.
    per_day : NonNegative or None
        Mean number of arrivals of all periods of the profile together.
    profile : tuple of NonNegative or None
        Weight of each period; nobody comes after the last.
    batch : int
        Parties that come together at each arrival.
    """

    law: Literal["poisson"]
    rate_per_s: NonNegative | None = None
    period_min: Positive | None = None
    rate_per_min: Annotated[
        tuple[NonNegative, ...] | None, Field(min_length=1, max_length=100_000, strict=False)
    ] = None
    per_day: NonNegative | None = None
    profile: Profile | None = None
    batch: Annotated[int, Field(ge=1, le=10_000)] = 1

    @model_validator(mode="after")
    def _one_form(self) -> PoissonArrivals:
        given = {
            name
            for name in ("rate_per_s", "period_min", "rate_per_min", "per_day", "profile")
            if getattr(self, name) is not None
        }
        forms = (
            {"rate_per_s"},
            {"period_min", "rate_per_min"},
            {"period_min", "per_day", "profile"},
        )
        if given not in forms:
            msg = (
                "give either rate_per_s, or period_min with rate_per_min, "
                "or per_day with period_min and profile"
            )
            raise ValueError(msg)
        return self


class Headway(Strict):
    """Platoons at equal intervals within a time of the day.

    Attributes
    ----------
    from_, until : ClockTime
        The first comes at `from`; none comes at `until` or later.
    every_min : Positive
        Minutes between two.
    size : Size or None
        Parties in each, where sizes differ by time of day.
    """

    from_: Annotated[ClockTime, Field(alias="from")]
    until: ClockTime
    every_min: Positive
    size: Size | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _forward(self) -> Headway:
        if self.until <= self.from_:
            msg = f"until = {self.until} s is not after from = {self.from_} s"
            raise ValueError(msg)
        if (self.until - self.from_) / (self.every_min.value * 60) > MOST_PLATOONS:
            msg = f"more than {MOST_PLATOONS} platoons; give a longer every_min"
            raise ValueError(msg)
        return self


class PlatoonArrivals(Strict):
    """Groups that arrive together, as from a train.

    Attributes
    ----------
    at_s : tuple of float or None
        Instants of the platoons.
    headways : tuple of Headway
        The same by intervals, instead of one by one.
    schedule : Schedule or None
        The same from a schedule file.
    size : Size or None
        Parties in each platoon.
    sizes : tuple of Size or None
        Parties in each of those at `at_s`, one by one.
    per_day, period_min, profile
        Parties of the whole day and how they spread over periods from midnight on, as for
        Poisson arrivals: a platoon brings those of the time since the platoon before.
    size_law : {"fixed", "poisson"}
        Whether a size is the number that comes, rounded, or the mean of a Poisson number.
    spread_s : NonNegative
        The platoon arrives evenly at random over this time.
    """

    law: Literal["platoon"]
    at_s: (
        Annotated[
            tuple[NonNegative, ...], Field(min_length=1, max_length=MOST_PLATOONS, strict=False)
        ]
        | None
    ) = None
    headways: Annotated[tuple[Headway, ...], Field(max_length=1000, strict=False)] = ()
    schedule: Schedule | None = None
    size: Size | None = None
    sizes: (
        Annotated[tuple[Size, ...], Field(min_length=1, max_length=MOST_PLATOONS, strict=False)]
        | None
    ) = None
    per_day: NonNegative | None = None
    period_min: Positive | None = None
    profile: Profile | None = None
    size_law: Literal["fixed", "poisson"] = "fixed"
    spread_s: NonNegative = Figure(value=0.0)

    @model_validator(mode="after")
    def _one_form(self) -> PlatoonArrivals:
        faults = [*_instants_amiss(self), *_sizes_amiss(self)]
        if faults:
            msg = "; ".join(faults)
            raise ValueError(msg)
        return self


Arrivals = Annotated[PoissonArrivals | PlatoonArrivals, Field(discriminator="law")]


class Flow(Strict):
    """A stream of people with an arrivals law of their own.

    Attributes
    ----------
    arrivals : Arrivals
        When they come; they have no departure to catch.
    traits : tuple of TraitId
        What all of them have on arrival.
    party_sizes : tuple of Share or None
        Share of parties of one, two, three, … persons; None: as the demand has them.
    """

    id: Id
    arrivals: Arrivals
    traits: Annotated[tuple[TraitId, ...], Field(max_length=60, strict=False)] = ()
    party_sizes: PartySizes | None = None
    party_sizes_source: str | None = None
    source: str | None = None


def rates_by_period(arrivals: PoissonArrivals) -> tuple[list[float], list[float]]:
    """Seconds since midnight at which the rate changes, and the rate per second from there on.

    Examples
    --------
    >>> half = PoissonArrivals(law="poisson", per_day=90, period_min=30, profile=(1, 2))
    >>> rates_by_period(half)[0], [round(rate * 60, 9) for rate in rates_by_period(half)[1]]
    ([0.0, 1800.0, 3600.0], [1.0, 2.0, 0.0])
    """
    if arrivals.rate_per_s is not None:
        return [0.0], [arrivals.rate_per_s.value]
    assert arrivals.period_min is not None
    period_s = arrivals.period_min.value * 60
    if arrivals.rate_per_min is not None:
        rates = [rate.value / 60 for rate in arrivals.rate_per_min]
    else:
        rates = [persons / period_s for persons in _by_period(arrivals)] + [0.0]
    return [number * period_s for number in range(len(rates))], rates


def platoons_of(arrivals: PlatoonArrivals) -> tuple[list[float], list[float]]:
    """Instants of the platoons in seconds since midnight, in order, and their (mean) sizes.

    Examples
    --------
    >>> trains = {"from": "06:00", "until": "06:30", "every_min": 10, "size": 40}
    >>> platoons_of(PlatoonArrivals.model_validate({"law": "platoon", "headways": [trains]}))
    ([21600.0, 22200.0, 22800.0], [40.0, 40.0, 40.0])
    """
    if arrivals.at_s is not None:
        at_s = [at.value for at in arrivals.at_s]
        if arrivals.sizes is not None:
            return at_s, [size.value for size in arrivals.sizes]
        own: list[float | None] = [None] * len(at_s)
    elif arrivals.schedule is not None:
        at_s = [float(flight.at) for flight in arrivals.schedule.flights or ()]
        own = [None] * len(at_s)
    else:
        comings = sorted(
            (each.from_ + number * each.every_min.value * 60, order, each.size)
            for order, each in enumerate(arrivals.headways)
            for number in range(_platoons_in(each))
        )
        at_s = [float(at) for at, _, _ in comings]
        own = [None if size is None else size.value for _, _, size in comings]
    if arrivals.profile is not None:
        return at_s, _collected(arrivals, at_s)
    same = arrivals.size.value if arrivals.size is not None else 0.0
    return at_s, [same if size is None else size for size in own]


def mean_arrivals(arrivals: Arrivals, *, start_s: float, horizon_s: float) -> float:
    """Mean number of parties that come by a law between two instants.

    Platoons count whole, whenever they come.
    """
    if isinstance(arrivals, PlatoonArrivals):
        return sum(platoons_of(arrivals)[1])
    edges, rates = rates_by_period(arrivals)
    ends = [*edges[1:], horizon_s]
    times = (
        max(0.0, min(end, horizon_s) - max(edge, start_s))
        for edge, end in zip(edges, ends, strict=True)
    )
    return arrivals.batch * sum(rate * time for rate, time in zip(rates, times, strict=True))


def _by_period(arrivals: Any) -> list[float]:
    weights = [weight.value for weight in arrivals.profile]
    return [arrivals.per_day.value * weight / sum(weights) for weight in weights]


def _collected(arrivals: PlatoonArrivals, at_s: list[float]) -> list[float]:
    """Those of the profile between one platoon and the next; whole numbers where fixed."""
    assert arrivals.period_min is not None
    period_s, persons = arrivals.period_min.value * 60, _by_period(arrivals)
    heights = [0.0]
    for each in persons:
        heights.append(heights[-1] + each)

    def by(instant: float) -> float:
        number = min(int(instant // period_s), len(persons))
        within = persons[number] * (instant / period_s - number) if number < len(persons) else 0.0
        height = heights[number] + within
        return float(int(height + 0.5)) if arrivals.size_law == "fixed" else height

    ups = [0.0, *(by(instant) for instant in at_s)]
    return [later - earlier for earlier, later in pairwise(ups)]


def _platoons_in(headway: Headway) -> int:
    period_s = headway.every_min.value * 60
    return -int(-(headway.until - headway.from_ - 1e-6) // period_s)


def _instants_amiss(law: PlatoonArrivals) -> list[str]:
    if [law.at_s is None, not law.headways, law.schedule is None].count(False) != 1:
        return ["give either at_s or headways, or a schedule"]
    return []


def _sizes_amiss(law: PlatoonArrivals) -> list[str]:
    own = [each.size is not None for each in law.headways]
    profiled = [law.per_day is not None, law.period_min is not None, law.profile is not None]
    forms = [law.size is not None, law.sizes is not None, any(own), any(profiled)]
    if sum(forms) != 1 or 0 < sum(own) < len(own) or 0 < sum(profiled) < len(profiled):
        message = (
            "give the sizes once: size, or sizes with at_s, or size in every headway, "
            "or per_day with period_min and profile"
        )
        return [message]
    if law.sizes is not None and (law.at_s is None or len(law.sizes) != len(law.at_s)):
        return [f"sizes has {len(law.sizes)} entries, at_s {len(law.at_s or ())}; give as many"]
    at_s = [at.value for at in law.at_s or ()]
    if law.profile is not None and at_s != sorted(at_s):
        return ["at_s is not in order of time, which a profile needs"]
    return []
