"""Questions no law can answer are refused, every fault of a question at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import TheoryError, UnstableSystemError


def refuse(*complaints: str) -> None:
    """Raise unless every complaint is empty.

    Raises
    ------
    TheoryError
        With one line for each complaint.
    """
    faults = [complaint for complaint in complaints if complaint]
    if faults:
        raise TheoryError("\n".join(faults))


def positive(**named: ArrayLike) -> str:
    """Complaint about what is not a finite number above zero."""
    return _complain(named, lambda x: np.isfinite(x) & (x > 0), "a finite number above 0")


def non_negative(**named: ArrayLike) -> str:
    """Complaint about what is not a finite number from zero on."""
    return _complain(named, lambda x: np.isfinite(x) & (x >= 0), "a finite number from 0 on")


def share(**named: ArrayLike) -> str:
    """Complaint about what is not strictly between 0 and 1."""
    return _complain(named, lambda x: (x > 0) & (x < 1), "a share strictly between 0 and 1")


def whole(*, least: int, **named: ArrayLike) -> str:
    """Complaint about what is not a whole number, `least` or more."""
    wanted = f"a whole number, {least} or more"
    return _complain(named, lambda x: (x == np.floor(x)) & (x >= least) & np.isfinite(x), wanted)


def refuse_overload(*, servers: ArrayLike, offered_load: ArrayLike) -> None:
    """Stop where a queue would grow without end.

    Raises
    ------
    UnstableSystemError
        If ``offered_load >= servers`` anywhere.
    """
    c, a = np.broadcast_arrays(np.asarray(servers), np.asarray(offered_load, dtype=np.float64))
    over = a >= c
    if over.any():
        load, count = float(a[over][0]), int(c[over][0])
        message = (
            f"{count} servers cannot carry {load:g} erlang: the queue has no steady state; "
            f"provide at least {math.floor(load) + 1} servers or study the transient "
            "(sim.queueing.transient, sim.queueing.fluid)"
        )
        raise UnstableSystemError(message)


def long_run_load(
    *complaints: str, servers: int, arrival_rate: float, mean_service: float
) -> float:
    """Offered load of a queue that is asked for its long run, with further complaints if any.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the servers can do.
    TheoryError
        If a number is out of its range.
    """
    refuse(
        whole(servers=servers, least=1),
        positive(arrival_rate=arrival_rate, mean_service=mean_service),
        *complaints,
    )
    load = arrival_rate * mean_service
    refuse_overload(servers=servers, offered_load=load)
    return load


def _complain(named: dict[str, Any], is_sound: Any, wanted: str) -> str:
    complaints = []
    for name, value in named.items():
        try:
            array = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            complaints.append(f"{name} must be {wanted}, got {value!r}")
            continue
        wrong = ~is_sound(array)
        if wrong.any():
            complaints.append(f"{name} must be {wanted}, got {array[wrong].flat[0]:g}")
    return "\n".join(complaints)
