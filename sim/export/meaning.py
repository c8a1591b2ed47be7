"""What `ref` and `detail` mean for each kind, and whom an event is about."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import KINDS, Kind
from sim.events.log import NOBODY, EventBlock, SideTables
from sim.projections.parties import Parties
from sim.projections.threads import kind_table

INSTANTS = {"arrival_us": "arrives_at", "at_us": "leaves_at"}
"""Columns of the side tables that hold instants, and their names where they are such."""


_REFS: dict[Literal["departure", "batch", "gallery", "position"], tuple[Kind, ...]] = {
    "departure": (
        Kind.ARRIVED,
        Kind.CHECKED_IN,
        Kind.BOARDED,
        Kind.MISSED_DEPARTURE,
        Kind.BOARDING_OPENED,
        Kind.BOARDING_CLOSED,
        Kind.DEPARTURE_LEFT,
    ),
    "batch": (Kind.SERVICE_STARTED, Kind.SERVICE_INTERRUPTED, Kind.SERVICE_COMPLETED),
    "gallery": (Kind.MATCH_REQUESTED, Kind.MATCH_ACCEPTED, Kind.MATCH_REJECTED),
    "position": (Kind.CARRIED_OVER,),
}

_DETAILS: dict[str, tuple[Kind, ...]] = {
    "traits": (Kind.ARRIVED, Kind.ENROLLED),
    "option": (Kind.CHANNEL_CHOSEN,),
    "persons": (
        Kind.QUEUE_JOINED,
        Kind.SERVICE_STARTED,
        Kind.SERVICE_PAUSED,
        Kind.SERVICE_RESUMED,
        Kind.SERVICE_INTERRUPTED,
        Kind.SERVICE_COMPLETED,
    ),
    "leaves": (Kind.BALKED, Kind.RENEGED),
    "attempt": (Kind.MATCH_REQUESTED, Kind.MATCH_ACCEPTED, Kind.MATCH_REJECTED),
    "attempts": (Kind.REFERRED,),
    "servers_open": (Kind.SERVERS_CHANGED, Kind.OUTAGE_STARTED, Kind.OUTAGE_ENDED),
    "mode": (Kind.DEGRADED_STARTED, Kind.DEGRADED_ENDED),
    "policy": (Kind.POLICY_EFFECTIVE,),
    "carried": (Kind.CARRIED_OVER,),
}

_REF_OF = {kind: name for name, kinds in _REFS.items() for kind in kinds}
_DETAIL_OF = {kind: name for name, kinds in _DETAILS.items() for kind in kinds}

REF_NAMES = tuple(_REF_OF.get(kind) for kind in KINDS)
"""What the ``ref`` of each kind points to, by code; None where it says nothing."""

DETAIL_NAMES = tuple(_DETAIL_OF.get(kind) for kind in KINDS)
"""What the ``detail`` of each kind tells, by code; None where it says nothing."""

COUNTS_PERSONS = kind_table(_DETAILS["persons"])
"""Kinds whose ``detail`` says how many persons one customer stands for, by code."""

REFERS_TO_DEPARTURE = kind_table(_REFS["departure"])
"""Kinds whose ``ref`` is a departure, by code."""


def persons_of(block: EventBlock, parties: Parties) -> NDArray[np.int64]:
    """How many persons of the table each event is about: a party served as one counts whole.

    Parameters
    ----------
    block : EventBlock
        Events.
    parties : Parties
        Who travels with whom.

    Returns
    -------
    ndarray of int64
        0 for an event of the facility. The persons are the event's passenger and those in
        the rows behind: members of a party are next to each other, the lead first.
    """
    persons = (block.passenger != NOBODY).astype(np.int64)
    counted = np.flatnonzero(COUNTS_PERSONS[block.kind] & (block.passenger >= 0))
    counted = counted[block.passenger[counted] < len(parties)]
    who = block.passenger[counted]
    room = np.where(parties.lead[who] == who, parties.size[who], 1)
    persons[counted] = np.clip(block.detail[counted], 1, room)
    return persons


def told_to_each(
    block: EventBlock, parties: Parties
) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.bool_]]:
    """Every event once for each person it is about.

    Returns
    -------
    rows : ndarray of intp
        Row of the event in the block, in order.
    passenger : ndarray of int32
        The person.
    is_with_lead : ndarray of bool
        Whether someone else, the lead of the party, carries the event in the log.
    """
    persons = persons_of(block, parties)
    rows = np.repeat(np.arange(len(block)), persons)
    first = np.cumsum(persons) - persons
    place = np.arange(len(rows)) - first[rows]
    passenger = (block.passenger[rows] + place).astype(np.int32)
    return rows, passenger, place > 0


def party_numbers(tables: SideTables) -> NDArray[np.int64] | None:
    """The party of each passenger, or None where the run knows none."""
    column = tables.passengers.columns.get("party")
    return None if column is None else column.astype(np.int64)
