"""Processes that stay: the same ones for every round, and none left behind."""

from __future__ import annotations

import os
import signal

import pytest

from sim.experiments.tasks import LostProcessError, Task, Workers, done_tasks


def squared(task: Task) -> int:
    return task["number"] ** 2


def whose(task: Task) -> int:
    return os.getpid()


def killed(task: Task) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


NUMBERS = [{"number": number} for number in range(6)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_is_done_once(jobs: int) -> None:
    """Whatever the number of processes, each number comes with its own square."""
    assert dict(done_tasks(squared, NUMBERS, jobs=jobs)) == {n: n * n for n in range(6)}


def test_workers_stay_and_bear_a_round_cut_short() -> None:
    """A second round meets no new process, also after a first that nobody waited for."""
    with Workers(2) as workers:
        first = {process for _, process in workers.done(whose, NUMBERS)}
        cut = workers.done(squared, NUMBERS)
        next(cut)
        cut.close()
        second = {process for _, process in workers.done(whose, NUMBERS)}
    alone = {process for _, process in Workers(1).done(whose, NUMBERS)}

    assert os.getpid() not in first | second
    assert len(first | second) <= 2
    assert alone == {os.getpid()}


def test_killed_process_is_said() -> None:
    """It is named for what it is, with what to do."""
    with Workers(2) as workers, pytest.raises(LostProcessError, match="was killed"):
        list(workers.done(killed, NUMBERS))
