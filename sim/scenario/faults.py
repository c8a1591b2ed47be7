"""What the models refuse, as faults with file, line and key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import Fault
from sim.scenario.keys import KeyPath, dotted
from sim.scenario.layers import Node
from sim.scenario.reading import MORE
from sim.scenario.refusals import describe

MAX_FAULTS = 500
"""Faults listed one by one; the rest are counted."""


def explain(
    error: ValidationError,
    *,
    model: type[BaseModel],
    root: Node,
    is_complete: bool = True,
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
    is_complete : bool
        False where the base is not there: what it could mend is not told.
    """
    data = root.plain()
    faults: list[Fault] = []
    for detail in error.errors(include_url=False):
        if _is_consequence(detail) or not (is_complete or _is_certain(detail)):
            continue
        if len(faults) > MAX_FAULTS:
            rest = error.error_count() - len(faults)
            faults.append(Fault(f"and {rest} {MORE}", path=root.origin.path))
            break
        path, message = describe(detail, model, data)
        faults.append(fault_at(root, data, path, message))
    return faults


def fault_at(root: Node, data: Any, path: KeyPath, message: str) -> Fault:
    """A fault at a place of the scenario, with the file and line it was written at."""
    origin = root.origin_at(path)
    return Fault(message, path=origin.path, line=origin.line, key=dotted(data, path))


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults by file and line, each once; the count of those not listed comes last."""
    return sorted(dict.fromkeys(faults), key=_place)


def _place(fault: Fault) -> tuple[str, bool, int, str, str]:
    return fault.path, fault.message.endswith(MORE), fault.line, fault.key, fault.message


def _is_consequence(detail: Any) -> bool:
    """Whether an array only seems too short since pydantic left out its faulty elements."""
    given = detail["input"]
    is_short = detail["type"] == "too_short" and isinstance(given, list | tuple)
    return is_short and len(given) >= detail["ctx"]["min_length"]


def _is_certain(detail: Any) -> bool:
    """Whether a refusal stands whatever a missing base would have said."""
    if detail["type"] == "value_error":
        return not isinstance(detail["input"], dict)
    return detail["type"] not in {"missing", "too_short", "union_tag_not_found"}
