"""A sweep on two dask workers, one of them killed, and the same on this machine."""

from __future__ import annotations

import hashlib
import os
import signal
import tempfile
import time
import warnings
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from sim.experiments.cluster import Cluster
from sim.experiments.designs import design_points
from sim.experiments.executors import Executor, Local
from sim.experiments.factors import Question, factors
from sim.experiments.sweep import Sweep, run_sweep
from tests.evidence.claim import Claim, Finding, Steps

SCENARIO = "vca"
OVER = ("stations.security.servers=1:4", "stations.counter.servers=8,10")
REPS = 10


def swept(folder: Path, executor: Executor) -> tuple[Sweep, float]:
    """A small sweep that keeps its runs, and the seconds it took."""
    question = Question(SCENARIO)
    moved, _ = factors(question, OVER)
    points = design_points(moved, "grid", points=4)
    started = time.perf_counter()
    done = run_sweep(
        question, moved, points, reps=REPS, executor=executor, folder=folder, keep_logs=True
    )
    return done, time.perf_counter() - started


def digest_of(folder: Path) -> tuple[str, int]:
    """Digest of every record, segment and side table, and how many files; manifests have dates."""
    digest, files = hashlib.sha256(), 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "manifest" not in path.name:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder)} {content}\n".encode())
            files += 1
    return digest.hexdigest(), files


def on_two_workers(_: str) -> dict[str, Any]:
    """Local, on two workers, on two of which one is killed, and once more."""
    warnings.simplefilter("ignore")
    distributed: Any = import_module("distributed")
    with tempfile.TemporaryDirectory() as made:
        here = Path(made)
        local_s = swept(here / "local", Local(2))[1]
        with distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            local_directory=str(here / "dask"),
        ) as dask:
            executor = Cluster(dask.scheduler_address)
            cluster_s = swept(here / "cluster", executor)[1]
            victim = min(worker.pid for worker in dask.workers.values())
            before = {name: worker.pid for name, worker in dask.workers.items()}
            killer = Thread(target=_kill, args=(victim, here / "killed"))
            killer.start()
            killed_s = swept(here / "killed", executor)[1]
            killer.join()
            again, again_s = swept(here / "killed", executor)
            after = {name: worker.pid for name, worker in dask.workers.items()}
        digests = {name: digest_of(here / name) for name in ("local", "cluster", "killed")}
    return {
        "days": REPS * (len(again.rows) + 1),
        "files": digests["local"][1],
        "digest": {name: digest for name, (digest, _) in digests.items()},
        "seconds": {
            "local": local_s,
            "cluster": cluster_s,
            "killed": killed_s,
            "again": again_s,
        },
        "resumed": again.resumed,
        "worker_was_replaced": before != after,
    }


def _kill(victim: int, folder: Path) -> None:
    """Kill a worker once a tenth of the days are there."""
    while len(list(folder.glob("*/r*.json"))) < REPS:
        time.sleep(0.05)
    os.kill(victim, signal.SIGKILL)


def examine(steps: Steps) -> Finding:
    """Every file that does not say when it was made is the same, byte for byte."""
    found = steps.each([SCENARIO], on_two_workers, processes=1)[SCENARIO]
    return Finding(
        passed=len(set(found["digest"].values())) == 1
        and found["files"] > 3 * found["days"]
        and found["resumed"] == found["days"]
        and found["worker_was_replaced"],
        figures=found,
    )


CLAIM = Claim(
    "cluster",
    "Two dask workers give the bytes of this machine, one killed or not; a second run resumes.",
    examine,
)
