"""A scenario ready to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sim.scenario.document import Document
from sim.scenario.layers import Node
from sim.scenario.program import Program, build_program
from sim.scenario.spec import ScenarioSpec
from sim.scenario.trace import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A scenario as resolved from its files and overrides, checked.

    Attributes
    ----------
    spec : ScenarioSpec
        What the models made of it, departures read in.
    digest : str
        SHA-256 of the resolved scenario with the content of its trace: two scenarios of one
        digest ask the same, wherever their files are.
    document : dict
        The resolved scenario as plain JSON, from which `scenario_from_document` makes it
        again; a trace is named by absolute path and digest.
    trace : Trace or None
        Given arrivals and service times.
    path : Path or None
        The file it came from; None where it was made from a document.
    files : tuple of Path
        That file and those it extends, the base first.
    root : Node
        Every value with the place it was written at.
    layers : tuple of Document
        The places there are, the base first, the command line last.
    """

    spec: ScenarioSpec
    digest: str
    document: dict[str, Any] = field(repr=False)
    trace: Trace | None = field(repr=False)
    path: Path | None
    files: tuple[Path, ...]
    root: Node = field(repr=False)
    layers: tuple[Document, ...] = field(repr=False)

    def program(self, on: date | None = None) -> Program:
        """The journey as a program, with the policies in force on a date."""
        return build_program(self.spec, on=on)
