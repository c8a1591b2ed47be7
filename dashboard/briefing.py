"""What matters at each station of an answer: waits against its band, and its worst half hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.answer import Answer
from dashboard.i18n.catalogue import Words
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec

MOST_DRAWN = 10
"""Most stations in one chart; the table behind it has all of them."""


def station_name(station: StationSpec, words: Words) -> str:
    """A station as the language calls it; in a world with its place."""
    place, _, own = station.id.rpartition("/")
    name = words.of(station.name, otherwise=own)
    return f"{name}, {place}" if place else name


@dataclass(frozen=True, slots=True)
class StationBrief:
    """One station's figures, in seconds as in the summary.

    Attributes
    ----------
    id, name, kind : str
        Which station, and as the language calls it.
    wait_s : dict
        Mean, percentiles and maximum; None where nobody waited.
    band_s : tuple of (float, float) or None
        Optimum band of waits, where there is a standard.
    shares : dict
        Shares ``below``, ``within`` and ``above`` the band; empty without a standard.
    verdict : str or None
        ``over-design``, ``optimum`` or ``sub-optimum``; None without a standard or passengers.
    judged_s : float or None
        The 95 % point that the verdict judged.
    worst : dict or None
        The half hour whose arrivals waited longest on average.
    open_then : float or None
        Servers open in that half hour, on average.
    utilisation : float or None
        Busy over open, through the day.
    """

    id: str
    name: str
    kind: str
    arrivals: int
    served: int
    wait_s: dict[str, float | None]
    band_s: tuple[float, float] | None
    shares: dict[str, float | None]
    verdict: str | None
    judged_s: float | None
    worst: dict[str, Any] | None
    open_then: float | None
    utilisation: float | None

    @property
    def excess_s(self) -> float | None:
        """How far the judged wait lies above the band; negative where it does not."""
        if self.judged_s is None or self.band_s is None:
            return None
        return self.judged_s - self.band_s[1]


def briefs_of(answer: Answer, spec: ScenarioSpec, words: Words) -> tuple[StationBrief, ...]:
    """Every station of an answer, in the order of the scenario."""
    return tuple(_brief(answer, station, words) for station in spec.stations)


def judged(briefs: tuple[StationBrief, ...]) -> tuple[StationBrief, ...]:
    """Stations with a band; all of them in a scenario that has no standards.

    The wait at a boarding gate is mostly for boarding to open, which no standard judges.
    """
    return tuple(brief for brief in briefs if brief.band_s is not None) or briefs


def worth_drawing(briefs: tuple[StationBrief, ...]) -> tuple[StationBrief, ...]:
    """The judged stations, of a world with many those with the longest waits."""
    there = judged(briefs)
    if len(there) <= MOST_DRAWN:
        return there
    longest = sorted(there, key=lambda brief: -(brief.wait_s["p95"] or 0.0))[:MOST_DRAWN]
    return tuple(brief for brief in there if brief in longest)


def longest_wait(briefs: tuple[StationBrief, ...]) -> StationBrief | None:
    """The judged station with the longest 95 % point of the day."""
    waited = [brief for brief in judged(briefs) if brief.wait_s["p95"] is not None]
    return max(waited, key=lambda brief: brief.wait_s["p95"] or 0.0, default=None)


def worst_half_hour(briefs: tuple[StationBrief, ...]) -> StationBrief | None:
    """The judged station with the longest mean wait of any half hour."""
    waited = [brief for brief in judged(briefs) if brief.worst is not None]
    return max(waited, key=lambda brief: (brief.worst or {})["mean_s"], default=None)


def most_over(briefs: tuple[StationBrief, ...]) -> StationBrief | None:
    """The station farthest above its band, or None where none is above."""
    over = [brief for brief in briefs if brief.verdict == "sub-optimum"]
    return max(over, key=lambda brief: brief.excess_s or 0.0, default=None)


def most_broken(targets: list[dict[str, Any]], *, station: str | None = None) -> Any:
    """The promise kept worst, at one station or anywhere; None where nobody was promised."""
    asked = [
        target
        for target in targets
        if target["share"] is not None and station in {None, target["station"]}
    ]
    return min(asked, key=lambda target: target["share"] - target["target_share"], default=None)


def _brief(answer: Answer, station: StationSpec, words: Words) -> StationBrief:
    figures = answer.summary["stations"][station.id]
    level = figures["level_of_service"] or {}
    judged_s = [
        level[name]
        for name in ("p95_day_s", "p95_busiest_half_hour_s")
        if level.get(name) is not None
    ]
    worst = figures["worst_half_hour"]
    band = level.get("band_s")
    return StationBrief(
        id=station.id,
        name=station_name(station, words),
        kind=station.kind,
        arrivals=figures["arrivals"],
        served=figures["served"],
        wait_s=figures["wait_s"],
        band_s=None if band is None else (band[0], band[1]),
        shares=level.get("shares", {}),
        verdict=level.get("verdict"),
        judged_s=max(judged_s, default=None),
        worst=worst,
        open_then=None if worst is None else _open_at(answer.waits[station.id], worst["start_s"]),
        utilisation=figures["utilisation"],
    )


def _open_at(columns: dict[str, list[Any]], start_s: float) -> float | None:
    if start_s not in columns["start_s"]:
        return None
    return columns["open"][columns["start_s"].index(start_s)]
