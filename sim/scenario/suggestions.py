"""Did you mean: the nearest of the words that would have been right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like the one given, or "" where none is alike.

    Examples
    --------
    >>> nearest("servcie", ["servers", "service"])
    'service'
    """
    words = list(known)
    for tried in (word, word.lower().replace("_", "-"), word.lower().replace("-", "_")):
        if tried in words:
            return tried
    found = difflib.get_close_matches(word[:100], words, n=1, cutoff=0.6)
    return found[0] if found else ""


def advice(word: str, known: Iterable[str], *, kind: str = "known here") -> str:
    """What to do about a word that is not known, to stand at the end of a message.

    Examples
    --------
    >>> advice("bags", ["bag", "special"])
    'did you mean bag?'
    >>> advice("zebra", ["bag", "special"])
    'known here: bag, special'
    """
    words = list(dict.fromkeys(known))
    found = nearest(word, words)
    if found:
        return f"did you mean {found}?"
    if not words:
        return f"{kind}: nothing"
    shown = ", ".join(words[:12])
    rest = len(words) - 12
    return f"{kind}: {shown} and {rest} more" if rest > 0 else f"{kind}: {shown}"
