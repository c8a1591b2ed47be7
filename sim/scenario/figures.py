"""Numbers that carry their range and source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class Strict(BaseModel):
    """Base of every table in a scenario file: frozen, and no unknown keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, populate_by_name=True
    )


def is_nothing(value: Any) -> bool:
    """Whether a key that came later says nothing: it then stays out of a resolved scenario.

    So a scenario that does not use it is the same document, with the same digest, as before
    the key was there.
    """
    return value == () or value is None


def is_one(value: Any) -> bool:
    """As `is_nothing`, of a factor or share whose default is one."""
    return isinstance(value, Figure) and value == Figure(value=1.0)


class Figure(Strict):
    """A number with, where known, its plausible range and where it comes from.

    Written in a file as a plain number or as
    ``{ value = 120, low = 90, high = 180, source = "…" }``.

    Attributes
    ----------
    value : float
        The number used.
    low, high : float or None
        Plausible range; the dashboard and sweeps move the figure within it.
    source : str or None
        A citation, or ``assumed``; None where the file's table of sources names it.
    """

    value: float
    low: float | None = None
    high: float | None = None
    source: str | None = None

    def __float__(self) -> float:
        return self.value

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, data: Any) -> Any:
        if isinstance(data, int | float) and not isinstance(data, bool):
            return {"value": data}
        return data

    @model_validator(mode="after")
    def _ordered(self) -> Figure:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            msg = f"value {self.value:g} is outside low {low:g} to high {high:g}; order them"
            raise ValueError(msg)
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """What a figure may be: its value and, where given, both ends of its range.

    Attributes
    ----------
    holds : callable
        Whether a number is allowed.
    wanted : str
        What is wanted, to follow "is not".
    plain : dict
        JSON Schema of the plain number.
    """

    holds: Callable[[float], bool]
    wanted: str
    plain: dict[str, Any]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [self.plain, handler(core)]}

    def _check(self, figure: Figure) -> Figure:
        for name in ("value", "low", "high"):
            number = getattr(figure, name)
            if number is not None and not self.holds(number):
                what = "" if name == "value" else f"{name} = "
                msg = f"{what}{number:g} is not {self.wanted}"
                raise ValueError(msg)
        return figure


NonNegative = Annotated[
    Figure,
    Range(lambda x: x >= 0, "zero or more; give a number ≥ 0", {"type": "number", "minimum": 0}),
]
Positive = Annotated[
    Figure,
    Range(
        lambda x: x > 0,
        "positive; give a number > 0",
        {"type": "number", "exclusiveMinimum": 0},
    ),
]
Share = Annotated[
    Figure,
    Range(
        lambda x: 0 <= x <= 1,
        "a share; give 0 to 1",
        {"type": "number", "minimum": 0, "maximum": 1},
    ),
]
Count = Annotated[
    Figure,
    Range(
        lambda x: 0 <= x <= 30_000 and x == int(x),
        "a count; give a whole number 0 to 30000",
        {"type": "integer", "minimum": 0, "maximum": 30_000},
    ),
]
Whole = Annotated[
    Figure,
    Range(
        lambda x: 1 <= x <= 1e10 and x == int(x),
        "a whole number; give 1 to 10000000000",
        {"type": "integer", "minimum": 1, "maximum": 10_000_000_000},
    ),
]
