"""Tasks on a cluster of dask.distributed: other machines, the same results."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import RunError, UsageError
from sim.experiments.tasks import Task
from sim.scenario.model_version import MODEL_VERSION

REACH_S = 10
"""Seconds to wait for the scheduler, and then for a first worker."""

RETRIES = 2
"""Times that a task is tried again where the system of a worker refused it."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Workers of a scheduler.

    Attributes
    ----------
    address : str
        Of the scheduler, such as ``tcp://127.0.0.1:8786``.
    """

    address: str

    def done(
        self, function: Callable[[Task], Any], tasks: Sequence[Task]
    ) -> Generator[tuple[int, Any]]:
        """See `sim.experiments.executors.Executor`; tasks carry their own ``key``.

        A worker that is lost costs the tasks it had under way, which others do again. With
        no worker left the scheduler waits for one to come.

        Raises
        ------
        UsageError
            If dask.distributed is not installed.
        RunError
            If nobody answers at the address, no worker is there, one has another version of
            the model, or a task has killed several workers.
        """
        if not tasks:
            return
        client, killed, as_completed = self._client()
        futures: dict[Any, int] = {}
        try:
            self._refuse_others(client)
            futures = {
                client.submit(function, task, key=task["key"], retries=RETRIES): number
                for number, task in enumerate(tasks)
            }
            for future in as_completed(futures, loop=client.loop):
                try:
                    result = future.result()
                except killed as error:
                    key = tasks[futures[future]]["key"]
                    msg = f"{key}: workers were lost while they had it; see their logs ({error})"
                    raise RunError(msg) from None
                yield futures[future], result
        finally:
            client.cancel([each for each in futures if not each.done()])
            client.close()

    def _client(self) -> tuple[Any, type[Exception], Any]:
        try:
            from distributed import Client, KilledWorker, as_completed
        except ImportError:
            msg = "--cluster needs dask.distributed; install hanh-trinh[distributed]"
            raise UsageError(msg) from None
        logging.getLogger("distributed").setLevel(logging.ERROR)  # retries are its own affair
        try:
            client = Client(self.address, timeout=REACH_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            msg = (
                f"{self.address}: no scheduler answers ({error}); start one with `dask "
                "scheduler`, see docs/experiments.md"
            )
            raise RunError(msg) from None
        return client, KilledWorker, as_completed

    def _refuse_others(self, client: Any) -> None:
        try:
            client.wait_for_workers(1, timeout=REACH_S)
        except TimeoutError:
            msg = f"{self.address} has no worker; start some with `dask worker {self.address}`"
            raise RunError(msg) from None
        try:
            versions = client.run(model_version)
        except ImportError as error:
            msg = f"{self.address}: a worker has no hanh-trinh ({error}); install it there"
            raise RunError(msg) from None
        others = {
            worker: version for worker, version in versions.items() if version != MODEL_VERSION
        }
        if others:
            told = ", ".join(f"{worker} has {version}" for worker, version in others.items())
            msg = f"this is model version {MODEL_VERSION}, but {told}; install the same there"
            raise RunError(msg)


def model_version() -> str:
    """Model version of a worker."""
    return MODEL_VERSION
