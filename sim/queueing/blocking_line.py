"""Lines without much room: a station that cannot hand on stands still."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve

from sim.errors import TheoryError
from sim.queueing.soundness import positive, refuse, whole

_MOST_STATES = 200_000

_State = tuple[int, ...]


def blocking_line(*, buffers: Sequence[int], mean_services: Sequence[float]) -> float:
    """Throughput of stations in a row, one server each, when somebody always waits at the first.

    Parameters
    ----------
    buffers : sequence of int
        Waiting places between stations, one fewer than stations.
    mean_services : sequence of float
        Exponential, in the order of the line.

    Returns
    -------
    float
        Completions per unit of time in the long run: what the line can carry at most.

    Raises
    ------
    TheoryError
        If a number is out of its range, or the line has too many states.

    Notes
    -----
    Blocking after service: who is done stays on the server until there is room downstream.
    The exact Markov chain over ``Π (buffers + 3)`` states, solved sparsely.

    References
    ----------
    Hillier, F. S. and Boling, R. W. (1967), Operations Research 15, 286-303.

    Examples
    --------
    >>> round(blocking_line(buffers=[0], mean_services=[1, 1]), 9)
    0.666666667
    """
    refuse(whole(buffers=buffers, least=0), positive(mean_services=mean_services))
    if len(mean_services) != len(buffers) + 1:
        message = (
            f"{len(mean_services)} stations and {len(buffers)} buffers; give a buffer between any "
            "two stations that follow each other"
        )
        raise TheoryError(message)
    if float(np.prod([room + 3.0 for room in buffers])) > _MOST_STATES:
        message = f"buffers {list(buffers)} make too many states; simulate the line"
        raise TheoryError(message)
    rates = [1 / mean for mean in mean_services]
    moves = _explore(buffers, rates)
    shares = _solve(moves)
    return float(sum(share * moves[state][1] for state, share in shares.items()))


def _explore(
    buffers: Sequence[int], rates: Sequence[float]
) -> dict[_State, tuple[list[tuple[_State, float]], float]]:
    """From every reachable state: where to at what rate, and the rate of leaving the line."""
    start: _State = tuple(0 for _ in buffers)
    moves: dict[_State, tuple[list[tuple[_State, float]], float]] = {}
    todo = [start]
    while todo:
        state = todo.pop()
        if state in moves:
            continue
        out, leaving = [], 0.0
        for place in _working(state, buffers):
            target: list[int] = list(state)
            if place > 0:
                target[place - 1] -= 1
            if place < len(buffers):
                target[place] += 1
            else:
                leaving += rates[place]
            out.append((tuple(target), rates[place]))
            todo.append(tuple(target))
        moves[state] = (out, leaving)
    return moves


def _working(state: _State, buffers: Sequence[int]) -> list[int]:
    """Stations at work; entry i of a state counts who is past station i and not past i + 1."""
    working, is_blocked = [], False
    for place in range(len(buffers), -1, -1):
        if not is_blocked and (place == 0 or state[place - 1] > 0):
            working.append(place)
        if place > 0:  # a full buffer in front of this station blocks the one before it
            is_blocked = state[place - 1] + is_blocked >= buffers[place - 1] + 2
    return working


def _solve(
    moves: dict[_State, tuple[list[tuple[_State, float]], float]],
) -> dict[_State, float]:
    number = {state: row for row, state in enumerate(moves)}
    entries: list[tuple[int, int, float]] = []
    for state, (out, _) in moves.items():
        for target, rate in out:
            entries.append((number[target], number[state], rate))
            entries.append((number[state], number[state], -rate))
    last = len(number) - 1
    kept = [each for each in entries if each[0] != last]
    kept += [(last, column, 1.0) for column in range(last + 1)]
    rows, columns, values = zip(*kept, strict=True)
    system = csc_matrix((values, (rows, columns)), shape=(last + 1, last + 1))
    right = np.zeros(last + 1)
    right[last] = 1.0
    found: Any = spsolve(system, right)
    return dict(zip(number, np.atleast_1d(found).tolist(), strict=True))
