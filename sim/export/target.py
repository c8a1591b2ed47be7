"""The file an export becomes: there whole or not at all."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import UsageError
from sim.events.files import partial_name, publish

Write = Callable[[str], object]
"""Takes the next piece of a text."""

GZIP = ".gz"
"""Ending of a name for which a text is compressed."""


@contextmanager
def whole_file(path: Path, *, force: bool) -> Iterator[Path]:
    """A temporary name to write under; it becomes `path` if all goes well, else it is removed.

    Parameters
    ----------
    path : Path
        The file wanted.
    force : bool
        Replace one that is there.

    Raises
    ------
    UsageError
        If it is there already and not to be replaced, or has no directory to be in.
    """
    if path.is_dir():
        raise UsageError(f"{path}: it is a directory; name a file")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent}: there is no such directory")
    if os.path.lexists(path) and not force:
        raise UsageError(f"{path}: it is there already; --force replaces it")
    partial = partial_name(path)
    try:
        partial.unlink(missing_ok=True)
        yield partial
        _sync(partial)
        publish(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def text_file(path: Path, *, is_compressed: bool) -> Iterator[Write]:
    """A new UTF-8 file to write to; compressed ones hold no name and no instant."""
    with path.open("wb") as raw:
        if is_compressed:
            with gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as file:
                yield lambda text: file.write(text.encode())
        else:
            yield lambda text: raw.write(text.encode())


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
