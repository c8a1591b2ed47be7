"""Workloads of several facilities as one: everyone of a world in the order of arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.outages import OutageTable
from sim.demand.tables import passenger_table
from sim.demand.workload import SideTable, SideTables, Workload
from sim.scenario.program import Program

Array = NDArray[Any]

BY_ROW = ("service_us", "walk_us", "patience_us", "accepted_on", "retry_us", "call_us")
"""Columns with a row for each visit; they are laid end to end and stay where they are."""

BY_PERSON = ("choice", "second_choice", "switch_us")
"""Columns with a row for each passenger and a place for each step of their journey."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One facility's day, and where it has its place in the world's program.

    Attributes
    ----------
    id : str
        The facility.
    slots : int
        Slots of its journey.
    stations : ndarray of int32
        Number in the world of each of its stations.
    workload : Workload
        Its people, as drawn by itself.
    """

    id: str
    slots: int
    stations: NDArray[np.int32]
    workload: Workload


def merged_workload(parts: list[Part], *, program: Program, outages: OutageTable) -> Workload:
    """One workload of all parts; `parts` is emptied as it goes, to spare memory.

    Passengers come by instant of arrival; those of one instant in the order of the
    facilities, then as their facility has them. So members of a party stay together, and
    the people of each facility keep their order.

    Parameters
    ----------
    parts : list of Part
        In the order of the program's journeys.
    program : Program
        The world's.
    outages : OutageTable
        Those of all facilities and of the world itself.
    """
    days = [part.workload for part in parts]
    ids = [part.id for part in parts]
    people, rows = [len(day) for day in days], [len(day.service_us) for day in days]
    trips = [len(day.departure_us) for day in days]
    slots = [part.slots for part in parts]
    order = np.argsort(np.concatenate([day.arrival_us for day in days]), kind="stable")

    def of_all(columns: Sequence[Array]) -> Array:
        return np.concatenate(columns)[order]

    is_lead = of_all([day.is_lead for day in days])
    party = (np.cumsum(is_lead) - 1).astype(np.int32)
    arrival_us = of_all([day.arrival_us for day in days])
    party_size = of_all([day.party_size for day in days])
    traits = of_all([day.traits for day in days])
    departure = of_all(
        [
            np.where(day.departure >= 0, day.departure + before, -1).astype(np.int32)
            for day, before in zip(days, _before(trips), strict=True)
        ]
    )
    offsets = zip(days, _before(rows), _before(slots), strict=True)
    first = [day.first[:-1] + row - slot for day, row, slot in offsets]
    journey = of_all([np.full(n, k, dtype=np.int32) for k, n in enumerate(people)])
    tables = SideTables(
        passengers=passenger_table(
            party=party,
            party_size=party_size,
            departure=departure,
            birth=of_all([day.tables.passengers["birth"] for day in days]),
            arrival_us=arrival_us,
            traits=traits,
            bits=program.bits,
            flow=_flows(days, order),
            facility=journey,
        ),
        departures=_departures(ids, days),
        galleries=_galleries(ids, days),
    )
    gallery_of_slot = np.concatenate(_gallery_bases(days, trips))
    per_departure = np.concatenate([day.gallery_per_departure for day in days])
    departure_us = np.concatenate([day.departure_us for day in days])
    departure_gate = np.concatenate([day.departure_gate for day in days])
    columns = {name: [getattr(day, name) for day in days] for name in (*BY_ROW, *BY_PERSON)}
    del days
    parts.clear()
    return Workload(
        arrival_us=arrival_us,
        party=party,
        party_size=party_size,
        is_lead=is_lead,
        departure=departure,
        traits=traits,
        first=np.append(of_all(first), sum(rows)),
        route=None,
        **{name: _end_to_end(columns.pop(name)) for name in BY_ROW},
        **{name: _end_to_end(columns.pop(name))[order] for name in BY_PERSON},
        departure_us=departure_us,
        departure_gate=departure_gate,
        outage_at_us=outages.at_us,
        outage_station=outages.station,
        outage_server=outages.server,
        outage_is_end=outages.is_end,
        gallery_of_slot=gallery_of_slot.astype(np.int32),
        gallery_per_departure=per_departure,
        tables=tables,
        journey=journey,
        departure_journey=np.repeat(np.arange(len(trips), dtype=np.int32), trips),
    )


def _before(counts: Sequence[int]) -> list[int]:
    """How many come before each part."""
    return [sum(counts[:number]) for number in range(len(counts))]


def _end_to_end(columns: list[Array]) -> Array:
    """Columns one after the other, as wide as the widest."""
    if columns[0].ndim == 1:
        return np.concatenate(columns)
    width = max(column.shape[1] for column in columns)
    whole = np.zeros((sum(map(len, columns)), width), dtype=columns[0].dtype)
    row = 0
    while columns:
        column = columns.pop(0)
        whole[row : row + len(column), : column.shape[1]] = column
        row += len(column)
    return whole


def _flows(days: Sequence[Workload], order: NDArray[np.int64]) -> NDArray[np.int32] | None:
    tables = [day.tables.passengers.columns for day in days]
    if not any("flow" in table for table in tables):
        return None
    flows = [
        table.get("flow", np.full(len(day), -1, dtype=np.int32))
        for table, day in zip(tables, days, strict=True)
    ]
    return np.concatenate(flows)[order]


def _departures(ids: Sequence[str], days: Sequence[Workload]) -> SideTable:
    """Departures facility by facility, each under ``facility/id``."""
    tables = [day.tables.departures.columns for day in days]
    if any("planned_us" in table for table in tables):
        tables = [{"planned_us": table["at_us"], **table} for table in tables]
    columns = _stacked(tables, ids)
    lengths = [len(table["at_us"]) for table in tables]
    columns["facility"] = np.repeat(np.arange(len(tables), dtype=np.int32), lengths)
    return SideTable(columns)


def _galleries(ids: Sequence[str], days: Sequence[Workload]) -> SideTable:
    return SideTable(_stacked([day.tables.galleries.columns for day in days], ids))


def _stacked(tables: Sequence[Mapping[str, Array]], ids: Sequence[str]) -> dict[str, Array]:
    """Tables end to end, their ids under ``facility/id``; what one has not is 0 or "" there."""
    lengths = [len(next(iter(table.values()), ())) for table in tables]
    known = {name: column for table in reversed(tables) for name, column in table.items()}
    stacked: dict[str, Array] = {}
    for name in dict.fromkeys(name for table in tables for name in table):
        like = known[name]
        none = np.full(1, "", dtype=object) if like.dtype == object else np.zeros(1, like.dtype)
        parts = [
            table[name] if name in table else np.repeat(none, length)
            for table, length in zip(tables, lengths, strict=True)
        ]
        stacked[name] = np.concatenate(parts)
    if "id" in stacked:
        owners = np.repeat(np.array(ids, dtype=object), lengths)
        names = [f"{own}/{each}" for own, each in zip(owners, stacked["id"], strict=True)]
        stacked["id"] = np.array([*names, ""], dtype=object)[:-1]
    return stacked


def _gallery_bases(days: Sequence[Workload], trips: Sequence[int]) -> list[Array]:
    """First gallery of each slot; with one for each departure, what its number is added to."""
    sizes = [len(day.tables.galleries) for day in days]
    bases: list[Array] = []
    for day, rows, departures in zip(days, _before(sizes), _before(trips), strict=True):
        own = day.gallery_of_slot.astype(np.int64)
        shift = np.where(day.gallery_per_departure, rows - departures, rows)
        bases.append(np.where(own >= 0, own + shift, own))
    return bases
