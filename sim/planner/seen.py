"""What a simulation showed of one station on one day, or of departures in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock
from sim.projections.visit_table import VisitRows

DEPARTURES = ""
"""The place of departures among stations: whoever has one joins, who leaves with it starts."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The visits to one station on one day, in order of joining.

    Attributes
    ----------
    passenger : ndarray of int32, shape (n,)
    joined_us, started_us, service_us : ndarray of int64, shape (n,)
        Start is -1 for those never served; their service then is what they would have taken, 0.
    left_us : ndarray of int64, shape (n,)
        When they left the queue, served or not.
    persons : ndarray of int64, shape (n,)
        Persons of each customer.
    """

    passenger: NDArray[np.int32]
    joined_us: NDArray[np.int64]
    started_us: NDArray[np.int64]
    service_us: NDArray[np.int64]
    left_us: NDArray[np.int64]
    persons: NDArray[np.int64]

    @classmethod
    def of(cls, rows: VisitRows) -> Seen:
        """The visits to one station."""
        order = np.argsort(rows.joined_us, kind="stable")
        return cls(
            rows.passenger[order],
            rows.joined_us[order],
            rows.started_us[order],
            rows.worked_us[order],
            rows.left_queue_us[order],
            rows.persons[order].astype(np.int64),
        )

    def served_at(self, started_us: NDArray[np.int64]) -> Seen:
        """The same customers, had they all been served at other instants."""
        return replace(self, started_us=started_us, left_us=started_us)


class Departed:
    """A fold over a day: who left with the departure and who missed it."""

    def __init__(self) -> None:
        self._found: list[tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]]] = []

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        is_missed = block.kind == CODE[Kind.MISSED_DEPARTURE]
        is_end = is_missed | (block.kind == CODE[Kind.BOARDED])
        if is_end.any():
            self._found.append((block.passenger[is_end], block.at_us[is_end], is_missed[is_end]))

    def result(self) -> Seen:
        """Passengers with a departure in the place of visits; those who missed never start."""
        passenger, at_us, is_missed = (
            np.concatenate(column) for column in zip(*_some(self._found), strict=True)
        )
        order = np.argsort(at_us, kind="stable")
        at_us, is_missed = at_us[order].copy(), is_missed[order]
        return Seen(
            passenger[order],
            at_us,
            np.where(is_missed, -1, at_us),
            np.zeros_like(at_us),
            at_us,
            np.ones_like(at_us),
        )


def _some(
    found: list[tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]]],
) -> Iterable[tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]]]:
    return found or [(np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.bool_))]
