"""Who travels together: parties, and their members in the order in which they are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.births import Births
from sim.demand.departures import Departures
from sim.demand.streams import Streams
from sim.scenario.demand import DemandSpec

STREAM = "party"


@dataclass(frozen=True, slots=True, eq=False)
class Parties:
    """Everyone of a day, before it is known when they arrive.

    Attributes
    ----------
    births : Births
        Parties by cohort: the departure, or the day.
    members : Births
        Persons by cohort, those of a party next to each other, the lead first.
    size : ndarray of int64, shape (parties,)
        Persons in each party.
    departure : ndarray of int32, shape (parties,)
        Row of the departure, or -1.
    """

    births: Births
    members: Births
    size: NDArray[np.int64]
    departure: NDArray[np.int32]

    @property
    def lead(self) -> NDArray[np.int64]:
        """Row of the person who leads each party."""
        return np.cumsum(self.size) - self.size

    @property
    def of_member(self) -> NDArray[np.int64]:
        """Row of the party of each person."""
        return np.repeat(np.arange(len(self.size), dtype=np.int64), self.size)


def parties_of_departures(demand: DemandSpec, departures: Departures, streams: Streams) -> Parties:
    """Parties by the shares of their sizes until everyone booked has one; the last is cut."""
    booked = departures.persons.astype(np.int64)
    persons = Births.of_cohorts(departures.id.tolist(), booked)
    sizes = _sizes(demand, persons, streams)
    starts = persons.starts
    before = np.cumsum(sizes) - sizes
    first_before = np.append(before, 0)[np.minimum(starts, len(sizes))]
    seated = before - np.repeat(first_before, booked)  # of the same departure, before this party
    left = np.repeat(booked, booked) - seated
    comes = left > 0
    cohort = np.repeat(np.arange(len(booked)), booked)[comes]
    return Parties(
        births=persons.with_counts(np.bincount(cohort, minlength=len(booked))),
        members=persons,
        size=np.minimum(sizes, left)[comes],
        departure=cohort.astype(np.int32),
    )


def parties_of_arrivals(demand: DemandSpec, arrivals: int, streams: Streams) -> Parties:
    """A party for each arrival by law."""
    births = Births.of_day(arrivals)
    size = _sizes(demand, births, streams)
    return Parties(
        births=births,
        members=Births.of_day(int(size.sum())),
        size=size,
        departure=np.full(arrivals, -1, dtype=np.int32),
    )


def single_parties(persons: int) -> Parties:
    """Everyone alone, as the rows of a trace are."""
    births = Births.of_day(persons)
    return Parties(
        births=births,
        members=births,
        size=np.ones(persons, dtype=np.int64),
        departure=np.full(persons, -1, dtype=np.int32),
    )


def mean_party_size(demand: DemandSpec) -> float:
    """Mean size of a party by the shares of the scenario."""
    shares = [share.value for share in demand.party_sizes]
    return sum((k + 1) * share for k, share in enumerate(shares)) / sum(shares)


def _sizes(demand: DemandSpec, births: Births, streams: Streams) -> NDArray[np.int64]:
    shares = np.array([share.value for share in demand.party_sizes])
    if not shares[1:].any():
        return np.ones(len(births), dtype=np.int64)
    heights = np.cumsum(shares) / shares.sum()
    heights[np.flatnonzero(shares)[-1] :] = 1.0
    return np.searchsorted(heights, streams.uniforms(STREAM, births), side="left") + 1
