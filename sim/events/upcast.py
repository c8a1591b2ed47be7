"""Events as they were meant then, told in the words of now: upcasters by kind and version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, KIND_VERSIONS, Kind
from sim.events.log import COLUMNS, DTYPES, EventBlock

Upcaster: TypeAlias = Callable[[EventBlock], EventBlock]
"""From rows of one kind in one version to the same rows in the next, all at once."""

Upcasts: TypeAlias = Mapping[Kind, tuple[Upcaster, ...]]
"""The upcasters that each kind of a run needs, oldest first; kinds that need none are absent."""

UPCASTERS: dict[tuple[Kind, int], Upcaster] = {}
"""By kind and the version they start from. None yet: every kind is at version 1.

Append only: with a kind's version n in `KIND_VERSIONS`, those from 1 to n - 1 are here.
"""

_KEPT = ("seq", "at_us", "kind")
"""What happened, when and in which order is no matter of meaning: no upcaster changes it."""


def refusal(kind: str, version: int) -> str:
    """Why events of a kind in a version cannot be read, and what to do; "" where they can."""
    known = KIND_VERSIONS.get(kind)
    if known is None or version > known:
        limit = f"reads up to {known}" if known else "knows no such kind"
        return f"version {version}, but this release {limit}; use a newer one"
    missing = [each for each in range(version, known) if (Kind(kind), each) not in UPCASTERS]
    if missing:
        return (
            f"version {version}, but this release has no way from version {missing[0]} to "
            f"{missing[0] + 1}; use the release that wrote the run"
        )
    return ""


def upcasts_from(kind_versions: Mapping[str, int]) -> Upcasts:
    """What the events of a run need, by the versions in its manifest.

    Parameters
    ----------
    kind_versions : mapping of str to int
        Version of each kind in the run, none of which has a `refusal`.
    """
    chains = {
        Kind(kind): tuple(
            UPCASTERS[Kind(kind), each] for each in range(version, KIND_VERSIONS[kind])
        )
        for kind, version in kind_versions.items()
    }
    return {kind: chain for kind, chain in chains.items() if chain}


def upcast(block: EventBlock, upcasts: Upcasts) -> EventBlock:
    """Events in the meaning of this release.

    Parameters
    ----------
    block : EventBlock
        Events as they are stored, already proven: hashes are of stored events only.
    upcasts : Upcasts
        What the run needs; with none the block itself comes back.

    Returns
    -------
    EventBlock
        As many events in the same order, read-only.
    """
    columns: dict[str, NDArray] = {}
    for kind, chain in upcasts.items():
        rows = np.flatnonzero(block.kind == CODE[kind])
        if not len(rows):
            continue
        found = block[rows]
        for step in chain:
            found = _checked(step(found), found, kind)
        for name in COLUMNS:
            column = columns.setdefault(name, getattr(block, name).copy())
            column[rows] = getattr(found, name)
    for column in columns.values():
        column.flags.writeable = False
    return EventBlock(**columns) if columns else block


def _checked(found: EventBlock, given: EventBlock, kind: Kind) -> EventBlock:
    """An upcaster that adds, drops, moves or renames events, or widens a column, is a bug."""
    for name in COLUMNS:
        column = getattr(found, name)
        assert column.dtype == DTYPES[name], f"an upcaster of {kind} makes {name} {column.dtype}"
        assert len(column) == len(given), f"an upcaster of {kind} makes {len(column)} of {name}"
    for name in _KEPT:
        is_same = np.array_equal(getattr(found, name), getattr(given, name))
        assert is_same, f"an upcaster of {kind} changes {name}"
    return found
