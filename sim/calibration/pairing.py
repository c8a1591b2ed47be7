"""From single events to visits: joined, started, completed, as one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import groupby

import numpy as np

from sim.calibration.gathering import Gathering, Seen
from sim.calibration.observed import NONE, Cases, Ended, ObservedLog, Stays, resolution_of
from sim.calibration.privacy import dropped_sentence
from sim.calibration.words import Word
from sim.scenario.clock import US_PER_S

US_PER_DAY = 86_400 * US_PER_S

_ENDS = {
    Word.COMPLETED: Ended.COMPLETED,
    Word.RENEGED: Ended.RENEGED,
    Word.BALKED: Ended.BALKED,
}
_NOWHERE = frozenset({Word.ARRIVED, Word.LEFT, Word.DEPARTED})
"""Words about the whole journey."""


@dataclass(slots=True)
class _Stay:
    case: int
    station: int
    joined_us: int = NONE
    started_us: int = NONE
    ended_us: int = NONE
    paused_us: int = 0
    ended: int = Ended.OPEN
    persons: int = 1
    is_call: bool = False
    tried_us: int = NONE
    is_refused: bool = False
    since_us: int = NONE  # of a pause that lasts
    resource: str = ""


def paired(gathering: Gathering, *, name: str, day_starts_s: int = 0) -> ObservedLog:
    """The visits of everything gathered, instants since midnight of each case's day.

    Parameters
    ----------
    name : str
        The file, without its folder.
    day_starts_s : int
        When a service day starts: who comes before belongs to the day before.

    Raises
    ------
    InvalidInputError
        With every fault gathered; also where there is no event.
    """
    if not gathering.seen and not gathering.faults:
        gathering.fault("holds no event of a case at a station")
    gathering.stop_if_faulty()
    count = len(gathering.cases)
    gathering.cases.forget()
    gathering.parties.forget()
    events = sorted(gathering.seen, key=lambda each: (each.case, each.us))
    arrived = np.full(count, NONE, dtype=np.int64)
    first = np.full(count, NONE, dtype=np.int64)
    stays: list[_Stay] = []
    for case, mine in groupby(events, key=lambda each: each.case):
        own = list(mine)
        first[case] = own[0].us
        door = next((each.us for each in own if each.word is Word.ARRIVED), None)
        arrived[case] = own[0].us if door is None else door
        stays += _stays_of(case, own)
    last_us = max(each.us for each in events)
    _settle(stays, events, last_us)
    day_us = _midnights(gathering, first, day_starts_s * US_PER_S)
    days, day = np.unique(day_us, return_inverse=True)
    has_arrivals = len({each.case for each in events if each.word is Word.ARRIVED}) == count
    return ObservedLog(
        names=(name,),
        stations=tuple(gathering.stations),
        cases=Cases(
            day=day.astype(np.int64),
            arrived_us=np.where(arrived == NONE, NONE, arrived - day_us),
            departure_us=_departures(gathering, day_us),
            party=_parties(gathering, count),
            traits={
                trait: np.array([known.get(row, False) for row in range(count)], dtype=bool)
                for trait, known in gathering.traits.items()
            },
        ),
        stays=_columns(stays, day_us),
        until_us=int(last_us - day_us.max(initial=0)),
        days=len(days),
        resolution_us=resolution_of(np.array([each.us for each in events], dtype=np.int64)),
        has_parties=bool(gathering.party),
        has_arrivals=has_arrivals,
        remarks=tuple(_remarks(gathering, stays, name)),
    )


def _stays_of(case: int, events: list[Seen]) -> Iterator[_Stay]:
    """Visits of one case; one open at a station takes the events there."""
    still: dict[int, _Stay] = {}
    made: list[_Stay] = []
    for event in events:
        word, us = event.word, event.us
        if word in _NOWHERE:
            continue
        stay = still.get(event.station)
        opens = word is Word.JOINED or (
            stay is None and word not in {Word.RESUMED, Word.ACCEPTED, Word.REJECTED}
        )
        if opens:
            stay = still[event.station] = _Stay(case, event.station)
            stay.is_call = any(
                other.started_us != NONE and other.ended == Ended.OPEN
                for place, other in still.items()
                if place != event.station
            )
            made.append(stay)
        if stay is not None:
            _take(stay, event, us)
            if stay.ended != Ended.OPEN:
                del still[event.station]
    yield from made


def _take(stay: _Stay, event: Seen, us: int) -> None:
    match event.word:
        case Word.JOINED:
            stay.joined_us = us
        case Word.STARTED:
            stay.started_us, stay.paused_us, stay.since_us = us, 0, NONE
            stay.tried_us, stay.is_refused = NONE, False
        case Word.PAUSED | Word.INTERRUPTED:
            stay.since_us = us
        case Word.RESUMED if stay.since_us != NONE:
            stay.paused_us += us - stay.since_us
            stay.since_us = NONE
        case Word.ACCEPTED | Word.REJECTED if event.attempt <= 1 and stay.tried_us == NONE:
            stay.tried_us, stay.is_refused = us, event.word is Word.REJECTED
        case Word.COMPLETED | Word.RENEGED | Word.BALKED:
            stay.ended_us, stay.ended = us, _ENDS[event.word]
            if event.word is Word.BALKED:
                stay.joined_us = us
        case _:
            pass
    stay.persons = max(stay.persons, event.persons)
    stay.resource = event.resource or stay.resource


def _settle(stays: list[_Stay], events: list[Seen], last_us: int) -> None:
    """Part visits that the end of the log cut off from those whose end was not recorded.

    Where the case, or the same server, did something later, the visit had ended.
    """
    last_of_case: dict[int, int] = {}
    for event in events:
        last_of_case[event.case] = max(last_of_case.get(event.case, 0), event.us)
    last_of_server: dict[tuple[int, str], int] = {}
    for stay in stays:
        if stay.resource:
            at = stay.station, stay.resource
            last_of_server[at] = max(last_of_server.get(at, NONE), stay.started_us)
    for stay in stays:
        if stay.ended != Ended.OPEN:
            continue
        begun = max(stay.joined_us, stay.started_us)
        server = last_of_server.get((stay.station, stay.resource), NONE)
        if last_of_case[stay.case] > begun or (stay.resource and server > stay.started_us):
            stay.ended = Ended.LOST
        elif last_us - begun > US_PER_DAY:
            stay.ended = Ended.LOST  # nobody is served for a day


def _midnights(gathering: Gathering, first: np.ndarray, day_starts_us: int) -> np.ndarray:
    """Midnight of the day of each case; undated instants are all of one day."""
    if not gathering.is_dated:
        return np.zeros(len(first), dtype=np.int64)
    return (first - day_starts_us) // US_PER_DAY * US_PER_DAY


def _departures(gathering: Gathering, day_us: np.ndarray) -> np.ndarray:
    leaves = np.full(len(day_us), NONE, dtype=np.int64)
    for row, us in gathering.departure_us.items():
        if us >= day_us[row]:
            leaves[row] = us - day_us[row]
    return leaves


def _parties(gathering: Gathering, count: int) -> np.ndarray:
    """Party of each case; those without one travel alone."""
    told = max(gathering.party.values(), default=-1) + 1
    return np.array([gathering.party.get(row, told + row) for row in range(count)], dtype=np.int64)


def _columns(stays: list[_Stay], day_us: np.ndarray) -> Stays:
    case = np.array([stay.case for stay in stays], dtype=np.int64)
    midnight = day_us[case] if len(case) else case
    columns = {}
    for each in fields(Stays):
        is_flag = each.name.startswith("is_")
        column = np.array(
            [getattr(stay, each.name) for stay in stays], dtype=bool if is_flag else np.int64
        )
        if each.name in {"joined_us", "started_us", "ended_us", "tried_us"}:
            column = np.where(column == NONE, NONE, column - midnight)
        columns[each.name] = column
    return Stays(**columns)


def _remarks(gathering: Gathering, stays: list[_Stay], name: str) -> Iterator[str]:
    yield dropped_sentence(name, gathering.dropped)
    yield from (f"{name}: {remark}" for remark in gathering.remarks)
    lost = sum(stay.ended == Ended.LOST for stay in stays)
    if lost:
        yield f"{name}: {lost} visits have no end, though the case or the server went on; set aside"
    if gathering.others:
        yield f"{name}: {gathering.others} events say nothing about visits; set aside"
    if gathering.offset_s is not None:
        yield f"{name}: times are read as the clock on the wall showed them"
