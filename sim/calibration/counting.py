"""Who stood where at an instant, counted from an observed log."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from sim.calibration.observed import NONE, Ended, ObservedLog
from sim.errors import Fault, ScenarioError
from sim.experiments.opening.counts import Count
from sim.scenario.clock import instant_text


def counts_at(
    log: ObservedLog, at_us: int, *, stations: Sequence[str], visited: Collection[str]
) -> tuple[list[Count], list[str]]:
    """Customers waiting and in service at each station of a scenario.

    Parameters
    ----------
    log : ObservedLog
        The log of one day.
    at_us : int
        The instant; what happened at it has not yet.
    stations : sequence of str
        Station ids of the scenario by row.
    visited : collection of str
        Those where passengers queue.

    Returns
    -------
    counts : list of Count
        In the order of the stations.
    others : list of str
        Stations of the log that the scenario does not have.

    Raises
    ------
    ScenarioError
        If the log is of several days, ended before, or knows none of the stations.
    """
    known = [name for name in log.stations if name in visited]
    texts = list[str]()
    if log.days != 1:
        texts.append(f"covers {log.days} days; give the log of the day that is under way")
    elif at_us > log.until_us:
        until = instant_text(log.until_us)
        texts.append(f"ends at {until}, before {instant_text(at_us)}; name an earlier instant")
    if not known:
        texts.append(f"has none of the stations {', '.join(visited)}; name them as the scenario")
    if texts:
        raise ScenarioError([Fault(text, log.name) for text in texts])
    stays = log.stays
    ended_us = np.where(stays.ended_us == NONE, np.iinfo(np.int64).max, stays.ended_us)
    started_us = np.where(stays.started_us == NONE, ended_us, stays.started_us)
    told = (stays.ended != Ended.LOST) & ~stays.is_call & (stays.joined_us != NONE)
    is_there = told & (stays.joined_us < at_us) & (ended_us >= at_us)
    counts = list[Count]()
    for name in known:
        here = is_there & (stays.station == log.stations.index(name))
        waits = here & (started_us >= at_us)
        waiting = int(np.count_nonzero(waits))
        so_far_us = int((at_us - stays.joined_us[waits]).mean()) if waiting else None
        serving = int(np.count_nonzero(here)) - waiting
        counts.append(Count(stations.index(name), waiting, serving, so_far_us))
    others = [name for name in log.stations if name not in known]
    return sorted(counts, key=lambda each: each.station), others
