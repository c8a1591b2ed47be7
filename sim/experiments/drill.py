"""An outage drill: the same day with and without an outage, and what it costs where.

Both days have the same passengers with the same draws, so every difference is the outage's.
A day is the unit: intervals are over days, never over passengers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import Fault, ScenarioError
from sim.events.kinds import CODE, Kind
from sim.experiments.day import DEFAULT_ENGINE, DEFAULT_SEED, Day, Engine, run_day
from sim.experiments.drill_stays import BIN_S, Stays
from sim.experiments.intervals import with_intervals
from sim.scenario.clock import US_PER_S, clock_text
from sim.scenario.load import scenario_from_document
from sim.scenario.scenario import Scenario
from sim.scenario.suggestions import advice

BAND_S = 60.0
"""A time at a station within this of the undisturbed one counts as recovered, by default."""

MISSED = CODE[Kind.MISSED_DEPARTURE]
CURVES = ("at_s", "undisturbed_s", "disturbed_s")


@dataclass(frozen=True, slots=True)
class Outage:
    """A station, or some of its servers, out of order between two instants of the day.

    Attributes
    ----------
    station : str
        Its id; in a world ``facility/station``, or a station of the world's own.
    from_s, until_s : int
        Seconds since midnight.
    servers : tuple of int
        Servers that fail; none for the whole bank.
    """

    station: str
    from_s: int
    until_s: int
    servers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Drill:
    """What an outage cost, by day and on average.

    Attributes
    ----------
    scenario : Scenario
        Without the outage.
    outage : Outage
        What failed.
    band_s : float
        Within what of the undisturbed time a station counts as recovered.
    days : tuple of dict
        Figures of each replication, see `compared`.
    curves : dict
        By station, means over days: time at the station by when people joined it.
    """

    scenario: Scenario
    outage: Outage
    seed: int
    band_s: float
    days: tuple[dict[str, Any], ...]
    curves: dict[str, dict[str, list[float | None]]]

    @property
    def summary(self) -> dict[str, Any]:
        """Means over days, with intervals where there are several."""
        first, *others = self.days
        return with_intervals([first, *others]) if others else first


def run_drill(
    scenario: Scenario,
    outage: Outage,
    *,
    reps: int = 1,
    seed: int = DEFAULT_SEED,
    on: date | None = None,
    engine: Engine = DEFAULT_ENGINE,
    band_s: float = BAND_S,
    progress: Callable[[int], None] | None = None,
) -> Drill:
    """Simulate days with and without an outage.

    Parameters
    ----------
    scenario : Scenario
        The day as it would be; its own outages stay.
    reps : int
        Days, at least 1.
    progress : callable or None
        Called with the days done.

    Raises
    ------
    ScenarioError
        If there is no such station, or the outage cannot be.
    """
    failing = with_outage(scenario, outage)
    days, curves = list[dict[str, Any]](), list[dict[str, Any]]()
    for replication in range(reps):
        calm, disturbed = (
            run_day(each, seed=seed, replication=replication, on=on, engine=engine)
            for each in (scenario, failing)
        )
        figures, lines = compared(calm, disturbed, outage=outage, band_s=band_s)
        days.append(figures)
        curves.append(lines)
        if progress is not None:
            progress(replication + 1)
    return Drill(scenario, outage, seed, band_s, tuple(days), _mean_curves(curves))


def with_outage(scenario: Scenario, outage: Outage) -> Scenario:
    """The scenario on a day on which something fails besides."""
    known = [station.id for station in scenario.spec.stations]
    faults = list[Fault]()
    if outage.station not in known:
        message = f"there is no station {outage.station}; {advice(outage.station, known)}"
        faults.append(Fault(message, key="--outage"))
    if outage.until_s <= outage.from_s:
        message = f"{clock_text(outage.until_s)} is not after --from {clock_text(outage.from_s)}"
        faults.append(Fault(message, key="--until"))
    if outage.until_s <= scenario.spec.day_starts:
        message = (
            f"{clock_text(outage.until_s)} is before the day starts, "
            f"{clock_text(scenario.spec.day_starts)}; name a later time"
        )
        faults.append(Fault(message, key="--until"))
    if faults:
        raise ScenarioError(faults)
    names = {each.get("id") for each in scenario.document.get("outages", ())}
    own = next(f"drill-{n}" for n in range(1, len(names) + 2) if f"drill-{n}" not in names)
    row: dict[str, Any] = {
        "id": own,
        "station": outage.station,
        "from": outage.from_s,
        "until": outage.until_s,
        "source": "chosen: the drill",
    }
    if outage.servers:
        row["servers"] = list(outage.servers)
    outages = [*scenario.document.get("outages", ()), row]
    return scenario_from_document({**scenario.document, "outages": outages})


def compared(
    calm: Day, disturbed: Day, *, outage: Outage, band_s: float = BAND_S
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the outage cost on one day, and the curves it is seen on.

    Returns
    -------
    figures : dict
        ``passengers``, ``missed_more``; ``facilities`` and ``stations`` by id, each with
        ``extra_passenger_min``, ``delayed`` (persons, by more than the band), ``worst_s`` of
        both days and ``recovered_after_min``, counted from the end of the outage, None where
        not until the day's end; facilities also ``missed_more``.
    curves : dict
        By station, ``at_s``, ``undisturbed_s`` and ``disturbed_s``.

    Notes
    -----
    Time at a station runs from joining its queue to leaving it. Requests are part of the
    service that sends them, so a called station has a curve and its worst answer, but no
    passenger minutes of its own; a stay in a car park is no time at it, only the wait for a
    place. A facility's figures leave out stations that board: who comes later waits less there,
    for the same departure.
    """
    names = calm.folded.stations
    pair = [Stays(day) for day in (calm, disturbed)]
    missed = [_missed(day) for day in (calm, disturbed)]
    stations, curves = dict[str, Any](), dict[str, Any]()
    for row, name in enumerate(names):
        curves[name], late = _curve(pair, row, outage=outage, band_s=band_s)
        cost = _cost(pair, [row], band_s=band_s)
        stations[name] = cost | {"recovered_after_min": late}
    found, boarding = dict[str, Any](), _boarding(calm)
    for name, rows in _facilities(names).items():
        times = [stations[names[row]]["recovered_after_min"] for row in rows]
        on_the_way = [row for row in rows if names[row] not in boarding]
        found[name or calm.scenario.spec.id] = _cost(pair, on_the_way, band_s=band_s) | {
            "missed_more": _more(missed, _people_of(calm, name)),
            "recovered_after_min": None if None in times else max(times),
        }
    figures = {
        "passengers": calm.folded.people.passengers,
        "missed_more": _more(missed, None),
        "facilities": found,
        "stations": stations,
    }
    return figures, curves


