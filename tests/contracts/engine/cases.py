"""Small days written by hand: a scenario, its passengers with every draw, and the log as text.

Instants and durations are seconds; anything a case does not mention is the simplest there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import Any, Self

import numpy as np

from sim.demand.tables import passenger_table
from sim.demand.workload import FOR_EVER, SKIPS, UNIFORM_BITS, SideTable, SideTables, Workload
from sim.engine.network import Network, build_network
from sim.events.kinds import CODE, KINDS, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.scenario.clock import US_PER_S, to_us
from sim.scenario.program import Program, Slot, build_program
from sim.scenario.spec import ScenarioSpec

Simulate = Callable[[Network, Workload], Iterator[EventBlock]]
"""An engine: network and workload in, blocks of events out."""

Draw = float | Sequence[float | None] | None
"""One figure for every row (slot, or position of a route), or one for each."""

Columns = Sequence[float] | Sequence[Sequence[float]]
"""Figures of several columns for every row, or for each."""


@dataclass(frozen=True, slots=True)
class Person:
    """A passenger's traits and draws.

    Attributes
    ----------
    serve, walk, patience : Draw
        By row; a service of None is a blank in a trace, a patience of None is for ever.
    accept : Draw
        Attempt on which a match is accepted, 0 for never.
    retry, answer : sequence of float, or of such sequences
        Columns of further attempts, and of calls; the same in every row, or by row.
    choose, again, switch : Draw
        By step: uniform numbers below 1, and the wait that makes the passenger switch.
    route : sequence of int
        Slots to visit, in a journey whose routes were drawn whole.
    """

    traits: tuple[str, ...] = ()
    serve: Draw = 1
    walk: Draw = 0
    patience: Draw = None
    accept: Draw = 1
    retry: Columns = ()
    answer: Columns = ()
    choose: Draw = 0.0
    again: Draw = 0.0
    switch: Draw = 0.0
    route: Sequence[int] | None = None


@dataclass(slots=True)
class Case:
    """A day in the making; every method adds something and returns the case."""

    scenario: dict[str, Any] = field(default_factory=dict)
    stations: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    parties: list[tuple[float, int, tuple[Person, ...]]] = field(default_factory=list)
    departures: list[tuple[float, int]] = field(default_factory=list)
    outages: list[tuple[str, float, float, int]] = field(default_factory=list)

    def station(self, name: str, servers: Any = 1, *, mean: float = 1, **more: Any) -> Self:
        """Add a bank; `servers` may be levels ``{instant: servers}``, in whole seconds.

        A priority rule's ``late_within`` is in seconds too; `mean` is what newcomers reckon with.
        """
        if isinstance(servers, dict):
            servers = _periods(servers)
        if "batch" not in more:
            more["service"] = {"law": "deterministic", "mean_s": mean}
        if "priority" in more:
            more["priority"] = [_in_minutes(rule, "late_within") for rule in more["priority"]]
        self.stations.append({"id": name, "servers": servers, **more})
        return self

    def batches(self, name: str, servers: Any = 1, *, times: Sequence[float], **more: Any) -> Self:
        """Add a batch station; `times` are by size of the batch, the last one is the cap."""
        buckets = [{"size": n, "service_s": time} for n, time in enumerate(times, start=1)]
        return self.station(name, servers, batch={"cap": len(times), "buckets": buckets}, **more)

    def step(self, station: str | None = None, **more: Any) -> Self:
        """Add a step at a station, or one with ``options``.

        ``opens_before`` and ``closes_before`` are in seconds, here and in options.
        """
        if station:
            more["station"] = station
        if "options" in more:
            more["options"] = [_window(option) for option in more["options"]]
        self.steps.append(_window(more))
        return self

    def gates(
        self, name: str, servers: Any = 1, *, attempts: int = 1, gallery: str = "chip", **more: Any
    ) -> Self:
        """Add a bank that compares faces."""
        match = {
            "attempts": attempts,
            "gallery": gallery,
            "errors": [{"share": 0}],
            "retry": {"law": "deterministic", "mean_s": 1},
        }
        return self.station(name, servers, match=match, **more)

    def says(self, **more: Any) -> Self:
        """Set keys of the scenario itself, such as its traits or horizon."""
        self.scenario.update(more)
        return self

    def departure(self, at: float, *, gate: int = -1) -> Self:
        """Add a departure; passengers name it by its number."""
        self.departures.append((at, gate))
        return self

    def outage(self, station: str, start: float, end: float, *, server: int = -1) -> Self:
        """Add an outage of one server, or of the bank."""
        self.outages.append((station, start, end, server))
        return self

    def passenger(self, at: float, departure: int = -1, **draws: Any) -> Self:
        """Add someone who comes alone."""
        return self.party(at, Person(**draws), departure=departure)

    def party(self, at: float, *persons: Person, departure: int = -1) -> Self:
        """Add a party, the lead first."""
        self.parties.append((at, departure, persons))
        return self

    @property
    def slots(self) -> int:
        """Slots of the journey so far: an option each, or a step without options."""
        return sum(len(step.get("options", "1")) for step in self.steps)

    # -- what engines take and give --------------------------------------------------------

    def program(self) -> Program:
        """The journey, numbered."""
        return build_program(self.spec())

    def spec(self) -> ScenarioSpec:
        """The scenario as if read from a file."""
        demand: dict[str, Any] = {"arrivals": {"law": "poisson", "rate_per_s": 1.0}}
        if self.departures:
            rows = [
                {"id": str(number), "at": int(at), "persons": 1, "gate": gate}
                for number, (at, gate) in enumerate(self.departures)
            ]
            demand = {"departures": rows, "show_up": [{"mean_min": 90, "sd_min": 30}]}
        own = {"id": "case", "kind": "generic", "horizon_s": 100_000, "demand": demand}
        return ScenarioSpec.model_validate(
            {**own, **self.scenario, "stations": self.stations, "journey": self.steps}
        )

    def network(self) -> Network:
        """What an engine knows of the scenario."""
        return build_network(self.spec(), self.program())

    def workload(self) -> Workload:
        """What an engine knows of the day."""
        return _workload(self, self.program())

    def block(self, simulate: Simulate) -> EventBlock:
        """Every event, as an engine has them."""
        return concat_blocks(simulate(self.network(), self.workload()))

    def log(self, simulate: Simulate) -> list[str]:
        """Every event as a line of text, see `lines_of`."""
        return lines_of(self.block(simulate), [each["id"] for each in self.stations])


def lines_of(block: EventBlock, stations: Sequence[str]) -> list[str]:
    """Events as text: ``12.5 service_started p3 desk v0 s1 r2 =4``.

    Seconds, kind, passenger, station, visit, server, ref and detail; what an event does not
    have, and a detail of zero, is left out.
    """
    seconds = [f"{at / US_PER_S:.6f}".rstrip("0").rstrip(".") for at in block.at_us.tolist()]
    kinds = [KINDS[code].value for code in block.kind.tolist()]
    where = [stations[number] if number >= 0 else "" for number in block.station.tolist()]
    who, visit, server, ref = (
        [f"{letter}{number}" if number >= 0 else "" for number in column.tolist()]
        for letter, column in zip(
            "pvsr", (block.passenger, block.visit, block.server, block.ref), strict=True
        )
    )
    details = [f"={detail}" if detail else "" for detail in block.detail.tolist()]
    rows = zip(seconds, kinds, who, where, visit, server, ref, details, strict=True)
    return [" ".join(filter(None, row)) for row in rows]


def events(text: str) -> list[str]:
    """Lines of an expected log, without the blanks around them."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def only(log: list[str], *kinds: str) -> list[str]:
    """The lines of some kinds."""
    assert all(Kind(kind) in CODE for kind in kinds)
    return [line for line in log if line.split()[1] in kinds]


