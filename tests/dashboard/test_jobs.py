"""Work in other processes: done, refused, cancelled, crashed, shared."""

import time
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import pytest

from dashboard.jobs import Desk, Job, State
from tests.dashboard.chores import do

PATIENCE_S = 60


@pytest.fixture(scope="module")
def kept() -> dict[Hashable, Any]:
    return {}


@pytest.fixture(scope="module")
def desk(kept: dict[Hashable, Any]) -> Iterator[Desk]:
    desk = Desk(do, workers=2, keep=kept.__setitem__)
    yield desk
    desk.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def finished(job: Job) -> Job:
    wait_until(lambda: job.is_over)
    return job


def test_result_is_kept_and_progress_told(desk: Desk, kept: dict[Hashable, Any]) -> None:
    """A job ends with its result, which whoever keeps results has by then."""
    job = finished(desk.ask("a", ("double", 21.0), watcher="me"))

    assert (job.state, job.result, job.reached) == (State.DONE, 42.0, 21.0)
    assert kept["a"] == 42.0


def test_worker_stays_warm(desk: Desk) -> None:
    """Tasks one after the other are done by the same process."""
    pids = {finished(desk.ask(f"pid-{n}", ("who", 0.0), watcher="me")).result for n in range(4)}

    assert len(pids) == 1


def test_faults_of_the_task_are_told_in_words(desk: Desk) -> None:
    """A task that cannot be done fails with its message, and the next one is done."""
    job = finished(desk.ask("b", ("refuse", 0.0), watcher="me"))

    assert (job.state, job.fault) == (State.FAILED, "12 is not a colour; give one")
    assert finished(desk.ask("b2", ("double", 1.0), watcher="me")).result == 2.0


@pytest.mark.parametrize("word", ["crash", "die"])
def test_faults_of_the_program_end_only_their_job(desk: Desk, word: str) -> None:
    """A bug, or a process that dies, fails the job without words; the next one is done."""
    job = finished(desk.ask(word, (word, 0.0), watcher="me"))

    assert (job.state, job.fault) == (State.FAILED, "")
    assert finished(desk.ask(f"after-{word}", ("double", 3.0), watcher="me")).result == 6.0


def test_cancelling_does_not_wait_for_the_work(desk: Desk, kept: dict[Hashable, Any]) -> None:
    """A cancelled job ends at once, keeps nothing, and may be asked again."""
    job = desk.ask("long", ("sleep", 600.0), watcher="me")
    wait_until(lambda: job.reached is not None)

    desk.leave(job, watcher="me")
    finished(job)

    assert job.state is State.CANCELLED
    assert "long" not in kept
    assert finished(desk.ask("long", ("double", 4.0), watcher="me")).result == 8.0


def test_two_who_ask_the_same_share_one_job(desk: Desk) -> None:
    """The job of two sessions goes on when one of them leaves, and ends when both have."""
    job = desk.ask("ours", ("sleep", 600.0), watcher="one")
    assert desk.ask("ours", ("sleep", 600.0), watcher="two") is job

    desk.leave(job, watcher="one")
    time.sleep(0.3)
    assert not job.is_over

    desk.leave(job, watcher="two")
    assert finished(job).state is State.CANCELLED
