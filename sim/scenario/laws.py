"""Laws of chance a scenario may name, in seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    FiniteFloat,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.scenario.figures import Figure, NonNegative, Positive, Range, Strict

WEIBULL_SPREAD = Range(
    lambda x: 0.02 <= x <= 20,
    "a coefficient of variation of a weibull; give 0.02 to 20",
    {"type": "number", "minimum": 0.02, "maximum": 20},
)
"""Beyond these the shape of a Weibull law leaves what floating point can invert."""


class LawTable(Strict):
    """What every law may say besides its parameters.

    Attributes
    ----------
    when : str
        Condition on traits: the class of passengers the law is for; "" is everyone.
    source : str or None
        Where the parameters come from.
    """

    when: str = ""
    source: str | None = None


class Deterministic(LawTable):
    """Always the same duration."""

    law: Literal["deterministic"]
    mean_s: NonNegative


class Exponential(LawTable):
    """Memoryless durations with a mean."""

    law: Literal["exponential"]
    mean_s: Positive


class Erlang(LawTable):
    """Sum of equal exponential phases."""

    law: Literal["erlang"]
    mean_s: Positive
    phases: Annotated[int, Field(ge=1, le=1000)]


class Lognormal(LawTable):
    """Right-skewed durations, the usual shape of service at a desk."""

    law: Literal["lognormal"]
    mean_s: Positive
    cv: Positive


class Gamma(LawTable):
    """Right-skewed durations with a lighter tail than the lognormal."""

    law: Literal["gamma"]
    mean_s: Positive
    cv: Positive


class Weibull(LawTable):
    """Durations whose hazard rises or falls with time."""

    law: Literal["weibull"]
    mean_s: Positive
    cv: Annotated[Figure, WEIBULL_SPREAD]


class Triangular(LawTable):
    """Durations known only by lowest, most likely and highest value."""

    law: Literal["triangular"]
    low_s: NonNegative
    mode_s: NonNegative
    high_s: Positive

    @model_validator(mode="after")
    def _ordered(self) -> Triangular:
        if not self.low_s.value <= self.mode_s.value <= self.high_s.value:
            msg = (
                f"low_s = {self.low_s.value:g}, mode_s = {self.mode_s.value:g}, "
                f"high_s = {self.high_s.value:g} are not in order"
            )
            raise ValueError(msg)
        return self


class Uniform(LawTable):
    """Durations equally likely between two bounds."""

    law: Literal["uniform"]
    low_s: NonNegative
    high_s: NonNegative

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if self.low_s.value > self.high_s.value:
            msg = f"low_s = {self.low_s.value:g} is above high_s = {self.high_s.value:g}"
            raise ValueError(msg)
        return self


class Empirical(LawTable):
    """Observed durations, each as likely as its weight."""

    law: Literal["empirical"]
    values_s: Annotated[
        tuple[Annotated[FiniteFloat, Field(ge=0)], ...], Field(min_length=1, strict=False)
    ]
    weights: Annotated[
        tuple[Annotated[FiniteFloat, Field(ge=0)], ...] | None, Field(strict=False)
    ] = None

    @model_validator(mode="after")
    def _weighted(self) -> Empirical:
        if self.weights is not None:
            if len(self.weights) != len(self.values_s):
                msg = f"{len(self.weights)} weights for {len(self.values_s)} values; give one each"
                raise ValueError(msg)
            if sum(self.weights) <= 0:
                msg = "weights sum to zero; give at least one positive weight"
                raise ValueError(msg)
        return self


Law = Annotated[
    Deterministic
    | Exponential
    | Erlang
    | Lognormal
    | Gamma
    | Weibull
    | Triangular
    | Uniform
    | Empirical,
    Field(discriminator="law"),
]


def _as_list(data: Any) -> Any:
    return [data] if isinstance(data, dict | LawTable) else data


@dataclass(frozen=True, slots=True)
class _OneOrMany:
    """Says in the JSON Schema that one law may stand without its array."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        array = handler(core)
        return {"anyOf": [array["items"], {"minItems": 1, "maxItems": 64, **array}]}


Laws = Annotated[
    tuple[Law, ...],
    Field(min_length=1, max_length=64, strict=False),
    BeforeValidator(_as_list),
    _OneOrMany(),
]
"""One law, or one per class of passenger: the first whose ``when`` holds applies."""


def mean_s(law: Law) -> float:
    """Mean of a law in seconds.

    Examples
    --------
    >>> mean_s(Uniform(law="uniform", low_s=10, high_s=20))
    15.0
    """
    match law:
        case Triangular():
            return (law.low_s.value + law.mode_s.value + law.high_s.value) / 3
        case Uniform():
            return (law.low_s.value + law.high_s.value) / 2
        case Empirical():
            weights = law.weights or (1.0,) * len(law.values_s)
            return math.fsum(v * w for v, w in zip(law.values_s, weights, strict=True)) / math.fsum(
                weights
            )
        case _:
            return law.mean_s.value
