"""Where a log opens in mid-day: before it stands only what is known of those present."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock

CARRIED_OVER = CODE[Kind.CARRIED_OVER]


@dataclass(frozen=True, slots=True)
class OpeningMark:
    """The first ``carried_over`` of a log.

    Attributes
    ----------
    seq : int
        Its position: what comes before was told by others.
    at_us : int
        When the run began.
    persons : int
        Persons who were there.
    """

    seq: int
    at_us: int
    persons: int


def opening_in(block: EventBlock) -> OpeningMark | None:
    """The opening of a log, where it is among these events."""
    rows = np.flatnonzero(block.kind == CARRIED_OVER)
    if not len(rows):
        return None
    row = rows[0]
    return OpeningMark(int(block.seq[row]), int(block.at_us[row]), int(block.detail[row]))
