"""The facility at every whole minute, and who moved in between: what a playback shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.projections.day import Day
from sim.projections.flows import moves
from sim.projections.occupancy import queue_length

MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Persons on the way from one place to another.

    Attributes
    ----------
    source, target : str
        As in `sim.projections.flows.Flow`.
    persons : ndarray of int64, shape (minutes,)
        How many came to the target after the minute before, up to and at this one.
    """

    source: str
    target: str
    persons: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Minutes:
    """A day, minute by minute.

    Attributes
    ----------
    at_us : ndarray of int64, shape (minutes,)
        Whole minutes, the first no later than any event.
    open, busy, persons : ndarray of int64, shape (stations, minutes)
        Servers open, servers at work and persons waiting after all events at or before each
        minute, as `sim.projections.state_at` has them.
    arrived, left : ndarray of int64, shape (minutes,)
        Persons who have come, and who have reached their final outcome.
    links : tuple of Link
        By source and target; together the flows of the day without those still present.
    """

    at_us: NDArray[np.int64]
    open: NDArray[np.int64]
    busy: NDArray[np.int64]
    persons: NDArray[np.int64]
    arrived: NDArray[np.int64]
    left: NDArray[np.int64]
    links: tuple[Link, ...]


def minutes_of(day: Day, *, from_us: int = 0, every_us: int = MINUTE_US) -> Minutes:
    """The day at every whole minute, from an instant to the first not before the last event.

    Parameters
    ----------
    day : Day
        A folded log.
    from_us : int
        What came before counts in the first minute.
    every_us : int
        Length of what is a minute here.
    """
    first, last = from_us // every_us, -(-day.last_us // every_us)
    at_us = np.arange(first, max(first, last) + 1, dtype=np.int64) * every_us
    stations = day.station_days()
    shape = (len(stations), len(at_us))
    people = day.people
    return Minutes(
        at_us=at_us,
        open=np.reshape([each.open.at(at_us) for each in stations], shape),
        busy=np.reshape([each.busy.at(at_us) for each in stations], shape),
        persons=np.reshape(
            [queue_length(each.visits, in_persons=True).at(at_us) for each in stations], shape
        ),
        arrived=_so_far(people.arrived_us[people.has_arrived], at_us),
        left=_so_far(people.final_us[people.final_us >= 0], at_us),
        links=_links(day, at_us),
    )


def _so_far(instants: NDArray[np.int64], at_us: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(np.sort(instants), at_us, side="right").astype(np.int64)


def _links(day: Day, at_us: NDArray[np.int64]) -> tuple[Link, ...]:
    found = moves(day.visits, day.people, day.parties, stations=day.stations)
    has_come = found.at_us >= 0
    source, target = found.source[has_come], found.target[has_come]
    minute = np.searchsorted(at_us, found.at_us[has_come], side="left")
    names = found.names
    pair = source * len(names) + target
    pairs, which = np.unique(pair, return_inverse=True)
    counts = np.bincount(which * len(at_us) + minute, minlength=len(pairs) * len(at_us))
    return tuple(
        Link(names[each // len(names)], names[each % len(names)], persons)
        for each, persons in zip(
            pairs.tolist(), counts.reshape(len(pairs), len(at_us)), strict=True
        )
    )
