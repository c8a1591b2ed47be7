"""The whole suite, question after question."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from platform import python_version
from typing import Any

from sim.evidence.known_answers.logs import SCENARIOS, SEALED, scenario_rows, sealed_rows
from sim.evidence.known_answers.recursion import SERVERS, recursion_rows
from sim.evidence.known_answers.row import Part, Row
from sim.evidence.known_answers.theory import FAMILY_ALPHA, family_of, queues, theory_rows
from sim.scenario.model_version import MODEL_VERSION

LIBRARIES = (
    "numpy", "scipy", "numba", "simpy", "pyarrow", "pydantic", "duckdb", "streamlit", "altair",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One step of the suite: what it is about, and how to ask it."""

    part: Part
    case: str
    ask: Callable[[], list[Row]]


@dataclass(frozen=True, slots=True)
class Step:
    """What a caller is told before each question.

    Attributes
    ----------
    done, total : int
        Questions asked, and all of them.
    """

    part: Part
    case: str
    done: int
    total: int


def questions() -> tuple[Question, ...]:
    """Every question, in the order of the report."""
    solved = queues()
    family = family_of(solved)
    return (
        *(Question("theory", each.name, partial(theory_rows, each, family=family))
          for each in solved),
        *(Question("recursion", f"M/G/{servers}", partial(recursion_rows, servers))
          for servers in SERVERS),
        *(Question("engines", name, partial(scenario_rows, name)) for name in SCENARIOS),
        Question("hashes", SEALED, sealed_rows),
    )  # fmt: skip


def ask_all(
    progress: Callable[[Step], None] = lambda step: None,
    asked: tuple[Question, ...] | None = None,
) -> dict[str, Any]:
    """Ask every question; what ``sim evidence --json`` prints.

    Parameters
    ----------
    progress : callable
        Told before each question.
    asked : tuple of Question or None
        Those to ask; None asks all.

    Returns
    -------
    dict
        ``passed``, ``rows``, ``model_version``, ``versions``, ``elapsed_s``; plain JSON.
    """
    began = time.perf_counter()
    rows = [row.as_dict() for row in _rows(questions() if asked is None else asked, progress)]
    return {
        "passed": all(row["holds"] for row in rows),
        "held": sum(row["holds"] for row in rows),
        "rows": rows,
        "family_wise_false_alarm_rate": FAMILY_ALPHA,
        "model_version": MODEL_VERSION,
        "versions": versions(),
        "elapsed_s": time.perf_counter() - began,
    }


def versions() -> dict[str, str]:
    """Version of Python and of the libraries that figures depend on, where installed."""
    found = {"python": python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _rows(asked: tuple[Question, ...], progress: Callable[[Step], None]) -> Iterator[Row]:
    for number, question in enumerate(asked):
        progress(Step(question.part, question.case, number, len(asked)))
        yield from question.ask()
