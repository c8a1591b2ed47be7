"""A sweep: the same days at every point of a design, each compared with the scenario as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.errors import Fault, ScenarioError, UsageError
from sim.experiments.day import DEFAULT_ENGINE, DEFAULT_SEED, Engine
from sim.experiments.day_folder import claim_days
from sim.experiments.day_tasks import Record, day_tasks, days_done
from sim.experiments.designs import Point
from sim.experiments.executors import Executor, Local
from sim.experiments.factors import Factor, Question
from sim.experiments.intervals import Interval, each_figure, mean_interval
from sim.experiments.paired import HEADLINES, STATION_HEADLINES, Difference, paired
from sim.experiments.tasks import Task
from sim.scenario.load import Scenario

MOST_DAYS = 1_000_000
"""Days of one sweep at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """A point of a sweep, done.

    Attributes
    ----------
    settings : Point
        What each factor was set to.
    scenario_digest : str
    figures : mapping of str to Interval
        Headline figures with intervals over days.
    differences : mapping of str to Difference
        Of the same figures from the scenario as it is, day by day.
    """

    settings: Point
    scenario_digest: str
    figures: Mapping[str, Interval]
    differences: Mapping[str, Difference]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Points of a design, in its order.

    Attributes
    ----------
    base : Row
        The scenario as it is.
    resumed : int
        Days that were there before.
    """

    scenario: Scenario
    factors: tuple[Factor, ...]
    base: Row
    rows: tuple[Row, ...]
    reps: int
    seed: int
    on: date | None
    resumed: int


def run_sweep(
    question: Question,
    factors: Sequence[Factor],
    points: Sequence[Point],
    *,
    reps: int,
    seed: int = DEFAULT_SEED,
    on: date | None = None,
    engine: Engine = DEFAULT_ENGINE,
    executor: Executor | None = None,
    folder: Path | None = None,
    keep_logs: bool = False,
    also: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> Sweep:
    """Simulate the same days at every point.

    Parameters
    ----------
    question : Question
        The scenario.
    factors : sequence of Factor
    points : sequence of Point
        As from `sim.experiments.designs.design_points`.
    reps : int
        Days at each point.
    executor : Executor or None
        Where they are simulated; None is this process.
    folder : Path or None
        Keeps every day once it is done, for a sweep that goes on or has more points.
    keep_logs : bool
        Whether it keeps runs too.
    also : sequence of str
        Figures wanted beside the headlines, by dotted key.
    progress : callable or None
        Called with the number of days that are there.

    Raises
    ------
    InvalidInputError
        With the faults of every point, before anything is simulated.
    RunError
        If `folder` holds something else.
    """
    if reps * (len(points) + 1) > MOST_DAYS:
        raise UsageError(
            f"{len(points)} points of {reps} days are more than {MOST_DAYS} days; take fewer"
        )
    scenario = question.load()
    digests, tasks, faults = list[str](), list[Task](), list[Fault]()
    for settings in [None, *points]:
        try:
            own = question.load(() if settings is None else overrides_of(factors, settings))
        except ScenarioError as error:
            faults += [fault for fault in error.faults if fault not in faults]
            continue
        digests.append(own.digest)
        tasks += day_tasks(
            own,
            range(reps),
            seed=seed,
            on=on,
            engine=engine,
            folder=folder,
            keep_logs=keep_logs,
        )
    if faults:
        raise ScenarioError(faults)
    if folder is not None:
        claim_days(folder)
    records, resumed = days_done(
        tasks,
        executor=executor or Local(),
        take=lambda record: _figures(record, also),
        progress=progress,
    )
    days = [records[first : first + reps] for first in range(0, len(records), reps)]
    keys = list(dict.fromkeys(key for day in records for key in day))
    _refuse_unknown(also, keys)
    rows = [
        _row(settings, digest, own, base=days[0], keys=keys)
        for settings, digest, own in zip([(), *points], digests, days, strict=True)
    ]
    return Sweep(
        scenario=scenario,
        factors=tuple(factors),
        base=rows[0],
        rows=tuple(rows[1:]),
        reps=reps,
        seed=seed,
        on=on,
        resumed=resumed,
    )


def tornado_points(factors: Sequence[Factor]) -> list[Point]:
    """Each factor at its lower and at its upper end, all others as they are in the scenario.

    Returns
    -------
    list of Point
        Two for each; "" leaves a factor as it is.
    """
    return [
        tuple(end if n == place else "" for n in range(len(factors)))
        for place, factor in enumerate(factors)
        for end in factor.ends
    ]


def overrides_of(factors: Sequence[Factor], settings: Point) -> list[str]:
    """Settings as overrides; "" leaves a factor as it is."""
    return [
        f"{factor.key}={value}" for factor, value in zip(factors, settings, strict=True) if value
    ]


def _figures(record: Record, also: Sequence[str]) -> dict[str, float]:
    """Headlines of a day, by dotted key: waits of every station, and of the whole day."""
    stations = record["summary"]["stations"]
    of_stations = (f"stations.{name}.{each}" for name in stations for each in STATION_HEADLINES)
    every = dict(each_figure(record["summary"]))
    return {key: every[key] for key in (*of_stations, *HEADLINES, *also) if key in every}


def _row(
    settings: Point,
    digest: str,
    days: Sequence[Mapping[str, float]],
    *,
    base: Sequence[Mapping[str, float]],
    keys: Sequence[str],
) -> Row:
    return Row(
        settings=settings,
        scenario_digest=digest,
        figures=dict(_intervals(days, keys)),
        differences=paired(base, days),
    )


def _intervals(
    days: Sequence[Mapping[str, float]], keys: Sequence[str]
) -> Iterator[tuple[str, Interval]]:
    for key in keys:
        values = [day[key] for day in days if key in day]
        if values:
            yield key, mean_interval(values)


def _refuse_unknown(also: Sequence[str], known: Sequence[str]) -> None:
    unknown = [key for key in also if key not in known]
    if unknown:
        raise UsageError(
            f"figure {', '.join(unknown)}: no day has it; such as {', '.join(known[:3])}, or any "
            "other dotted key of `sim run --json`"
        )
