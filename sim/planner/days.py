"""Simulated days of a plan: who joined each station when, and when service began."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.sample import sample
from sim.demand.workload import Workload
from sim.engine.compiled import simulate
from sim.engine.compiled.machine import the_loop
from sim.engine.network import Network, build_network
from sim.experiments.arena import keep_freed_memory
from sim.experiments.tasks import done_tasks
from sim.planner.grid import Grid, Levels, with_plan
from sim.planner.tally import Tally, counted
from sim.planner.targets import Promise
from sim.projections.visits import Visits
from sim.scenario.load import scenario_from_document
from sim.scenario.scenario import Scenario

CHUNK = 20
"""Days a worker is handed at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The visits to one station on one day, in order of joining.

    Attributes
    ----------
    passenger : ndarray of int32, shape (n,)
    joined_us, started_us, service_us : ndarray of int64, shape (n,)
        Start is -1 for those never served; their service then is what they would have taken, 0.
    """

    passenger: NDArray[np.int32]
    joined_us: NDArray[np.int64]
    started_us: NDArray[np.int64]
    service_us: NDArray[np.int64]


class Days:
    """Days of a scenario, drawn once and simulated under as many plans as wanted.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    replications : sequence of int
    jobs : int
        Threads; the compiled engine runs beside the interpreter.
    """

    def __init__(
        self, scenario: Scenario, *, seed: int, replications: Sequence[int], jobs: int = 1
    ) -> None:
        keep_freed_memory()
        the_loop()
        program = scenario.program()
        self.network = build_network(scenario.spec, program)
        self.jobs = jobs
        self.workloads: list[Workload] = [
            sample(scenario, program=program, seed=seed, replication=each) for each in replications
        ]

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
    """Simulate a day and look at some stations."""
    fold = Visits()
    for block in simulate(network, workload):
        fold.update(block)
    found = {}
    tables = fold.result().by_station(len(network.stations))
    for number, station in enumerate(network.stations):
        if station.id in stations:
            rows = tables[number].rows
            order = np.argsort(rows.joined_us, kind="stable")
            found[station.id] = Seen(
                rows.passenger[order],
                rows.joined_us[order],
                rows.started_us[order],
                rows.worked_us[order],
            )
    return found


def tallies(
    days: Sequence[dict[str, Seen]], promises: Sequence[Promise], cells: dict[str, int]
) -> list[Tally]:
    """Each promise over all days."""
    found = []
    for promise in promises:
        pairs = [
            counted(
                day[promise.station].joined_us,
                day[promise.station].started_us,
                promise,
                periods=cells[promise.id],
            )
            for day in days
        ]
        found.append(
            Tally(promise, np.array([came for came, _ in pairs]), np.array([k for _, k in pairs]))
        )
    return found


def fresh_tallies(
    scenario: Scenario,
    *,
    grid: Grid,
    plan: dict[str, Levels],
    promises: Sequence[Promise],
    cells: dict[str, int],
    seed: int,
    replications: range,
    jobs: int,
    progress: Callable[[int], None],
) -> list[Tally]:
    """Each promise over days that nothing was chosen by, simulated side by side.

    The result depends neither on `jobs` nor on the order in which days are done.
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
            "replications": list(replications[first : first + CHUNK]),
        }
        for first in range(0, len(replications), CHUNK)
    ]
    parts: dict[int, list[tuple[NDArray, NDArray]]] = {}
    done = 0
    for number, result in done_tasks(_count_days, tasks, jobs=jobs):
        parts[number] = result
        done += len(replications[number * CHUNK : (number + 1) * CHUNK])
        progress(done)
    return [
        Tally(
            promise,
            np.concatenate([parts[number][which][0] for number in range(len(tasks))]),
            np.concatenate([parts[number][which][1] for number in range(len(tasks))]),
        )
        for which, promise in enumerate(promises)
    ]


_LOADED: dict[str, Scenario] = {}
"""The scenario this process was last told of, by digest."""


def _count_days(task: dict[str, Any]) -> list[tuple[NDArray, NDArray]]:
    """Counts of some days for each promise, shape (days, periods)."""
    if task["digest"] not in _LOADED:
        keep_freed_memory()
        _LOADED.clear()
        _LOADED[task["digest"]] = scenario_from_document(task["scenario"])
        the_loop()
    scenario = _LOADED[task["digest"]]
    program = scenario.program()
    network = with_plan(build_network(scenario.spec, program), task["grid"], task["plan"])
    stations = {promise.station for promise in task["promises"]}
    days = []
    for replication in task["replications"]:
        workload = sample(scenario, program=program, seed=task["seed"], replication=replication)
        days.append(visits_of(network, workload, tuple(stations)))
    return [(each.came, each.kept) for each in tallies(days, task["promises"], task["cells"])]
