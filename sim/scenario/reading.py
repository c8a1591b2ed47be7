"""Bytes of a file somebody named, whatever it turns out to be."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sim.errors import Fault
from sim.scenario.wording import shortened

MORE = "more faults"
"""How the message ends that counts the faults not listed."""

MAX_PLACES = 100
"""Faults of one table file that are listed; the rest are counted."""


def read_bytes(path: str | Path, *, limit: int, what: str) -> bytes | Fault:
    """Content of an ordinary file of limited size, or why it cannot be had.

    Parameters
    ----------
    path : str or Path
        The file; a folder, device or pipe is refused before it is opened.
    limit : int
        Most bytes read.
    what : str
        What the file should be, for messages: ``scenario``, ``trace``.
    """
    data, reason = b"", ""
    try:
        there = os.stat(path)  # noqa: PTH116 - also for names that Path would not take
        reason = _unfit(there.st_mode, what)
        if not reason:
            with Path(path).open("rb") as file:
                data = file.read(min(limit, there.st_size or limit) + 1)
    except FileNotFoundError:
        reason = f"does not exist; check the name of the {what} file"
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        reason = f"cannot be read as a {what} file: {said}"
    except MemoryError:
        reason = "does not fit in memory; split it"
    if len(data) > limit:
        reason = f"is larger than {size_text(limit)}; split the {what}"
    return Fault(reason, path=shown_name(path)) if reason else data


def text_of(data: bytes, *, path: str, what: str) -> str | Fault:
    """The bytes as UTF-8 text without control characters, or why they are not.

    A byte order mark is left in place.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return Fault("is UTF-16 text; save it as UTF-8", path=path, line=1)
    zero = data.find(b"\0")
    if zero >= 0:
        line = data.count(b"\n", 0, zero) + 1
        return Fault(f"holds binary data, not the text of a {what}", path=path, line=line)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Fault(
            f"byte 0x{data[error.start]:02x} is not UTF-8 text; save the {what} as UTF-8",
            path=path,
            line=line,
        )


def first_places(faults: list[Fault], *, path: str, most: int = MAX_PLACES) -> list[Fault]:
    """The first `most` faults of a table file, and how many more there are."""
    rest = len(faults) - most
    if rest <= 0:
        return faults
    more = Fault(f"and {rest} {MORE}", path=path, line=faults[-1].line)
    return [*faults[:most], more]


def size_text(count: int) -> str:
    """A number of bytes in words.

    Examples
    --------
    >>> size_text(5_000_000)
    '5 MB'
    """
    return f"{count / 1e6:g} MB"


def shown_name(path: str | Path) -> str:
    """A file's name as messages show it, whatever characters it holds."""
    text = str(path)
    return text if len(text) <= 300 and text.isprintable() else shortened(text)


def _unfit(mode: int, what: str) -> str:
    if stat.S_ISDIR(mode):
        return f"is a folder; name the {what} file in it"
    return "" if stat.S_ISREG(mode) else f"is not an ordinary file; give a {what} file"
