"""What the built-in scenarios are called, read without loading them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sim.scenario.find import builtin_scenarios, find_base
from sim.scenario.stations import Text

_DEEPEST = 16


def builtin_titles() -> dict[str, Text | None]:
    """Title of each built-in scenario by id; None where neither it nor its base has one.

    Checking sixty files against the models takes seconds, their titles a tenth of one.
    """
    return {name: _title(path, _DEEPEST) for name, path in builtin_scenarios().items()}


def _title(path: Path, depth: int) -> Text | None:
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    title, base = written.get("title"), written.get("extends")
    if isinstance(title, dict):
        return Text.model_validate(title)
    found = find_base(base, folder=path.parent) if isinstance(base, str) and depth else None
    return None if found is None else _title(found, depth - 1)
