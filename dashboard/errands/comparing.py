"""Two settings over the same days: paired differences, by station or by class of passenger."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from dashboard.answer import Task, page_engine
from dashboard.jobs import Report
from sim.errors import UsageError


@dataclass(frozen=True, slots=True)
class CompareErrand:
    """Two days' settings, and over how many days they are compared.

    Attributes
    ----------
    a, b : Task
        The seed of `a` counts for both.
    days : int
        At least 2.
    by_class : bool
        Whether by class of passenger; else by station.
    """

    a: Task
    b: Task
    days: int
    by_class: bool

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("compare", self.a.key, self.b.key, self.days, self.by_class)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """A document as ``sim compare --json`` prints it, or one with ``classes``."""
        from sim.scenario.load import scenario_from_document

        a, b = (scenario_from_document(side.document) for side in (self.a, self.b))
        if not self.by_class:
            from sim.experiments.compare import Side, run_comparison
            from sim.reporting.comparison import comparison_document

            found = run_comparison(
                Side(a, self.a.on),
                Side(b, self.b.on),
                reps=self.days,
                seed=self.a.seed,
                engine=page_engine(),
                progress=lambda done: report(done / (2 * self.days)),
            )
            return comparison_document(found)
        from sim.experiments.before_after import Rule, before_and_after

        before, after = self.a.on or a.spec.date, self.b.on or b.spec.date
        if before is None or after is None:
            raise UsageError("a scenario without a date has no rules to tell its passengers by")
        return before_and_after(
            a,
            other=b,
            rule=Rule(before, after),
            reps=self.days,
            seed=self.a.seed,
            engine=page_engine(),
            progress=lambda done: report(done / self.days),
        )
