"""Departures of the day as columns, from a table or generated without chance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import Fault, ScenarioError
from sim.scenario.booked import booked_rows
from sim.scenario.clock import US_PER_S
from sim.scenario.demand import DemandSpec, DepartureRow, Timetable
from sim.scenario.spec import ScenarioSpec

DAY_S = 86_400


@dataclass(frozen=True, slots=True, eq=False)
class Departures:
    """Departures in order of time, those of one instant in the order of the file.

    Attributes
    ----------
    id, carrier, aircraft : ndarray of str
        Identity, carrier and type; "" where not known.
    at_us : ndarray of int64
        Instant of departure.
    persons, seats : ndarray of int32
        Persons booked, and seats where known, else 0.
    gate : ndarray of int32
        Gate written in the table, or -1.
    is_international : ndarray of bool
        Whether it leaves the country.
    trait : ndarray of str
        Trait of the carrier's passengers, or "".
    expected_us : ndarray of int64
        Instant that passengers come for: of the departure as planned, or as they were told.
    planned_us : ndarray of int64 or None
        Instant as planned, where departures may be late; else None, and `at_us` is it.
    """

    id: NDArray[np.object_]
    at_us: NDArray[np.int64]
    persons: NDArray[np.int32]
    carrier: NDArray[np.object_]
    aircraft: NDArray[np.object_]
    seats: NDArray[np.int32]
    gate: NDArray[np.int32]
    is_international: NDArray[np.bool_]
    trait: NDArray[np.object_]
    expected_us: NDArray[np.int64]
    planned_us: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.at_us)


def departures_of(spec: ScenarioSpec) -> Departures:
    """Departures of a scenario's day as planned; none where people do not come for one."""
    rows = departure_rows(spec.demand, day_starts=spec.day_starts)
    origin = spec.demand.timetable or spec.demand.schedule
    carriers = origin.carriers if origin is not None else ()
    traits = {carrier.id: carrier.trait or "" for carrier in carriers}
    rows = sorted(rows, key=lambda row: row.at)
    at_us = np.array([row.at for row in rows], dtype=np.int64) * US_PER_S
    return Departures(
        id=_words([row.id for row in rows]),
        at_us=at_us,
        expected_us=at_us,
        persons=np.array([row.persons for row in rows], dtype=np.int32),
        carrier=_words([row.carrier for row in rows]),
        aircraft=_words([row.aircraft for row in rows]),
        seats=np.array([row.seats for row in rows], dtype=np.int32),
        gate=np.array([row.gate for row in rows], dtype=np.int32),
        is_international=np.array([row.international for row in rows], dtype=bool),
        trait=_words([traits.get(row.carrier, "") for row in rows]),
    )


def departure_rows(demand: DemandSpec, *, day_starts: int) -> tuple[DepartureRow, ...]:
    """The departures of a file or schedule, or those its timetable asks for.

    Raises
    ------
    ScenarioError
        If the table of departures has not been read.
    """
    if demand.timetable is not None:
        timetable: Any = demand.timetable  # pyright takes no frozen model for hashable
        return _rows_once(timetable, day_starts)
    if demand.schedule is not None:
        schedule: Any = demand.schedule
        if schedule.flights is None:
            message = f"{schedule.file} has not been read; load the scenario from its file"
            raise ScenarioError([Fault(message, key="demand.schedule")])
        return _booked_once(schedule)
    if isinstance(demand.departures, str):
        message = f"{demand.departures} has not been read; load the scenario from its file"
        raise ScenarioError([Fault(message, key="demand.departures")])
    return demand.departures or ()


def timetable_rows(timetable: Timetable, *, day_starts: int = 0) -> tuple[DepartureRow, ...]:
    """Departures spread evenly over each hour, with carriers and aircraft spread over the day.

    Each departure gets the carrier furthest behind its share so far, then the aircraft
    furthest behind its share, over all departures and those of the carrier together: the
    method of the largest remainder, applied to every prefix of the day. More departures in
    the evening change nothing in the morning.

    Parameters
    ----------
    timetable : Timetable
        Hourly counts and mixes.
    day_starts : int
        Seconds since midnight; hours before it belong to the end of the service day.

    Returns
    -------
    tuple of DepartureRow
        In order of time; ids such as ``VN-0615-01``, numbered within carrier and minute.
    """
    carriers = _Mix([carrier.share.value for carrier in timetable.carriers] or [1.0])
    aircraft = _Mix([aircraft.share.value for aircraft in timetable.aircraft])
    by_carrier = [aircraft.afresh() for _ in carriers.shares]
    used: Counter[str] = Counter()
    rows: list[DepartureRow] = []
    for at in _instants(timetable, day_starts=day_starts):
        carrier = _furthest(carriers.behind())
        both = zip(aircraft.behind(), by_carrier[carrier].behind(), strict=True)
        kind = _furthest([over_all + own for over_all, own in both])
        for mix, chosen in ((carriers, carrier), (aircraft, kind), (by_carrier[carrier], kind)):
            mix.take(chosen)
        name = timetable.carriers[carrier].id if timetable.carriers else ""
        stem = f"{name or 'DEP'}-{at // 3600:02d}{at // 60 % 60:02d}"
        used[stem] += 1
        seats = timetable.aircraft[kind].seats
        rows.append(
            DepartureRow(
                id=f"{stem}-{used[stem]:02d}",
                at=at,
                persons=int(seats * timetable.load_factor.value + 0.5),
                carrier=name,
                aircraft=timetable.aircraft[kind].id,
                seats=seats,
            )
        )
    return tuple(rows)


@lru_cache(maxsize=16)
def _rows_once(timetable: Any, day_starts: int) -> tuple[DepartureRow, ...]:
    """As `timetable_rows`; the days of a study share one timetable, and ask twice each."""
    return timetable_rows(timetable, day_starts=day_starts)


@lru_cache(maxsize=16)
def _booked_once(schedule: Any) -> tuple[DepartureRow, ...]:
    """As `booked_rows`; the days of a study share one schedule, and ask twice each."""
    return booked_rows(schedule)


def _instants(timetable: Timetable, *, day_starts: int) -> list[int]:
    """Middle of equal parts of each hour, in whole seconds."""
    instants = [
        hour * 3600 + int((number + 0.5) * 3600 / count.value)
        for hour, count in enumerate(timetable.per_hour)
        for number in range(int(count.value))
    ]
    return sorted(at if at >= day_starts else at + DAY_S for at in instants)


class _Mix:
    """How far each type is behind its share."""

    def __init__(self, shares: Sequence[float]) -> None:
        given = np.array(shares, dtype=float)
        if given.sum() <= 0:
            message = "shares sum to zero; give at least one a positive share"
            raise ScenarioError([Fault(message, key="demand.timetable")])
        self.shares: list[float] = (given / given.sum()).tolist()
        self._taken = [0] * len(self.shares)

    def afresh(self) -> _Mix:
        return _Mix(self.shares)

    def behind(self) -> list[float]:
        number = sum(self._taken) + 1
        pairs = zip(self.shares, self._taken, strict=True)
        return [share * number - taken if share > 0 else -math.inf for share, taken in pairs]

    def take(self, chosen: int) -> None:
        self._taken[chosen] += 1


def _furthest(behind: list[float]) -> int:
    """The first of those furthest behind."""
    return behind.index(max(behind))


def _words(words: Sequence[str]) -> NDArray[np.object_]:
    column = np.empty(len(words), dtype=object)
    column[:] = words
    return column
