"""From a scenario, a seed and a replication to everyone of a day with every draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.demand.arrivals import arrivals_us, horizon_us, instants_of
from sim.demand.busyness import day_factor, filled
from sim.demand.choices import draw_choices, draw_switches
from sim.demand.crowd import Crowd
from sim.demand.departures import DAY_S, Departures, departures_of
from sim.demand.expected import refuse_too_many
from sim.demand.galleries import galleries_of
from sim.demand.gates import gates_of
from sim.demand.outages import OutageTable, outages_of
from sim.demand.parties import (
    Parties,
    parties_of_arrivals,
    parties_of_departures,
    parties_of_flows,
    single_parties,
    together,
)
from sim.demand.punctuality import delayed
from sim.demand.routes import draw_route_visits, draw_routes
from sim.demand.showup import show_up_us
from sim.demand.streams import Streams
from sim.demand.tables import departure_table, passenger_table
from sim.demand.traits import draw_traits
from sim.demand.visits import Visits, draw_every_slot
from sim.demand.workload import SKIPS, SideTables, Workload
from sim.demand.worlds import outages_of_world, sample_world
from sim.errors import Fault, ScenarioError
from sim.scenario.clock import US_PER_S, to_us
from sim.scenario.program import Program
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ScenarioSpec


class Trace(Protocol):
    """Arrivals and service times to replay."""

    @property
    def arrival_us(self) -> NDArray[np.int64]:
        """Instants of arrival, not decreasing, shape (n,)."""
        ...

    @property
    def service_us(self) -> NDArray[np.int64]:
        """Service time of each passenger at each slot, or `SKIPS`, shape (n, slots)."""
        ...


class Asked(Protocol):
    """What is sampled: a scenario's specification, and its trace if it has one."""

    @property
    def spec(self) -> ScenarioSpec:
        """The resolved specification."""
        ...

    @property
    def trace(self) -> Trace | None:
        """Arrivals and service times to replay, if the demand is a trace."""
        ...


def sample(scenario: Asked, *, program: Program, seed: int, replication: int = 0) -> Workload:
    """Draw everything about one day that chance decides.

    Policies and the date they are judged by change nothing here.

    Parameters
    ----------
    scenario : Asked
        A coherent scenario; of a world each facility is drawn by itself.
    program : Program
        Its journey, numbered; on any date.
    seed : int
        Seed of the study.
    replication : int
        Number of the simulated day, from 0.

    Raises
    ------
    ScenarioError
        If the scenario brings too many people, or leaves a class of them without a figure.
    """
    if isinstance(scenario, Scenario) and scenario.facilities:
        return sample_world(
            scenario, program=program, seed=seed, replication=replication, sample_one=_sample_one
        )
    return _sample_one(scenario, program=program, seed=seed, replication=replication)


def _sample_one(
    scenario: Asked,
    *,
    program: Program,
    seed: int,
    replication: int,
    place: str = "",
    advance: Sequence[tuple[str, int]] = (),
) -> Workload:
    """The day of one facility, whose people with some traits set out earlier."""
    spec = scenario.spec
    streams = Streams(seed, replication, place)
    factor = day_factor(spec.demand.day_factor, streams)
    planned = filled(departures_of(spec), factor)
    departures = delayed(planned, spec.demand.punctuality, streams)
    parties, instants = _parties(
        scenario, departures, streams=streams, slots=len(program.slots), factor=factor
    )
    traits = draw_traits(
        spec, parties=parties, departures=departures, streams=streams, bits=program.bits
    )
    if len(departures):
        shown_up = show_up_us(
            spec,
            parties=parties,
            departures=departures,
            leads=traits[parties.lead],
            streams=streams,
            bits=program.bits,
        )
        instants = np.concatenate((shown_up, instants))
    for trait, by_us in advance:
        goes = traits[parties.lead] >> program.bits[trait] & 1
        instants = np.maximum(instants - goes * by_us, to_us(spec.day_starts))
    crowd = Crowd.of(parties, traits=traits, bits=program.bits, streams=streams)
    return _workload(scenario, crowd, program=program, departures=departures, instants=instants)


