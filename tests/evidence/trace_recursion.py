"""Trace-driven days by the thousand, passenger by passenger against the recursion."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np

from tests.engines import ENGINES
from tests.evidence.claim import Claim, Finding, Steps
from tests.theory.cases import CLOSINGS, US, Case, by_engine, by_recursion, random_case
from tests.theory.recursions import next_free

CASES = 250
"""Random days of each kind."""

GRIDS = {"seconds": US, "quarters": US // 4, "microseconds": 1}
CONSTANT = (1, 2, 5, 20)
LONG_DAY = 100_000


def compare_kind(kind: str) -> dict[str, Any]:
    """All days of one kind, ``closing/desks/grid``, or one long day at constant servers."""
    closing, desks, grid = kind.split("/")
    rng = np.random.default_rng(crc32(kind.encode()))
    if closing == "constant":
        return _compare_long_day(int(desks), rng, grid_us=GRIDS[grid])
    cases = [
        random_case(
            rng,
            desks=int(desks),
            closing=next((each for each in CLOSINGS if each == closing), None),
            grid_us=GRIDS[grid],
            passengers=int(rng.integers(20, 400)),
            servers=int(rng.choice([2, 3, 5, 12])),
        )
        for _ in range(CASES)
    ]
    return _compared(cases)


def examine(steps: Steps) -> Finding:
    """No day differs in any instant or server."""
    kinds = [f"constant/{servers}/{grid}" for servers in CONSTANT for grid in GRIDS]
    kinds += [
        f"{closing}/{desks}/{grid}"
        for closing in (*CLOSINGS, "mixed")
        for desks in (1, 3)
        for grid in GRIDS
    ]
    found = steps.each(kinds, compare_kind)
    differences = [text for each in found.values() for text in each["differences"]]
    return Finding(
        passed=not differences,
        figures={
            "days": sum(each["days"] for each in found.values()),
            "passengers": sum(each["passengers"] for each in found.values()),
            "visits_compared": sum(each["visits"] for each in found.values()),
            "ends_at_a_staffing_change": sum(each["at_change"] for each in found.values()),
            "differences": differences[:20],
            "kinds": {kind: each["days"] for kind, each in found.items()},
        },
    )


def _compare_long_day(servers: int, rng: np.random.Generator, *, grid_us: int) -> dict[str, Any]:
    case = random_case(rng, servers=servers, is_staffed=False, grid_us=grid_us, passengers=LONG_DAY)
    found = _compared([case])
    joined = case.arrivals + case.walks[:, 0]
    order = np.argsort(joined, kind="stable")
    expected = next_free(joined[order].tolist(), case.services[order, 0].tolist(), servers=servers)
    for engine in ENGINES:
        if by_engine(case, engine=engine).started[order, 0].tolist() != expected:
            found["differences"].append(f"{engine}, {servers}: not the Kiefer-Wolfowitz starts")
    return found


def _compared(cases: list[Case]) -> dict[str, Any]:
    differences, visits, at_change = [], 0, 0
    for number, case in enumerate(cases):
        answer = by_recursion(case)
        for engine in ENGINES:
            text = by_engine(case, engine=engine).differs_from(answer)
            if text:
                differences.append(f"day {number}, {engine}: {text}")
        visits += int((answer.joined >= 0).sum())
        at_change += sum(
            int(np.isin(answer.completed[:, place], desk.staffing.changes[1:]).sum())
            for place, desk in enumerate(case.desks)
        )
    return {
        "days": len(cases),
        "passengers": sum(len(case.arrivals) for case in cases),
        "visits": visits,
        "at_change": at_change,
        "differences": differences,
    }


CLAIM = Claim(
    "trace-recursion",
    "Every passenger of a trace is served when and where an independent recursion says.",
    examine,
)
