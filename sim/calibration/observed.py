"""An observed log as columns: cases and their visits, without names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NONE = -1
"""An instant or row that the log does not give."""


class Ended(IntEnum):
    """How a visit ended, as far as the log says."""

    COMPLETED = 0
    RENEGED = 1
    BALKED = 2
    OPEN = 3  # the log ends before the visit does
    LOST = 4  # its end was not recorded, though the case or the server went on


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """One row per passenger.

    Attributes
    ----------
    day : ndarray of int64
        Which of the log's days the case belongs to.
    arrived_us, departure_us : ndarray of int64
        Microseconds since midnight of that day, or -1.
    party : ndarray of int64
        Cases of one number travel together; the first of them leads.
    traits : dict of str to ndarray of bool
        What the log tells of each passenger, by the scenario's name for it.
    """

    day: Ints
    arrived_us: Ints
    departure_us: Ints
    party: Ints
    traits: dict[str, Flags]

    def __len__(self) -> int:
        return len(self.day)

    @property
    def is_lead(self) -> Flags:
        """Who is the first of a party."""
        leads = np.zeros(len(self), dtype=bool)
        leads[np.unique(self.party, return_index=True)[1]] = True
        return leads


@dataclass(frozen=True, slots=True, eq=False)
class Stays:
    """One row per visit of a case to a station, in the order in which each case made them.

    Attributes
    ----------
    case, station : ndarray of int64
        Row of the case and of the station.
    joined_us, started_us, ended_us : ndarray of int64
        Joining, last start of service, end; or -1.
    paused_us : ndarray of int64
        Time after that start in which no server worked.
    ended : ndarray of int64
        See `Ended`.
    persons : ndarray of int64
        Persons served as one.
    is_call : ndarray of bool
        Whether it lies within the case's service elsewhere.
    tried_us : ndarray of int64
        End of the first biometric attempt, or -1.
    is_refused : ndarray of bool
        Whether that attempt was rejected.
    """

    case: Ints
    station: Ints
    joined_us: Ints
    started_us: Ints
    ended_us: Ints
    paused_us: Ints
    ended: Ints
    persons: Ints
    is_call: Flags
    tried_us: Ints
    is_refused: Flags

    def __len__(self) -> int:
        return len(self.case)

    def at(self, rows: NDArray) -> Stays:
        """Some of the visits."""
        return Stays(*(getattr(self, each.name)[rows] for each in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class ObservedLog:
    """What one or several logs say, ready to be estimated from.

    Attributes
    ----------
    names : tuple of str
        Files it was read from, without their folders.
    stations : tuple of str
        Stations by row, as the log calls them.
    until_us : int
        Last instant of the log.
    days : int
        Service days it covers.
    resolution_us : int
        Unit that every instant is a whole multiple of.
    has_parties, has_arrivals : bool
        Whether it says who travels together, and when people came to the door.
    remarks : tuple of str
        What was dropped or set aside in reading, in sentences.
    """

    names: tuple[str, ...]
    stations: tuple[str, ...]
    cases: Cases
    stays: Stays
    until_us: int
    days: int
    resolution_us: int
    has_parties: bool
    has_arrivals: bool
    remarks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The files in a few words."""
        first, *others = self.names
        return first if not others else f"{first} and {len(others)} more"


def resolution_of(instants_us: Ints) -> int:
    """Coarsest of minute, second, millisecond and microsecond that all instants are in."""
    for unit in (60_000_000, 1_000_000, 1_000):
        if len(instants_us) and not np.any(instants_us % unit):
            return unit
    return 1


def together(logs: Sequence[ObservedLog]) -> ObservedLog:
    """Several logs as one: their days one after the other, no case in two of them."""
    if len(logs) == 1:
        return logs[0]
    stations = tuple(dict.fromkeys(name for log in logs for name in log.stations))
    known = set.intersection(*(set(log.cases.traits) for log in logs))
    cases, stays, day, row, party = [], [], 0, 0, 0
    for log in logs:
        place = np.array([stations.index(name) for name in log.stations] or [0])
        traits = {name: log.cases.traits[name] for name in sorted(known)}
        cases.append(
            replace(
                log.cases, day=log.cases.day + day, party=log.cases.party + party, traits=traits
            )
        )
        stays.append(
            replace(log.stays, case=log.stays.case + row, station=place[log.stays.station])
        )
        day += log.days
        row += len(log.cases)
        party += int(log.cases.party.max(initial=-1)) + 1
    return ObservedLog(
        names=tuple(name for log in logs for name in log.names),
        stations=stations,
        cases=Cases(
            *(
                np.concatenate([getattr(each, name) for each in cases])
                for name in ("day", "arrived_us", "departure_us", "party")
            ),
            traits={
                name: np.concatenate([each.traits[name] for each in cases])
                for name in sorted(known)
            },
        ),
        stays=Stays(
            *(
                np.concatenate([getattr(each, field.name) for each in stays])
                for field in fields(Stays)
            )
        ),
        until_us=max(log.until_us for log in logs),
        days=day,
        resolution_us=max(log.resolution_us for log in logs),
        has_parties=all(log.has_parties for log in logs),
        has_arrivals=all(log.has_arrivals for log in logs),
        remarks=tuple(dict.fromkeys(remark for log in logs for remark in log.remarks)),
    )