def _periods(levels: dict[int, int]) -> dict[str, Any]:
    """Levels by periods as long as may be, in whole seconds."""
    period, held = gcd(*levels) or 1, 0
    by_period = [held := levels.get(at, held) for at in range(0, max(levels) + 1, period)]
    return {"period_min": period / 60, "open": by_period}


def _window(table: dict[str, Any]) -> dict[str, Any]:
    return _in_minutes(_in_minutes(table, "opens_before"), "closes_before")


def _in_minutes(table: dict[str, Any], key: str) -> dict[str, Any]:
    """The table with a key in seconds turned into the file's, in minutes."""
    rest = {name: value for name, value in table.items() if name != key}
    return rest if len(rest) == len(table) else {**rest, f"{key}_min": table[key] / 60}


def _workload(case: Case, program: Program) -> Workload:
    people = [person for _, _, persons in case.parties for person in persons]
    sizes = [len(persons) for _, _, persons in case.parties]
    is_routed = any(person.route is not None for person in people)
    slots = [
        [program.slots[n] for n in person.route] if person.route is not None else program.slots
        for person in people
    ]
    rows = [(person, len(own)) for person, own in zip(people, slots, strict=True)]
    traits = [sum(1 << program.bits[name] for name in person.traits) for person in people]
    answers = max((len(s.visit.calls) * _attempts(s) for s in program.slots), default=0)
    retries = max((_attempts(slot) - 1 for slot in program.slots), default=0)
    steps = len(program.steps)
    chosen = steps if any(step.is_choice for step in program.steps) else 0
    preferred = steps if any(step.choose == "prefer" for step in program.steps) else 0
    galleries, count = _galleries(program, len(case.departures))
    outages = sorted(
        (at, case_station, server, is_end)
        for station, start, end, server in case.outages
        for case_station in [program.stations.index(station)]
        for at, is_end in ((start, False), (end, True))
    )
    arrival_us = np.repeat(_us([at for at, _, _ in case.parties]), sizes)
    party = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    party_size = np.repeat(np.array(sizes, dtype=np.int32), sizes)
    departure = np.repeat(np.array([d for _, d, _ in case.parties], dtype=np.int32), sizes)
    departure_us = _us([at for at, _ in case.departures])
    gates = np.array([gate for _, gate in case.departures], dtype=np.int32)
    return Workload(
        arrival_us=arrival_us,
        party=party,
        party_size=party_size,
        is_lead=np.array([n == 0 for size in sizes for n in range(size)], dtype=bool),
        departure=departure,
        traits=np.array(traits, dtype=np.int64),
        first=np.cumsum([0, *(length for _, length in rows)], dtype=np.int64),
        route=np.array([slot.index for own in slots for slot in own], dtype=np.int32)
        if is_routed
        else None,
        service_us=_column([_each(p.serve, n) for p, n in rows], SKIPS),
        walk_us=_column([_each(p.walk, n) for p, n in rows], 0),
        patience_us=_column([_each(p.patience, n) for p, n in rows], FOR_EVER),
        accepted_on=np.array([v for p, n in rows for v in _each(p.accept, n)], dtype=np.uint8),
        retry_us=_table([row for p, n in rows for row in _by_row(p.retry, n)], retries),
        call_us=_table([row for p, n in rows for row in _by_row(p.answer, n)], answers),
        choice=_uniforms([_each(p.choose, steps)[:chosen] for p in people], chosen),
        second_choice=_uniforms([_each(p.again, steps)[:chosen] for p in people], chosen),
        switch_us=_table([_each(p.switch, steps) for p in people], preferred),
        departure_us=departure_us,
        departure_gate=gates,
        outage_at_us=_us([at for at, *_ in outages]),
        outage_station=np.array([station for _, station, _, _ in outages], dtype=np.int32),
        outage_server=np.array([server for _, _, server, _ in outages], dtype=np.int32),
        outage_is_end=np.array([is_end for *_, is_end in outages], dtype=bool),
        gallery_of_slot=np.array(galleries, dtype=np.int32),
        gallery_per_departure=np.array([_has_many(slot) for slot in program.slots], dtype=bool),
        tables=SideTables(
            passengers=passenger_table(
                party=party,
                party_size=party_size,
                departure=departure,
                birth=np.arange(len(people)),
                arrival_us=arrival_us,
                traits=np.array(traits, dtype=np.int64),
                bits=program.bits,
            ),
            departures=SideTable({"at_us": departure_us, "gate": gates}),
            galleries=SideTable({"id": np.arange(count)}),
        ),
    )


