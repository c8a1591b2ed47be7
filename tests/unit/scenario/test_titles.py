"""Titles read without loading are those of the loaded scenarios."""

from __future__ import annotations

import pytest

from sim.scenario.load import load_scenario
from sim.scenario.titles import builtin_titles

TITLES = builtin_titles()


@pytest.mark.parametrize("name", [name for name in TITLES if name != "national"])
def test_a_title_is_that_of_the_loaded_scenario(name: str) -> None:
    """Also where a base wrote it."""
    assert load_scenario(name).spec.title == TITLES[name]
