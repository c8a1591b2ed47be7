"""What pages draw on that is not simulated: scenarios, profiles, the rollout, the evidence."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.errors import InvalidInputError
from sim.scenario.find import builtin_scenarios, scenario_folder
from sim.scenario.load import load_scenario
from sim.scenario.profile import MatcherProfile, read_profile
from sim.scenario.provenance import FigureRow, figures
from sim.scenario.rollout import RolloutPlan, load_plan, months_between
from sim.scenario.scenario import Scenario
from sim.scenario.stations import Text
from sim.scenario.titles import builtin_titles

FIRST = "sgn-t3-tet"
"""Opened unless the address asks for another."""


@lru_cache(maxsize=1)
def offered() -> tuple[str, ...]:
    """Ids of the scenarios on offer, the first one first.

    Only built-in ones: an address from outside must not make the server open a file.
    """
    ids = tuple(builtin_scenarios())
    return tuple(sorted(ids, key=lambda name: (name != FIRST, name)))


@lru_cache(maxsize=1)
def titles() -> dict[str, Text | None]:
    """What the scenarios on offer are called."""
    return builtin_titles()


@lru_cache(maxsize=256)
def loaded(name: str, overrides: tuple[str, ...] = ()) -> Scenario:
    """A scenario with its overrides; raises `ScenarioError` with every fault."""
    return load_scenario(name, overrides=overrides)


@lru_cache(maxsize=64)
def figures_of(name: str, overrides: tuple[str, ...] = ()) -> tuple[FigureRow, ...]:
    """Every input figure of a scenario with its source."""
    return tuple(figures(loaded(name, overrides)))


@lru_cache(maxsize=1)
def profiles() -> dict[str, MatcherProfile]:
    """The measured profiles of matchers that are shipped, by id."""
    folder = scenario_folder()
    found = {}
    for path in sorted((folder / "profiles").glob("*.toml")):
        try:
            found[path.stem] = read_profile(path.stem, folder=folder)
        except InvalidInputError:
            continue  # one that cannot be read is not offered; scenarios that name it say why
    return found


@lru_cache(maxsize=1)
def rollout_plan() -> tuple[RolloutPlan, tuple[date, ...]]:
    """The directive's rollout, and its months."""
    plan = load_plan()
    return plan, tuple(months_between(plan.from_, plan.to))


@lru_cache(maxsize=1)
def claims() -> tuple[dict[str, Any], ...]:
    """The claims that were tested at full size; none where only the wheel is installed."""
    folder = Path(__file__).resolve().parents[1] / "docs" / "evidence"
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return tuple(each for each in found if {"name", "passed", "statement"} <= set(each))
