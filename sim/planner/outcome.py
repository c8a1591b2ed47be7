"""How a search for a plan can end, each with a remedy in words."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never


class PlanOutcome(StrEnum):
    """The closed set of ends of a search."""

    CERTIFIED = "CERTIFIED"
    INFEASIBLE = "INFEASIBLE"
    NOT_CERTIFIED = "NOT_CERTIFIED"

    @property
    def is_success(self) -> bool:
        """Whether the plan may be used as it stands."""
        return self is PlanOutcome.CERTIFIED

    @property
    def remedy(self) -> str:
        """What to do next, as a sentence for the person who asked."""
        match self:
            case PlanOutcome.CERTIFIED:
                return "Use the plan; certify again when demand, services or the promise change."
            case PlanOutcome.INFEASIBLE:
                return (
                    "With every server open the promise is still broken: install more servers "
                    "(plan.max_servers, stations.<id>.installed), shorten the service, spread the "
                    "arrivals, or promise less."
                )
            case PlanOutcome.NOT_CERTIFIED:
                return (
                    "The fresh days neither prove nor refute the plan: ask for more of them with "
                    "--days, or leave a wider margin above the promised share."
                )
            case _:
                assert_never(self)
