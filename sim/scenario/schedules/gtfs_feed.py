"""The tables of a static GTFS feed, in a zip archive or a folder."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from pathlib import Path

from sim.errors import Fault
from sim.scenario.reading import read_bytes, shown_name, size_text, text_of

NEEDED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
OPTIONAL = ("calendar.txt", "calendar_dates.txt", "frequencies.txt")
"""Tables that are read; a feed has others, which say nothing about times."""

MAX_TABLE = 100_000_000
"""Most bytes of one table."""

_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)


class Feed:
    """The texts of a feed's tables by name.

    Attributes
    ----------
    texts : dict of str to str
        Tables that are there.
    faults : list of Fault
        Why others are not.
    sha256 : str
        Digest of their content, in whatever archive it came.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.texts: dict[str, str] = {}
        self.faults: list[Fault] = []
        digest = hashlib.sha256()
        for name, data in self._contents().items():
            digest.update(f"{name} {len(data)}\n".encode() + data)
            text = text_of(data, path=f"{path}/{name}", what="GTFS table")
            if isinstance(text, Fault):
                self.faults.append(text)
            else:
                self.texts[name] = text
        self.sha256 = digest.hexdigest()
        if not self.faults:
            self._complete()

    def _complete(self) -> None:
        missing = [name for name in NEEDED if name not in self.texts]
        self.faults += [
            Fault(f"has no {name}; a feed needs it", path=self.path) for name in missing
        ]
        if not missing and not self.texts.keys() & {"calendar.txt", "calendar_dates.txt"}:
            message = "has neither calendar.txt nor calendar_dates.txt; nothing runs on any day"
            self.faults.append(Fault(message, path=self.path))

    def _contents(self) -> dict[str, bytes]:
        try:
            if stat.S_ISDIR(Path(self.path).stat().st_mode):
                return self._of_folder()
        except (OSError, ValueError):
            pass  # told by whoever reads it
        data = read_bytes(self.path, limit=MAX_TABLE, what="GTFS")
        if isinstance(data, Fault):
            self.faults.append(data)
            return {}
        return self._of_archive(data)

    def _of_folder(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for name in (*NEEDED, *OPTIONAL):
            file = Path(self.path, name)
            if not file.exists():
                continue
            data = read_bytes(file, limit=MAX_TABLE, what="GTFS")
            if isinstance(data, Fault):
                self.faults.append(data)
            else:
                found[name] = data
        return found

    def _of_archive(self, data: bytes) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in (*NEEDED, *OPTIONAL):
                    if name not in archive.namelist():
                        continue
                    if archive.getinfo(name).file_size > MAX_TABLE:
                        message = f"holds a {name} larger than {size_text(MAX_TABLE)}; cut the feed"
                        self.faults.append(Fault(message, path=self.path))
                        continue
                    with archive.open(name) as table:
                        found[name] = table.read(MAX_TABLE)
        except _UNREADABLE as error:
            message = f"cannot be read as a GTFS zip archive: {error}; pack its tables anew"
            self.faults.append(Fault(message, path=shown_name(self.path)))
        return found
