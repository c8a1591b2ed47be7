"""Where a run begins, if not with its day: ``[opening]``."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sim.scenario.clock import ClockTime
from sim.scenario.figures import Strict


class BeginsFrom(Strict):
    """A run or a count of people that ``sim run`` begins from.

    Attributes
    ----------
    at : ClockTime
        When it begins.
    until : ClockTime or None
        When it is cut; None for as long as the scenario goes on.
    run, counts : str or None
        A run directory, or a CSV of counts; beside the scenario file unless absolute.
    """

    at: ClockTime
    until: ClockTime | None = None
    run: str | None = None
    counts: str | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.run is None) == (self.counts is None):
            msg = "give either run, a run directory, or counts, a CSV file"
            raise ValueError(msg)
        if self.until is not None and self.until <= self.at:
            msg = "until is not after at; name a later instant"
            raise ValueError(msg)
        return self
