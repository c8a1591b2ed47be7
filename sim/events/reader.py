"""Runs read from disk, only with proof."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sim.errors import DamagedRunError
from sim.events import layout
from sim.events.codec import encode_block
from sim.events.inspection import inspect_run
from sim.events.log import EventBlock, SideTables
from sim.events.manifest import Manifest
from sim.events.proof import attempt, read_bytes, read_segment, read_tables
from sim.events.upcast import upcast, upcasts_from


class StoredLog:
    """A run on disk as an event log; each block is proven again when it is read.

    Events of an older version of their kind are proven as they are stored, then upcast:
    whoever reads blocks meets one meaning, that of this release.

    Parameters
    ----------
    directory : Path
        The run.
    manifest : Manifest
        Its manifest, already proven.
    tables : SideTables
        Its side tables, already proven.
    is_complete : bool
        Whether the run ended and was sealed; else this is a valid prefix.
    notices : tuple of str
        What was ignored, for the reader to see.
    """

    def __init__(
        self,
        directory: Path,
        manifest: Manifest,
        *,
        tables: SideTables,
        is_complete: bool,
        notices: tuple[str, ...],
    ) -> None:
        self.directory = directory
        self.manifest = manifest
        self.tables = tables
        self.is_complete = is_complete
        self.notices = notices
        self._upcasts = upcasts_from(manifest.kind_versions)

    @property
    def stations(self) -> tuple[str, ...]:
        """Station ids by row."""
        return self.manifest.stations

    @property
    def events(self) -> int:
        """Events of the run, or of its valid prefix."""
        return self.manifest.events

    @property
    def chain_head(self) -> str:
        """The last link of the chain, which is over the events as they are stored."""
        return self.manifest.chain_head

    @property
    def is_upcast(self) -> bool:
        """Whether some kind has an older version in the run than in this release."""
        return bool(self._upcasts)

    def __len__(self) -> int:
        return self.manifest.events

    def block(self, number: int) -> EventBlock:
        """Events of one segment, from 0, in the meaning of this release.

        Raises
        ------
        DamagedRunError
            If the segment has changed since the run was opened.
        """
        return upcast(read_segment(self.directory, number, self.manifest), self._upcasts)

    def parquet(self, number: int) -> bytes:
        """One segment as Parquet for other programs, proven, in the meaning of this release.

        Raises
        ------
        DamagedRunError
            If the segment has changed since the run was opened.
        """
        if self.is_upcast:
            return encode_block(self.block(number), stations=self.stations)
        return read_bytes(self.directory, layout.segment_name(number), self.manifest)

    def blocks(self) -> Iterator[EventBlock]:
        """Blocks in order, one in memory at a time."""
        return (self.block(number) for number in range(self.manifest.segments))


def open_run(path: Path | str) -> StoredLog:
    """Open a run for reading, once the bytes of all its files are proven.

    Parameters
    ----------
    path : Path or str
        The run directory; an interrupted run opens as its valid prefix.

    Raises
    ------
    RunError
        If it does not exist or holds neither manifest file.
    DamagedRunError
        If it is damaged, with every fault found.
    """
    directory = Path(path)
    seen = inspect_run(directory)
    faults = list(seen.faults)
    if seen.manifest is None or faults:
        raise DamagedRunError(faults)
    tables, found = attempt(partial(read_tables, directory, seen.manifest))
    faults += found
    for number in range(seen.manifest.segments):
        name = layout.segment_name(number)
        faults += attempt(partial(read_bytes, directory, name, seen.manifest))[1]
    if tables is None or faults:
        raise DamagedRunError(faults)
    return StoredLog(
        directory,
        seen.manifest,
        tables=tables,
        is_complete=not seen.is_interrupted,
        notices=seen.notices,
    )
