"""A network and a workload as the tables of `layout`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.workload import Workload
from sim.engine.compiled import layout
from sim.engine.compiled.layout import FAIL, NEVER, TO_LEVEL
from sim.engine.network import Network, Station, boarding_windows
from sim.engine.outlook import Outlook
from sim.engine.turn import Turn
from sim.scenario.guards import Guard

Array = NDArray[Any]
Columns = dict[str, Sequence[int] | Array]

CLOSING = ("idle_first", "named", "pause")
WAYS = ("share", "shortest", "prefer")


def flatten(outlook: Outlook, workload: Workload) -> tuple[dict[str, int], dict[str, Array]]:
    """Scalars and tables of a day before it starts, all but what grows while it runs.

    Parameters
    ----------
    outlook : Outlook
        The network, with all that is known beforehand.
    workload : Workload
        The passengers and everything chance decided.

    Returns
    -------
    scalars : dict of str to int
        Fields of `layout.WORLD`.
    tables : dict of str to ndarray
        Record arrays and columns by their names in `layout`; columns of the workload are
        shared with it, not copied, where their type and order already fit.
    """
    guards, network = _Guards(), outlook.network
    stations, visits = network.stations, network.visits
    changes = sorted(_changes(outlook, workload))
    alters: list[list[int]] = [[] for _ in stations]
    for at, _, number, _, what, _ in changes:
        if what <= FAIL:
            alters[number].append(at)
    calls = [call for visit in visits for call in visit.calls]
    rules = [rule for station in stations for rule in station.rules]
    tables: dict[str, Array] = {
        "stations": _stations(outlook, alters),
        "rules": _table(
            "rules", guard=[guards.number(who) for who, _ in rules], late_us=[us for _, us in rules]
        ),
        "steps": _steps(network, guards),
        "slots": _slots(network, workload, guards),
        "calls": _table(
            "calls",
            station=[call.station for call in calls],
            after_ppm=[call.after_ppm for call in calls],
            timeout_us=[call.timeout_us for call in calls],
            refers=[call.refers for call in calls],
        ),
        "changes": _table(
            "changes",
            at_us=[at for at, *_ in changes],
            turn=[turn for _, turn, *_ in changes],
            station=[station for _, _, station, *_ in changes],
            ordinal=[ordinal for _, _, _, ordinal, *_ in changes],
            what=[what for *_, what, _ in changes],
            value=[value for *_, value in changes],
        ),
        "amendments": _amendments(network, guards),
        "degradations": _table(
            "degradations",
            stretch_ppm=[mode.stretch_ppm for mode in network.degradations],
            closes=[mode.closes for mode in network.degradations],
            skips=[mode.service if mode.skips else NEVER for mode in network.degradations],
        ),
        "delay_us": np.concatenate(
            [np.zeros(0, dtype=np.int64), *outlook.delay_us.values()], dtype=np.int64
        ),
        "departures": _table(
            "departures",
            at_us=workload.departure_us,
            gate=workload.departure_gate,
            held_first=[NEVER] * len(workload.departure_us),
            held_last=[NEVER] * len(workload.departure_us),
        ),
        "batch_us": np.array([us for s in stations for us in s.batch_us], dtype=np.int64),
        "alters_us": np.array([at for own in alters for at in own], dtype=np.int64),
        **{
            name: np.ascontiguousarray(getattr(workload, name), dtype=layout.COLUMNS[name])
            for name in WORKLOAD_COLUMNS
        },
    }
    tables["route"] = np.ascontiguousarray(
        [] if workload.route is None else workload.route, dtype=np.int32
    )
    tables |= _guard_tables(guards.known)
    scalars = {
        "start_us": network.start_us,
        "cut_us": network.cut_us,
        "policies": network.policies,
        "has_boarding": network.boarding_slot >= 0,
        "has_routes": workload.route is not None,
        "people": len(workload),
        "n_stations": len(stations),
        "n_slots": len(network.slots),
        "n_changes": len(changes),
        "retries": workload.retry_us.shape[1],
        "call_columns": workload.call_us.shape[1],
        "choices": workload.choice.shape[1],
        "switches": workload.switch_us.shape[1],
        "delay_seconds": max(map(len, outlook.delay_us.values()), default=0),
        "unsent_columns": max((len(visit.calls) for visit in visits), default=0),
    }
    return scalars, tables


WORKLOAD_COLUMNS = (
    "arrival_us",
    "first",
    "party_size",
    "service_us",
    "walk_us",
    "patience_us",
    "accepted_on",
    "retry_us",
    "call_us",
    "choice",
    "second_choice",
    "switch_us",
)
"""Columns the loop reads where they are."""


def lanes_of(station: Station) -> int:
    """Lanes of a station: one, or one a gate."""
    return max(station.installed, 1) if station.by_departure else 1


def _table(name: str, **columns: Sequence[int] | Array) -> Array:
    length = len(next(iter(columns.values())))
    table = np.zeros(length, dtype=layout.TABLES[name])
    for field, column in columns.items():
        table[field] = column
    return table


def _stations(outlook: Outlook, alters: list[list[int]]) -> Array:
    network, stations = outlook.network, outlook.network.stations
    boarding = {visit.station for visit in network.visits if visit.boards}
    delays = dict(zip(outlook.delay_us, _starts(map(len, outlook.delay_us.values())), strict=False))
    ends = _starts(map(len, alters))
    return _table(
        "stations",
        mean_service_us=[s.mean_service_us for s in stations],
        installed=[s.installed for s in stations],
        closing=[CLOSING.index(s.closing) for s in stations],
        queue_limit=[s.queue_limit for s in stations],
        per_party=[s.per_party for s in stations],
        by_departure=[s.by_departure for s in stations],
        lanes=[lanes_of(s) for s in stations],
        first_lane=_starts(map(lanes_of, stations))[:-1],
        first_line=_starts(lanes_of(s) * (len(s.rules) + 1) for s in stations)[:-1],
        classes=[len(s.rules) + 1 for s in stations],
        first_server=_starts(s.places for s in stations)[:-1],
        first_rule=_starts(len(s.rules) for s in stations)[:-1],
        first_batch_us=_starts(len(s.batch_us) for s in stations)[:-1],
        batch_cap=[len(s.batch_us) for s in stations],
        alter=ends[:-1],
        alters_end=ends[1:],
        free=[s.installed for s in stations],
        boards=[s.index in boarding for s in stations],
        first_delay=[delays.get(s.index, NEVER) for s in stations],
        skips=[NEVER] * len(stations),
    )


def _steps(network: Network, guards: _Guards) -> Array:
    steps = network.steps
    return _table(
        "steps",
        guard=[guards.number(step.guard) for step in steps],
        way=[WAYS.index(step.choose) for step in steps],
        first_slot=_starts(len(step.slots) for step in steps)[:-1],
        slots=[len(step.slots) for step in steps],
        on_reject=[step.on_reject for step in steps],
        on_balk=[step.on_balk for step in steps],
        on_renege=[step.on_renege for step in steps],
    )


def _slots(network: Network, workload: Workload, guards: _Guards) -> Array:
    slots, visits = network.slots, network.visits
    return _table(
        "slots",
        step=[slot.step for slot in slots],
        station=[slot.station for slot in slots],
        guard=[guards.number(slot.guard) for slot in slots],
        permit=[guards.number(slot.permit) for slot in slots],
        sets_guard=[guards.number(slot.sets_guard) for slot in slots],
        weight=[slot.weight for slot in slots],
        turns_on=[slot.turns_on for slot in slots],
        turns_off=[slot.turns_off for slot in slots],
        attempts=[visit.attempts for visit in visits],
        checks_in=[visit.checks_in for visit in visits],
        boards=[visit.boards for visit in visits],
        opens_us=[visit.opens_us for visit in visits],
        closes_us=[visit.closes_us for visit in visits],
        first_call=_starts(len(visit.calls) for visit in visits)[:-1],
        calls=[len(visit.calls) for visit in visits],
        gallery=workload.gallery_of_slot,
        gallery_per_departure=workload.gallery_per_departure,
    )


def _amendments(network: Network, guards: _Guards) -> Array:
    amended = [each for patch in network.patches for each in patch.slots]
    return _table(
        "amendments",
        slot=[slot for slot, _, _ in amended],
        permit=[guards.number(permit) for _, permit, _ in amended],
        weight=[weight for _, _, weight in amended],
    )


def _guard_tables(guards: Sequence[Guard]) -> dict[str, Array]:
    terms = [term for guard in guards for term in guard]
    starts = _starts(map(len, guards))
    return {
        "guards": _table("guards", first_term=starts[:-1], end=starts[1:]),
        "terms": _table("terms", mask=[m for m, _ in terms], want=[want for _, want in terms]),
    }


Change = tuple[int, int, int, int, int, int]
"""``(at_us, turn, station, ordinal, what, value)``: sorting gives the order of turns."""


def _changes(outlook: Outlook, workload: Workload) -> Iterator[Change]:
    """What the facility does, numbered as the reference engine numbers it."""
    network = outlook.network
    by_turn = (
        (Turn.FACILITY, chain(_of_modes(outlook), _in_table_order(network, workload))),
        (Turn.PATCH, _of_patches(network)),
    )
    numbered = enumerate((turn, change) for turn, changes in by_turn for change in changes)
    for ordinal, (turn, (at_us, station, what, value)) in numbered:
        yield at_us, turn, station, ordinal, what, value


def _of_modes(outlook: Outlook) -> Iterator[tuple[int, int, int, int]]:
    """Degraded modes: those that end first, as the reference engine orders them."""
    modes = outlook.network.degradations
    for spell in outlook.spells:
        if spell.until_us != NEVER:
            yield spell.until_us, modes[spell.mode].station, layout.RECOVER, spell.mode
    for spell in outlook.spells:
        yield spell.from_us, modes[spell.mode].station, layout.DEGRADE, spell.mode


def _of_patches(network: Network) -> Iterator[tuple[int, int, int, int]]:
    """What forks change, as the reference engine orders it."""
    amended = 0
    for patch in network.patches:
        at_us = patch.at_us
        for number in patch.policies:
            yield at_us, NEVER, layout.EFFECT, number
        for _ in patch.slots:
            yield at_us, NEVER, layout.REOPEN, amended
            amended += 1
        for station, installed, level in patch.servers:
            yield at_us, station, layout.INSTALL, installed
            yield at_us, station, TO_LEVEL, level
        for station, server in patch.repairs:
            yield at_us, station, layout.REPAIR, server
        for station, server in patch.failures:
            yield at_us, station, FAIL, server


def _in_table_order(network: Network, workload: Workload) -> Iterator[tuple[int, int, int, int]]:
    for station in network.stations:
        for at_us, level in station.levels:
            yield at_us, station.index, TO_LEVEL, level
    outages = list(
        zip(
            workload.outage_at_us.tolist(),
            workload.outage_station.tolist(),
            workload.outage_server.tolist(),
            workload.outage_is_end.tolist(),
            strict=True,
        )
    )
    for wanted, what in ((True, layout.REPAIR), (False, layout.FAIL)):
        for at_us, number, server, is_end in outages:
            if is_end == wanted:
                yield at_us, number, what, server
    start_us = network.start_us
    windows = zip(boarding_windows(network, workload), workload.departure_us.tolist(), strict=True)
    departures = [(n, us, visit) for n, (visit, us) in enumerate(windows) if visit is not None]
    for number, leaves_us, visit in departures:
        opens_us = start_us if visit.opens_us == NEVER else leaves_us - visit.opens_us
        yield max(start_us, opens_us), visit.station, layout.OPEN_BOARDING, number
    for number, leaves_us, visit in departures:
        closes_us = leaves_us - max(visit.closes_us, 0)
        yield max(start_us, closes_us), visit.station, layout.CLOSE_BOARDING, number
    for number, leaves_us, visit in departures:
        yield max(start_us, leaves_us), visit.station, layout.LEAVE_GATE, number


class _Guards:
    """Guards by number, each kept once."""

    def __init__(self) -> None:
        self.known: list[Guard] = []
        self._numbers: dict[Guard, int] = {}

    def number(self, guard: Guard) -> int:
        if guard not in self._numbers:
            self._numbers[guard] = len(self.known)
            self.known.append(guard)
        return self._numbers[guard]


def _starts(lengths: Iterable[int]) -> NDArray[np.int64]:
    """Start of each list laid end to end, and the end of the last."""
    return np.cumsum([0, *lengths], dtype=np.int64)
