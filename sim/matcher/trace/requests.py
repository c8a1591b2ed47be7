"""The match requests of a run, as its log has them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.events.kinds import CODE, Kind
from sim.events.log import EventLog
from sim.events.reader import StoredLog

US_PER_S = 1_000_000
TEN_MINUTES_S = 600.0
ENOUGH = 20_000
"""Requests a replay in real time asks for, so that its 99.9th percentile means something."""


KINDS = ("departure", "airport-day", "city", "national", "chip", "vneid")
"""Galleries that a match may ask, by their name in a scenario."""


@dataclass(frozen=True, slots=True)
class Requests:
    """When somebody was to be recognised, and among whom.

    Attributes
    ----------
    at_s : ndarray of float64, shape (n,)
        Instants, not decreasing.
    gallery : ndarray of int64, shape (n,)
        Which gallery of the run, in the order of its table.
    sizes : ndarray of int64
        People in each gallery.
    kinds : tuple of str
        What each gallery is: ``departure``, ``vneid``, …
    passengers : int
        Persons of the run.
    """

    at_s: NDArray[np.float64]
    gallery: NDArray[np.int64]
    sizes: NDArray[np.int64]
    kinds: tuple[str, ...]
    passengers: int

    def __len__(self) -> int:
        return len(self.at_s)

    def between(self, first: int, last: int) -> Requests:
        """Some of them, by row."""
        part = slice(first, last)
        return Requests(
            self.at_s[part], self.gallery[part], self.sizes, self.kinds, self.passengers
        )

    def of_kind(self, kind: str) -> Requests:
        """Those that ask galleries of one kind."""
        is_asked = np.array([each == kind for each in self.kinds], dtype=bool)[self.gallery]
        return replace(self, at_s=self.at_s[is_asked], gallery=self.gallery[is_asked])

    @property
    def people(self) -> int:
        """Median size of the gallery a request asks."""
        return int(np.median(self.sizes[self.gallery]))

    def faster(self, factor: float) -> Requests:
        """The same from instant 0, `factor` times as fast."""
        return replace(self, at_s=(self.at_s - self.at_s[:1]) / factor)

    def busiest(self, span_s: float = TEN_MINUTES_S) -> Requests:
        """The stretch of so many seconds that holds the most."""
        ends = np.searchsorted(self.at_s, self.at_s + span_s)
        first = int((ends - np.arange(len(self))).argmax())
        return self.between(first, int(ends[first]))

    def dense(self, wanted: int, span_s: float) -> tuple[Requests, float]:
        """At least `wanted` requests within `span_s`: instants moved together.

        Returns
        -------
        Requests, float
            Requests from instant 0, and how many times faster than in the run they come.

        Notes
        -----
        The shortest stretch that holds so many is taken; where the whole run has fewer it is
        told again, one copy after the other. Nothing but the clock is changed, so what came in
        a burst still comes in a burst.
        """
        copies = -(-wanted // len(self))
        length = float(self.at_s[-1] - self.at_s[0]) + 1.0
        at_s = np.concatenate([self.at_s + copy * length for copy in range(copies)])
        gallery = np.tile(self.gallery, copies)
        spans = at_s[wanted - 1 :] - at_s[: len(at_s) - wanted + 1]
        first = int(spans.argmin())
        taken = at_s[first : first + wanted] - at_s[first]
        factor = max(1.0, float(taken[-1]) / span_s)
        kept = gallery[first : first + wanted]
        return replace(self, at_s=taken / factor, gallery=kept), factor


def read_requests(log: StoredLog) -> Requests:
    """Every ``match_requested`` of a proven run.

    Raises
    ------
    UsageError
        If the run asked for none.
    """
    found = requests_of(log)
    if not len(found):
        raise UsageError(
            f"{log.directory}: nobody asked for a match; trace a run of a scenario with face gates"
        )
    return found


def requests_of(log: EventLog) -> Requests:
    """Every ``match_requested`` of a log, on disk or not; perhaps none."""
    at_us: list[NDArray] = []
    gallery: list[NDArray] = []
    for block in log.blocks():
        is_request = block.kind == CODE[Kind.MATCH_REQUESTED]
        at_us.append(block.at_us[is_request])
        gallery.append(block.ref[is_request].astype(np.int64))
    instants = np.concatenate(at_us) if at_us else np.zeros(0)
    galleries = log.tables.galleries
    return Requests(
        at_s=instants / US_PER_S,
        gallery=np.concatenate(gallery) if gallery else np.zeros(0, dtype=np.int64),
        sizes=np.asarray(galleries["size"], dtype=np.int64),
        kinds=tuple(_kind(str(name)) for name in galleries["id"]),
        passengers=len(log.tables.passengers),
    )


def _kind(name: str) -> str:
    """What a gallery is, by its id: that of a world stands after its facility's name."""
    return next((kind for kind in KINDS if kind in name.split("#", maxsplit=1)[0].split("/")), name)
