"""What a log says of those who are present at an instant: the opening of another run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.demand.workload import Workload
from sim.engine.network import Network
from sim.events.kinds import CODE, Kind
from sim.events.log import COLUMNS, NOBODY, EventBlock, EventLog, block_from_rows, concat_blocks
from sim.experiments.opening.attempts import Attempts, happenings
from sim.experiments.opening.courses import Carried, Courses, Leg, carried_in
from sim.projections.outcomes import is_final
from sim.projections.threads import ThreadBatch, Threads

CARRIED_OVER = CODE[Kind.CARRIED_OVER]
ALWAYS_TOLD = (CODE[Kind.ARRIVED], CODE[Kind.ENROLLED])

Row = tuple[int, int, int, int, int, int, int, int]
"""``(at_us, kind, passenger, station, visit, server, ref, detail)``."""


def section_of(log: EventLog, network: Network, workload: Workload, *, at_us: int) -> EventBlock:
    """The part of a log's past that still matters at an instant.

    Parameters
    ----------
    log : EventLog
        A run.
    network, workload : Network, Workload
        What it was made from.
    at_us : int
        The instant; what happens at it is the future.

    Returns
    -------
    EventBlock
        In the order of the log, numbered anew: everything that the facility did; of those
        present their arrival, what changed their traits, and the visit they are at; then one
        ``carried_over`` that says how many persons there are, one for each person, one for
        each request under way, and one for each station that has formed batches.
    """
    past, still_open = _past(log, at_us)
    present = _present(past, len(workload))
    requests = still_open.events[still_open.first[:-1]][still_open.is_call]
    carried = carried_in(past)
    legs = _legs(past, network, workload, present, owners=requests.passenger, carried=carried)
    last = {leg.passenger: leg for leg in legs if present[leg.passenger]}
    visits = {} if carried is None else dict(carried.requests)
    visits |= {(leg.passenger, leg.visit): leg for leg in legs}
    senders = {pair: visits[pair] for pair in _pairs(requests)}
    kept = _kept(past, present, last=last, senders=senders)
    told = past[kept]
    rows = carried_rows(np.flatnonzero(present), last, network, at_us=at_us)
    rows += _request_rows(requests, past, network, workload, senders=senders, at_us=at_us)
    rows += _batch_rows(past, at_us=at_us)
    return numbered([told, block_from_rows(rows, first_seq=0)])


def carried_rows(
    present: NDArray[np.intp], last: dict[int, Leg], network: Network, *, at_us: int
) -> list[Row]:
    """A ``carried_over`` for the opening, and one for everybody present."""
    rows: list[Row] = [(at_us, CARRIED_OVER, NOBODY, -1, -1, -1, -1, len(present))]
    followers = {
        person
        for leg in last.values()
        for person in range(leg.passenger + 1, leg.passenger + leg.persons)
    }
    for person in present.tolist():
        leg = None if person in followers else last[person]
        if leg is None:
            rows.append((at_us, CARRIED_OVER, person, -1, -1, -1, -1, 0))
            continue
        station = network.slots[leg.slot].station
        rows.append((at_us, CARRIED_OVER, person, station, leg.visit, -1, leg.slot, leg.since_us))
    return rows


def numbered(blocks: Iterable[EventBlock]) -> EventBlock:
    """Blocks as one, numbered from 0."""
    whole = concat_blocks(blocks)
    columns = {name: getattr(whole, name) for name in COLUMNS}
    columns["seq"] = np.arange(len(whole), dtype=np.int64)
    return EventBlock(**columns)


def row_of(workload: Workload, passenger: int, visit: int, slot: int) -> int:
    """Row of the draws of a visit."""
    return int(workload.first[passenger]) + (slot if workload.route is None else visit)


def _past(log: EventLog, at_us: int) -> tuple[EventBlock, ThreadBatch]:
    """Events before an instant, and the visits that have not ended by then."""
    threads, blocks = Threads(with_matches=True), list[EventBlock]()
    for block in log.blocks():
        before = block[: int(np.searchsorted(block.at_us, at_us))]
        threads.update(before)
        blocks.append(before)
        if len(before) < len(block):
            break
    return concat_blocks(blocks), threads.open


def _present(past: EventBlock, people: int) -> NDArray[np.bool_]:
    present = np.zeros(people, dtype=bool)
    present[past.passenger[(past.kind == CODE[Kind.ARRIVED]) & (past.passenger >= 0)]] = True
    present[past.passenger[is_final(past)]] = False
    return present


def _legs(
    past: EventBlock,
    network: Network,
    workload: Workload,
    present: NDArray[np.bool_],
    *,
    owners: NDArray[np.int32],
    carried: Carried | None,
) -> list[Leg]:
    """Every leg of all parties of whom somebody is present, or waits for an answer."""
    lead = np.maximum.accumulate(np.where(workload.is_lead, np.arange(len(workload)), 0))
    wanted = np.zeros(len(workload), dtype=bool)
    wanted[lead[present]] = True
    wanted[lead[owners]] = True
    if not wanted.any():
        return []
    theirs = (past.passenger >= 0) & wanted[lead[past.passenger]]
    courses = Courses(network, workload, past[theirs], carried=carried)
    return [leg for each in np.flatnonzero(wanted).tolist() for leg in courses.of_party(each)]


def _kept(
    past: EventBlock,
    present: NDArray[np.bool_],
    *,
    last: dict[int, Leg],
    senders: dict[tuple[int, int], Leg],
) -> NDArray[np.bool_]:
    """Which events of the past are told again."""
    is_person = past.passenger >= 0
    now = np.full(len(present) + 1, -2)
    for leg in last.values():
        now[leg.passenger] = leg.visit
    owned = np.zeros(len(present) + 1, dtype=bool)
    owned[[passenger for passenger, _ in senders]] = True
    here = np.append(present, False)[past.passenger] | owned[past.passenger]
    kept = (
        ~is_person | (here & np.isin(past.kind, ALWAYS_TOLD)) | (past.visit == now[past.passenger])
    )
    kept |= is_person & here & is_final(past)
    for passenger, visit in senders:
        kept |= (past.passenger == passenger) & (past.visit == visit)
    return kept & (past.kind != CARRIED_OVER)


def _batch_rows(past: EventBlock, *, at_us: int) -> list[Row]:
    """A ``carried_over`` for each station that numbers batches: how many there were."""
    starts = past[(past.kind == CODE[Kind.SERVICE_STARTED]) & (past.ref >= 0)]
    known = past[(past.kind == CARRIED_OVER) & (past.passenger < 0) & (past.station >= 0)]
    station = np.concatenate([known.station, starts.station])
    formed = np.concatenate([known.detail, starts.ref + 1])
    return [
        (at_us, CARRIED_OVER, NOBODY, each, -1, -1, -1, int(formed[station == each].max()))
        for each in np.unique(station).tolist()
    ]


def _pairs(requests: EventBlock) -> list[tuple[int, int]]:
    return list(zip(requests.passenger.tolist(), requests.visit.tolist(), strict=True))


def _request_rows(
    requests: EventBlock,
    past: EventBlock,
    network: Network,
    workload: Workload,
    *,
    senders: dict[tuple[int, int], Leg],
    at_us: int,
) -> list[Row]:
    """A ``carried_over`` for each request, in the order in which they were sent."""
    rows = defaultdict[tuple[int, int], list[int]](list)
    wanted = np.isin(past.passenger, requests.passenger)
    for row in np.flatnonzero(wanted).tolist():
        pair = int(past.passenger[row]), int(past.visit[row])
        if pair in senders:
            rows[pair].append(row)
    sent, attempts = {}, Attempts(network, workload, past)
    for pair, leg in senders.items():
        events = happenings(past[np.array(rows[pair])])
        row = row_of(workload, leg.passenger, leg.visit, leg.slot)
        sent |= attempts.sent(events, row, network.visits[leg.slot])
    told = list[Row]()
    order = np.argsort(requests.seq)
    for row in order.tolist():
        pair = int(requests.passenger[row]), int(requests.visit[row])
        leg, request = senders[pair], sent[int(requests.seq[row])]
        column = (request.attempt - 1) * len(network.visits[leg.slot].calls) + request.number
        station = int(requests.station[row])
        told.append((at_us, CARRIED_OVER, pair[0], station, pair[1], -1, leg.slot, column))
    return told
