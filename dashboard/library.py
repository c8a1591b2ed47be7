"""The built-in scenarios that the page offers, loaded once for each set of overrides."""

from __future__ import annotations

from functools import lru_cache

from sim.scenario.find import builtin_scenarios
from sim.scenario.load import load_scenario
from sim.scenario.provenance import FigureRow, figures
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
