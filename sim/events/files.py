"""Files that are there whole or not at all, and are read only if they are plain files."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

PARTIAL = ".partial"
"""Ending of the temporary name under which a file is written before it is renamed."""


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that a kill or a power cut leaves the old one or the new one.

    Parameters
    ----------
    path : Path
        Where the file shall be; its directory exists.
    data : bytes
        The whole content.

    Raises
    ------
    OSError
        If the disk is full or refuses; the file at `path` is then as it was.
    """
    stage(path, data)
    try:
        publish(path)
    except OSError:
        partial_name(path).unlink(missing_ok=True)
        raise


def stage(path: Path, data: bytes) -> None:
    """Write and fsync a file under its temporary name, ready for `publish`."""
    partial = partial_name(path)
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def publish(path: Path) -> None:
    """Give a staged file its name, and make the name durable."""
    partial_name(path).replace(path)
    sync_directory(path.parent)


def partial_name(path: Path) -> Path:
    """The temporary name of a file: its own with `PARTIAL` behind it."""
    return path.with_name(path.name + PARTIAL)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable, where the system can (Windows cannot)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_plain(path: Path, *, limit: int) -> bytes:
    """Content of a plain file; a link, a directory or a pipe is none.

    Parameters
    ----------
    path : Path
        The file.
    limit : int
        Bytes it may have at most; a larger one is not read.

    Raises
    ------
    OSError
        If it is not there, not a plain file, too large or unreadable; ``strerror`` says which.
    """
    _refuse_unless_plain(path.lstat())
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
        flags |= getattr(os, name, 0)
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 (a descriptor, not a path)
        info = os.fstat(file.fileno())
        _refuse_unless_plain(info)
        if info.st_size > limit:
            raise OSError(errno.EFBIG, f"it has {info.st_size} bytes, more than {limit}")
        return file.read(info.st_size + 1)


def _refuse_unless_plain(info: os.stat_result) -> None:
    if not stat.S_ISREG(info.st_mode):
        raise OSError(errno.EINVAL, f"it is {_what(info.st_mode)}, not a plain file")


def _what(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a directory"
    return "a pipe, socket or device"
