"""The smallest staffing that keeps the promises, and the shifts that staff it."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from dashboard.answer import Task
from dashboard.jobs import Report

ROSTER_S = 30.0
"""Longest search for a roster; the best found until then is shown with its gap."""


@dataclass(frozen=True, slots=True)
class PlanErrand:
    """What to plan for.

    Attributes
    ----------
    task : Task
        The place; its seed draws the days.
    targets : tuple of str
        Promises in place of the scenario's, as ``sim plan --target`` takes them.
    days : int
        Fresh days of the certificate.
    """

    task: Task
    targets: tuple[str, ...]
    days: int

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("plan", self.task.key, self.task.on, self.targets, self.days)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """A document as ``sim plan --json`` prints it, with its overlay and its roster."""
        from sim.planner.document import overlay_text, plan_document
        from sim.planner.plan import Asked, run_plan
        from sim.planner.targets import promises_of
        from sim.scenario.load import scenario_from_document

        began = time.perf_counter()
        scenario = scenario_from_document(self.task.document)
        promises = promises_of(scenario, self.targets)
        asked = Asked(promises, seed=self.task.seed, days=self.days, on=self.task.on)
        plan = run_plan(scenario, asked, progress=report)
        document = plan_document(plan, elapsed_s=time.perf_counter() - began)
        document["overlay"] = overlay_text(plan) if plan.outcome.is_success else ""
        if plan.outcome.is_success:
            report("shifts")
            document["roster"] = _roster(scenario.spec, document)
        return document


def _roster(spec: Any, document: dict[str, Any]) -> dict[str, Any] | None:
    """Shifts for the planned stations that people attend, as ``sim roster --json`` has them."""
    from sim.planner.roster import attended, roster
    from sim.planner.shifts.tables import roster_document

    people = set(attended(spec))
    levels = {
        name: tuple(each["servers"])
        for name, each in document["stations"].items()
        if name in people
    }
    if not levels:
        return None
    found = roster(
        spec, levels, period_min=document["period_s"] / 60, gap=1e-3, time_limit_s=ROSTER_S
    )
    return roster_document(found.question, found.found)
