"""Who does the tasks does not matter, nor whether one is lost on the way."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.errors import RunError
from sim.experiments.cluster import Cluster
from sim.experiments.day_tasks import day_tasks, days_done, kept_record, simulate_day_task
from sim.experiments.executors import Executor, Local
from tests.unit.experiments.test_compare import desks


def dies_once(task: dict[str, Any]) -> int:
    """The first to come is killed; whoever has the task next does it."""
    mark = Path(task["mark"])
    if task["number"] == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task["number"]


def dies(_: dict[str, Any]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_tasks_of_a_lost_process_are_done_again(tmp_path: Path) -> None:
    """A process killed under way costs time only."""
    tasks = [{"number": n, "mark": str(tmp_path / "mark")} for n in range(4)]

    found = dict(Local(2).done(dies_once, tasks))

    assert found == {n: n for n in range(4)}


def test_a_task_that_kills_everybody_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After as many losses as are allowed the error says that processes were killed."""
    monkeypatch.setattr("sim.experiments.executors.LOSSES", 0)
    with pytest.raises(RunError, match="was killed"):
        dict(Local(2).done(dies, [{}, {}]))


def test_days_are_the_same_by_whoever(tmp_path: Path) -> None:
    """In memory, in a folder, twice the same task: one day, one record."""
    tasks = day_tasks(desks(20), range(3), seed=1)
    kept = day_tasks(desks(20), range(3), seed=1, folder=tmp_path, keep_logs=True)

    in_memory, _ = days_done([*tasks, tasks[0]], executor=Local())
    on_disk, resumed = days_done(kept, executor=Local())
    _, again = days_done(kept, executor=Local())

    assert [each["chain_head"] for each in in_memory[:3]] == [x["chain_head"] for x in on_disk]
    assert in_memory[3] == in_memory[0]
    assert in_memory[0]["summary"] == on_disk[0]["summary"]
    assert (resumed, again) == (0, 3)
    assert (tmp_path / kept[0]["folder"] / "r0002" / "manifest.json").exists()


def test_what_a_killed_worker_left_is_removed(tmp_path: Path) -> None:
    """Half a day beside a whole one goes; a run without its record is made anew."""
    task = day_tasks(desks(20), [0], seed=1, folder=tmp_path, keep_logs=True)[0]
    folder = Path(task["folder"])
    (folder / ".0000-0123").mkdir(parents=True)
    (folder / "r0000").mkdir()

    days_done([task], executor=Local())

    assert sorted(each.name for each in folder.iterdir()) == ["r0000", "r0000.json"]
    assert kept_record(task) is not None
    assert simulate_day_task(task) is None


def test_nobody_at_the_address_is_said() -> None:
    """An address without a scheduler: what to start."""
    pytest.importorskip("distributed")
    with pytest.raises(RunError, match="no scheduler answers"):
        list(Cluster("nonsense://nowhere").done(simulate_day_task, [{"key": "x"}]))


@pytest.fixture
def threads(tmp_path: Path) -> Any:
    """A scheduler and two workers, threads of this process."""
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            processes=False,
            dashboard_address=None,
            local_directory=str(tmp_path / "dask"),
        ) as cluster:
            yield cluster


def test_a_cluster_gives_the_same_bytes(threads: Any, tmp_path: Path) -> None:
    """Records and events of a cluster are those of this machine, byte for byte."""
    scenario = desks(20)
    by: dict[str, Executor] = {"local": Local(), "cluster": Cluster(threads.scheduler_address)}

    def asked(folder: Path) -> list[dict[str, Any]]:
        return day_tasks(scenario, range(4), seed=1, folder=folder, keep_logs=True)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, executor in by.items():
            days_done(asked(tmp_path / name), executor=executor)

    local, cluster = (_content(tmp_path / name) for name in by)
    assert len(local) > 4 * 3
    assert local == cluster


def _content(folder: Path) -> dict[str, bytes]:
    """Every file but manifests, which say when and by whom."""
    wanted: Callable[[Path], bool] = lambda path: path.is_file() and "manifest" not in path.name  # noqa: E731
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if wanted(path)
    }
