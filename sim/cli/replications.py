"""``sim run --reps``: one day, or a study of several, here or on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.executors import executor_for
from sim.cli.progress import Shown
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.experiments.day import Timings
    from sim.experiments.study import Study
    from sim.scenario.load import Scenario


def simulated(
    scenario: Scenario,
    *,
    reps: int,
    jobs: int,
    cluster: str | None,
    resume: bool,
    progress: Shown | None,
    timings: Timings,
    **asked: Any,
) -> dict[str, Any]:
    """Simulate one day, or a study of several; what the document says of it."""
    if reps == 1:
        from sim.experiments.day import run_day

        done = run_day(
            scenario, progress=progress.events if progress else None, timings=timings, **asked
        )
        return {
            "summary": done.summary,
            "chain_head": done.chain_head,
            "timings": timings.as_dict(),
        }
    told = progress.days if progress else None
    if cluster is None and not resume:
        from sim.experiments.study import run_study

        return _document(run_study(scenario, reps=reps, jobs=jobs, progress=told, **asked), timings)
    from sim.experiments.shared_study import run_shared_study

    shared = run_shared_study(
        scenario,
        reps=reps,
        executor=executor_for(jobs=jobs, cluster=cluster),
        resume=resume,
        progress=told,
        **asked,
    )
    return {**_document(shared.study, timings), "resumed": shared.resumed}


def refuse_unshared(
    *, days: int | None, reps: int, out: Path | None, cluster: str | None, resume: bool, jobs: int
) -> None:
    """Refuse what only several replications can be asked.

    Raises
    ------
    UsageError
        If a cluster is to simulate dates or a single day, or there is nothing to go on with.
    """
    if cluster is not None:
        if days is not None or reps == 1:
            msg = "--cluster goes with --reps of 2 or more; dates and single days are run here"
            raise UsageError(msg)
        executor_for(jobs=jobs, cluster=cluster)
    if resume and reps > 1 and out is None:
        msg = "--resume needs --out DIR, the study to go on with"
        raise UsageError(msg)


def _document(study: Study, timings: Timings) -> dict[str, Any]:
    return {
        "summary": study.summary,
        "chain_head": study.chain_head,
        "timings": {**study.timings, "load_s": study.timings["load_s"] + timings.load_s},
        "replications": [
            {
                "replication": each.replication,
                "run_dir": each.run_dir,
                "chain_head": each.chain_head,
            }
            for each in study.replications
        ],
    }
