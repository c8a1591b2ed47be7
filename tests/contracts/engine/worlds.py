"""Worlds of cases: several small facilities in one network and one workload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.demand.merge import Part, merged_workload
from sim.demand.outages import OutageTable, joined
from sim.demand.workload import Workload
from sim.demand.worlds import station_numbers
from sim.engine.network import Network, build_network
from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.scenario.program import Program, build_program
from sim.scenario.scenario import Facility
from sim.scenario.world_spec import WorldSpec
from sim.scenario.world_union import union, with_shared
from tests.contracts.engine.cases import Case, Simulate, lines_of

ABOUT_DEPARTURES = (
    Kind.ARRIVED,
    Kind.BOARDED,
    Kind.CHECKED_IN,
    Kind.MISSED_DEPARTURE,
    Kind.BOARDING_OPENED,
    Kind.BOARDING_CLOSED,
    Kind.DEPARTURE_LEFT,
)
"""Kinds of events whose ``ref`` is a departure."""


@dataclass(frozen=True, slots=True)
class WorldOfCases:
    """Facilities ``f0``, ``f1``, … and what they come to together."""

    facilities: tuple[Facility, ...]
    program: Program
    network: Network
    workload: Workload

    def log(self, simulate: Simulate) -> list[str]:
        """Every event as a line of text."""
        block = concat_blocks(simulate(self.network, self.workload))
        return lines_of(block, self.program.stations)

    def own_events(self, events: EventBlock, number: int) -> EventBlock:
        """Events of the people of one facility, with their facility's own numbers."""
        rows = np.flatnonzero(_journeys(self.workload) == number)
        own = events[np.isin(events.passenger, rows)]
        person = np.full(len(self.workload), -1, dtype=np.int32)
        person[rows] = np.arange(len(rows), dtype=np.int32)
        stations = np.full(len(self.program.stations) + 1, -1, dtype=np.int16)
        numbers = station_numbers(self.facilities[number], self.program)
        stations[numbers] = np.arange(len(numbers), dtype=np.int16)
        flights = np.flatnonzero(self.workload.departure_journey == number)
        of_flight = np.isin(own.kind, [CODE[kind] for kind in ABOUT_DEPARTURES])
        shift = int(flights[0]) if len(flights) else 0
        ref = np.where(of_flight & (own.ref >= 0), own.ref - shift, own.ref).astype(np.int32)
        return EventBlock(
            own.seq,
            own.at_us,
            own.kind,
            person[own.passenger],
            stations[own.station],
            own.visit,
            own.server,
            ref,
            own.detail,
        )


def world_of(
    *cases: Case,
    stations: Sequence[Mapping[str, Any]] = (),
    shared: Sequence[str] = (),
    cut_s: float | None = None,
) -> WorldOfCases:
    """A world of some cases, which have the same traits.

    Parameters
    ----------
    stations : sequence of mapping
        What the world itself has.
    shared : sequence of str
        Those of them that stand for the facilities' own.
    cut_s : float or None
        When the run is cut.
    """
    cut = {} if cut_s is None else {"end_of_run": "cut", "horizon_s": cut_s}
    table = {"id": "world", "kind": "world", "facilities": [{"id": "f0", "scenario": "case"}]}
    world = WorldSpec.model_validate({**table, **cut, "stations": stations})
    facilities = []
    for number, case in enumerate(cases):
        spec = with_shared(case.spec(), [each for each in world.stations if each.id in shared])
        scenario: Any = SimpleNamespace(spec=spec)
        facilities.append(Facility(f"f{number}", scenario, tuple(shared), "own"))
    spec = union(world, facilities)
    lengths = [len(case.spec().journey) for case in cases]
    program = build_program(spec, lengths=lengths)
    parts = [
        Part(each.id, case.slots, station_numbers(each, program), case.workload())
        for each, case in zip(facilities, cases, strict=True)
    ]
    outages = joined([_renumbered(part) for part in parts])
    workload = merged_workload(parts, program=program, outages=outages)
    return WorldOfCases(tuple(facilities), program, build_network(spec, program), workload)


def _renumbered(part: Part) -> OutageTable:
    work = part.workload
    return OutageTable(
        work.outage_at_us,
        part.stations[work.outage_station],
        work.outage_server,
        work.outage_is_end,
    )


def _journeys(workload: Workload) -> np.ndarray:
    assert workload.journey is not None
    return workload.journey
