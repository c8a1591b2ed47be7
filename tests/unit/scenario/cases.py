"""Scenarios that tests start from, and a plain way to write one."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from sim.errors import Fault, ScenarioError

MALFORMED = Path(__file__).parents[2] / "malformed"

MINIMAL = """\
id = "mm3"
kind = "generic"
horizon_s = 1_000_000
warmup_s = 10_000

[demand]
arrivals = { law = "poisson", rate_per_s = 2.0 }

[[stations]]
id = "desk"
servers = 3
service = { law = "exponential", mean_s = 1.0 }

[[journey]]
station = "desk"
"""


def toml_of(tables: dict[str, Any]) -> str:
    """Tables as TOML, one key to a line, everything below inline."""
    return "".join(f"{quote(key)} = {value_of(value)}\n" for key, value in tables.items())


def value_of(value: Any) -> str:
    """One value as TOML."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quote(value)
        case date() | time():
            return value.isoformat()
        case dict():
            inside = ", ".join(f"{quote(key)} = {value_of(each)}" for key, each in value.items())
            return f"{{ {inside} }}"
        case list():
            return f"[{', '.join(map(value_of, value))}]"
        case _:
            return repr(value)


def quote(text: str) -> str:
    """Text in TOML's basic quotes, every unusual character escaped."""
    safe = (c if c.isalnum() and c.isascii() else f"\\U{ord(c):08X}" for c in text)
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else e
                    for c, e in zip(text, safe, strict=True))  # fmt: skip
    return f'"{plain}"'


def faults_when(action: Callable[[], object]) -> tuple[Fault, ...]:
    """Faults of the error an action must raise."""
    with pytest.raises(ScenarioError) as caught:
        action()
    return caught.value.faults


def texts(faults: tuple[Fault, ...] | list[Fault]) -> list[str]:
    """Faults as a reader sees them."""
    return [str(fault) for fault in faults]
