"""Everything wrong with some scenario files, at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sim.errors import Fault, ScenarioError
from sim.scenario.load import load_scenario


def check_files(paths: Iterable[str | Path]) -> list[Fault]:
    """Every fault of some scenarios, with the files they extend and the tables they name.

    Parameters
    ----------
    paths : iterable of str or Path
        Files, or ids of built-in scenarios.

    Returns
    -------
    list of Fault
        In the order of the files given, then by file and line; empty where all is well. A
        fault of a base that several files share is told once.
    """
    faults: list[Fault] = []
    for path in paths:
        try:
            load_scenario(path)
        except ScenarioError as error:
            faults += error.faults
    return list(dict.fromkeys(faults))
