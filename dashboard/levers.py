"""What a planner may move in a scenario, and the overrides that a move amounts to.

Staff at a station is either constant or by the hour. A constant number is replaced by
another. A schedule is either scaled, every level by the same per cent, or replaced by one
number for the whole day; the planner says which. Either may be replaced by a number for each
hour of the service day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sim.scenario.demand import TraitSpec
from sim.scenario.figures import Figure
from sim.scenario.overrides import SET_SOURCE
from sim.scenario.spec import Outage, Policy, ScenarioSpec
from sim.scenario.stations import Periods, StationSpec

STAFFED_KINDS = (
    "ticket-window",
    "ticket-machine",
    "ticket-kiosk",
    "counter",
    "kiosk",
    "bag-drop",
    "border",
    "border-gate",
    "id-check",
    "id-gate",
    "ticket-gate",
    "fare-gate",
    "security",
    "parking-lane",
    "enrolment-desk",
    "match-server",
    "",  # a plain desk
)
"""Kinds of station whose servers can be moved, in the order in which they are shown."""

MOST_STAFFED = 16
"""Most stations that are offered to be moved; beyond, a file is the better place."""

HOURS = 24
"""Hours of a service day, each with a level of its own."""

LEAST_PERCENT, MOST_PERCENT, STEP_PERCENT = 30, 200, 5
"""How far a schedule can be scaled."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Servers through the day: one number, the schedule of the file scaled, or hour by hour.

    Attributes
    ----------
    constant : int or None
        Servers all day; None keeps the schedule.
    percent : int
        The schedule in per cent of the file's.
    hours : tuple of int or None
        Servers in each of the `HOURS` of the service day; goes before the others.
    """

    constant: int | None = None
    percent: int = 100
    hours: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class StaffLever:
    """Servers open at a station.

    Attributes
    ----------
    key : str
        Name in the address, and of the override: the station's id.
    levels : tuple of (str, int)
        Key of each level below the station, and its servers in the file.
    most : int
        Servers that can be open at once: those installed, where known.
    figure : Figure
        The largest level, with its range and source.
    first_hour : int
        Hour of the day at which the service day starts.
    """

    key: str
    station: StationSpec
    levels: tuple[tuple[str, int], ...]
    most: int
    figure: Figure
    first_hour: int = 0

    @property
    def is_scheduled(self) -> bool:
        """Whether the number changes through the day."""
        return len({servers for _, servers in self.levels}) > 1

    @property
    def given(self) -> Staffing:
        """What the scenario has."""
        return Staffing() if self.is_scheduled else Staffing(constant=self.levels[0][1])

    def scaled(self, percent: int) -> tuple[int, ...]:
        """Levels of the schedule at a per cent: never above `most`, nor closed by rounding."""
        return tuple(
            min(self.most, max(1, int(servers * percent / 100 + 0.5))) if servers else 0
            for _, servers in self.levels
        )

    def hourly(self, chosen: Staffing) -> tuple[int, ...]:
        """Servers at the start of each hour of the service day."""
        if chosen.hours is not None:
            return chosen.hours
        if chosen.constant is not None:
            return (chosen.constant,) * HOURS
        starts = (3600 * (self.first_hour + n) for n in range(HOURS))
        return tuple(self._level_at(at_s, self.scaled(chosen.percent)) for at_s in starts)

    def _level_at(self, at_s: int, levels: tuple[int, ...]) -> int:
        match self.station.servers:
            case Figure():
                return levels[0]
            case Periods(period_min=period_min):
                return levels[min(int(at_s // (60 * period_min.value)), len(levels) - 1)]
            case openings:
                pairs = zip(openings, levels, strict=True)
                return sum(level for each, level in pairs if each.from_ <= at_s < each.until)

    def overrides(self, chosen: Staffing) -> list[str]:
        """Overrides for a choice; none where it is the scenario's own."""
        if chosen == self.given:
            return []
        name = f'"{self.key}"' if "/" in self.key else self.key
        base = f"stations.{name}.servers"
        if chosen.hours is not None:
            levels = [chosen.hours[0]] * self.first_hour + list(chosen.hours)
            return [f'{base}={{period_min=60, open={levels}, source="{SET_SOURCE}"}}']
        if chosen.constant is not None:
            return [f"{base}={chosen.constant}"]
        pairs = zip(self.levels, self.scaled(chosen.percent), strict=True)
        return [f"{base}{key}={new}" for (key, old), new in pairs if new != old]


