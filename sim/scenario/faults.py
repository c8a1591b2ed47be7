"""What the models refuse, as faults with file, line and key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import Fault
from sim.scenario.keys import KeyPath, dotted
from sim.scenario.layers import Node
from sim.scenario.refusals import describe

MAX_FAULTS = 500
"""Faults listed one by one; the rest are counted."""


def explain(
    error: ValidationError,
    *,
    model: type[BaseModel],
    root: Node,
    leave_out: frozenset[str] = frozenset(),
) -> list[Fault]:
    """Every refusal as a fault.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    model : type
        The model that was asked.
    root : Node
        The data it was asked about, with the place of each value.
    leave_out : frozenset of str
        Kinds of refusal, in pydantic's names, that are not told.
    """
    data = root.plain()
    faults: list[Fault] = []
    for detail in error.errors(include_url=False):
        if detail["type"] in leave_out or _is_consequence(detail):
            continue
        if len(faults) > MAX_FAULTS:
            faults += [Fault(f"and {error.error_count() - len(faults)} more faults")]
            break
        path, message = describe(detail, model, data)
        faults.append(fault_at(root, data, path, message))
    return faults


def fault_at(root: Node, data: Any, path: KeyPath, message: str) -> Fault:
    """A fault at a place of the scenario, with the file and line it was written at."""
    origin = root.origin_at(path)
    return Fault(message, path=origin.path, line=origin.line, key=dotted(data, path))


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults by file and line, each once."""
    unique = dict.fromkeys(faults)
    return sorted(unique, key=lambda each: (each.path, each.line, each.key, each.message))


def _is_consequence(detail: Any) -> bool:
    """Whether an array only seems too short since pydantic left out its faulty elements."""
    given = detail["input"]
    is_short = detail["type"] == "too_short" and isinstance(given, list | tuple)
    return is_short and len(given) >= detail["ctx"]["min_length"]
