"""Which departures leave late or not at all, each by a draw of its own."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from sim.demand.births import Births
from sim.demand.departures import Departures
from sim.demand.inversion import whole_us
from sim.demand.streams import Streams
from sim.scenario.punctuality import Punctuality

STREAM = "punctuality"


def delayed(
    departures: Departures, punctuality: Punctuality | None, streams: Streams
) -> Departures:
    """The departures as they leave: some late, some not at all.

    A departure's draws hang on its id alone. One is cancelled, or late, where its uniform is
    beyond the share of those that are not, so a more punctual carrier keeps the departures
    that were on time and mends others. Gate, boarding and closing move with a delay.
    Passengers come for the time as planned, or for the new one where they know of it.

    Parameters
    ----------
    departures : Departures
        As planned.
    punctuality : Punctuality or None
        How punctual they are; None leaves them as they are.

    Notes
    -----
    A late departure is late by *w* minutes, which still count as on time, and by an
    exponential time of mean *m − w* cut at the longest delay; *m*, the mean of those that
    are late, is that before the cut. Departures are independent: that one late aircraft makes
    its next flight late too is not in it.
    """
    if punctuality is None or not len(departures):
        return departures
    cancelled, on_time = _shares(departures.carrier, punctuality)
    is_late = _uniforms("late", departures, streams) > on_time
    u = _uniforms("delay", departures, streams)
    within = punctuality.on_time_within_min.value
    minutes = within - (punctuality.late_mean_min.value - within) * np.log1p(-u)
    minutes = np.minimum(minutes, punctuality.longest_min.value)
    later_us = np.where(is_late, whole_us(np.ceil(minutes) * 60), 0)
    is_known = _uniforms("known", departures, streams) < punctuality.known_before.value
    leaves = _uniforms("cancelled", departures, streams) >= cancelled
    late = replace(
        departures,
        at_us=departures.at_us + later_us,
        expected_us=departures.at_us + np.where(is_known, later_us, 0),
        planned_us=departures.at_us,
    )
    order = np.argsort(late.at_us, kind="stable")
    return _rows(late, order[leaves[order]])


def cancelled_of(
    departures: Departures, punctuality: Punctuality, streams: Streams
) -> tuple[str, ...]:
    """Ids of the departures that do not leave, in the order of the plan."""
    shares, _ = _shares(departures.carrier, punctuality)
    leaves = _uniforms("cancelled", departures, streams) >= shares
    return tuple(departures.id[~leaves].tolist())


def _shares(
    carriers: NDArray[np.object_], punctuality: Punctuality
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares cancelled and, of the others, on time, of the carrier of each departure."""
    own = {each.id: each for each in punctuality.carriers}
    cancelled, on_time = punctuality.cancelled.value, punctuality.on_time.value
    pairs: list[tuple[float, float]] = []
    for name in carriers.tolist():
        entry = own.get(name)
        if entry is None:
            pairs.append((cancelled, on_time))
        else:
            share = entry.cancelled.value if entry.cancelled is not None else cancelled
            pairs.append((share, entry.on_time.value))
    shares = np.array(pairs, dtype=np.float64)
    return shares[:, 0], shares[:, 1]


def _uniforms(name: str, departures: Departures, streams: Streams) -> NDArray[np.float64]:
    """One for each departure, by its id."""
    ids = departures.id.tolist()
    births = Births.of_cohorts(ids, np.ones(len(ids), dtype=np.int64))
    return streams.uniforms(f"{STREAM}/{name}", births)


def _rows(departures: Departures, rows: NDArray[np.int64]) -> Departures:
    """Some departures, in this order."""
    columns = {each.name: getattr(departures, each.name) for each in fields(departures)}
    return replace(departures, **{name: column[rows] for name, column in columns.items()})
