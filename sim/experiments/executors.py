"""Who does the tasks: this machine's processes, unless a cluster is asked for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sim.experiments.tasks import LostProcessError, Task, done_tasks

LOSSES = 3
"""Times that a process may be lost before the tasks are given up."""


class Executor(Protocol):
    """Does tasks in any order, anywhere: what they give depends on the task alone."""

    def done(
        self, function: Callable[[Task], Any], tasks: Sequence[Task]
    ) -> Generator[tuple[int, Any]]:
        """Number and result of each task as it is done; closed early, it stops the rest."""
        ...


@dataclass(frozen=True, slots=True)
class Local:
    """Processes of this machine.

    Attributes
    ----------
    jobs : int
        How many; 1 stays in this one.
    """

    jobs: int = 1

    def done(
        self, function: Callable[[Task], Any], tasks: Sequence[Task]
    ) -> Generator[tuple[int, Any]]:
        """See `Executor`; tasks of a process that was killed are done by another.

        Raises
        ------
        RunError
            If processes are killed again and again.
        """
        todo, lost = list(range(len(tasks))), 0
        while todo:
            asked = tuple(todo)
            try:
                for place, result in done_tasks(
                    function, [tasks[number] for number in asked], jobs=self.jobs
                ):
                    todo.remove(asked[place])
                    yield asked[place], result
            except LostProcessError:
                lost += 1
                if lost > LOSSES:
                    raise
