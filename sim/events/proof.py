"""Files of a run read with proof: the content its manifest promises, or the faults."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from sim.errors import DamagedRunError, Fault
from sim.events import layout
from sim.events.canonical import block_digest, table_digest
from sim.events.chain import genesis, link
from sim.events.codec import CodecError, decode_block, decode_table
from sim.events.files import read_plain
from sim.events.kinds import CODE, KINDS
from sim.events.layout import shown
from sim.events.log import BLOCK_ROWS, EventBlock, SideTable, SideTables
from sim.events.manifest import FileEntry, Manifest

_T = TypeVar("_T")


def attempt(read: Callable[[], _T]) -> tuple[_T | None, tuple[Fault, ...]]:
    """What a reader with proof returns, or None with the faults it found."""
    try:
        return read(), ()
    except DamagedRunError as error:
        return None, error.faults


def read_bytes(directory: Path, name: str, manifest: Manifest) -> bytes:
    """Exact bytes of a listed file, proven by their digest before anyone parses them.

    Parameters
    ----------
    directory : Path
        The run.
    name : str
        Path inside the run.
    manifest : Manifest
        Its manifest.

    Raises
    ------
    DamagedRunError
        If the file is missing, no plain file, or of another size or digest.
    """
    entry = manifest.files.get(name)
    if entry is None:
        raise _damaged(directory, name, manifest, "the manifest does not list it")
    try:
        data = read_plain(directory / name, limit=entry.bytes)
    except FileNotFoundError:
        raise _damaged(directory, name, manifest, "it is missing") from None
    except OSError as error:
        raise _damaged(directory, name, manifest, f"{error.strerror}") from None
    if len(data) != entry.bytes:
        text = f"it has {len(data)} bytes, the manifest says {entry.bytes}"
        raise _damaged(directory, name, manifest, text)
    if hashlib.sha256(data).hexdigest() != entry.bytes_sha256:
        raise _damaged(directory, name, manifest, "its bytes differ from the manifest's digest")
    return data


def read_segment(directory: Path, number: int, manifest: Manifest) -> EventBlock:
    """Events of a segment, proven by its bytes, its place in the run and the chain.

    Parameters
    ----------
    directory : Path
        The run.
    number : int
        Segment, from 0.
    manifest : Manifest
        Its manifest.

    Raises
    ------
    DamagedRunError
        If anything differs from the manifest; the faults name the events concerned.
    """
    name = layout.segment_name(number)
    data = read_bytes(directory, name, manifest)
    try:
        block = decode_block(data, stations=manifest.stations)
    except CodecError as error:
        raise _damaged(directory, name, manifest, str(error)) from None
    if fault := _segment_fault(block, number, manifest):
        raise _damaged(directory, name, manifest, fault)
    return block


def read_tables(directory: Path, manifest: Manifest) -> SideTables:
    """The side tables, proven by their bytes, their content and the start of the chain.

    Raises
    ------
    DamagedRunError
        With the faults of all the tables at once.
    """
    tables: dict[str, SideTable] = {}
    faults: list[Fault] = []
    for name in layout.TABLE_NAMES:
        table, found = attempt(partial(_read_table, directory, name, manifest))
        faults += found
        if table is not None:
            tables[name.removesuffix(".parquet")] = table
    if not faults:
        digests = {name: table_digest(table) for name, table in tables.items()}
        if genesis(manifest.stations, digests) != manifest.chain[0]:
            path = shown(directory / layout.MANIFEST)
            text = "the chain does not start from these stations and side tables"
            faults.append(Fault(text, path, key="chain"))
    if faults:
        raise DamagedRunError(faults)
    return SideTables(**tables)


def _read_table(directory: Path, name: str, manifest: Manifest) -> SideTable:
    data = read_bytes(directory, name, manifest)
    try:
        table = decode_table(data)
    except CodecError as error:
        raise _damaged(directory, name, manifest, str(error)) from None
    entry = manifest.files[name]
    if len(table) != entry.rows:
        text = f"it has {len(table)} rows, the manifest says {entry.rows}"
        raise _damaged(directory, name, manifest, text)
    if table_digest(table) != entry.content_sha256:
        raise _damaged(directory, name, manifest, "content hash differs from the manifest")
    return table


def _segment_fault(block: EventBlock, number: int, manifest: Manifest) -> str:
    entry = manifest.segment(number)
    if len(block) != entry.rows:
        return f"it has {len(block)} rows, the manifest says {entry.rows}"
    first = number * BLOCK_ROWS
    if not np.array_equal(block.seq, np.arange(first, first + len(block))):
        return f"its seq does not run from {first} to {first + len(block) - 1} without a gap"
    if block_digest(block) != entry.content_sha256:
        return "content hash differs from the manifest"
    if missing := _without_version(block, manifest):
        return f"it holds {missing}, for which the manifest's kind_versions has no version"
    if link(manifest.chain[number], block) != manifest.chain[number + 1]:
        return f"the chain in the manifest does not hold from link {number} to {number + 1}"
    return ""


def _without_version(block: EventBlock, manifest: Manifest) -> str:
    """The first kind in a block of which the manifest does not say what it means."""
    return next(
        (
            kind.value
            for kind in KINDS
            if kind.value not in manifest.kind_versions and (block.kind == CODE[kind]).any()
        ),
        "",
    )


def _damaged(directory: Path, name: str, manifest: Manifest, text: str) -> DamagedRunError:
    if name.startswith(layout.EVENTS):
        text = f"{text}; {_lost(int(Path(name).stem), manifest.files.get(name))}"
    return DamagedRunError([Fault(text, shown(directory / name))])


def _lost(number: int, entry: FileEntry | None) -> str:
    first = number * BLOCK_ROWS
    last = first + (entry.rows if entry and entry.rows else BLOCK_ROWS) - 1
    return f"the segment is damaged, events {first} to {last} cannot be trusted"
