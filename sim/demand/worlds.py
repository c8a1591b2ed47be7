"""A day of a world: each facility drawn by itself, then all together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.demand.expected import refuse_too_many_in_all
from sim.demand.merge import Part, merged_workload
from sim.demand.outages import OutageTable, joined, outages_of
from sim.demand.streams import Streams
from sim.demand.workload import Workload
from sim.scenario.program import Program, build_program
from sim.scenario.scenario import Facility, Scenario
from sim.scenario.spec import ScenarioSpec


class SampleOne(Protocol):
    """How the people of one facility are drawn."""

    def __call__(
        self,
        scenario: Any,
        *,
        program: Program,
        seed: int,
        replication: int,
        place: str,
        advance: Sequence[tuple[str, int]],
    ) -> Workload:
        """Their workload."""
        ...


def sample_world(
    scenario: Scenario, *, program: Program, seed: int, replication: int, sample_one: SampleOne
) -> Workload:
    """Draw a day of every facility and lay them together.

    Parameters
    ----------
    scenario : Scenario
        A world.
    program : Program
        Its program; it numbers the traits of all facilities.
    sample_one : callable
        Draws one facility, from streams set apart by its `Facility.place`.

    Raises
    ------
    ScenarioError
        If the facilities bring too many people together.
    """
    refuse_too_many_in_all(
        [(each.id, each.scenario.spec, _slots(each)) for each in scenario.facilities]
    )
    parts = [
        Part(
            id=each.id,
            slots=_slots(each),
            stations=station_numbers(each, program),
            workload=sample_one(
                each.scenario,
                program=build_program(each.scenario.spec, bits=program.bits),
                seed=seed,
                replication=replication,
                place=each.place,
                advance=each.advance,
            ),
        )
        for each in scenario.facilities
    ]
    own = [_renumbered(_outages_in(part.workload), part.stations) for part in parts]
    until_us = max(
        int(column.max(initial=0))
        for part in parts
        for column in (part.workload.arrival_us, part.workload.departure_us)
    )
    world = _of_world(scenario, until_us=until_us, streams=Streams(seed, replication))
    return merged_workload(parts, program=program, outages=joined([*own, world]))


def outages_of_world(
    scenario: Scenario,
    *,
    program: Program,
    until_us: Sequence[int],
    seed: int,
    replication: int,
) -> OutageTable:
    """The outages of all facilities and of the world itself, drawn again.

    Parameters
    ----------
    until_us : sequence of int
        Until when the machines of each facility may fail.
    """
    tables = [
        _renumbered(
            outages_of(
                each.scenario.spec,
                until_us=end_us,
                streams=Streams(seed, replication, each.place),
            ),
            station_numbers(each, program),
        )
        for each, end_us in zip(scenario.facilities, until_us, strict=True)
    ]
    streams = Streams(seed, replication)
    return joined([*tables, _of_world(scenario, until_us=max(until_us), streams=streams)])


def station_numbers(facility: Facility, program: Program) -> NDArray[np.int32]:
    """Number in the world of each station of a facility."""
    numbers = {name: number for number, name in enumerate(program.stations)}
    own = (station.id for station in facility.scenario.spec.stations)
    return np.array([numbers[facility.station(name)] for name in own], dtype=np.int32)


def _slots(facility: Facility) -> int:
    return sum(max(1, len(step.options)) for step in facility.scenario.spec.journey)


def _of_world(scenario: Scenario, *, until_us: int, streams: Streams) -> OutageTable:
    """What the world's own file says of outages and failures."""
    assert scenario.world is not None, "not a world"
    world = scenario.world.spec
    spec: ScenarioSpec = scenario.spec.model_copy(
        update={"outages": world.outages, "failures": world.failures}
    )
    return outages_of(spec, until_us=until_us, streams=streams)


def _outages_in(workload: Workload) -> OutageTable:
    return OutageTable(
        at_us=workload.outage_at_us,
        station=workload.outage_station,
        server=workload.outage_server,
        is_end=workload.outage_is_end,
    )


def _renumbered(table: OutageTable, stations: NDArray[np.int32]) -> OutageTable:
    return OutageTable(
        at_us=table.at_us,
        station=stations[table.station],
        server=table.server,
        is_end=table.is_end,
    )
