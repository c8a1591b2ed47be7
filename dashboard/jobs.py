"""Long work off the page: tasks go to worker processes, pages look in on them.

A worker is a spawned process with a thread here that feeds it. It stays warm between tasks;
cancelling ends the process, and the next task starts a fresh one. Two sessions that ask the
same share one job, which is cancelled only when both have left it.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any, Protocol

from sim.errors import SimError

LOOK_S = 0.05
"""How often a feeding thread looks for a cancellation."""

Report = Callable[[Any], None]
Work = Callable[[Any, Report], Any]
"""Takes a task and a report; must be importable by name, since it runs elsewhere."""


class Errand(Protocol):
    """A task that knows its name and how to be done; it travels to another process.

    One with a ``limit_s`` is stopped after as many seconds.
    """

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        ...

    def carry_out(self, report: Report) -> Any:
        """Do it, wherever it was carried."""
        ...


def carry_out(errand: Errand, report: Report) -> Any:
    """The work of a desk whose tasks are errands."""
    return errand.carry_out(report)


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True, eq=False)
class Job:
    """A task on its way; only its worker's thread changes it.

    Attributes
    ----------
    reached : object
        What the work last reported.
    result : object
        Once done.
    fault : str
        Once failed: in words where the task is to blame, "" where the program is.
    """

    key: Hashable
    task: Any
    state: State = State.WAITING
    reached: Any = None
    result: Any = None
    fault: str = ""
    started: float = field(default_factory=time.monotonic)
    watchers: set[str] = field(default_factory=set)
    is_unwanted: threading.Event = field(default_factory=threading.Event)

    @property
    def is_over(self) -> bool:
        """Whether it will not change any more."""
        return self.state in {State.DONE, State.FAILED, State.CANCELLED}

    @property
    def elapsed_s(self) -> float:
        """Seconds since it began, or since it was asked for while it waits."""
        return time.monotonic() - self.started


class Desk:
    """Takes tasks and hands them to workers.

    Parameters
    ----------
    work : callable
        What a worker does with a task.
    workers : int
        Processes at most; they start as they are needed.
    keep : callable
        Told the key and result of every job done.
    """

    def __init__(self, work: Work, *, workers: int, keep: Callable[[Hashable, Any], None]) -> None:
        self._keep = keep
        self._tasks: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._jobs: dict[Hashable, Job] = {}
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._threads = [
            threading.Thread(target=self._feed, args=(work,), name=f"worker-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, key: Hashable, task: Any, *, watcher: str) -> Job:
        """The job of a key, started unless it is on its way already."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.is_over or job.is_unwanted.is_set():
                job = Job(key, task)
                self._jobs[key] = job
                self._tasks.put(job)
            job.watchers.add(watcher)
            return job

    def leave(self, job: Job, *, watcher: str) -> None:
        """Lose interest in a job; it is cancelled if nobody else has any."""
        with self._lock:
            job.watchers.discard(watcher)
            if not job.watchers:
                job.is_unwanted.set()

    def close(self) -> None:
        """Cancel everything and end every process."""
        with self._lock:
            for job in self._jobs.values():
                job.is_unwanted.set()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        for worker in self._idle:
            worker.stop()

    def _feed(self, work: Work) -> None:
        while (job := self._tasks.get()) is not None:
            if job.is_unwanted.is_set():
                self._end(job, State.CANCELLED)
                continue
            worker = self._worker(work)
            job.started, job.state = time.monotonic(), State.RUNNING
            state = worker.carry_out(job)
            with self._lock:
                if worker.is_alive:
                    self._idle.append(worker)
            self._end(job, state)

    def _worker(self, work: Work) -> _Worker:
        """A warm worker if there is one: the one that rested least, so that few are needed."""
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        return worker if worker is not None and worker.is_alive else _Worker(work)

    def _end(self, job: Job, state: State) -> None:
        if state is State.DONE:
            self._keep(job.key, job.result)
        with self._lock:
            if self._jobs.get(job.key) is job:
                del self._jobs[job.key]
            job.state = state


class _Worker:
    """A process that carries out tasks one after the other."""

    def __init__(self, work: Work) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, other = context.Pipe()
        self._process = context.Process(target=_carry_out_all, args=(other, work), daemon=True)
        self._process.start()
        other.close()

    @property
    def is_alive(self) -> bool:
        """Whether it can take a task."""
        return self._process.is_alive()

    def carry_out(self, job: Job) -> State:
        """Have a task done; returns how it ended."""
        try:
            self._line.send(job.task)
            limit_s = getattr(job.task, "limit_s", None)
            while not job.is_unwanted.is_set():
                if not self._line.poll(LOOK_S):
                    if limit_s is not None and job.elapsed_s > limit_s:
                        self.stop()
                        job.fault = f"stopped after {limit_s:g} s; ask for less"
                        return State.FAILED
                    continue
                word, value = self._line.recv()
                match word:
                    case "reached":
                        job.reached = value
                    case "done":
                        job.result = value
                        return State.DONE
                    case _:
                        job.fault = value
                        return State.FAILED
        except (EOFError, OSError):  # the process died
            self.stop()
            return State.FAILED
        self.stop()
        return State.CANCELLED

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self._line.close()


def _carry_out_all(line: Connection, work: Work) -> None:
    """What the process does: take tasks until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the server, which ends us
    while True:
        try:
            task = line.recv()
        except EOFError:
            return
        line.send(_outcome(line, work, task))


def _outcome(line: Connection, work: Work, task: Any) -> tuple[str, Any]:
    try:
        return "done", work(task, lambda value: line.send(("reached", value)))
    except SimError as error:
        return "failed", str(error)
    except Exception:  # noqa: BLE001 - the server must outlive any bug in a day; it goes to the log
        import traceback

        traceback.print_exc()
        return "failed", ""
