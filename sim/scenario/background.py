"""Other traffic on a station that journeys call, and what is done where it fails them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.clock import ClockTime
from sim.scenario.figures import Count, Figure, NonNegative, Positive, Share, Strict
from sim.scenario.stations import Id, PlaceId


class Growth(Strict):
    """A step by which the traffic grows: so many services, so many requests of each.

    Attributes
    ----------
    services : Count
        Services, procedures or kinds of documents that come to use the station.
    per_day_each : NonNegative
        Requests a day that each brings.
    in_use : Share
        Share of them in use: 0 before the step, 1 when all are.
    """

    id: Id
    services: Count
    per_day_each: NonNegative
    in_use: Share = Figure(value=1.0)
    source: str | None = None


class Surge(Strict):
    """A time of the day at which so many times as many requests come."""

    id: Id = "surge"
    from_: Annotated[ClockTime, Field(alias="from")]
    until: ClockTime
    factor: NonNegative
    source: str | None = None


class Background(Strict):
    """Requests to a called station that no journey makes: a flow by the hour, without chance.

    Attributes
    ----------
    station : str
        The station that answers them, first come, first served, with those of journeys.
    per_day : NonNegative
        Requests on a day, growth and surges apart.
    hours : tuple of NonNegative
        Weight of each hour of the clock, 24 of them.
    service_s : Positive
        A server's time for one request.
    growth : tuple of Growth
        What comes on top of `per_day`.
    surges : tuple of Surge
        When more than the ordinary come; factors of surges that overlap multiply.
    retry_after_s : Positive or None
        Beyond this delay people ask again.
    retry_factor : Positive
        So many times as many requests come while they do.
    refuse_after_s : Positive or None
        Requests that all servers installed could not reach within this time are refused;
        None lets every backlog grow.
    """

    id: Id
    station: PlaceId
    per_day: NonNegative
    hours: Annotated[tuple[NonNegative, ...], Field(min_length=24, max_length=24, strict=False)]
    service_s: Positive
    growth: Annotated[tuple[Growth, ...], Field(max_length=100, strict=False)] = ()
    surges: Annotated[tuple[Surge, ...], Field(max_length=100, strict=False)] = ()
    retry_after_s: Positive | None = None
    retry_factor: Positive = Figure(value=1.0)
    refuse_after_s: Positive | None = None
    hours_source: str | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _some_hour(self) -> Background:
        if not any(hour.value for hour in self.hours):
            msg = "every hour has weight zero; give at least one above zero"
            raise ValueError(msg)
        return self

    @property
    def requests(self) -> float:
        """Requests on an ordinary day, growth included."""
        more = (g.services.value * g.per_day_each.value * g.in_use.value for g in self.growth)
        return self.per_day.value + sum(more)


class Degraded(Strict):
    """What a station does while a service it calls is down or too slow.

    Attributes
    ----------
    station : str
        The station that goes over to its degraded mode.
    service : str
        The called station that is watched; down is when none of its servers is open.
    delay_s : Positive or None
        It is too slow while its delay is longer; None leaves slowness alone.
    after_min, recovers_min : NonNegative
        How long it must have been down or slow without a break, and well again.
    closes : bool
        Whether the station closes; who waits chooses again where there is a choice.
    skips_calls : bool
        Whether the station does without asking the service.
    mean_s : Positive or None
        Mean service time without asking; each passenger's draw is scaled to it.
    repost_to : str or None
        Where its staff go.
    repost_servers : Count or None
        Servers they open there.
    repost_min : NonNegative
        How long they take.
    """

    id: Id
    station: PlaceId
    service: PlaceId
    delay_s: Positive | None = None
    after_min: NonNegative
    recovers_min: NonNegative = Figure(value=0.0)
    closes: bool = False
    skips_calls: bool = False
    mean_s: Positive | None = None
    repost_to: PlaceId | None = None
    repost_servers: Count | None = None
    repost_min: NonNegative = Figure(value=0.0)
    source: str | None = None
