"""Desks whose rates and staffing change, with the exact shares the engines must reproduce."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.queueing.population import Closing
from sim.queueing.steps import Steps
from sim.queueing.transient import Transient, transient
from tests.theory import observed
from tests.theory.systems import Reference, Shape, System

NEARLY_ALL = 0.995
"""Above it, what is counted hardly happens in a sample: no question for Student's interval."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk of a few periods.

    Attributes
    ----------
    closing : str
        The scenario's rule.
    law : {"idle_first", "preempt"}
        The rule of the exact law, where it is the same thing.
    """

    name: str
    period_min: int
    rates_per_min: tuple[float, ...]
    servers: tuple[int, ...]
    mean_min: float
    within_min: float
    closing: str
    law: Closing

    def exact(self) -> Transient:
        """The law's answer, in minutes."""
        return transient(
            arrivals=Steps.rates(self.rates_per_min, period=self.period_min),
            servers=Steps.servers(self.servers, period=self.period_min),
            mean_service=self.mean_min,
            closing=self.law,
            within=self.within_min,
            periods=self.period_min * np.arange(len(self.servers) + 1),
        )

    def system(self) -> System:
        """A scenario, with the share of each period as a reference."""
        document = {
            "id": "theory",
            "kind": "generic",
            "demand": {
                "arrivals": {
                    "law": "poisson",
                    "period_min": self.period_min,
                    "rate_per_min": list(self.rates_per_min),
                }
            },
            "stations": [
                {
                    "id": "desk",
                    "servers": {"period_min": self.period_min, "open": list(self.servers)},
                    "closing": self.closing,
                    "service": {"law": "exponential", "mean_s": 60 * self.mean_min},
                }
            ],
            "journey": [{"station": "desk"}],
        }
        shape = Shape(
            document,
            day_s=60 * self.period_min * len(self.servers),
            visits_per_day=self.period_min * sum(self.rates_per_min),
        )
        references = tuple(
            Reference(
                f"{self.name}-{period}",
                f"share within {self.within_min:g} min in period {period}",
                float(share),
                observed.share_within_in_period(
                    60 * self.within_min, period=period, period_s=60 * self.period_min
                ),
            )
            for period, share in enumerate(self.exact().served_within)
            if share < NEARLY_ALL
        )
        return System(self.name, "Mt/M/s(t)", shape, references)


DESKS = (
    Desk("falling", 15, (4, 6, 5, 3, 2), (8, 10, 7, 4, 5), 1.5, 4, "idle_first", "idle_first"),
    Desk(
        "six periods",
        30,
        (3, 6, 8, 6, 3, 2),
        (5, 9, 12, 10, 6, 4),
        1.5,
        5,
        "idle_first",
        "idle_first",
    ),
    Desk("shut at noon", 10, (3, 2, 4, 3), (5, 0, 7, 6), 1.5, 4, "idle_first", "idle_first"),
    Desk("rising", 15, (2, 4, 6, 4), (3, 5, 9, 9), 1.5, 3, "pause", "preempt"),
    # who is interrupted resumes at the very desk, and all desks open again: pause is preempt
    Desk("shut and interrupted", 10, (3, 2, 4, 3), (5, 0, 6, 6), 1.5, 4, "pause", "preempt"),
)