def _cost(pair: Sequence[Stays], stations: Sequence[int], *, band_s: float) -> dict[str, Any]:
    calm, disturbed = pair
    more_us = disturbed.by_passenger(stations) - calm.by_passenger(stations)
    persons = np.maximum(disturbed.persons(stations), calm.persons(stations))
    extra_us = disturbed.person_us(stations) - calm.person_us(stations)
    return {
        "extra_passenger_min": extra_us / US_PER_S / 60,
        "delayed": int(persons[more_us > band_s * US_PER_S].sum()),
        "worst_s": {
            "undisturbed": calm.worst_s(stations),
            "disturbed": disturbed.worst_s(stations),
        },
    }


def _curve(
    pair: Sequence[Stays], station: int, *, outage: Outage, band_s: float
) -> tuple[dict[str, list[float | None]], float | None]:
    """Both days' curves, and minutes after the outage from which they stay together."""
    last_us = max(int(each.rows.joined_us.max(initial=0)) for each in pair)
    bins = last_us // (BIN_S * US_PER_S) + 1
    lines = [each.curve(station, bins) for each in pair]
    apart = np.abs(lines[1] - lines[0]) > band_s  # False where either day has nobody
    apart |= np.isnan(lines[0]) & (np.nan_to_num(lines[1]) > band_s)
    apart[: outage.from_s // BIN_S] = False
    late: float | None = 0.0
    if apart[-1]:
        late = None
    elif apart.any():
        end_s = (int(np.flatnonzero(apart)[-1]) + 1) * BIN_S
        late = max(0.0, (end_s - outage.until_s) / 60)
    values = [[None if np.isnan(v) else float(v) for v in line] for line in lines]
    at_s: list[float | None] = [float(n * BIN_S) for n in range(bins)]
    return dict(zip(CURVES, (at_s, *values), strict=True)), late


def _mean_curves(days: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Means over days, bin by bin, of those that had anybody."""
    found = dict[str, Any]()
    for name in days[0]:
        longest = max((day[name]["at_s"] for day in days), key=len)
        found[name] = {"at_s": longest}
        for key in CURVES[1:]:
            table = np.full((len(days), len(longest)), np.nan)
            for row, day in enumerate(days):
                line = day[name][key]
                table[row, : len(line)] = [np.nan if v is None else v for v in line]
            counts = (~np.isnan(table)).sum(axis=0)
            sums = np.nansum(table, axis=0)
            found[name][key] = [
                float(total / count) if count else None
                for total, count in zip(sums, counts, strict=True)
            ]
    return found


def _facilities(names: Sequence[str]) -> dict[str, list[int]]:
    """Stations by facility: by what stands before the slash, "" where nothing does."""
    found: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        found.setdefault(name.rpartition("/")[0], []).append(row)
    return found


def _boarding(day: Day) -> set[str]:
    """Stations that board."""
    places = [place for step in day.scenario.spec.journey for place in (step, *step.options)]
    return {place.station for place in places if place.boards and place.station is not None}


def _missed(day: Day) -> NDArray[np.bool_]:
    return day.folded.people.final_kind == MISSED


def _people_of(day: Day, facility: str) -> NDArray[np.bool_] | None:
    """Whose facility it is; None for everybody."""
    number = day.folded.facility
    if number is None or not facility:
        return None
    names = list(dict.fromkeys(name.rpartition("/")[0] for name in day.folded.stations))
    names = [name for name in names if name]
    return number == names.index(facility) if facility in names else None


def _more(missed: Sequence[NDArray[np.bool_]], people: NDArray[np.bool_] | None) -> int:
    calm, disturbed = (each if people is None else each & people for each in missed)
    return int(disturbed.sum()) - int(calm.sum())
