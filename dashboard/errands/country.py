"""One month of the rollout at every facility."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.answer import page_engine
from dashboard.jobs import Report
from sim.scenario.calendar import Calendar
from sim.scenario.load import load_scenario
from sim.scenario.overrides import Override
from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class MonthErrand:
    """A month of the directive's rollout.

    Attributes
    ----------
    month : date
        Its first day.
    group : str
        Id of a group of facilities; "" for all.
    pace : str
        ``low``, ``base`` or ``high`` adoption.
    """

    month: date
    group: str
    pace: str
    seed: int

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("month", self.month.isoformat(), self.group, self.pace, self.seed)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """As ``sim rollout --from MONTH --to MONTH --json`` prints it."""
        from sim.experiments.rollout import run_rollout
        from sim.experiments.rollout_figures import AskedRollout, Place
        from sim.scenario.rollout import load_plan

        plan = load_plan()
        levers = [f"adoption.pace={self.pace}", "adoption.literacy=0.0"]
        places = []
        for group in plan.groups:
            if self.group not in {"", group.id}:
                continue
            for facility in group.facilities:
                scenario = _loaded(facility.scenario, levers, group.calendar)
                phases = tuple(
                    (each.from_, _loaded(each.scenario, levers, group.calendar))
                    for each in facility.phases
                )
                places.append(Place(facility.scenario, group.id, group.due, scenario, phases))
        asked = AskedRollout(
            places=tuple(places),
            months=(self.month,),
            pace=self.pace,
            seed=self.seed,
            engine=page_engine(),
        )
        folder = Path(tempfile.mkdtemp(prefix="hanh-trinh-month-"))
        try:
            return run_rollout(
                asked, out=folder / "rollout", progress=lambda done, of: report(done / of)
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _loaded(name: str, levers: list[str], calendar: Calendar | None) -> Scenario:
    """A facility with the levers it has, and the group's calendar where it has none of its own."""
    own = load_scenario(name)
    overrides: list[str | Override] = list(levers) if own.spec.adoption is not None else []
    demand = own.spec.demand
    if calendar is not None and demand.calendar is None and demand.timetable is not None:
        days = calendar.model_dump(mode="json", by_alias=True, exclude_none=True)
        overrides.append(Override("demand.calendar", ("demand", "calendar"), days))
    return load_scenario(name, overrides=overrides) if overrides else own
