"""Requests answered in real time by real kernels, at the instants at which they come."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.matcher.gallery import Gallery
from sim.matcher.kernels.kernel import Kernel
from sim.matcher.search import scan
from sim.matcher.trace.service import CAP, padded
from sim.matcher.trace.virtual import Served

_SPIN_S = 0.0005
"""Shorter waits are not slept, since a sleep overshoots."""


@dataclass(slots=True)
class _Desk:
    """What the clock and the servers share."""

    waiting: deque[int]
    ready: threading.Condition
    is_over: bool = False
    busy_s: float = 0.0
    batches: int = 0
    fault: BaseException | None = None


def replay(
    at_s: NDArray[np.float64],
    gallery: Gallery,
    probes: NDArray[np.int8],
    *,
    kernel: Kernel,
    least: int,
    servers: int = 1,
    cap: int = CAP,
) -> Served:
    """Ask at the stated instants, whatever is still unanswered, and note when each is answered.

    Parameters
    ----------
    at_s : ndarray of float64, shape (n,)
        Instants from the start, not decreasing.
    gallery : Gallery
        Whom to search among.
    probes : ndarray of int8, shape (m, 512)
        Captures; request *i* brings probe ``i mod m``.
    kernel : Kernel
        How to search.
    least : int
        Least score of a candidate.
    servers : int
        Threads; each takes all that wait, up to `cap`.

    Returns
    -------
    Served
        Latencies from the instant a request was due, not from when somebody had time for it:
        a stall counts for all it delays.
    """
    desk = _Desk(deque(), threading.Condition())
    done = np.zeros(len(at_s))
    began = time.perf_counter() + 0.05

    def serve() -> None:
        try:
            while batch := _taken(desk, cap):
                started = time.perf_counter()
                asked = padded(probes[np.array(batch) % len(probes)])
                scan(kernel, gallery, asked, least=least)
                ended = time.perf_counter()
                done[batch] = ended - began
                with desk.ready:
                    desk.busy_s += ended - started
                    desk.batches += 1
        except BaseException as error:  # noqa: BLE001 (raised again where it is waited for)
            desk.fault = error

    threads = [threading.Thread(target=serve, daemon=True) for _ in range(servers)]
    for thread in threads:
        thread.start()
    for number, at in enumerate(at_s.tolist()):
        _until(began + at)
        with desk.ready:
            desk.waiting.append(number)
            desk.ready.notify()
    with desk.ready:
        desk.is_over = True
        desk.ready.notify_all()
    for thread in threads:
        thread.join()
    if desk.fault is not None:
        raise desk.fault
    return Served(done - at_s, desk.busy_s, desk.batches)


def _taken(desk: _Desk, cap: int) -> list[int]:
    """The next batch; none where no more will come."""
    with desk.ready:
        while not desk.waiting and not desk.is_over:
            desk.ready.wait()
        return [desk.waiting.popleft() for _ in range(min(cap, len(desk.waiting)))]


def _until(instant: float) -> None:
    while (left := instant - time.perf_counter()) > 0:
        time.sleep(left - _SPIN_S if left > _SPIN_S else 0)
