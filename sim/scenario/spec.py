"""The whole of a scenario file, resolved: one question about one facility and day."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.scenario.adoption import Adoption, Equipment
from sim.scenario.background import Background, Degraded
from sim.scenario.beginning import BeginsFrom
from sim.scenario.clock import LONGEST_S, ClockTime
from sim.scenario.dates import Day
from sim.scenario.demand import DemandSpec, TraitSpec
from sim.scenario.figures import Figure, NonNegative, Positive, Share, Strict, is_nothing
from sim.scenario.journey import StepSpec
from sim.scenario.policy import Policy
from sim.scenario.promises import PlanTarget
from sim.scenario.roster import Price, RosterSpec
from sim.scenario.stations import Id, PlaceId, StationSpec, Text

MAX_HORIZON_S = LONGEST_S
"""Longest horizon accepted: 400 days."""


def _flat(data: Any) -> Any:
    """Keys of tables in tables joined with dots: they may be written quoted or not."""
    if not isinstance(data, dict) or not any(isinstance(each, dict) for each in data.values()):
        return data
    flat: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{below}": each for below, each in _flat(value).items()}
        else:
            flat[key] = value
    return flat


Sources = Annotated[
    dict[str, str],
    BeforeValidator(_flat),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": ["string", "object"]}}),
]


class Outage(Strict):
    """Servers of a station down between two instants."""

    id: Id = "outage"
    station: PlaceId
    from_: Annotated[ClockTime, Field(alias="from")]
    until: ClockTime
    servers: Annotated[tuple[Annotated[int, Field(ge=0)], ...] | None, Field(strict=False)] = None
    source: str | None = None


class Failures(Strict):
    """Servers that fail and are repaired at random, drawn before the day starts."""

    id: Id = "failures"
    station: PlaceId
    of: Literal["server", "bank"] = "server"
    mtbf_h: Positive
    mttr_min: Positive
    source: str | None = None


class Target(Strict):
    """A promise: a share of waits within a time."""

    id: Id = "target"
    station: PlaceId
    share: Share
    within_s: NonNegative
    per_min: Positive | None = None
    meaning: Literal["long_run", "daily"] = "long_run"
    day_share: Share | None = None
    source: str | None = None


class PlanSpec(Strict):
    """How a staffing plan is searched.

    Attributes
    ----------
    period_min : Positive
        Length of the periods in which the number of open servers is constant.
    max_servers : int or None
        Most servers of any station.
    confidence : Share
        With which all periods of all stations keep their promises at once.
    targets : tuple of PlanTarget
        Promises to plan for in place of those that days are judged by.
    """

    period_min: Positive = Figure(value=30.0)
    max_servers: Annotated[int, Field(ge=1)] | None = None
    confidence: Share = Figure(value=0.95)
    targets: Annotated[
        tuple[PlanTarget, ...], Field(max_length=1000, strict=False, exclude_if=is_nothing)
    ] = ()


class ScenarioSpec(Strict):
    """A scenario as resolved from its file, the files it extends and the overrides.

    Attributes
    ----------
    date : date or None
        The day simulated: decides demand, calendar and, unless overridden, policy.
    day_starts : ClockTime
        Seconds since midnight at which the service day starts.
    horizon_s : Positive or None
        When stochastic arrivals stop.
    warmup_s : NonNegative
        Customers arriving at a station before this are left out of waiting times.
    end_of_run : {"drain", "cut"}
        Let everyone finish, or stop at the horizon.
    opening : BeginsFrom or None
        What ``sim run`` begins from in mid-day; every other study is of whole days.
    adoption : Adoption or None
        How shares move with the date, for other dates than this one's.
    equipment : tuple of Equipment or None
        Dated numbers of servers, for other dates than this one's.
    sources : dict of str to str
        Sources of plain numbers by dotted key; ``*`` stands for any part.
    """

    id: Id
    kind: Literal["airport", "railway-station", "metro", "parking", "service", "world", "generic"]
    title: Text | None = None
    question: Text | None = None
    extends: str | None = None
    overlay: Annotated[
        tuple[str, ...], Field(max_length=20, strict=False, exclude_if=is_nothing)
    ] = ()
    date: Day | None = None
    day_starts: ClockTime = 0
    horizon_s: Annotated[Positive, Field(description="seconds, at most 400 days")] | None = None
    warmup_s: NonNegative = Figure(value=0.0)
    end_of_run: Literal["drain", "cut"] = "drain"
    demand: DemandSpec
    traits: Annotated[tuple[TraitSpec, ...], Field(max_length=60, strict=False)] = ()
    stations: Annotated[tuple[StationSpec, ...], Field(min_length=1, max_length=1000, strict=False)]
    journey: Annotated[tuple[StepSpec, ...], Field(min_length=1, max_length=1000, strict=False)]
    policy: Annotated[tuple[Policy, ...], Field(max_length=1000, strict=False)] = ()
    outages: Annotated[tuple[Outage, ...], Field(max_length=10_000, strict=False)] = ()
    failures: Annotated[tuple[Failures, ...], Field(max_length=1000, strict=False)] = ()
    background: Annotated[
        tuple[Background, ...], Field(max_length=1000, strict=False, exclude_if=is_nothing)
    ] = ()
    degraded: Annotated[
        tuple[Degraded, ...], Field(max_length=1000, strict=False, exclude_if=is_nothing)
    ] = ()
    targets: Annotated[tuple[Target, ...], Field(max_length=1000, strict=False)] = ()
    plan: PlanSpec | None = None
    roster: RosterSpec | None = None
    prices: Annotated[
        tuple[Price, ...], Field(max_length=1000, strict=False, exclude_if=is_nothing)
    ] = ()
    opening: BeginsFrom | None = None
    adoption: Adoption | None = None
    equipment: Annotated[tuple[Equipment, ...] | None, Field(max_length=1000, strict=False)] = None
    sources: Sources = Field(default_factory=dict)
