"""Records on disk, put in by time, taken out by passenger, in little memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sim.projections.ordering import stable_order

RECORDS_AT_ONCE = 131_072
"""About how many records are in memory when they are taken out."""


class Spool:
    """A temporary file of records, gone with the process even if that is killed.

    As a context manager it closes the file.

    Parameters
    ----------
    near : Path
        Directory for the file.
    passengers : int
        Passengers there are.
    records : int
        About how many records will be put in.

    Notes
    -----
    Passengers are cut into ranges of equal length. Each piece put in is sorted by passenger and
    appended, with the places of the ranges noted; a range is taken out by reading its part of
    every piece. So each record is written once and read once.
    """

    def __init__(self, near: Path, *, passengers: int, records: int) -> None:
        ranges = max(1, -(-records // RECORDS_AT_ONCE))
        self._bounds = np.linspace(0, max(passengers, 1), ranges + 1).astype(np.int64)
        self._bounds[-1] = np.iinfo(np.int64).max
        self._edges: list[NDArray[np.int64]] = []
        self._dtype = np.dtype([])
        self._end = 0
        self._file = tempfile.TemporaryFile(dir=near)  # noqa: SIM115 (closed by __exit__)

    def __len__(self) -> int:
        """Ranges there are to take out."""
        return len(self._bounds) - 1

    def put(self, records: NDArray[np.void]) -> None:
        """Add records in order of time; structured, with a field ``passenger``."""
        ordered = records[stable_order(records["passenger"])]
        self._dtype = records.dtype
        edges = np.searchsorted(ordered["passenger"], self._bounds)
        self._edges.append(self._end + edges)
        self._file.write(ordered.tobytes())
        self._end += len(ordered)

    def ranges(self) -> Iterator[NDArray[np.void]]:
        """All records, a range of passengers at a time, by passenger and then by time."""
        for number in range(len(self)):
            pieces = [self._read(edges[number], edges[number + 1]) for edges in self._edges]
            records = np.concatenate(pieces) if pieces else np.zeros(0, self._dtype)
            if len(records):
                yield records[stable_order(records["passenger"])]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def _read(self, first: np.int64, end: np.int64) -> NDArray[np.void]:
        size = self._dtype.itemsize
        self._file.seek(int(first) * size)
        return np.frombuffer(self._file.read(int(end - first) * size), dtype=self._dtype)
