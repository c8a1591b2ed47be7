"""Biometric decisions by place: who was rejected wrongly, and who was let in wrongly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, EventLog

ACCEPTED = CODE[Kind.MATCH_ACCEPTED]
REJECTED = CODE[Kind.MATCH_REJECTED]
REFERRED = CODE[Kind.REFERRED]
COUNTED = {"accepted": ACCEPTED, "rejected": REJECTED, "referred": REFERRED}
"""Decisions, and the code of the event that is each."""


class MatchErrors:
    """A fold from events to decisions by station, for the genuine and for impostors.

    Parameters
    ----------
    is_impostor : ndarray of bool, shape (passengers,)
        Who is not the person claimed, or presents an artefact.
    stations : int
        Stations of the log.
    """

    def __init__(self, is_impostor: NDArray[np.bool_], *, stations: int) -> None:
        self._is_impostor = is_impostor
        self._counts = np.zeros((stations, 2, len(COUNTED)), dtype=np.int64)

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        for column, code in enumerate(COUNTED.values()):
            rows = np.flatnonzero((block.kind == code) & (block.station >= 0))
            who = self._is_impostor[block.passenger[rows]].astype(np.intp)
            np.add.at(self._counts[:, :, column], (block.station[rows], who), 1)

    def result(self) -> NDArray[np.int64]:
        """Counts, shape (stations, 2, 3): genuine and impostors; as in `COUNTED`."""
        return self._counts.copy()


def match_errors(log: EventLog, is_impostor: NDArray[np.bool_]) -> dict[str, dict[str, Any]]:
    """False rejects and false accepts at each station that decided anything, as plain JSON.

    Returns
    -------
    dict
        By station, of the ``genuine``: ``attempts``, those ``rejected`` wrongly with their
        share, and persons ``referred`` after the last one; of ``impostors``: ``attempts``,
        persons ``accepted`` wrongly and persons ``referred``. Shares are None where nobody
        tried.
    """
    fold = MatchErrors(is_impostor, stations=len(log.stations))
    for block in log.blocks():
        fold.update(block)
    found: dict[str, dict[str, Any]] = {}
    for name, (genuine, impostors) in zip(log.stations, fold.result().tolist(), strict=True):
        if any(genuine) or any(impostors):
            found[name] = {"genuine": _genuine(*genuine), "impostors": _impostors(*impostors)}
    return found


def _genuine(accepted: int, rejected: int, referred: int) -> dict[str, Any]:
    return {
        "attempts": accepted + rejected,
        "rejected": rejected,
        "rejected_share": _share(rejected, accepted + rejected),
        "persons": accepted + referred,
        "referred": referred,
        "referred_share": _share(referred, accepted + referred),
    }


def _impostors(accepted: int, rejected: int, referred: int) -> dict[str, Any]:
    return {
        "attempts": accepted + rejected,
        "persons": accepted + referred,
        "accepted": accepted,
        "accepted_share": _share(accepted, accepted + referred),
        "referred": referred,
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
