"""Hành Trình: simulate passenger journeys from an immutable event log.

>>> import sim
>>> day = sim.run_day(sim.load_scenario("vca"))  # doctest: +SKIP
>>> day.summary["stations"]["counter"]["wait_s"]["mean"]  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.errors import ScenarioError, SimError
    from sim.events.store import open_run
    from sim.experiments.day import Day, run_day
    from sim.experiments.study import Study, run_study
    from sim.experiments.verification import verify_path
    from sim.projections.summary import summarise
    from sim.scenario.load import Scenario, load_scenario

_ROOMS = {
    "Day": "sim.experiments.day",
    "Scenario": "sim.scenario.load",
    "ScenarioError": "sim.errors",
    "SimError": "sim.errors",
    "Study": "sim.experiments.study",
    "load_scenario": "sim.scenario.load",
    "open_run": "sim.events.store",
    "run_day": "sim.experiments.day",
    "run_study": "sim.experiments.study",
    "summarise": "sim.projections.summary",
    "verify_path": "sim.experiments.verification",
}

__all__ = [
    "Day",
    "Scenario",
    "ScenarioError",
    "SimError",
    "Study",
    "load_scenario",
    "open_run",
    "run_day",
    "run_study",
    "summarise",
    "verify_path",
]


def __getattr__(name: str) -> Any:
    """Open a room when a name of its is first asked for."""
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    msg = f"module 'sim' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """Names that the door offers."""
    return sorted(__all__)
