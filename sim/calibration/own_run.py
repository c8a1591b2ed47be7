"""Our own run directories as observed logs, read only with proof."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.observed import NONE, Cases, Ended, ObservedLog, Stays, resolution_of
from sim.demand.tables import PASSENGER_COLUMNS
from sim.events.kinds import CODE, Kind
from sim.events.log import EventLog, SideTable
from sim.events.store import open_run
from sim.projections.fold import run_fold
from sim.projections.outcomes import Outcomes
from sim.projections.visit_table import Outcome, VisitTable
from sim.projections.visits import Visits

_ENDED = {
    Outcome.SERVED: Ended.COMPLETED,
    Outcome.RENEGED: Ended.RENEGED,
    Outcome.BALKED: Ended.BALKED,
}
_VERDICTS = (CODE[Kind.MATCH_ACCEPTED], CODE[Kind.MATCH_REJECTED])


def read_run(directory: Path) -> ObservedLog:
    """A run directory as an observed log.

    Raises
    ------
    RunError
        If it is no run, or damaged.
    """
    log = open_run(directory)
    name = directory.resolve().name
    cut = f"{name}: interrupted, its valid prefix is used"
    return observe(log, name=name, remarks=() if log.is_complete else (cut,))


def observe(log: EventLog, *, name: str, remarks: tuple[str, ...] = ()) -> ObservedLog:
    """A log of ours as an observed one; passengers are synthetic, so nothing is dropped."""
    visits = run_fold(Visits(), log.blocks())
    people = run_fold(Outcomes(), log.blocks())
    passengers, departures = log.tables.passengers, log.tables.departures
    count = len(passengers) or people.passengers
    arrived_us = np.full(count, NONE, dtype=np.int64)
    arrived_us[: len(people.arrived_us)] = people.arrived_us[:count]
    rows = visits.rows
    until_us = max((int(b.at_us[-1]) for b in log.blocks() if len(b)), default=0)
    started_us, paused_us = _last_starts(visits)
    ended = np.full(len(rows), int(Ended.LOST))
    for outcome, end in _ENDED.items():
        ended[rows.outcome == outcome] = end
    ended[rows.outcome == Outcome.PRESENT] = Ended.OPEN
    tried_us, is_refused = _first_attempts(log, visits, started_us)
    order = np.lexsort((rows.joined_seq, rows.passenger))
    stays = Stays(
        case=rows.passenger.astype(np.int64),
        station=rows.station.astype(np.int64),
        joined_us=rows.joined_us,
        started_us=started_us,
        ended_us=rows.ended_us,
        paused_us=paused_us,
        ended=ended.astype(np.int64),
        persons=rows.persons.astype(np.int64),
        is_call=rows.is_call,
        tried_us=tried_us,
        is_refused=is_refused,
    ).at(order)
    return ObservedLog(
        names=(name,),
        stations=tuple(log.stations),
        cases=Cases(
            day=np.zeros(count, dtype=np.int64),
            arrived_us=arrived_us,
            departure_us=_departures_us(passengers, departures, count),
            party=passengers["party"].astype(np.int64) if len(passengers) else np.arange(count),
            traits=_traits(passengers),
        ),
        stays=stays,
        until_us=until_us,
        days=1,
        resolution_us=resolution_of(stays.joined_us),
        has_parties=True,
        has_arrivals=True,
        remarks=remarks,
    )


def _departures_us(passengers: SideTable, departures: SideTable, count: int) -> NDArray[np.int64]:
    if not len(departures) or not len(passengers):
        return np.full(count, NONE, dtype=np.int64)
    row = passengers["departure"].astype(np.int64)
    is_planned = "planned_us" in departures.columns  # people come for the time as planned
    at_us = departures["planned_us" if is_planned else "at_us"]
    return np.where(row >= 0, at_us[np.maximum(row, 0)], NONE)


def _traits(passengers: SideTable) -> dict[str, NDArray[np.bool_]]:
    return {
        name.removeprefix("trait_"): column.astype(bool)
        for name, column in passengers.columns.items()
        if name not in PASSENGER_COLUMNS
    }


def _last_starts(visits: VisitTable) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Last start of each visit's service, and the pauses after it."""
    rows, pieces = visits.rows, visits.pieces
    started_us = rows.started_us.copy()
    paused_us = np.where(
        (rows.started_us >= 0) & (rows.ended_us >= 0),
        rows.ended_us - rows.started_us - rows.worked_us,
        0,
    )
    place = {int(seq): row for row, seq in enumerate(rows.joined_seq)} if len(pieces) else {}
    work: dict[int, list[tuple[int, int]]] = {}
    for seq, is_work, since, until in zip(
        pieces.joined_seq.tolist(),
        pieces.is_work.tolist(),
        pieces.from_us.tolist(),
        pieces.until_us.tolist(),
        strict=True,
    ):
        stretches = work.setdefault(seq, [])
        if is_work:
            stretches.append((since, until))
        else:
            stretches.clear()  # the service begins anew
    for seq, stretches in work.items():
        row = place[seq]
        if stretches and rows.ended_us[row] >= 0:
            started_us[row] = stretches[0][0]
            worked = sum(min(until, rows.ended_us[row]) - since for since, until in stretches)
            paused_us[row] = rows.ended_us[row] - stretches[0][0] - worked
    return started_us, paused_us


def _first_attempts(
    log: EventLog, visits: VisitTable, started_us: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """End of each visit's first attempt after its last start, and whether it was rejected."""
    rows = visits.rows
    tried_us = np.full(len(rows), NONE, dtype=np.int64)
    is_refused = np.zeros(len(rows), dtype=bool)
    found: dict[int, tuple[int, bool]] = {}
    for block in log.blocks():
        is_first = np.isin(block.kind, _VERDICTS) & (block.detail == 1)
        some = block[is_first]
        keys = (some.passenger.astype(np.int64) << 16) | some.visit
        refused = some.kind == CODE[Kind.MATCH_REJECTED]
        found |= zip(
            keys.tolist(), zip(some.at_us.tolist(), refused.tolist(), strict=True), strict=True
        )
    if not found:
        return tried_us, is_refused
    keys = (rows.passenger.astype(np.int64) << 16) | rows.visit
    for row in np.flatnonzero(~rows.is_call & (started_us >= 0)):
        at_us, was_refused = found.get(int(keys[row]), (NONE, False))
        if at_us >= started_us[row]:
            tried_us[row], is_refused[row] = at_us, was_refused
    return tried_us, is_refused
