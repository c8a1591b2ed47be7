"""A scenario compiled for the engines: integers only, no chance, no passengers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from sim.demand.workload import Workload
from sim.engine.background import (
    NEVER,
    Background,
    Degradation,
    background_of,
    degradation_of,
)
from sim.scenario.clock import US_PER_S, to_us
from sim.scenario.guards import Guard, compile_guard
from sim.scenario.laws import mean_s
from sim.scenario.opening import installed_servers, opening_levels
from sim.scenario.program import Journey, PolicyTurn, Program, Slot, Step
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import Batch, StationSpec

US_PER_MIN = 60 * US_PER_S
Closing = Literal["idle_first", "named", "pause"]


@dataclass(frozen=True, slots=True)
class Station:
    """A bank of servers and its queue.

    Attributes
    ----------
    installed : int
        Servers that exist as the day starts.
    levels : tuple of (int, int)
        Instants and servers staffed from then on; the first is the start of the day.
    queue_limit : int
        Most customers waiting in a lane, or `NEVER`.
    rules : tuple of (Guard, int)
        Priority rules: who, and how close to the departure in microseconds or `NEVER`.
    mean_service_us : int
        Mean service time by which passengers estimate a wait.
    by_departure : bool
        Whether server *g* serves only the departures of gate *g*.
    batch_us : tuple of int
        Service time of a batch by its size, from size 1; empty where not a batch station.
    grown : int
        Servers that exist in the end, where a fork adds some; else 0.
    """

    index: int
    id: str
    installed: int
    levels: tuple[tuple[int, int], ...]
    closing: Closing
    queue_limit: int
    rules: tuple[tuple[Guard, int], ...]
    mean_service_us: int
    per_party: bool
    by_departure: bool
    batch_us: tuple[int, ...]
    grown: int = 0

    @property
    def places(self) -> int:
        """Most servers that ever exist."""
        return max(self.installed, self.grown)


@dataclass(frozen=True, slots=True)
class Call:
    """A request sent to another station while the server is held.

    ``after_ppm`` is the share of the attempt's time after which it is sent, in millionths.
    """

    station: int
    after_ppm: int
    timeout_us: int
    refers: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """What the engines need to know of a slot besides its guards.

    Attributes
    ----------
    attempts : int
        Biometric attempts, 0 where the slot does not match.
    opens_us, closes_us : int
        How long before the departure boarding opens, and nobody more is accepted.
    """

    station: int
    attempts: int
    calls: tuple[Call, ...]
    checks_in: bool
    boards: bool
    opens_us: int
    closes_us: int


@dataclass(frozen=True, slots=True)
class Patch:
    """What a fork changes at an instant, before anything else happens then.

    Attributes
    ----------
    at_us : int
        The instant.
    policies : tuple of int
        Numbers of the policies that come into force.
    slots : tuple of (int, Guard, int)
        Slots, with who the policies admit and their weight from then on.
    servers : tuple of (int, int, int)
        Stations, with servers that exist and servers staffed from then on.
    repairs, failures : tuple of (int, int)
        Stations, with the server or -1 for the whole bank.
    """

    at_us: int
    policies: tuple[int, ...] = ()
    slots: tuple[tuple[int, Guard, int], ...] = ()
    servers: tuple[tuple[int, int, int], ...] = ()
    repairs: tuple[tuple[int, int], ...] = ()
    failures: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """All the engines know of a scenario.

    Attributes
    ----------
    start_us : int
        Start of the service day.
    cut_us : int
        Instant at which the run stops, or `NEVER` to let everyone finish.
    policies : int
        Number of policies in force as the day starts.
    journeys : tuple of Journey
        One; in a world one for each facility, end to end.
    patches : tuple of Patch
        What forks change, in order of time.
    backgrounds : tuple of Background
        Other traffic on called stations.
    degradations : tuple of Degradation
        Degraded modes, in the order of the file.
    """

    start_us: int
    cut_us: int
    stations: tuple[Station, ...]
    steps: tuple[Step, ...]
    slots: tuple[Slot, ...]
    visits: tuple[Visit, ...]
    policies: int
    journeys: tuple[Journey, ...]
    patches: tuple[Patch, ...] = ()
    backgrounds: tuple[Background, ...] = ()
    degradations: tuple[Degradation, ...] = ()

    @property
    def boarding_slot(self) -> int:
        """Number of the first slot that boards, or -1."""
        return next((n for n, visit in enumerate(self.visits) if visit.boards), -1)


def build_network(spec: ScenarioSpec, program: Program) -> Network:
    """Compile a coherent scenario and its program.

    Parameters
    ----------
    spec : ScenarioSpec
        The scenario.
    program : Program
        Its program on the date whose policies hold.
    """
    start_us = to_us(spec.day_starts)
    cut_us = NEVER
    if spec.end_of_run == "cut" and spec.horizon_s is not None:
        cut_us = to_us(spec.horizon_s.value)
    numbers = {name: number for number, name in enumerate(program.stations)}
    return Network(
        start_us=start_us,
        cut_us=cut_us,
        stations=tuple(
            _station(station, index=number, bits=program.bits, start_us=start_us)
            for number, station in enumerate(spec.stations)
        ),
        steps=program.steps,
        slots=program.slots,
        visits=tuple(_visit(slot, numbers) for slot in program.slots),
        policies=program.at_start,
        patches=tuple(_patch(turn, program) for turn in program.turns),
        journeys=program.journeys,
        backgrounds=tuple(background_of(each, numbers) for each in spec.background),
        degradations=tuple(degradation_of(each, spec, numbers) for each in spec.degraded),
    )


def _patch(turn: PolicyTurn, program: Program) -> Patch:
    """What policies with hours change at an instant; shares of options stay."""
    slots = ((number, permit, program.slots[number].weight) for number, permit in turn.permits)
    return Patch(at_us=turn.at_us, policies=turn.begins, slots=tuple(slots))


def boarding_windows(network: Network, workload: Workload) -> Iterator[Visit | None]:
    """Where and when each departure boards; None where its passengers do not board.

    There is one window for a departure, that of the first boarding option of its journey.
    """
    departures = len(workload.departure_us)
    journeys = workload.departure_journey
    for number in [0] * departures if journeys is None else journeys.tolist():
        slot = network.journeys[number].boarding_slot
        yield None if slot < 0 else network.visits[slot]


def boarding_stations(network: Network, journey: int) -> list[int]:
    """Stations that board the departures of a journey."""
    way = network.journeys[journey]
    slots = (slot for step in network.steps[way.first_step : way.end_step] for slot in step.slots)
    return sorted({slot.station for slot in slots if slot.visit.boards})


def with_slots(steps: tuple[Step, ...], patch: Patch) -> tuple[Step, ...]:
    """Steps whose slots a patch has changed."""
    changed = {number: (permit, weight) for number, permit, weight in patch.slots}

    def patched(slot: Slot) -> Slot:
        if slot.index not in changed:
            return slot
        permit, weight = changed[slot.index]
        return replace(slot, permit=permit, weight=weight)

    return tuple(replace(step, slots=tuple(map(patched, step.slots))) for step in steps)


def _station(station: StationSpec, *, index: int, bits: dict[str, int], start_us: int) -> Station:
    levels = opening_levels(station.servers, start_us=start_us)
    batch_us = _batch_times(station.batch) if station.batch else ()
    if station.service:
        mean_us = to_us(mean_s(station.service[-1]))
    else:
        mean_us = batch_us[0] if batch_us else 0
    return Station(
        index=index,
        id=station.id,
        installed=installed_servers(station, start_us=start_us),
        levels=levels,
        closing=station.closing,
        queue_limit=NEVER if station.queue_limit is None else int(station.queue_limit.value),
        rules=tuple(
            (
                compile_guard(rule.when, bits),
                NEVER if rule.late_within_min is None else to_us(rule.late_within_min.value * 60),
            )
            for rule in station.priority
        ),
        mean_service_us=mean_us,
        per_party=station.per == "party",
        by_departure=station.lanes == "by_departure",
        batch_us=batch_us,
    )


def _batch_times(batch: Batch) -> tuple[int, ...]:
    return tuple(
        to_us(next(b.service_s.value for b in batch.buckets if b.size >= size))
        for size in range(1, batch.cap + 1)
    )


def _visit(slot: Slot, numbers: dict[str, int]) -> Visit:
    visit = slot.visit
    return Visit(
        station=slot.station,
        attempts=slot.spec.match.attempts if slot.spec.match else 0,
        calls=tuple(
            Call(
                station=numbers[call.station],
                after_ppm=round(call.after_share.value * 1_000_000),
                timeout_us=NEVER if call.timeout_s is None else to_us(call.timeout_s.value),
                refers=call.on_timeout == "refer",
            )
            for call in visit.calls
        ),
        checks_in=visit.checks_in,
        boards=visit.boards,
        opens_us=_minutes(visit.opens_before_min),
        closes_us=_minutes(visit.closes_before_min),
    )


def _minutes(figure: object) -> int:
    return NEVER if figure is None else to_us(float(figure) * 60)  # type: ignore[arg-type]
