"""Beginning from counts: the opening of a log that nobody kept, as it may well have been."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from sim.demand.streams import Streams
from sim.engine.reference import simulate
from sim.errors import ScenarioError
from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, block_from_rows, concat_blocks
from sim.experiments.day import (
    DEFAULT_ENGINE,
    DEFAULT_SEED,
    Day,
    Engine,
    Progress,
    Timings,
    run_day,
)
from sim.experiments.opening.beginning import Beginning, beginning_of
from sim.experiments.opening.counts import Count, read_counts
from sim.experiments.opening.courses import Leg
from sim.experiments.opening.instants import instant_faults
from sim.experiments.opening.placing import Placed, Placing
from sim.experiments.opening.section import Row, carried_rows, numbered
from sim.experiments.opening.unhindered import attempts_us
from sim.experiments.revision import Revised
from sim.projections.state_at import StateAt
from sim.scenario.scenario import Scenario


def run_from_counts(
    scenario: Scenario,
    counted: Path | Sequence[Count],
    *,
    at_us: int,
    until_us: int | None = None,
    seed: int = DEFAULT_SEED,
    replication: int = 0,
    on: date | None = None,
    engine: Engine = DEFAULT_ENGINE,
    out: Path | None = None,
    progress: Progress | None = None,
    timings: Timings | None = None,
) -> Day:
    """Begin at an instant with as many people as were counted, and go on.

    Parameters
    ----------
    scenario : Scenario
        Who comes from then on, and how the facility works.
    counted : Path or sequence of Count
        A file of counts, see `sim.experiments.opening.counts`, or what it would say.
    at_us : int
        When they were counted.
    until_us : int or None
        When to cut the run; None for as long as the scenario goes on.
    seed, replication, on, engine, out, progress, timings
        As of a day.

    Raises
    ------
    ScenarioError
        With every fault of the counts, or of the instants.

    Notes
    -----
    ``docs/model.md`` says who is put where, and what is assumed of them.
    """
    faults = instant_faults(scenario.spec, at_us=at_us, until_us=until_us)
    program = scenario.program(on)
    visited = {program.stations[slot.station] for slot in program.slots}
    counts, path = list[Count](), ""
    try:
        if isinstance(counted, Path):
            path = str(counted)
            counts = read_counts(counted, stations=program.stations, visited=visited)
        else:
            counts = list(counted)
    except ScenarioError as error:
        faults += error.faults
    if faults:
        raise ScenarioError(faults)

    def begin(day: Revised) -> Beginning:
        streams = Streams(seed, replication)
        section = section_from_counts(counts, day, at_us=at_us, streams=streams, path=path)
        names = program.stations
        told = {
            names[each.station]: {"waiting": each.waiting, "in_service": each.in_service}
            for each in counts
        }
        return beginning_of(section, day, until_us=until_us, counts=told)

    return run_day(
        scenario,
        seed=seed,
        replication=replication,
        on=on,
        engine=engine,
        out=out,
        progress=progress,
        timings=timings,
        begin=begin,
    )


def section_from_counts(
    counts: Sequence[Count], day: Revised, *, at_us: int, streams: Streams, path: str = ""
) -> EventBlock:
    """The opening section of a log that begins with so many people at each station.

    Raises
    ------
    ScenarioError
        With every count that cannot be.
    """
    world = _without_people(day, at_us)
    fold = StateAt(at_us, stations=[each.id for each in day.network.stations])
    fold.update(world)
    placing = Placing(day, fold.result(), at_us=at_us, streams=streams, path=path)
    placed = placing.place(counts)
    if placing.faults:
        raise ScenarioError(sorted(placing.faults, key=lambda fault: fault.line))
    rows = [row for each in placed for row in _story(each, day, at_us=at_us)]
    # By instant; what each tells of one person stays in its order.
    rows.sort(key=lambda row: row[0])
    told = block_from_rows(rows, first_seq=0)
    known = concat_blocks([world, told])
    known = known[np.argsort(known.at_us, kind="stable")]
    legs = {each.place.passenger: _leg(each, day) for each in placed}
    present = np.array(
        sorted(
            person
            for leg in legs.values()
            for person in range(leg.passenger, leg.passenger + leg.persons)
        ),
        dtype=np.intp,
    )
    carried = carried_rows(present, legs, day.network, at_us=at_us)
    return numbered([known, block_from_rows(carried, first_seq=0)])


def _without_people(day: Revised, until_us: int) -> EventBlock:
    """What the facility does by the clock before an instant."""
    later = np.maximum(day.workload.arrival_us, until_us)
    blocks = simulate(
        replace(day.network, cut_us=until_us), replace(day.workload, arrival_us=later)
    )
    return concat_blocks(blocks)


def _leg(placed: Placed, day: Revised) -> Leg:
    place = placed.place
    since_us = placed.joined_us - int(day.workload.walk_us[place.row])
    return Leg(place.passenger, place.persons, place.visit, place.slot, since_us)


def _story(placed: Placed, day: Revised, *, at_us: int) -> Iterator[Row]:
    """What is told of somebody: coming, what changed their traits, the visit they are at."""
    place, work = placed.place, day.workload
    persons = range(place.passenger, place.passenger + place.persons)
    station = day.network.slots[place.slot].station
    for person in persons:
        departure, traits = int(work.departure[person]), int(work.traits[person])
        came_us = int(work.arrival_us[person])
        yield came_us, CODE[Kind.ARRIVED], person, -1, -1, -1, departure, traits
    for now, person, where, visit, bits in place.changes:
        if person in persons:
            yield now, CODE[Kind.ENROLLED], person, where, visit, -1, -1, bits
    who = (place.passenger, station, place.visit)
    if place.option >= 0:
        since_us = placed.joined_us - int(work.walk_us[place.row])
        yield since_us, CODE[Kind.CHANNEL_CHOSEN], *who, -1, -1, place.option
    if placed.is_held:
        return
    yield placed.joined_us, CODE[Kind.QUEUE_JOINED], *who, -1, -1, place.persons
    if placed.server < 0:
        return
    started_us, server = placed.started_us, placed.server
    yield started_us, CODE[Kind.SERVICE_STARTED], *who, server, -1, place.persons
    yield from _attempts(placed, day, at_us=at_us)


def _attempts(placed: Placed, day: Revised, *, at_us: int) -> Iterator[Row]:
    """The attempts that were over by the instant: all of them were rejected."""
    place, work = placed.place, day.workload
    gallery, departure = int(work.gallery_of_slot[place.slot]), int(work.departure[place.passenger])
    if work.gallery_per_departure[place.slot]:
        gallery = gallery + departure if departure >= 0 else -1
    station = day.network.slots[place.slot].station
    now = placed.started_us
    lasts_us = attempts_us(day.network, work, place.slot, place.row)
    for attempt, took_us in enumerate(lasts_us[:-1], start=1):
        now += took_us
        if now >= at_us:
            return
        for kind in (Kind.MATCH_REQUESTED, Kind.MATCH_REJECTED):
            who = (place.passenger, station, place.visit)
            yield now, CODE[kind], *who, placed.server, gallery, attempt