def outages_again(
    scenario: Asked, workload: Workload, *, seed: int, replication: int = 0
) -> OutageTable:
    """The outages of a day that was drawn before, as another plan of them would have it.

    Parameters
    ----------
    scenario : Asked
        The scenario, with other servers or outages than the day was drawn with.
    workload : Workload
        The day.
    """
    if isinstance(scenario, Scenario) and scenario.facilities:
        assert workload.journey is not None, "of a world"
        assert workload.departure_journey is not None, "of a world"
        until_us = [
            _end_us(
                each.scenario.spec,
                workload.departure_us[workload.departure_journey == number],
                workload.arrival_us[workload.journey == number],
            )
            for number, each in enumerate(scenario.facilities)
        ]
        return outages_of_world(
            scenario,
            program=scenario.program(),
            until_us=until_us,
            seed=seed,
            replication=replication,
        )
    end_us = _end_us(scenario.spec, workload.departure_us, workload.arrival_us)
    return outages_of(scenario.spec, until_us=end_us, streams=Streams(seed, replication))


def _parties(
    scenario: Asked, departures: Departures, *, streams: Streams, slots: int, factor: float
) -> tuple[Parties, NDArray[np.int64]]:
    """Who comes together, those with a departure first, and when all the others do."""
    spec = scenario.spec
    nowhen = np.zeros(0, dtype=np.int64)
    if spec.demand.trace is not None:
        trace = _trace(scenario)
        return single_parties(len(trace.arrival_us)), trace.arrival_us
    refuse_too_many(spec, slots=slots)
    if spec.demand.arrivals is not None:
        instants = arrivals_us(spec, streams, factor=factor)
        return parties_of_arrivals(spec.demand, len(instants), streams), instants
    booked = parties_of_departures(spec.demand, departures, streams)
    if not spec.demand.flows:
        return booked, nowhen
    flows = [
        instants_of(flow.arrivals, spec=spec, streams=streams, flow=flow.id, factor=factor)
        for flow in spec.demand.flows
    ]
    others = parties_of_flows(spec.demand, [len(each) for each in flows], streams)
    return (together(booked, others) if len(departures) else others), np.concatenate(flows)


def _workload(
    scenario: Asked,
    crowd: Crowd,
    *,
    program: Program,
    departures: Departures,
    instants: NDArray[np.int64],
) -> Workload:
    """Everyone's columns in the order of arrival."""
    spec, parties = scenario.spec, crowd.parties
    order = _order_of_arrival(instants, parties, before_us=horizon_us(spec))
    size = parties.size[order]
    people, _ = _expand(parties.lead[order], size)
    first, route, visits = _visits(scenario, crowd, program=program, people=people)
    arrival_us = np.repeat(instants[order], size)
    party = np.repeat(np.arange(len(order), dtype=np.int32), size)
    party_size = np.repeat(size, size).astype(np.int32)
    departure = np.repeat(parties.departure[order], size)
    flow = np.repeat(parties.flow[order], size) if spec.demand.flows else None
    gates = gates_of(departures, program, day_starts=spec.day_starts)
    outages = outages_of(
        spec, until_us=_end_us(spec, departures.at_us, instants), streams=crowd.streams
    )
    galleries = galleries_of(program, departures, persons=len(people))
    return Workload(
        arrival_us=arrival_us,
        party=party,
        party_size=party_size,
        is_lead=np.diff(party, prepend=-1) > 0,
        departure=departure,
        traits=crowd.traits[people],
        first=first,
        route=route,
        service_us=visits.service_us,
        walk_us=visits.walk_us,
        patience_us=visits.patience_us,
        accepted_on=visits.accepted_on,
        retry_us=np.ascontiguousarray(visits.retry_us.T),
        call_us=np.ascontiguousarray(visits.call_us.T),
        choice=np.ascontiguousarray(draw_choices(crowd, program, "choice")[people]),
        second_choice=np.ascontiguousarray(draw_choices(crowd, program, "second-choice")[people]),
        switch_us=np.ascontiguousarray(draw_switches(crowd, program)[people]),
        departure_us=departures.at_us,
        departure_gate=gates,
        outage_at_us=outages.at_us,
        outage_station=outages.station,
        outage_server=outages.server,
        outage_is_end=outages.is_end,
        gallery_of_slot=galleries.of_slot,
        gallery_per_departure=galleries.per_departure,
        tables=SideTables(
            passengers=passenger_table(
                party=party,
                party_size=party_size,
                departure=departure,
                birth=parties.members.numbers[people],
                arrival_us=arrival_us,
                traits=crowd.traits[people],
                bits=program.bits,
                flow=flow,
            ),
            departures=departure_table(departures, gates),
            galleries=galleries.table,
        ),
    )


