"""A run's beginning in mid-day: what is known of the past, then whatever comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.engine.opening import Opening
from sim.events.kinds import CODE, Kind
from sim.events.log import BLOCK_ROWS, COLUMNS, EventBlock, EventLog, concat_blocks
from sim.events.reader import StoredLog
from sim.experiments.opening.section import numbered
from sim.experiments.opening.standing import opening_of
from sim.experiments.revision import Revised


@dataclass(frozen=True, slots=True, eq=False)
class Beginning:
    """Where a run begins in mid-day.

    Attributes
    ----------
    section : EventBlock
        The opening of its log, up to the last ``carried_over``.
    opening : Opening
        What the engine takes up.
    until_us : int or None
        When it is cut, if before its scenario would have it end.
    notes : dict
        What the manifest is to say of it, under ``opening``.
    """

    section: EventBlock
    opening: Opening
    until_us: int | None = None
    notes: dict[str, Any] = field(default_factory=dict)


Begin = Callable[[Revised], Beginning]
"""Makes the beginning of a day, once its network and its passengers are there."""


def beginning_of(
    section: EventBlock, day: Revised, *, until_us: int | None = None, **source: Any
) -> Beginning:
    """The beginning that an opening section tells of.

    Parameters
    ----------
    section : EventBlock
        As `sim.experiments.opening.section.section_of` makes it.
    day : Revised
        What the run is made from.
    until_us : int or None
        When to cut the run.
    **source
        Where the section comes from, for the manifest.
    """
    opening = opening_of(section, day.network, day.workload)
    notes = {"at_us": opening.at_us, "until_us": until_us, **source}
    return Beginning(section, opening, until_us, notes)


def begin_again(log: StoredLog) -> Begin | None:
    """The beginning that a sealed run had; None where it began with the day."""
    notes = log.manifest.notes.get("opening")
    if not notes:
        return None

    def begin(day: Revised) -> Beginning:
        section = told_again(log)
        return Beginning(
            section,
            opening_of(section, day.network, day.workload),
            notes.get("until_us"),
            dict(notes),
        )

    return begin


def told_again(log: EventLog) -> EventBlock:
    """The opening section of a run that began in mid-day.

    Raises
    ------
    ValueError
        If it began with the day.
    """
    blocks = list[EventBlock]()
    has_opened = False
    for block in log.blocks():
        rows = np.flatnonzero(block.kind == CODE[Kind.CARRIED_OVER])
        if len(rows):
            blocks.append(block[: int(rows[-1]) + 1])
            has_opened = True
        elif has_opened:
            break
        else:
            blocks.append(block)
    if not has_opened:
        raise ValueError("the log opens with the day")
    return numbered(blocks)


def continued(section: EventBlock, blocks: Iterator[EventBlock]) -> Iterator[EventBlock]:
    """A section and what follows, as one log: full blocks, numbered through."""
    waiting, rows, seq = [section], len(section), 0
    for block in blocks:
        # An engine may write over a block once it is asked for the next.
        waiting.append(EventBlock(*(getattr(block, name).copy() for name in COLUMNS)))
        rows += len(block)
        while rows >= BLOCK_ROWS:
            whole = concat_blocks(waiting)
            yield _from(whole[:BLOCK_ROWS], seq)
            waiting = [whole[BLOCK_ROWS:]]
            rows, seq = rows - BLOCK_ROWS, seq + BLOCK_ROWS
    while rows:
        whole = concat_blocks(waiting)
        taken = min(rows, BLOCK_ROWS)
        yield _from(whole[:taken], seq)
        waiting = [whole[taken:]]
        rows, seq = rows - taken, seq + taken


def _from(block: EventBlock, seq: int) -> EventBlock:
    columns = {name: getattr(block, name) for name in COLUMNS}
    columns["seq"] = np.arange(seq, seq + len(block), dtype=np.int64)
    return EventBlock(**columns)
