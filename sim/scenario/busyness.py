"""How much days of one kind differ: a law of the day's demand as a whole."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sim.scenario.figures import NonNegative, Strict

MOST_CV = 0.5
"""Largest coefficient of variation: beyond it days are of different kinds, not busy or quiet."""


class DayFactor(Strict):
    """A factor with mean 1 on the whole demand of a day, drawn once for each replication.

    Attributes
    ----------
    law : {"gamma", "lognormal"}
        Its law.
    cv : NonNegative
        Its standard deviation over its mean; 0 is a factor of one.
    """

    law: Literal["gamma", "lognormal"]
    cv: NonNegative
    source: str | None = None

    @model_validator(mode="after")
    def _of_one_kind(self) -> DayFactor:
        for name in ("value", "high"):
            cv = getattr(self.cv, name)
            if cv is not None and cv > MOST_CV:
                msg = f"cv = {cv:g} is above {MOST_CV:g}; give kinds of days scenarios of their own"
                raise ValueError(msg)
        return self
