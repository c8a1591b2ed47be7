"""Tasks side by side: plain values in, plain values out, in whatever order they are done."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, Self

from sim.errors import RunError

Task = dict[str, Any]


class LostProcessError(RunError):
    """A process was killed before it had done its tasks."""


def done_tasks(
    function: Callable[[Task], Any], tasks: Sequence[Task], *, jobs: int = 1
) -> Generator[tuple[int, Any]]:
    """Number and result of each task as it is done.

    Parameters
    ----------
    function : callable
        A function of a module.
    tasks : sequence of dict
        Plain values, since they may go to another process.
    jobs : int
        Processes to use; 1 stays in this one.

    Raises
    ------
    LostProcessError
        If a process was killed.
    """
    with Workers(min(jobs, len(tasks))) as workers:
        yield from workers.done(function, tasks)


class Workers:
    """Processes that stay for several rounds of tasks, with whatever they have loaded.

    Parameters
    ----------
    jobs : int
        How many; 1 stays in this process.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def done(
        self, function: Callable[[Task], Any], tasks: Sequence[Task]
    ) -> Generator[tuple[int, Any]]:
        """Number and result of each task as it is done; see `done_tasks`."""
        if self.jobs <= 1:
            for number, task in enumerate(tasks):
                yield number, function(task)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.jobs, mp_context=get_context("spawn"), initializer=prepare_worker
            )
        futures: dict[Future[Any], int] = {}
        try:
            for number, task in enumerate(tasks):
                futures[self._pool.submit(function, task)] = number
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            msg = "a process that simulated days was killed; ask again, perhaps with fewer --jobs"
            raise LostProcessError(msg) from None
        finally:
            for future in futures:
                future.cancel()


def prepare_worker() -> None:
    """Prepare a worker: interrupts are the parent's affair, and it does not outlive the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None

    def end_with_parent() -> None:
        parent.join()
        os._exit(1)

    Thread(target=end_with_parent, daemon=True).start()
