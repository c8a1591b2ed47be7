"""What is sound in a faulty scenario, so that its references can be checked all the same.

A reader who mistyped one number should not have to mend it before hearing of a wrong
station name elsewhere. Faulty values are left out, tables that cannot do without them go
too, and what remains is checked; nothing is said about places that something was cut from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from sim.scenario.faults import MAX_FAULTS
from sim.scenario.keys import KeyPath, step_down
from sim.scenario.known_keys import Location, keys_at
from sim.scenario.refusals import locate
from sim.scenario.spec import ScenarioSpec
from sim.scenario.suggestions import nearest

MAX_ROUNDS = 12
"""Rounds of leaving out after which nothing is salvaged."""

STAND_INS: dict[str, Any] = {
    "id": "salvaged",
    "kind": "generic",
    "demand": {"arrivals": {"law": "poisson", "rate_per_s": 0}},
}
"""What takes the place of keys that no scenario can do without."""

STATION_STAND_INS: dict[str, Any] = {"servers": 1}
"""The same for stations."""


@dataclass(frozen=True, slots=True)
class Salvage:
    """A sound part of a scenario.

    Attributes
    ----------
    spec : ScenarioSpec
        The part.
    lost : frozenset of KeyPath
        Places of the whole that were left out, or where something is missing.
    """

    spec: ScenarioSpec
    lost: frozenset[KeyPath]
    _data: Any

    def original(self, path: KeyPath) -> KeyPath:
        """Path in the whole of a path in the part: indices count the lost elements too."""
        return _original(self._data, self.lost, path)

    def is_touched(self, path: KeyPath) -> bool:
        """Whether something was left out at, in or around a path of the whole.

        A path with ``*`` for an index means just that key, of any element.
        """
        if "*" in path:
            return any((*gone[:1], "*", *gone[2:]) == path for gone in self.lost)
        return any(path[: len(gone)] == gone or gone[: len(path)] == path for gone in self.lost)


def salvage(data: dict[str, Any], error: ValidationError) -> Salvage | None:
    """The sound part of a scenario that the models refused, or None where little is left.

    Parameters
    ----------
    data : dict
        The scenario's plain data.
    error : ValidationError
        Why it was refused.
    """
    lost: frozenset[KeyPath] = frozenset()
    part: Any = data
    for _ in range(MAX_ROUNDS):
        before = len(lost)
        if error.error_count() > MAX_FAULTS:
            return None
        details = error.errors(include_url=False, include_context=False, include_input=False)
        causes = [each for each in details if each["type"] != "too_short"] or details
        found: set[KeyPath] = set()
        for each in causes:
            at = locate(part, each["loc"], is_missing=each["type"] == "missing")
            found |= _losses(_original(data, lost, at), each["loc"], each["type"])
        lost |= found
        if () in lost or len(lost) == before:
            return None
        part = _without(data, lost)
        try:
            spec = ScenarioSpec.model_validate(part)
        except ValidationError as next_error:
            error = next_error
        else:
            return Salvage(spec, lost, data)
    return None


def _losses(path: KeyPath, location: Location, kind: str) -> set[KeyPath]:
    """Places that have to go on account of one refusal."""
    if kind == "missing" and path[-1] not in _stand_ins(path[:-1]):
        return {path, path[:-1]}
    if kind == "extra_forbidden":
        meant = nearest(str(path[-1]), keys_at(ScenarioSpec, location[:-1]))
        return {path, (*path[:-1], meant)} if meant else {path}
    return {path}


def _stand_ins(table: KeyPath) -> dict[str, Any]:
    """What a table gets in place of keys it cannot do without."""
    if not table:
        return STAND_INS
    return STATION_STAND_INS if len(table) == 2 and table[0] == "stations" else {}


def _without(data: Any, lost: frozenset[KeyPath], path: KeyPath = ()) -> Any:
    if isinstance(data, dict):
        kept = {key: each for key, each in data.items() if (*path, key) not in lost}
        part = {key: _without(each, lost, (*path, key)) for key, each in kept.items()}
        needed = _stand_ins(path).items()
        return part | {key: value for key, value in needed if (*path, key) in lost}
    if isinstance(data, list):
        return [
            _without(each, lost, (*path, index))
            for index, each in enumerate(data)
            if (*path, index) not in lost
        ]
    return data


def _original(data: Any, lost: frozenset[KeyPath], path: KeyPath) -> KeyPath:
    whole: KeyPath = ()
    for part in path:
        there = part
        if isinstance(part, int) and isinstance(data, list):
            kept = [index for index in range(len(data)) if (*whole, index) not in lost]
            there = kept[part] if part < len(kept) else part
        whole = (*whole, there)
        below = step_down(data, there)
        data = below[0] if below is not None else None
    return whole