def _visits(
    scenario: Asked, crowd: Crowd, *, program: Program, people: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32] | None, Visits]:
    """Draws of every visit by row, first row of each passenger, and slots of random routes."""
    stations = {station.id: station for station in scenario.spec.stations}
    if program.is_routed:
        routes = draw_routes(crowd, program)
        visits = draw_route_visits(crowd, routes, program, stations)
        lengths = np.diff(routes.first)[people]
        rows, first = _expand(routes.first[people], lengths)
        slots = np.array([step.slots[0].index for step in program.steps], dtype=np.int32)
        return first, slots[routes.step[rows]], visits[rows]
    visits = draw_every_slot(crowd, program, stations)
    if scenario.spec.demand.trace is not None:
        service_us = _trace(scenario).service_us
        assert service_us.shape == (len(crowd), len(program.slots)), service_us.shape
        visits.service_us[:] = service_us.ravel()
    slots = len(program.slots)
    if scenario.spec.demand.flows:
        _pass_by_boarding(visits, crowd, program)
    first = np.arange(len(people) + 1, dtype=np.int64) * slots
    return first, None, visits.of_people(people, each=slots)


def _pass_by_boarding(visits: Visits, crowd: Crowd, program: Program) -> None:
    """Nobody boards who has no departure."""
    stays = np.flatnonzero(crowd.parties.departure[crowd.party] < 0)
    for slot in program.slots:
        if slot.visit.boards:
            visits.service_us[stays * len(program.slots) + slot.index] = SKIPS


def _order_of_arrival(
    instants: NDArray[np.int64], parties: Parties, *, before_us: int | None
) -> NDArray[np.int64]:
    """Parties by arrival, those of one instant as they were made; by law none too late."""
    order = np.argsort(instants, kind="stable")
    if before_us is None:
        return order
    return order[(instants[order] < before_us) | (parties.departure[order] >= 0)]


def _expand(
    starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows ``start, start + 1, …`` one run after the other, and where each run begins."""
    first = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))
    return np.repeat(starts - first[:-1], lengths) + np.arange(first[-1]), first


def _end_us(
    spec: ScenarioSpec, departure_us: NDArray[np.int64], instants: NDArray[np.int64]
) -> int:
    """Until when machines may fail: the horizon, else a whole day or whatever lasts longer."""
    if spec.horizon_s is not None:
        return to_us(spec.horizon_s.value)
    day_ends = (spec.day_starts + DAY_S) * US_PER_S
    return int(max([day_ends, *departure_us[-1:], *instants.max(initial=0, keepdims=True)]))


def _trace(scenario: Asked) -> Trace:
    if scenario.trace is None:
        message = f"{scenario.spec.demand.trace} has not been read; load the scenario from its file"
        raise ScenarioError([Fault(message, key="demand.trace")])
    return scenario.trace
