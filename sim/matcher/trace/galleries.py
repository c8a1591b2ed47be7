"""Among whom a trace searches: as the run asked, or galleries of other sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import UsageError
from sim.matcher.gallery import Block, Gallery
from sim.matcher.memory import BYTES_PER_PERSON, require_memory
from sim.matcher.population.enrolment import made_gallery
from sim.matcher.templates import DIMENSIONS
from sim.matcher.trace.requests import KINDS, Requests

SIZES = {"departure": 200, "day": 100_000, "city": 10_000_000, "national": 100_000_000}
"""People in the galleries one may ask for by name."""

_LARGEST = 10**10

_HINT = "take fewer people, or let them share templates (--distinct 10000000)"


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


class Retold(Gallery):
    """People told again and again until there are as many as asked for.

    Every copy has sign codes of its own, so that a search reads as much memory as among so many
    different people and rescores as many of them; templates are shared by the copies. That is
    how a country's gallery is searched where its templates do not fit.

    Parameters
    ----------
    once : Gallery
        Whom to tell again; nobody in it is deleted.
    people : int
        How many there are to be.
    """

    def __init__(self, once: Gallery, people: int) -> None:
        super().__init__(centre=once.centre)
        left, is_first = people, True
        while left > 0 and len(once):
            for _, block in once.blocks():
                if left <= 0:
                    break
                codes = block.codes if is_first else block.codes.copy()
                rows = min(block.rows, left)
                self._blocks.append(Block(block.templates, codes, block.is_alive, rows))
                left -= rows
            is_first = False
        self._history.update(f"{once.snapshot} told until {people}".encode())


def gallery_of(people: int, *, distinct: int | None = None) -> Gallery:
    """A gallery of so many people, at most `distinct` of them different."""
    if distinct is None or distinct >= people:
        return made_gallery(people)
    return Retold(made_gallery(distinct), people)


def bytes_of(people: int, *, distinct: int | None = None) -> int:
    """Memory that such a gallery takes."""
    shared = max(0, people - distinct) if distinct else 0
    return people * BYTES_PER_PERSON - shared * DIMENSIONS


def galleries_asked(
    requests: Requests, wanted: Sequence[str], *, distinct: int | None = None
) -> list[Asked]:
    """What is to be replayed, one entry for each gallery.

    Parameters
    ----------
    wanted : sequence of str
        ``departure``, ``day``, ``city``, ``national``, each also with a size of its own
        (``city=1000000``); none replays what the run asked, kind by kind.
    distinct : int or None
        Most people with a template of their own; see `Retold`. None: all.

    Raises
    ------
    UsageError
        If names or sizes are none, all of them at once, or a gallery does not fit in memory;
        before any work.

    Notes
    -----
    Galleries of departures are told as one of the size a request asks in the middle: what a
    search takes hangs on how many people there are, not on who they are.
    """
    asked = galleries_named(requests, wanted) if wanted else galleries_of_run(requests)
    for each in asked:
        what = f"gallery {each.kind}: {each.people:,} people"
        hint = "take fewer people" if distinct else _HINT
        require_memory(bytes_of(each.people, distinct=distinct), what=what, hint=hint)
    return asked


def galleries_of_run(requests: Requests) -> list[Asked]:
    """What the run itself asked, kind by kind."""
    kinds = [kind for kind in KINDS if kind in requests.kinds]
    parts = [(kind, requests.of_kind(kind)) for kind in kinds]
    return [Asked(kind, part.people, part) for kind, part in parts if len(part)]


def galleries_named(requests: Requests, wanted: Sequence[str]) -> list[Asked]:
    """All requests, put to each of some galleries.

    Raises
    ------
    UsageError
        If names or sizes are none, all of them at once.
    """
    return [Asked(kind, people, requests) for kind, people in sizes_named(wanted)]


def sizes_named(wanted: Sequence[str]) -> list[tuple[str, int]]:
    """Kinds and sizes of galleries as they are written.

    Raises
    ------
    UsageError
        If names or sizes are none, all of them at once.

    Examples
    --------
    >>> sizes_named(["day", "city=1_000_000"])
    [('day', 100000), ('city', 1000000)]
    """
    found, faults = list[tuple[str, int]](), list[str]()
    for each in wanted:
        try:
            found.append(_kind_and_size(each))
        except UsageError as error:
            faults.append(str(error))
    if faults:
        raise UsageError("\n".join(faults))
    return found


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
