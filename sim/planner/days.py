"""Simulated days of a plan: who joined each station when, and when service began."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.sample import sample
from sim.demand.workload import Workload
from sim.engine.compiled import simulate
from sim.engine.compiled.machine import the_loop
from sim.engine.network import Network, build_network
from sim.experiments.arena import keep_freed_memory
from sim.experiments.tasks import Workers
from sim.planner.grid import Grid, Levels, with_plan
from sim.planner.seen import DEPARTURES, Departed, Seen
from sim.planner.tally import Tally, counted
from sim.planner.targets import Promise
from sim.projections.visits import Visits
from sim.scenario.load import scenario_from_document
from sim.scenario.scenario import Scenario

CHUNK = 20
"""Days a worker is handed at a time."""


class Days:
    """Days of a scenario, drawn once and simulated under as many plans as wanted.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    replications : sequence of int
    jobs : int
        Threads; the compiled engine runs beside the interpreter.
    on : date or None
        Date whose policies hold.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int,
        replications: Sequence[int],
        jobs: int = 1,
        on: date | None = None,
    ) -> None:
        keep_freed_memory()
        the_loop()
        program = scenario.program(on)
        self.network = build_network(scenario.spec, program)
        self.jobs = jobs

        def drawn(replication: int) -> Workload:
            return sample(scenario, program=program, seed=seed, replication=replication)

        with ThreadPoolExecutor(jobs) as pool:
            self.workloads: list[Workload] = list(pool.map(drawn, replications))

    def seen(
        self, grid: Grid | None, plan: dict[str, Levels], stations: Sequence[str]
    ) -> list[dict[str, Seen]]:
        """The visits to some stations on each day under a plan."""
        network = self.network if grid is None else with_plan(self.network, grid, plan)

        def one(workload: Workload) -> dict[str, Seen]:
            return visits_of(network, workload, stations)

        if self.jobs <= 1:
            return [one(each) for each in self.workloads]
        with ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(one, self.workloads))


def visits_of(network: Network, workload: Workload, stations: Sequence[str]) -> dict[str, Seen]:
    """Simulate a day and look at some stations, and at departures where they are asked for."""
    fold, departed = Visits(), Departed() if DEPARTURES in stations else None
    for block in simulate(network, workload):
        fold.update(block)
        if departed is not None:
            departed.update(block)
    tables = fold.result().by_station(len(network.stations))
    found = {
        station.id: Seen.of(tables[number].rows)
        for number, station in enumerate(network.stations)
        if station.id in stations
    }
    return found if departed is None else {**found, DEPARTURES: departed.result()}


def tallies(
    days: Sequence[dict[str, Seen]], promises: Sequence[Promise], cells: dict[str, int]
) -> list[Tally]:
    """Each promise over all days."""
    return [
        Tally.of(
            promise,
            np.array(
                [counted(day[promise.station], promise, periods=cells[promise.id]) for day in days]
            ),
        )
        for promise in promises
    ]


def fresh_tallies(
    scenario: Scenario,
    *,
    grid: Grid,
    plan: dict[str, Levels],
    promises: Sequence[Promise],
    cells: dict[str, int],
    seed: int,
    replications: range,
    workers: Workers,
    progress: Callable[[int], None],
    on: date | None = None,
) -> list[Tally]:
    """Each promise over days that nothing was chosen by, simulated side by side.

    The result depends neither on how many `workers` there are nor on the order in which days are
    done.
    """
    tasks = [
        {
            "scenario": scenario.document,
            "digest": scenario.digest,
            "grid": grid,
            "plan": plan,
            "promises": tuple(promises),
            "cells": cells,
            "seed": seed,
            "on": on,
            "replications": list(replications[first : first + CHUNK]),
        }
        for first in range(0, len(replications), CHUNK)
    ]
    parts: dict[int, list[NDArray]] = {}
    done = 0
    for number, result in workers.done(_count_days, tasks):
        parts[number] = result
        done += len(replications[number * CHUNK : (number + 1) * CHUNK])
        progress(done)
    return [
        Tally.of(promise, np.concatenate([parts[number][which] for number in range(len(tasks))]))
        for which, promise in enumerate(promises)
    ]


_LOADED: dict[str, Scenario] = {}
"""The scenario this process was last told of, by digest."""


def _count_days(task: dict[str, Any]) -> list[NDArray]:
    """Counts of some days for each promise, shape (days, 3, periods)."""
    if task["digest"] not in _LOADED:
        keep_freed_memory()
        _LOADED.clear()
        _LOADED[task["digest"]] = scenario_from_document(task["scenario"])
        the_loop()
    scenario = _LOADED[task["digest"]]
    program = scenario.program(task["on"])
    network = with_plan(build_network(scenario.spec, program), task["grid"], task["plan"])
    stations = {promise.station for promise in task["promises"]}
    days = []
    for replication in task["replications"]:
        workload = sample(scenario, program=program, seed=task["seed"], replication=replication)
        days.append(visits_of(network, workload, tuple(stations)))
    return [each.counts for each in tallies(days, task["promises"], task["cells"])]