def _galleries(program: Program, departures: int) -> tuple[list[int], int]:
    """First gallery of each slot, and how many there are."""
    first, count = [], 0
    for slot in program.slots:
        first.append(count if slot.spec.match else -1)
        if slot.spec.match:
            count += departures if _has_many(slot) else 1
    return first, count


def _has_many(slot: Slot) -> bool:
    return slot.spec.match is not None and slot.spec.match.gallery == "departure"


def _attempts(slot: Slot) -> int:
    return slot.spec.match.attempts if slot.spec.match else 1


def _each(draw: Draw, length: int) -> list[float | None]:
    if draw is None or isinstance(draw, int | float):
        return [draw] * length
    assert len(draw) == length, f"{len(draw)} draws for {length} rows"
    return list(draw)


def _by_row(columns: Columns, length: int) -> list[list[float | None]]:
    given = [list(each) if isinstance(each, Sequence) else each for each in columns]
    nested = [each for each in given if isinstance(each, list)]
    if not nested:
        return [[each for each in given if not isinstance(each, list)]] * length
    assert len(nested) == length, f"draws for {len(nested)} of {length} rows"
    return [[*each] for each in nested]


def _column(rows: list[list[float | None]], none: int) -> np.ndarray:
    flat = [value for row in rows for value in row]
    return np.array([none if value is None else to_us(value) for value in flat], dtype=np.int64)


def _table(rows: Sequence[Sequence[float | None]], width: int) -> np.ndarray:
    table = np.zeros((len(rows), width), dtype=np.int64)
    for row, values in zip(table, rows, strict=True):
        for place, value in enumerate(values[:width]):
            row[place] = to_us(value or 0)
    return table


def _uniforms(rows: list[list[float | None]], width: int) -> np.ndarray:
    table = np.array(rows, dtype=float).reshape(len(rows), width)
    return (table * (1 << UNIFORM_BITS)).astype(np.int64)


def _us(seconds: Sequence[float]) -> np.ndarray:
    return np.array([to_us(each) for each in seconds], dtype=np.int64)
