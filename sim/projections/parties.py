"""Who travels with whom, and how many persons a customer stands for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.events.log import SideTables
from sim.projections.ordering import starts_of_runs
from sim.projections.visit_table import VisitTable


@dataclass(frozen=True, slots=True, eq=False)
class Parties:
    """The party of each passenger; members are next to each other, the lead first.

    Attributes
    ----------
    lead : ndarray of int32, shape (passengers,)
        Row of the lead.
    size : ndarray of int32, shape (passengers,)
        Persons in the party.
    """

    lead: NDArray[np.int32]
    size: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.lead)


def parties_of(tables: SideTables) -> Parties:
    """Parties from the ``party`` column of the passenger table; without it, each alone."""
    table = tables.passengers
    if "party" not in table.columns:
        return Parties(np.arange(len(table), dtype=np.int32), np.ones(len(table), dtype=np.int32))
    first = np.flatnonzero(starts_of_runs(table["party"])) if len(table) else np.zeros(0, np.intp)
    size = np.diff(np.append(first, len(table)))
    return Parties(np.repeat(first, size).astype(np.int32), np.repeat(size, size).astype(np.int32))


def with_persons_of_balks(
    visits: VisitTable, parties: Parties, *, is_per_party: NDArray[np.bool_]
) -> VisitTable:
    """Visits in which a party that balked counts all its persons.

    A balk does not say how many turned away. At a station that serves parties it was the
    whole party, unless the party had parted before: that is, unless its lead had been at a
    station that serves persons.

    Parameters
    ----------
    visits : VisitTable
        All visits.
    parties : Parties
        Who travels with whom.
    is_per_party : ndarray of bool, shape (stations,)
        Which stations serve a party as one customer.
    """
    rows = visits.rows
    balks = np.flatnonzero(rows.has_balked & is_per_party[rows.station] & ~rows.is_call)
    balks = balks[rows.passenger[balks] < len(parties)]
    balks = balks[parties.lead[rows.passenger[balks]] == rows.passenger[balks]]
    if not len(balks):
        return visits
    never = np.iinfo(np.int64).max
    parted_seq = np.full(int(rows.passenger.max()) + 1, never)
    alone = np.flatnonzero(~is_per_party[rows.station] & ~rows.is_call)[::-1]
    parted_seq[rows.passenger[alone]] = rows.joined_seq[alone]
    together = balks[parted_seq[rows.passenger[balks]] > rows.joined_seq[balks]]
    persons = rows.persons.copy()
    persons[together] = parties.size[rows.passenger[together]]
    return VisitTable(replace(rows, persons=persons), visits.pieces)
