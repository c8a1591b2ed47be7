"""Where kept runs lie: a folder of the server's own, with room for a few."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path


class Archive:
    """Folders by what they hold; the one not asked for longest makes room.

    Nothing in a path comes from a browser: names are hashes.

    Parameters
    ----------
    room : int
        Most folders at once.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._folder = Path(tempfile.mkdtemp(prefix="hanh-trinh-"))
        self._paths: OrderedDict[str, Path] = OrderedDict()
        self._lock = threading.Lock()
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)

    def path(self, kind: str, what: Hashable) -> Path:
        """The path for something: the same whenever it is asked for, its folder's parent there."""
        name = f"{kind}-{hashlib.sha256(repr(what).encode()).hexdigest()[:24]}"
        with self._lock:
            path = self._paths.setdefault(name, self._folder / name)
            self._paths.move_to_end(name)
            gone = [
                self._paths.popitem(last=False)[1] for _ in range(len(self._paths) - self._room)
            ]
        for each in gone:
            shutil.rmtree(each, ignore_errors=True)
            each.unlink(missing_ok=True)
        return path
