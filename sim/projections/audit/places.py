"""Is everyone in one place at a time, and every request from someone being served."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.projections.audit.findings import Findings
from sim.projections.audit.holds import FAR_SEQ, Holds
from sim.projections.ordering import stable_order, starts_of_runs
from sim.projections.parties import Parties
from sim.projections.visit_table import VisitRows, select


def check_places(
    findings: Findings,
    rows: VisitRows,
    *,
    parties: Parties,
    final_seq: NDArray[np.int64],
    stations: Sequence[str],
) -> None:
    """Check that nobody is at two stations at once, or leaves from a queue or a server.

    Parameters
    ----------
    rows : VisitRows
        All visits in the order in which they began; requests are left aside.
    parties : Parties
        Who travels with whom.
    final_seq : ndarray of int64, shape (passengers,)
        Position of each passenger's final event.
    stations : sequence of str
        Station ids by row.
    """
    own = select(rows, ~rows.is_call)
    together = (parties.lead + parties.size)[own.passenger] - own.passenger
    findings.add_where(
        "persons of a party",
        (own.persons < 1) | (own.persons > together),
        own.joined_seq,
        lambda i: (
            f"passenger {own.passenger[i]} joins at {stations[int(own.station[i])]} for "
            f"{own.persons[i]} persons of a party that has {together[i]} from there on"
        ),
    )
    persons = np.clip(own.persons, 1, together).astype(np.int64)
    visit = np.repeat(np.arange(len(own)), persons)
    place = np.arange(len(visit)) - np.repeat(np.cumsum(persons) - persons, persons)
    person = own.passenger[visit] + place
    order = stable_order(person)
    person, visit = person[order], visit[order]
    ended_seq = _ended_seq(own)[visit]
    first, second = visit[:-1], visit[1:]
    findings.add_where(
        "one place at a time",
        (person[:-1] == person[1:]) & (ended_seq[:-1] > own.joined_seq[second]),
        own.joined_seq[second],
        lambda i: (
            f"passenger {person[i + 1]} comes to {stations[int(own.station[second[i]])]} "
            f"while at {stations[int(own.station[first[i]])]}"
        ),
    )
    left_seq = np.minimum(final_seq[person], FAR_SEQ)
    findings.add_where(
        "leaves when done",
        ended_seq > left_seq,
        left_seq,
        lambda i: f"passenger {person[i]} leaves while at {stations[int(own.station[visit[i]])]}",
    )


def check_calls(
    findings: Findings,
    rows: VisitRows,
    holds: Holds,
    *,
    given_up_seq: NDArray[np.int64],
    several: Collection[int],
    stations: Sequence[str],
) -> None:
    """Check that requests are sent during service, and one after the other.

    Parameters
    ----------
    rows : VisitRows
        All visits in the order in which they began.
    holds : Holds
        All stretches of the log.
    given_up_seq : ndarray of int64, shape (visits,)
        Position at which the caller gave up, or `FAR_SEQ`.
    several : collection of int
        Stations to which one service sends several requests at once.
    stations : sequence of str
        Station ids by row.
    """
    calls = select(rows, rows.is_call)
    if not len(calls):
        return
    _check_callers(findings, select(rows, ~rows.is_call), calls, stations=stations)
    given_up_seq = np.minimum(given_up_seq[rows.is_call], _ended_seq(calls))
    order = stable_order(calls.passenger, calls.visit, calls.station)
    first, second = order[:-1], order[1:]
    is_next = ~starts_of_runs(calls.passenger[order], calls.visit[order], calls.station[order])[1:]
    is_next &= ~np.isin(calls.station[second], list(several))
    early = np.flatnonzero(is_next & (given_up_seq[first] > calls.joined_seq[second]))
    back = select(holds, holds.is_back)
    # After an outage of the caller's server the request before is forsaken.
    early = early[
        [
            not (
                (back.passenger == calls.passenger[row])
                & (back.from_seq > calls.joined_seq[before])
                & (back.from_seq < calls.joined_seq[row])
            ).any()
            for before, row in zip(first[early].tolist(), second[early].tolist(), strict=True)
        ]
    ]
    findings.add(
        "one request at a time",
        calls.joined_seq[second[early]],
        lambda i: (
            f"passenger {calls.passenger[second[early[i]]]} sends a request to "
            f"{stations[int(calls.station[second[early[i]]])]} while waiting for another"
        ),
    )


def _check_callers(
    findings: Findings, own: VisitRows, calls: VisitRows, *, stations: Sequence[str]
) -> None:
    """A request is sent while its passenger is being served."""
    if not len(own):
        return
    order = stable_order(own.passenger, own.visit)
    names = _name(own)[order]
    caller = order[np.minimum(np.searchsorted(names, _name(calls)), len(order) - 1)]
    ended_seq = _ended_seq(own)[caller]
    started_seq = np.where(own.started_seq < 0, FAR_SEQ, own.started_seq)[caller]
    findings.add_where(
        "requests during service",
        (_name(own)[caller] != _name(calls))
        | (calls.joined_seq < started_seq)
        | (calls.joined_seq > ended_seq),
        calls.joined_seq,
        lambda i: (
            f"passenger {calls.passenger[i]} sends a request to "
            f"{stations[calls.station[i]]} without being served elsewhere"
        ),
    )


def _name(rows: VisitRows) -> NDArray[np.int64]:
    return (rows.passenger.astype(np.int64) << 16) | rows.visit


def _ended_seq(rows: VisitRows) -> NDArray[np.int64]:
    return np.where(rows.ended_seq < 0, FAR_SEQ, rows.ended_seq)
