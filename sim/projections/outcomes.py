"""What became of everyone: final outcomes of persons, and how long their journeys took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, FINAL_KINDS, LEAVES, Kind
from sim.events.log import EventBlock
from sim.projections.openings import opening_in
from sim.projections.threads import kind_table

NOT_YET = 255
"""Final kind of someone who is still present."""

OUTCOMES: dict[str, Kind] = {
    "boarded": Kind.BOARDED,
    "missed": Kind.MISSED_DEPARTURE,
    "exited": Kind.EXITED,
    "reneged": Kind.RENEGED,
    "balked": Kind.BALKED,
}
"""Name of each final outcome and the kind of event that is it."""

ARRIVED = CODE[Kind.ARRIVED]
ALWAYS_FINAL = kind_table(FINAL_KINDS)
MAYBE_FINAL = kind_table([Kind.BALKED, Kind.RENEGED])


def is_final(block: EventBlock) -> NDArray[np.bool_]:
    """Whether each event is the last of its passenger's journey."""
    leaves = MAYBE_FINAL[block.kind] & (block.detail == LEAVES)
    return (ALWAYS_FINAL[block.kind] | leaves) & (block.passenger >= 0)


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Each passenger's arrival and end.

    Attributes
    ----------
    arrived_us, final_us : ndarray of int64, shape (passengers,)
        Instants, or -1.
    final_kind : ndarray of uint8, shape (passengers,)
        Code of the final event, or `NOT_YET`.
    """

    arrived_us: NDArray[np.int64]
    final_us: NDArray[np.int64]
    final_kind: NDArray[np.uint8]

    @property
    def has_arrived(self) -> NDArray[np.bool_]:
        """Who has arrived."""
        return self.arrived_us >= 0

    @property
    def is_present(self) -> NDArray[np.bool_]:
        """Who has arrived and not left."""
        return self.has_arrived & (self.final_kind == NOT_YET)

    @property
    def passengers(self) -> int:
        """Persons who arrived."""
        return int(np.count_nonzero(self.has_arrived))

    def counts(self) -> dict[str, int]:
        """Persons by final outcome, and ``present``; they sum to `passengers`."""
        by_kind = np.bincount(self.final_kind[self.has_arrived], minlength=256).tolist()
        return {
            **{name: by_kind[CODE[kind]] for name, kind in OUTCOMES.items()},
            "present": by_kind[NOT_YET],
        }

    def journeys_us(self) -> NDArray[np.int64]:
        """Arrival to boarding or exit, of those whose journey was completed."""
        kinds = (CODE[Kind.BOARDED], CODE[Kind.EXITED])
        completed = self.has_arrived & np.isin(self.final_kind, kinds)
        return self.final_us[completed] - self.arrived_us[completed]


class Outcomes:
    """A fold from events to what became of everyone."""

    def __init__(self) -> None:
        self._arrived_us = np.full(0, -1, dtype=np.int64)
        self._final_us = np.full(0, -1, dtype=np.int64)
        self._final_kind = np.full(0, NOT_YET, dtype=np.uint8)

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        arrivals = np.flatnonzero((block.kind == ARRIVED) & (block.passenger >= 0))
        ends = np.flatnonzero(is_final(block))
        people = int(block.passenger.max(initial=-1)) + 1
        self._arrived_us = grown(self._arrived_us, people, -1)
        self._final_us = grown(self._final_us, people, -1)
        self._final_kind = grown(self._final_kind, people, NOT_YET)
        self._arrived_us[block.passenger[arrivals]] = block.at_us[arrivals]
        self._final_us[block.passenger[ends]] = block.at_us[ends]
        self._final_kind[block.passenger[ends]] = block.kind[ends]
        opening = opening_in(block)
        if opening is not None:
            self._forget_the_gone(before_us=opening.at_us)

    def result(self) -> People:
        """What became of everyone so far."""
        people = slice(_length(self._arrived_us, self._final_kind))
        return People(
            arrived_us=self._arrived_us[people].copy(),
            final_us=self._final_us[people].copy(),
            final_kind=self._final_kind[people].copy(),
        )

    def _forget_the_gone(self, *, before_us: int) -> None:
        """Who had left before a log opened in mid-day is none of its passengers."""
        gone = (self._final_kind != NOT_YET) & (self._final_us < before_us)
        self._arrived_us[gone] = self._final_us[gone] = -1
        self._final_kind[gone] = NOT_YET


def grown(column: NDArray, rows: int, empty: int) -> NDArray:
    """A column with room for at least `rows`, twice as much when it must grow."""
    if rows <= len(column):
        return column
    room = np.full(max(rows, 2 * len(column)) - len(column), empty, dtype=column.dtype)
    return np.concatenate([column, room])


def _length(arrived_us: NDArray[np.int64], final_kind: NDArray[np.uint8]) -> int:
    known = np.flatnonzero((arrived_us >= 0) | (final_kind != NOT_YET))
    return int(known[-1]) + 1 if len(known) else 0
