"""The answer to a question: a simulated day, reduced to what the page shows.

`answer_task` runs in another process, so tasks and answers are plain values that travel.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from sim.errors import UsageError
from sim.experiments.day import DEFAULT_ENGINE, Engine, run_day
from sim.projections.flows import flows
from sim.projections.summary import window_of
from sim.projections.timeline import FIVE_MINUTES_US, HALF_HOUR_US, timeline
from sim.scenario.clock import US_PER_S
from sim.scenario.load import scenario_from_document

QUARTER_HOUR_US = HALF_HOUR_US // 2

Report = Callable[[Any], None]
"""Told how far the work is: of a day the instant reached, in seconds."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to simulate, in values that travel.

    Attributes
    ----------
    document : dict
        The scenario, resolved.
    digest : str
        Its digest.
    on : date or None
        Date whose rules hold; None is the scenario's own.
    seed : int
        Same seed, same passengers.
    """

    document: dict[str, Any]
    digest: str
    on: date | None
    seed: int

    @property
    def key(self) -> tuple[str, str, int]:
        """Same key, same answer."""
        return (self.digest, self.on.isoformat() if self.on else "", self.seed)

    def carry_out(self, report: Report) -> Answer:
        """Do it; what a worker process calls."""
        return answer_task(self, report)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A day's figures.

    Attributes
    ----------
    summary : dict
        As ``sim run --json`` prints them.
    queues, waits : dict of str to dict of str to list
        Each station by 5 and by 30 minutes, columns as in `sim.projections.timeline`.
    quarters : dict of str to dict of str to list
        95 % points of the waits at each station by quarter-hour of arrival.
    flows : tuple of (str, str, int)
        From where to where how many persons went, as in `sim.projections.flows`.
    chain_head : str
        Hash over every event: the same day always has the same.
    took_s : float
        Seconds of sampling, simulating and summing up.
    """

    summary: dict[str, Any]
    queues: dict[str, dict[str, list[Any]]]
    waits: dict[str, dict[str, list[Any]]]
    chain_head: str
    took_s: float
    quarters: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    flows: tuple[tuple[str, str, int], ...] = ()


ENGINE_VARIABLE = "SIM_ENGINE"
"""Environment variable that names the engine of all pages; figures are the same from each."""


def page_engine() -> Engine:
    """The engine that the environment names."""
    named = os.environ.get(ENGINE_VARIABLE, DEFAULT_ENGINE)
    for engine in get_args(Engine):
        if engine == named:
            return engine
    msg = f"{ENGINE_VARIABLE} = {named!r} is no engine; use one of {', '.join(get_args(Engine))}"
    raise UsageError(msg)


def answer_task(task: Task, report: Report) -> Answer:
    """Simulate a day and reduce it; raises `SimError` where the question has no answer."""
    scenario = scenario_from_document(task.document)
    day = run_day(
        scenario,
        seed=task.seed,
        on=task.on,
        engine=page_engine(),
        progress=lambda _, at_us: report(at_us / US_PER_S),
    )
    folded = day.folded
    window = window_of(scenario.spec, last_us=folded.last_us)
    bounds = {
        "from_us": window.from_us,
        "until_us": window.until_us,
        "since_us": window.since_us,
    }
    queues, waits, quarters = {}, {}, {}
    for name, station in zip(folded.stations, folded.station_days(), strict=True):
        queues[name] = timeline(station, period_us=FIVE_MINUTES_US, **bounds).as_json()
        waits[name] = timeline(station, period_us=HALF_HOUR_US, **bounds).as_json()
        quarter = timeline(station, period_us=QUARTER_HOUR_US, **bounds).as_json()
        quarters[name] = {key: quarter[key] for key in ("start_s", "wait_p95_s")}
    return Answer(
        summary=day.summary,
        queues=queues,
        waits=waits,
        quarters=quarters,
        flows=tuple(
            (each.source, each.target, each.persons)
            for each in flows(
                folded.visits, folded.people, folded.parties, stations=folded.stations
            )
        ),
        chain_head=day.chain_head,
        took_s=sum(day.timings.as_dict().values()),
    )
