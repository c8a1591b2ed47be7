"""Where in the day two plans differ: before, during and after what was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiments.paired import Difference, difference

HALF_HOUR_S = 1800

HalfHours = Mapping[str, Mapping[str, Any]]
"""One day by station, as from `sim.projections.half_hours`."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Waits by time of coming.

    Attributes
    ----------
    from_s, until_s : float or None
        First and last instant of the half hours in which servers open differ on some day;
        None where they are the same all day, and plans differ in something else.
    changed : tuple of str
        Stations at which they differ.
    phases : mapping of str to mapping of str to Difference
        By station, mean wait of those who came ``before``, ``during`` and ``after`` that time.
    half_hours : mapping of str to tuple of (float, Difference)
        By station, start and mean wait of each half hour that differs on any day.
    """

    from_s: float | None
    until_s: float | None
    changed: tuple[str, ...]
    phases: Mapping[str, Mapping[str, Difference]]
    half_hours: Mapping[str, tuple[tuple[float, Difference], ...]]


def periods(a: Sequence[HalfHours], b: Sequence[HalfHours], *, confidence: float = 0.95) -> Periods:
    """Compare waits by half hour of coming.

    Parameters
    ----------
    a, b : sequence of HalfHours
        One for each day, the same days in the same order.
    confidence : float
        Of each interval alone.

    Notes
    -----
    A day on which nobody who came in a period was served in one plan is left out of that
    period. Who comes to a station *when* may differ between plans: downstream of a change the
    same passenger may count in another half hour.
    """
    days = list(zip(a, b, strict=True))
    stations = [name for name in a[0] if all(name in one and name in two for one, two in days)]
    spans = {name: _changed(days, name) for name in stations}
    changed = tuple(name for name in stations if spans[name])
    places = [place for name in changed for place in spans[name]]
    first, last = (min(places), max(places)) if places else (None, None)
    phases: dict[str, dict[str, Difference]] = {}
    if first is not None and last is not None:
        bounds = {"before": (0, first), "during": (first, last + 1), "after": (last + 1, 1 << 30)}
        for name in stations:
            found = {
                phase: _difference(days, name, span, confidence=confidence)
                for phase, span in bounds.items()
            }
            phases[name] = {phase: each for phase, each in found.items() if each is not None}
    return Periods(
        from_s=None if first is None else first * HALF_HOUR_S,
        until_s=None if last is None else (last + 1) * HALF_HOUR_S,
        changed=changed,
        phases=phases,
        half_hours={
            name: tuple(_each_half_hour(days, name, confidence=confidence)) for name in stations
        },
    )


def _changed(days: Sequence[tuple[HalfHours, HalfHours]], name: str) -> set[int]:
    """Half hours, of those that both have, in which other servers are open."""
    found: set[int] = set()
    for one, two in days:
        levels = [
            dict(enumerate(each[name]["open_s"], start=each[name]["first"])) for each in (one, two)
        ]
        found |= {
            place for place in levels[0].keys() & levels[1] if levels[0][place] != levels[1][place]
        }
    return found


def _each_half_hour(
    days: Sequence[tuple[HalfHours, HalfHours]], name: str, *, confidence: float
) -> Iterator[tuple[float, Difference]]:
    first = min(each[name]["first"] for day in days for each in day)
    ends = [each[name]["first"] + len(each[name]["started"]) for day in days for each in day]
    for place in range(first, max(ends)):
        found = _difference(days, name, (place, place + 1), confidence=confidence)
        if found is not None and found.outcome != "identical":
            yield float(place * HALF_HOUR_S), found


def _difference(
    days: Sequence[tuple[HalfHours, HalfHours]],
    name: str,
    span: tuple[int, int],
    *,
    confidence: float,
) -> Difference | None:
    """Difference of the mean wait of those who came in a span of half hours."""
    both = []
    for one, two in days:
        means = [_mean_wait(each[name], span) for each in (one, two)]
        if means[0] is not None and means[1] is not None:
            both.append((means[0], means[1]))
    if not both:
        return None
    return difference(f"stations.{name}.wait_s.mean", both, confidence=confidence)


def _mean_wait(station: Mapping[str, Any], span: tuple[int, int]) -> float | None:
    low, high = (max(0, place - station["first"]) for place in span)
    started = sum(station["started"][low:high])
    return sum(station["wait_s"][low:high]) / started if started else None
