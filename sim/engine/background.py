"""Traffic on called stations, and what callers do without an answer, as integers."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.background import Background as BackgroundSpec
from sim.scenario.background import Degraded
from sim.scenario.clock import to_us
from sim.scenario.laws import mean_s
from sim.scenario.spec import ScenarioSpec

NEVER = -1
"""An instant or limit that does not apply."""


@dataclass(frozen=True, slots=True)
class Surge:
    """A time of the day at which so many times as many requests come."""

    from_us: int
    until_us: int
    factor_ppm: int


@dataclass(frozen=True, slots=True)
class Background:
    """Other traffic on a called station, see `sim.engine.backlog`.

    Attributes
    ----------
    work_us : tuple of int
        Server time asked for in each second, in microseconds, by hour of the clock.
    retry_after_us : int
        Delay beyond which people ask again, or `NEVER`.
    retry_ppm : int
        So many times the requests come then, in millionths.
    refuse_after_us : int
        Requests that all servers installed could not reach within this time are refused, or
        `NEVER`.
    """

    station: int
    work_us: tuple[int, ...]
    surges: tuple[Surge, ...]
    retry_after_us: int
    retry_ppm: int
    refuse_after_us: int


@dataclass(frozen=True, slots=True)
class Degradation:
    """What a station does while a service it calls is down or slow.

    Attributes
    ----------
    station, service : int
        Who goes over to the degraded mode, and whom it watches.
    delay_us : int
        Delay beyond which the service is too slow, or `NEVER`.
    after_us, recovers_us : int
        How long it must have been so, and well again.
    closes, skips : bool
        Whether the station closes, or does without calling the service.
    stretch_ppm : int
        Its service times without calling, in millionths of those drawn.
    repost_to, repost_servers, repost_us : int
        Where its staff go, or `NEVER`; servers they open there; how long they take.
    """

    station: int
    service: int
    delay_us: int
    after_us: int
    recovers_us: int
    closes: bool
    skips: bool
    stretch_ppm: int
    repost_to: int
    repost_servers: int
    repost_us: int


def background_of(traffic: BackgroundSpec, numbers: dict[str, int]) -> Background:
    """Compile a scenario's background traffic; `numbers` are those of its stations."""
    total = sum(hour.value for hour in traffic.hours)
    after_s = traffic.retry_after_s
    return Background(
        station=numbers[traffic.station],
        work_us=tuple(
            to_us(traffic.requests * hour.value / total / 3600 * traffic.service_s.value)
            for hour in traffic.hours
        ),
        surges=tuple(
            Surge(to_us(surge.from_), to_us(surge.until), _ppm(surge.factor.value))
            for surge in traffic.surges
        ),
        retry_after_us=NEVER if after_s is None else to_us(after_s.value),
        retry_ppm=_ppm(traffic.retry_factor.value),
        refuse_after_us=(
            NEVER if traffic.refuse_after_s is None else to_us(traffic.refuse_after_s.value)
        ),
    )


def degradation_of(mode: Degraded, spec: ScenarioSpec, numbers: dict[str, int]) -> Degradation:
    """Compile a scenario's degraded mode; `numbers` are those of its stations."""
    station = spec.stations[numbers[mode.station]]
    stretch = 1.0
    if mode.mean_s is not None and station.service:
        stretch = mode.mean_s.value / mean_s(station.service[-1])
    return Degradation(
        station=numbers[mode.station],
        service=numbers[mode.service],
        delay_us=NEVER if mode.delay_s is None else to_us(mode.delay_s.value),
        after_us=to_us(mode.after_min.value * 60),
        recovers_us=to_us(mode.recovers_min.value * 60),
        closes=mode.closes,
        skips=mode.skips_calls,
        stretch_ppm=_ppm(stretch),
        repost_to=NEVER if mode.repost_to is None else numbers[mode.repost_to],
        repost_servers=int(mode.repost_servers.value) if mode.repost_servers else 0,
        repost_us=to_us(mode.repost_min.value * 60),
    )


def _ppm(factor: float) -> int:
    return round(factor * 1_000_000)
