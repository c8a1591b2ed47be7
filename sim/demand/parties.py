"""Who travels together: parties, and their members in the order in which they are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.births import Births
from sim.demand.departures import Departures
from sim.demand.streams import Streams
from sim.scenario.arrivals import Flow
from sim.scenario.demand import DemandSpec
from sim.scenario.figures import Figure

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
    flow : ndarray of int32, shape (parties,)
        Number of the flow, or -1.
    """

    births: Births
    members: Births
    size: NDArray[np.int64]
    departure: NDArray[np.int32]
    flow: NDArray[np.int32]

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
    sizes = _sizes(demand.party_sizes, persons, streams)
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
        flow=np.full(len(cohort), -1, dtype=np.int32),
    )


def parties_of_arrivals(demand: DemandSpec, arrivals: int, streams: Streams) -> Parties:
    """A party for each arrival by law."""
    births = Births.of_day(arrivals)
    size = _sizes(demand.party_sizes, births, streams)
    return Parties(
        births=births,
        members=Births.of_day(int(size.sum())),
        size=size,
        departure=np.full(arrivals, -1, dtype=np.int32),
        flow=np.full(arrivals, -1, dtype=np.int32),
    )


def parties_of_flows(demand: DemandSpec, arrivals: Sequence[int], streams: Streams) -> Parties:
    """A party for each arrival of each flow, one flow after the other.

    Every flow is a cohort of its own: its people hold their places whatever the others do.

    Parameters
    ----------
    arrivals : sequence of int
        Parties of each flow.
    """
    ids = [f"flow {flow.id}" for flow in demand.flows]
    births = Births.of_cohorts(ids, np.array(arrivals, dtype=np.int64))
    sizes = [
        _sizes(
            flow.party_sizes or demand.party_sizes, Births.of_cohorts([own], np.array([n])), streams
        )
        for flow, own, n in zip(demand.flows, ids, arrivals, strict=True)
    ]
    size = np.concatenate(sizes)
    return Parties(
        births=births,
        members=births.with_counts(np.array([each.sum() for each in sizes])),
        size=size,
        departure=np.full(len(size), -1, dtype=np.int32),
        flow=np.repeat(np.arange(len(sizes), dtype=np.int32), births.counts),
    )


def together(first: Parties, second: Parties) -> Parties:
    """Both, one after the other."""
    return Parties(
        births=_after(first.births, second.births),
        members=_after(first.members, second.members),
        size=np.concatenate((first.size, second.size)),
        departure=np.concatenate((first.departure, second.departure)),
        flow=np.concatenate((first.flow, second.flow)),
    )


def single_parties(persons: int) -> Parties:
    """Everyone alone, as the rows of a trace are."""
    births = Births.of_day(persons)
    return Parties(
        births=births,
        members=births,
        size=np.ones(persons, dtype=np.int64),
        departure=np.full(persons, -1, dtype=np.int32),
        flow=np.full(persons, -1, dtype=np.int32),
    )


def mean_party_size(demand: DemandSpec, flow: Flow | None = None) -> float:
    """Mean size of a party by the shares of the scenario, or of one flow's own."""
    own = flow.party_sizes if flow is not None else None
    shares = [share.value for share in own or demand.party_sizes]
    return sum((k + 1) * share for k, share in enumerate(shares)) / sum(shares)


def _after(first: Births, second: Births) -> Births:
    counts = np.concatenate((first.counts, second.counts))
    return Births(first.origins + second.origins, counts)


def _sizes(party_sizes: Sequence[Figure], births: Births, streams: Streams) -> NDArray[np.int64]:
    shares = np.array([share.value for share in party_sizes])
    if not shares[1:].any():
        return np.ones(len(births), dtype=np.int64)
    heights = np.cumsum(shares) / shares.sum()
    heights[np.flatnonzero(shares)[-1] :] = 1.0
    return np.searchsorted(heights, streams.uniforms(STREAM, births), side="left") + 1
