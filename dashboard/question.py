"""A question as the planner put it: a scenario, what was moved, and which day was drawn."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import date

from dashboard.levers import Levers, Staffing
from dashboard.outages import Break, break_overrides

LEAST_SEED, MOST_SEED = 0, 999_999
DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that decides an answer.

    Attributes
    ----------
    scenario : str
        Id of a built-in scenario.
    staff : dict of str to Staffing
        Servers by lever.
    shares : dict of str to int
        Per cent by lever.
    rule : bool or None
        Whether the rule is in force; None where there is no rule.
    seed : int
        Same seed, same passengers.
    breaks : tuple of Break
        Outages added to those of the scenario.
    """

    scenario: str
    staff: dict[str, Staffing]
    shares: dict[str, int]
    rule: bool | None
    seed: int = DEFAULT_SEED
    breaks: tuple[Break, ...] = ()

    def overrides(self, levers: Levers) -> list[str]:
        """What was moved, as ``sim run --set`` takes it."""
        staff = (text for lever in levers.staff for text in lever.overrides(self.staff[lever.key]))
        shares = (
            text for lever in levers.shares for text in lever.overrides(self.shares[lever.key])
        )
        return [*staff, *shares, *break_overrides(self.breaks, levers.outages)]

    def on(self, levers: Levers) -> date | None:
        """Date whose rules hold, as ``sim run --on`` takes it."""
        if levers.rule is None or self.rule is None:
            return None
        return levers.rule.on(self.rule)

    def command(self, levers: Levers) -> str:
        """The command line that gives the same day."""
        day = self.on(levers)
        parts = [f"sim run {self.scenario}"]
        parts += [f"--set {shlex.quote(text)}" for text in self.overrides(levers)]
        parts += [f"--on {day.isoformat()}"] if day else []
        parts += [f"--seed {self.seed}"] if self.seed != DEFAULT_SEED else []
        return " ".join(parts)


def unmoved(scenario: str, levers: Levers) -> Question:
    """The question of a scenario as it stands."""
    return Question(
        scenario,
        staff={lever.key: lever.given for lever in levers.staff},
        shares={lever.key: lever.given for lever in levers.shares},
        rule=None if levers.rule is None else levers.rule.given,
    )
