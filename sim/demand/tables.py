"""The passenger and departure tables that a log refers to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.demand.departures import Departures
from sim.events.log import SideTable

PASSENGER_COLUMNS = ("party", "party_size", "departure", "birth", "arrival_us", "traits")
"""Columns of every passenger table; one for each trait follows."""


def passenger_table(
    *,
    party: NDArray[np.int32],
    party_size: NDArray[np.int32],
    departure: NDArray[np.int32],
    birth: NDArray[np.int64],
    arrival_us: NDArray[np.int64],
    traits: NDArray[np.int64],
    bits: Mapping[str, int],
    flow: NDArray[np.int32] | None = None,
    facility: NDArray[np.int32] | None = None,
) -> SideTable:
    """Passengers by row, with a column of truth for each trait on arrival.

    ``departure`` and ``birth``, the number in the order in which the passengers of that
    departure were made, say who is the same in two runs of one seed. A trait whose id is
    another column's name has the column ``trait_<id>``. Where there are flows, ``flow`` is
    their number, and births are counted within each; in a world ``facility`` is the number
    of the passenger's.
    """
    columns: dict[str, NDArray] = {
        "party": party,
        "party_size": party_size,
        "departure": departure,
        "birth": birth,
        "arrival_us": arrival_us,
        "traits": traits,
    }
    if flow is not None:
        columns["flow"] = flow
    if facility is not None:
        columns["facility"] = facility
    for trait, bit in bits.items():
        name = f"trait_{trait}" if trait in columns else trait
        columns[name] = (traits >> bit) & 1 == 1
    return SideTable(columns)


def departure_table(departures: Departures, gates: NDArray[np.int32]) -> SideTable:
    """Departures by row, in order of time; ``planned_us`` stands there where some are late."""
    columns: dict[str, NDArray] = {
        "id": departures.id,
        "at_us": departures.at_us,
        "persons": departures.persons,
        "carrier": departures.carrier,
        "aircraft": departures.aircraft,
        "seats": departures.seats,
        "gate": gates,
        "international": departures.is_international,
    }
    if departures.planned_us is not None:
        columns["planned_us"] = departures.planned_us
    return SideTable(columns)
