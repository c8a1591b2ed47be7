"""A day's passengers with every draw they will need, as plain columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events.log import SideTable, SideTables

FOR_EVER = -1
"""Patience of a customer who never leaves the queue."""

SKIPS = -1
"""Service time of a slot the passenger does not visit (a blank in a trace)."""

NOT_SENT = -1
"""Service time of a call that is not made for the passenger."""

UNIFORM_BITS = 31
"""Choice draws are integers below ``2 ** UNIFORM_BITS``."""


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """Everything about a day that chance decides; the engine adds nothing to it.

    Passengers are rows in order of arrival, members of a party next to each other with the
    lead first. Draws for visits are one-dimensional: passenger ``p``'s *k*-th position is row
    ``first[p] + k``. Positions are the program's slots, unless `route` lists them.

    Attributes
    ----------
    arrival_us : ndarray of int64, shape (n,)
        Arrival at the facility, not decreasing.
    party, party_size, departure : ndarray of int32, shape (n,)
        Party number, persons in it, row of the departure or -1.
    is_lead : ndarray of bool, shape (n,)
        Whether the passenger is the first of the party.
    traits : ndarray of int64, shape (n,)
        Trait bits on arrival.
    first : ndarray of int64, shape (n + 1,)
        First row of each passenger in the columns below.
    route : ndarray of int32 or None, shape (rows,)
        Slot of each position where routes are random; None where positions are the slots.
    service_us : ndarray of int64, shape (rows,)
        Service time; `SKIPS` where the passenger skips the slot. At a station served per
        party the lead's row holds the time of the whole party.
    walk_us : ndarray of int64, shape (rows,)
        Walk to reach the station.
    patience_us : ndarray of int64, shape (rows,)
        Longest wait before leaving the queue, or `FOR_EVER`.
    accepted_on : ndarray of uint8, shape (rows,)
        Attempt on which a biometric match is accepted, from 1; 0 where all are rejected.
    retry_us : ndarray of int64, shape (rows, attempts - 1)
        Time of each further attempt; no columns where nothing matches.
    call_us : ndarray of int64, shape (rows, calls)
        Service time of each call at the station called: column ``attempt * c + k`` for the
        *k*-th of *c* calls on an attempt from 0, or `NOT_SENT`; no columns where nothing
        calls.
    choice, second_choice : ndarray of int64, shape (n, steps)
        Uniform integers below ``2 ** 31`` for the choice at a step, and for choosing again
        where a policy forbids the first; no columns where no step offers a choice.
    switch_us : ndarray of int64, shape (n, steps)
        Estimated wait beyond which the passenger leaves the preferred option; no columns
        where no step prefers.
    departure_us, departure_gate : ndarray, shape (m,)
        Instant of each departure, and its gate or -1.
    outage_at_us, outage_station, outage_server, outage_is_end : ndarray, shape (k,)
        Failures and repairs in order of time; server -1 is the whole bank.
    gallery_of_slot : ndarray of int32, shape (slots,)
        First gallery row of each slot that matches, else -1.
    gallery_per_departure : ndarray of bool, shape (slots,)
        Whether that slot has one gallery per departure, in the departures' order.
    tables : SideTables
        What the log refers to.
    journey : ndarray of int32 or None, shape (n,)
        In a world, which of the program's journeys each passenger makes; None: the only one.
        Then ``first[p] + slot`` is the row of a slot of that journey, so that `first` may be
        below zero, and choices count from the first step of the journey.
    departure_journey : ndarray of int32 or None, shape (m,)
        The same of the departures.
    """

    arrival_us: NDArray[np.int64]
    party: NDArray[np.int32]
    party_size: NDArray[np.int32]
    is_lead: NDArray[np.bool_]
    departure: NDArray[np.int32]
    traits: NDArray[np.int64]
    first: NDArray[np.int64]
    route: NDArray[np.int32] | None
    service_us: NDArray[np.int64]
    walk_us: NDArray[np.int64]
    patience_us: NDArray[np.int64]
    accepted_on: NDArray[np.uint8]
    retry_us: NDArray[np.int64]
    call_us: NDArray[np.int64]
    choice: NDArray[np.int64]
    second_choice: NDArray[np.int64]
    switch_us: NDArray[np.int64]
    departure_us: NDArray[np.int64]
    departure_gate: NDArray[np.int32]
    outage_at_us: NDArray[np.int64]
    outage_station: NDArray[np.int32]
    outage_server: NDArray[np.int32]
    outage_is_end: NDArray[np.bool_]
    gallery_of_slot: NDArray[np.int32]
    gallery_per_departure: NDArray[np.bool_]
    tables: SideTables
    journey: NDArray[np.int32] | None = None
    departure_journey: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.arrival_us)


__all__ = ["FOR_EVER", "NOT_SENT", "SKIPS", "UNIFORM_BITS", "SideTable", "SideTables", "Workload"]
