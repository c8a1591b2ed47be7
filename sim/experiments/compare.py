"""Two plans over the same days: paired differences, as sharp as common random numbers make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.errors import UsageError
from sim.experiments.comparison import Comparison, compare_studies
from sim.experiments.day import DEFAULT_ENGINE, DEFAULT_SEED, Engine, Timings
from sim.experiments.day_folder import claim_days
from sim.experiments.day_tasks import Record, day_tasks, days_done
from sim.experiments.executors import Executor, Local
from sim.experiments.intervals import each_figure
from sim.experiments.periods import HalfHours
from sim.experiments.sequential import Precision, days_enough
from sim.experiments.stored_days import StoredDays
from sim.experiments.study import Replication, Study
from sim.scenario.load import Scenario

MOST_DAYS = 1000
"""Days that automatic numbers of replications do not go beyond, unless told to."""

BATCH = 10
"""Days simulated before the rule is looked at again."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two plans.

    Attributes
    ----------
    scenario : Scenario
    on : date or None
        Policies in force as on this date; the passengers stay the same.
    """

    scenario: Scenario
    on: date | None = None


def run_comparison(
    a: Side,
    b: Side,
    *,
    reps: int,
    seed: int = DEFAULT_SEED,
    engine: Engine = DEFAULT_ENGINE,
    jobs: int = 1,
    executor: Executor | None = None,
    folder: Path | None = None,
    confidence: float = 0.95,
    precision: Precision | None = None,
    most: int = MOST_DAYS,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Simulate the same days under two plans and compare them day by day.

    Parameters
    ----------
    a, b : Side
    reps : int
        Days, 2 at least.
    seed : int
        Of both: a passenger's draws depend on it, the day and the passenger, not on the plan.
    jobs : int
        Processes to use; the result does not depend on it.
    executor : Executor or None
        Who simulates instead of `jobs` processes.
    folder : Path or None
        Keeps the days, so that what is there need not be simulated again.
    confidence : float
        Between 0 and 1.
    precision : Precision or None
        Go on beyond `reps` until the interval of a difference is as narrow, see
        `sim.experiments.sequential`.
    most : int
        Days at which it is given up.
    progress : callable or None
        Called with the number of days simulated, ``2 * reps`` in all.

    Raises
    ------
    UsageError
        If there are fewer than two days, confidence is no share, or `precision` is of a
        figure that the days do not have.
    """
    if reps < 2 or not 0 < confidence < 1:
        raise UsageError(
            f"reps = {reps} and confidence = {confidence:g}; a difference takes 2 days at least "
            "to have an interval, and a confidence between 0 and 1"
        )
    by = executor or Local(jobs)
    if folder is not None:
        claim_days(folder)
    sides = (a, b)
    records: tuple[list[Record], list[Record]] = ([], [])
    enough: int | None = None
    while len(records[0]) < (reps if precision is None else most):
        first = len(records[0])
        more = reps if not first else min(BATCH, most - first)
        tasks = [
            task
            for side in sides
            for task in day_tasks(
                side.scenario,
                range(first, first + more),
                seed=seed,
                on=side.on,
                engine=engine,
                folder=folder,
            )
        ]

        def told(done: int, before: int = 2 * first) -> None:
            if progress is not None and done:
                progress(before + done)

        done, _ = days_done(tasks, executor=by, progress=told)
        records[0].extend(done[:more])
        records[1].extend(done[more:])
        if precision is not None:
            enough = _enough(*records, precision, least=reps, confidence=confidence)
            if enough is not None:
                break
    days = [each[:enough] for each in records]
    studies = [_study(side, own, seed=seed) for side, own in zip(sides, days, strict=True)]
    return compare_studies(
        *studies,
        confidence=confidence,
        half_hours=([each["half_hours"] for each in own] for own in days),
        precision=precision,
        is_precise=None if precision is None else enough is not None,
    )


def compare_stored(
    a: Side | StoredDays,
    b: Side | StoredDays,
    *,
    engine: Engine = DEFAULT_ENGINE,
    executor: Executor | None = None,
    folder: Path | None = None,
    confidence: float = 0.95,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Compare days that are stored with others, or with the same days of a scenario.

    Parameters
    ----------
    a, b : Side or StoredDays
        One of them at least is stored; the other is simulated with its seed and days.

    Raises
    ------
    UsageError
        If the days are not the same.
    """
    stored = next(each for each in (a, b) if isinstance(each, StoredDays)).study
    numbers = [each.replication for each in stored.replications]
    studies, by_time = list[Study](), list[Sequence[HalfHours] | None]()
    if folder is not None:
        claim_days(folder)
    for side in (a, b):
        if isinstance(side, StoredDays):
            studies.append(side.study)
            by_time.append(side.half_hours)
            continue
        tasks = day_tasks(
            side.scenario, numbers, seed=stored.seed, on=side.on, engine=engine, folder=folder
        )
        records, _ = days_done(tasks, executor=executor or Local(), progress=progress)
        studies.append(_study(side, records, seed=stored.seed))
        by_time.append([each["half_hours"] for each in records])
    known = [each for each in by_time if each is not None]
    return compare_studies(
        *studies, confidence=confidence, half_hours=known if len(known) == len(by_time) else ()
    )


def _study(side: Side, records: Sequence[Record], *, seed: int) -> Study:
    return Study(
        scenario=side.scenario,
        on=side.on,
        seed=seed,
        replications=tuple(
            Replication(
                replication=each["replication"],
                run_dir=None,
                chain_head=each["chain_head"],
                summary=each["summary"],
                timings=Timings().as_dict(),
            )
            for each in records
        ),
        run_dir=None,
    )


def _enough(
    a: Sequence[Record],
    b: Sequence[Record],
    precision: Precision,
    *,
    least: int,
    confidence: float,
) -> int | None:
    """Days after which the rule stops; None to go on."""
    one, two = ([dict(each_figure(day["summary"])) for day in days] for days in (a, b))
    have = [precision.key in x and precision.key in y for x, y in zip(one, two, strict=True)]
    if not any(have):
        known = sorted({key for day in one for key in day if key.endswith("mean")})
        raise UsageError(
            f"precision: the days have no figure {precision.key!r}; such as {', '.join(known[:6])}"
        )
    if not all(have):
        raise UsageError(
            f"precision: {precision.key} is missing on {have.count(False)} of {len(have)} days; "
            "name a figure that every day has"
        )
    levels = [day[precision.key] for day in one]
    gaps = [day[precision.key] - level for day, level in zip(two, levels, strict=True)]
    return days_enough(gaps, levels, precision=precision, least=least, confidence=confidence)
