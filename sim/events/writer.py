"""Runs written to disk, segment by segment, so that a kill loses only the tail."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sim.errors import RunError
from sim.events import files, layout
from sim.events.canonical import block_digest
from sim.events.chain import FORMAT_NAME, Chain
from sim.events.codec import encode_block, encode_table
from sim.events.kinds import KIND_VERSIONS
from sim.events.layout import shown
from sim.events.log import EventBlock, SideTables
from sim.events.manifest import FORMAT_VERSION, FileEntry, Manifest, RunHeader, Status


class RunWriter:
    """A sink that seals each block on disk at once, so that a kill loses only the tail.

    As a context manager it finishes the run on the way out, or cancels it where
    an exception passes through.

    Parameters
    ----------
    directory : Path or str
        The run directory: a new one, or an existing empty one.
    stations : sequence of str
        Station ids by row, each once.
    tables : SideTables
        The tables that events refer to.
    header : RunHeader
        What the run is made from.

    Raises
    ------
    RunError
        If the directory is not empty or cannot be written; then nothing is written.

    Notes
    -----
    The order on disk is what makes a kill harmless: side tables, a manifest with
    status ``running``, then for each block the segment before the manifest that
    lists it. At the end the seal is staged, the last manifest replaces its
    predecessor, and ``manifest.sha256`` gets its name.
    """

    def __init__(
        self,
        directory: Path | str,
        *,
        stations: Sequence[str],
        tables: SideTables,
        header: RunHeader,
    ) -> None:
        assert len({"", *stations}) == 1 + len(stations), (
            f"station ids must be unique and not empty, got {list(stations)}"
        )
        self.directory = Path(directory)
        self._stations = tuple(stations)
        self._header = header
        self._chain = Chain(stations, tables)
        self._links = tuple(self._chain.links)
        self._events = 0
        self._listed = 0  # events that the manifest on disk lists, as far as is certain
        self._turn = threading.Lock()  # a block in the middle is finished before a run is sealed
        self._status: Status = "running"
        self._files: dict[str, FileEntry] = {}
        _claim(self.directory)
        with self._writing(self.directory / layout.EVENTS) as path:
            path.mkdir()
        for name, table in tables:
            content = self._chain.table_digests[name]
            self._put(layout.table_name(name), encode_table(table), content, rows=len(table))
        self._put_manifest()

    @property
    def chain_head(self) -> str:
        """The last link of the chain over what is sealed."""
        return self._links[-1]

    @property
    def events(self) -> int:
        """Events sealed so far."""
        return self._events

    @property
    def manifest(self) -> Manifest:
        """The manifest as it stands."""
        return Manifest(
            format=FORMAT_NAME,
            format_version=FORMAT_VERSION,
            status=self._status,
            run_id=self._header.run_id,
            created_at=self._header.created_at,
            model_version=self._header.model_version,
            engine=self._header.engine,
            scenario=self._header.scenario,
            scenario_digest=self._header.scenario_digest,
            seed=self._header.seed,
            replication=self._header.replication,
            packages=self._header.packages,
            notes=self._header.notes,
            kind_versions=dict(KIND_VERSIONS),
            stations=self._stations,
            events=self._events,
            chain=self._links,
            chain_head=self.chain_head,
            files=self._files,
        )

    def write(self, block: EventBlock) -> None:
        """Seal the next block; full unless it is the last."""
        with self._turn:
            assert self._status == "running", f"a block for a run that is {self._status}"
            assert self._chain.events == self._events, "a block after one that was not written"
            if not len(block):
                return
            self._chain.write(block)
            name = layout.segment_name(len(self._links) - 1)
            data = encode_block(block, stations=self._stations)
            self._put(name, data, block_digest(block), rows=len(block))
            self._links = tuple(self._chain.links)
            self._events = self._chain.events
            self._put_manifest()

    def finish(self) -> None:
        """Seal the run as complete; nothing happens where it is sealed already."""
        self._seal("complete")

    def cancel(self) -> None:
        """Seal what there is as a valid prefix; nothing happens where it is sealed already."""
        self._seal("cancelled")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.finish()
        else:
            with suppress(RunError):  # the first error is the one to report
                self.cancel()

    def _seal(self, status: Status) -> None:
        with self._turn:
            if self._status != "running":
                return
            self._status = status
            digest = hashlib.sha256(self.manifest.encode()).hexdigest()
            with self._writing(self.directory / layout.MANIFEST_DIGEST) as path:
                files.stage(path, f"{digest}\n".encode())
                self._put_manifest()
                files.publish(path)

    def _put(self, name: str, data: bytes, content: str, *, rows: int) -> None:
        with self._writing(self.directory / name) as path:
            try:
                files.write_durably(path, data)
            except OSError:  # named, perhaps, but not to be listed
                path.unlink(missing_ok=True)
                raise
        self._files[name] = FileEntry(
            bytes=len(data),
            bytes_sha256=hashlib.sha256(data).hexdigest(),
            content_sha256=content,
            rows=rows,
        )

    def _put_manifest(self) -> None:
        with self._writing(self.directory / layout.MANIFEST) as path:
            files.write_durably(path, self.manifest.encode())
        self._listed = self._events

    @contextmanager
    def _writing(self, path: Path) -> Iterator[Path]:
        try:
            yield path
        except OSError as error:
            raise RunError(
                f"{shown(path)}: it cannot be written: {error.strerror}; "
                f"{self._listed} events are sealed and can be read"
            ) from error


def _claim(directory: Path) -> None:
    """Create a run directory, or take an empty one."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        is_empty = next(directory.iterdir(), None) is None
        files.sync_directory(directory.parent)
    except OSError as error:
        raise RunError(f"{shown(directory)}: it cannot be made: {error.strerror}") from None
    if not is_empty:
        raise RunError(f"{shown(directory)}: it is not empty; a run needs a new directory")
