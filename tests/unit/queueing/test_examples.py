"""Examples in docstrings say what happens."""

import doctest
import importlib
import pkgutil

import pytest

import sim.queueing

MODULES = [module.name for module in pkgutil.walk_packages(sim.queueing.__path__, "sim.queueing.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    """Every example of the module gives what it says."""
    result = doctest.testmod(importlib.import_module(name))

    assert result.failed == 0