@dataclass(frozen=True, slots=True)
class ShareLever:
    """Share of passengers with, or without, a trait; in whole per cent.

    Attributes
    ----------
    key : str
        Name in the address.
    trait : str
        The trait whose share it is.
    is_without : bool
        Whether the share of those *without* the trait is moved.
    figure : Figure
        The trait's share, with its range and source.
    """

    key: str
    trait: str
    is_without: bool
    figure: Figure

    @property
    def given(self) -> int:
        """What the scenario has, in per cent."""
        return self.percent(self.figure.value)

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The plausible range, in per cent."""
        if self.figure.low is None or self.figure.high is None:
            return None
        low, high = sorted((self.percent(self.figure.low), self.percent(self.figure.high)))
        return low, high

    def percent(self, share: float) -> int:
        """A share of the trait as this lever shows it."""
        return round(100 * (1 - share if self.is_without else share))

    def overrides(self, chosen: int) -> list[str]:
        """Overrides for a choice; none where it is the scenario's own."""
        if chosen == self.given:
            return []
        share = (100 - chosen if self.is_without else chosen) / 100
        return [f"traits.{self.trait}.share={share}"]


@dataclass(frozen=True, slots=True)
class RuleLever:
    """Whether a dated rule is in force; it changes who may queue where, and nobody's day.

    Attributes
    ----------
    policy : Policy
        The rule.
    held_on : date
        The scenario's own date.
    """

    policy: Policy
    held_on: date
    key: str = "rule"

    @property
    def given(self) -> bool:
        """Whether it is in force on the scenario's own date."""
        return self.policy.effective <= self.held_on

    def on(self, chosen: bool) -> date | None:
        """Date whose rules hold; None is the scenario's own."""
        if chosen == self.given:
            return None
        return self.policy.effective - timedelta(days=0 if chosen else 1)


@dataclass(frozen=True, slots=True)
class Levers:
    """Everything that can be moved in one scenario, and the outages that it has anyway."""

    staff: tuple[StaffLever, ...]
    shares: tuple[ShareLever, ...]
    rule: RuleLever | None
    outages: tuple[Outage, ...] = ()


def levers_of(spec: ScenarioSpec) -> Levers:
    """The levers that a scenario has, whichever stations and traits it names."""
    stations = _few([station for station in spec.stations if station.kind in STAFFED_KINDS])
    stations.sort(key=lambda station: STAFFED_KINDS.index(station.kind))
    traits = {trait.id: trait for trait in spec.traits}
    shares = (
        _share_lever("no-bag", traits.get("checked_bag"), is_without=True),
        _share_lever("face", traits.get("wants_gate"), is_without=False),
    )
    rule = None
    if spec.policy and spec.date is not None:
        there = [policy for policy in spec.policy if policy.effective <= spec.date] or spec.policy
        latest = max(there, key=lambda policy: policy.effective)
        rule = RuleLever(latest, spec.date)
    first_hour = int(spec.day_starts // 3600)
    staff = (_staff_lever(station, first_hour) for station in stations)
    return Levers(
        staff=tuple(lever for lever in staff if lever is not None),
        shares=tuple(lever for lever in shares if lever is not None),
        rule=rule,
        outages=spec.outages,
    )


def _few(stations: list[StationSpec]) -> list[StationSpec]:
    """All of a place; of a world with many only its gates, or what all its places share."""
    if len(stations) <= MOST_STAFFED:
        return stations
    gates = [station for station in stations if station.kind == "fare-gate"]
    if gates and len(gates) <= MOST_STAFFED:
        return gates
    return [station for station in stations if "/" not in station.id]


def _staff_lever(station: StationSpec, first_hour: int) -> StaffLever | None:
    levels = _levels(station)
    if not levels:
        return None
    figure = max(levels.values(), key=lambda level: level.value)
    reach = max(figure.value, figure.high or 2 * figure.value)
    return StaffLever(
        key=station.id,
        station=station,
        levels=tuple((key, int(level.value)) for key, level in levels.items()),
        most=int(station.installed.value if station.installed else reach),
        figure=figure,
        first_hour=first_hour,
    )


def _levels(station: StationSpec) -> Mapping[str, Figure]:
    """Each level of a station's servers by the end of its override's key."""
    match station.servers:
        case Figure() as constant:
            return {"": constant}
        case Periods(open=levels):
            return {f".open.{index}": level for index, level in enumerate(levels)}
        case openings:
            return {f".{index}.servers": each.servers for index, each in enumerate(openings)}


def _share_lever(key: str, trait: TraitSpec | None, *, is_without: bool) -> ShareLever | None:
    if trait is None or trait.share is None:
        return None
    return ShareLever(key, trait.id, is_without, trait.share)
