"""What is kept of people: nothing but a number that nobody can lead back to them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import blake2b


class Pseudonyms:
    """Numbers for case ids: row by row of first appearance, known by a keyed hash alone.

    The key is drawn anew for each reading and kept nowhere, so that not even a list of all
    passport numbers says which case is whose.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._rows: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, case: str) -> int:
        """Number of a case."""
        digest = blake2b(case.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16)
        return self._rows.setdefault(digest.digest(), len(self._rows))

    def forget(self) -> None:
        """Drop the key and what was known by it."""
        self._key = b""
        self._rows = {}


def dropped_sentence(name: str, columns: Iterable[str]) -> str:
    """What was left out of a log, in a sentence.

    Examples
    --------
    >>> dropped_sentence("log.csv", ["Phone", "Seat", "Phone"])
    'log.csv: dropped Phone, Seat; case ids replaced by a hash whose key is not kept'
    """
    names = [_shown(each) for each in dict.fromkeys(columns)]
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    what = ", ".join(names[:12]) + more if names else "no column"
    return f"{name}: dropped {what}; case ids replaced by a hash whose key is not kept"


def _shown(column: str) -> str:
    text = column if column.isprintable() else ascii(column)
    return text if len(text) <= 40 else f"{text[:40]}…"
