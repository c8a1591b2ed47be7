"""Among whom a trace searches: as the run asked, or galleries of other sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import UsageError
from sim.matcher.memory import BYTES_PER_PERSON, require_memory
from sim.matcher.trace.requests import KINDS, Requests

SIZES = {"departure": 200, "day": 100_000, "city": 10_000_000, "national": 100_000_000}
"""People in the galleries one may ask for by name."""

_LARGEST = 10**10


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests and the gallery they all ask.

    Attributes
    ----------
    kind : str
        What the gallery is.
    people : int
        Its size.
    requests : Requests
        Who asks it.
    """

    kind: str
    people: int
    requests: Requests


def galleries_asked(requests: Requests, wanted: Sequence[str]) -> list[Asked]:
    """What is to be replayed, one entry for each gallery.

    Parameters
    ----------
    wanted : sequence of str
        ``departure``, ``day``, ``city``, ``national``, each also with a size of its own
        (``city=1000000``); none replays what the run asked, kind by kind.

    Raises
    ------
    UsageError
        If a name or size is not one, or a gallery does not fit in memory; before any work.

    Notes
    -----
    Galleries of departures are told as one of the size a request asks in the middle: what a
    search takes hangs on how many people there are, not on who they are.
    """
    if not wanted:
        kinds = [kind for kind in KINDS if kind in requests.kinds]
        parts = [(kind, requests.of_kind(kind)) for kind in kinds]
        asked = [Asked(kind, part.people, part) for kind, part in parts if len(part)]
    else:
        asked = [Asked(*_kind_and_size(each), requests) for each in wanted]
    for each in asked:
        what = f"gallery {each.kind}: {each.people:,} people"
        require_memory(each.people * BYTES_PER_PERSON, what=what)
    return asked


def _kind_and_size(text: str) -> tuple[str, int]:
    kind, equals, size = text.partition("=")
    if kind not in SIZES:
        known = ", ".join(SIZES)
        raise UsageError(f"gallery: there is no {kind!r}; there are {known}, as in city=1000000")
    if not equals:
        return kind, SIZES[kind]
    plain = size.replace("_", "")
    if not plain.isdecimal() or not 1 <= int(plain[:12]) <= _LARGEST:
        raise UsageError(
            f"gallery: {kind} needs a whole number of people from 1 to {_LARGEST:,}, got {size!r}"
        )
    return kind, int(plain)
