"""Waits by class of passenger: each person's own, whoever queued for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.projections.day import Day
from sim.projections.visit_table import VisitRows, select
from sim.projections.waits import mean_s
from sim.scenario.guards import compile_guard, holds_for

NOWHERE = -1
"""First station of someone who never came to one."""


@dataclass(frozen=True, slots=True, eq=False)
class PersonVisits:
    """Visits by person: a party that was served as one is as many rows as it has persons.

    Attributes
    ----------
    passenger : ndarray of int64, shape (rows,)
        Row in the passenger table.
    station : ndarray of int16, shape (rows,)
        Where.
    wait_us, time_us : ndarray of int64, shape (rows,)
        Joining the queue to the start of service, or to leaving it unserved; joining to the
        end of service.
    """

    passenger: NDArray[np.int64]
    station: NDArray[np.int16]
    wait_us: NDArray[np.int64]
    time_us: NDArray[np.int64]


def person_visits(day: Day) -> PersonVisits:
    """The visits of a day person by person, in the order in which they began; no calls.

    Whoever still waits at the end has waited until the last event.
    """
    rows: VisitRows = select(day.visits.rows, ~day.visits.rows.is_call)
    left_us = np.minimum(rows.left_queue_us, day.last_us)
    ended_us = np.where(rows.ended_us < 0, day.last_us, rows.ended_us)
    wait_us = np.where(rows.has_balked, 0, left_us - rows.joined_us)
    owner = np.repeat(np.arange(len(rows)), rows.persons)
    firsts = np.cumsum(rows.persons) - rows.persons
    place = np.arange(len(owner)) - firsts[owner]
    return PersonVisits(
        passenger=rows.passenger[owner].astype(np.int64) + place,
        station=rows.station[owner],
        wait_us=wait_us[owner],
        time_us=(ended_us - rows.joined_us)[owner],
    )


def first_stations(visits: PersonVisits, passengers: int) -> NDArray[np.int16]:
    """The first station of each person, or `NOWHERE`."""
    found = np.full(passengers, NOWHERE, dtype=np.int16)
    found[visits.passenger[::-1]] = visits.station[::-1]  # the first is written last
    return found


def added_up(
    visits: PersonVisits,
    passengers: int,
    *,
    durations_us: NDArray[np.int64],
    stations: Collection[int],
) -> NDArray[np.int64]:
    """Each person's durations of visits to some stations, added up; shape (passengers,)."""
    chosen = np.isin(visits.station, list(stations))
    total = np.zeros(passengers, dtype=np.int64)
    np.add.at(total, visits.passenger[chosen], durations_us[chosen])
    return total


def members_of(
    classes: Mapping[str, str], traits: NDArray[np.int64], bits: Mapping[str, int]
) -> dict[str, NDArray[np.bool_]]:
    """Who belongs to each class, by traits on arrival; classes may overlap.

    Parameters
    ----------
    classes : mapping of str to str
        Condition on traits by name of the class.
    traits : ndarray of int64, shape (passengers,)
        Trait words.

    Examples
    --------
    >>> found = members_of({"bag": "bag", "all": ""}, np.array([0, 1]), {"bag": 0})
    >>> {name: mask.tolist() for name, mask in found.items()}
    {'bag': [False, True], 'all': [True, True]}
    """
    return {name: holds_for(compile_guard(when, bits), traits) for name, when in classes.items()}


def class_figures(
    day: Day, members: Mapping[str, NDArray[np.bool_]], *, zones: Mapping[str, Collection[int]]
) -> dict[str, dict[str, Any]]:
    """Persons, mean waits and times by zone, missed departures of each class, as plain JSON.

    Parameters
    ----------
    day : Day
        A run, folded.
    members : mapping of str to ndarray of bool
        Who belongs to each class.
    zones : mapping of str to collection of int
        Stations by the name of what they are added up to.
    """
    passengers = day.people.passengers
    visits = person_visits(day)
    has_missed = day.people.final_kind == CODE[Kind.MISSED_DEPARTURE]

    def by_zone(durations_us: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        return {
            zone: added_up(visits, passengers, durations_us=durations_us, stations=stations)
            for zone, stations in zones.items()
        }

    def means(zone_us: dict[str, NDArray[np.int64]], mask: NDArray[np.bool_]) -> dict[str, Any]:
        persons = int(np.count_nonzero(mask))
        return {zone: mean_s(int(us[mask].sum()), persons) for zone, us in zone_us.items()}

    waits_us, times_us = by_zone(visits.wait_us), by_zone(visits.time_us)
    return {
        name: {
            "persons": int(np.count_nonzero(mask)),
            "missed": int(np.count_nonzero(has_missed & mask)),
            "mean_wait_s": means(waits_us, mask),
            "mean_time_s": means(times_us, mask),
        }
        for name, mask in members.items()
    }
