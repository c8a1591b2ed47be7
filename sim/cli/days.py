"""``sim run --days``: dates of a calendar, day after day, and the year they add up to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.load import Scenario


def simulate_days(
    scenario: Scenario,
    *,
    days: int,
    first: date | None,
    seed: int,
    on: date | None,
    engine: Literal["compiled", "reference"],
    keep_logs: bool,
    resume: bool,
    jobs: int,
    out: Path,
    progress: AbstractContextManager[Any],
) -> dict[str, Any]:
    """Simulate a study of dates; what ``--json`` prints of it, but for the time on the wall."""
    from sim.experiments.dates import Asked, run_name
    from sim.experiments.days import run_days
    from sim.scenario.model_version import MODEL_VERSION

    asked = Asked(
        scenario,
        first=_first(scenario, first, days),
        days=days,
        seed=seed,
        on=on,
        engine=engine,
        keep_logs=keep_logs,
    )
    with progress as shown:
        told: Callable[[int], None] | None = shown.days if shown else None
        study = run_days(asked, out=out, resume=resume, jobs=jobs, progress=told)
    return {
        "scenario": scenario.spec.id,
        "scenario_digest": scenario.digest,
        "date": scenario.spec.date.isoformat() if scenario.spec.date else None,
        "from": asked.dates[0].isoformat(),
        "to": asked.dates[-1].isoformat(),
        "policies_as_on": on.isoformat() if on else None,
        "seed": seed,
        "engine": engine,
        "model_version": MODEL_VERSION,
        "run_dir": str(out.resolve()),
        "chain_head": study.chain_head,
        "resumed": study.resumed,
        **study.figures,
        "replications": [
            {
                "replication": day.toordinal(),
                "date": day.isoformat(),
                "run_dir": str((out / run_name(day)).resolve()) if keep_logs else None,
                "chain_head": row["chain_head"],
            }
            for day, row in zip(asked.dates, study.figures["by_day"], strict=True)
        ],
        "timings": study.timings,
    }


def refuse_mixed(*, days: int | None, reps: int, out: Path | None, **others: Any) -> None:
    """Refuse options that do not go together.

    Raises
    ------
    UsageError
        If options of ``--days`` stand without it, or others that it replaces with it.
    """
    if days is None:
        for name, value in others.items():
            if value and not (name == "resume" and reps > 1):
                also = " or several --reps" if name == "resume" else ""
                msg = f"--{name.replace('_', '-')} goes with --days{also}; say how many"
                raise UsageError(msg)
        return
    if reps > 1:
        msg = "--days and --reps ask two things; give one of them"
        raise UsageError(msg)
    if others["resume"] and out is None:
        msg = "--resume needs --out DIR, the study to go on with"
        raise UsageError(msg)


def _first(scenario: Scenario, first: date | None, days: int) -> date:
    start = first or scenario.spec.date
    if start is None:
        msg = "--days needs --from DATE, since the scenario has no date of its own"
        raise UsageError(msg)
    try:
        _ = start + timedelta(days=days - 1)
    except OverflowError:
        msg = f"--from {start}: {days} days from there go beyond the calendar"
        raise UsageError(msg) from None
    return start
