"""How many wait and how many servers are busy at one station, through time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.projections.ordering import stable_order, starts_of_runs
from sim.projections.steps import FAR_US, Steps
from sim.projections.visit_table import VisitTable, select


def queue_length(visits: VisitTable, *, in_persons: bool = False) -> Steps:
    """Customers waiting at a station, those sent back by an outage included.

    Parameters
    ----------
    visits : VisitTable
        The visits at one station.
    in_persons : bool
        Count the persons of a party that waits as one customer.
    """
    rows = select(visits.rows, ~visits.rows.has_balked)
    again = select(visits.pieces, ~visits.pieces.is_work)
    persons = rows.persons
    whose = np.searchsorted(rows.joined_seq, again.joined_seq)
    weights = np.concatenate([persons, persons[whose]])
    from_us = np.concatenate([rows.joined_us, again.from_us])
    until_us = np.concatenate([rows.left_queue_us, again.until_us])
    if in_persons and (weights != 1).any():
        from_us, until_us = np.repeat(from_us, weights), np.repeat(until_us, weights)
    return Steps.of_spells(from_us, until_us)


def busy_servers(visits: VisitTable) -> Steps:
    """Servers of a station at work; one that serves a batch is one."""
    rows, pieces = visits.rows, visits.pieces
    is_broken = np.zeros(len(rows), dtype=bool)
    is_broken[np.searchsorted(rows.joined_seq, pieces.joined_seq)] = True
    whole = select(rows, rows.has_started & ~is_broken)
    work = select(pieces, pieces.is_work)
    ended_us = np.where(whole.ended_us < 0, FAR_US, whole.ended_us)
    from_us = np.concatenate([whole.started_us, work.from_us])
    until_us = np.concatenate([ended_us, work.until_us])
    return _without_repeats(np.concatenate([whole.batch, work.batch]), from_us, until_us)


def _without_repeats(
    batch: NDArray[np.int32], from_us: NDArray[np.int64], until_us: NDArray[np.int64]
) -> Steps:
    """Spells of work, each batch counted once."""
    if not (batch >= 0).any():
        return Steps.of_spells(from_us, until_us)
    order = stable_order(batch, from_us, until_us)
    batch, from_us, until_us = batch[order], from_us[order], until_us[order]
    is_new = starts_of_runs(batch, from_us, until_us) | (batch < 0)
    return Steps.of_spells(from_us[is_new], until_us[is_new])
