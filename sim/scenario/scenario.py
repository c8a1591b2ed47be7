"""A scenario ready to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from sim.scenario.document import Document
from sim.scenario.layers import Node
from sim.scenario.program import Program, build_program
from sim.scenario.spec import ScenarioSpec
from sim.scenario.trace import Trace
from sim.scenario.world_spec import WorldSpec


@dataclass(frozen=True, slots=True, eq=False)
class Facility:
    """One facility of a world.

    Attributes
    ----------
    id : str
        What its stations' ids begin with: ``sgn-t3/counter``.
    scenario : Scenario
        Its own, with the world's stations in place of those it shares.
    shared : tuple of str
        Stations that are the world's.
    draws : {"own", "alone"}
        Whether its people are drawn from streams of its own, or as if it were run alone.
    elsewhere : dict of str to str
        Stations of other facilities that its people visit: the world's name of each.
    advance : tuple of (str, int)
        Traits whose parties set out earlier, and by how many microseconds.
    """

    id: str
    scenario: Scenario
    shared: tuple[str, ...]
    draws: Literal["own", "alone"]
    elsewhere: dict[str, str] = field(default_factory=dict)
    advance: tuple[tuple[str, int], ...] = ()

    @property
    def place(self) -> str:
        """What sets its streams of chance apart; "" for those of a run alone."""
        return "" if self.draws == "alone" else self.id

    def station(self, name: str) -> str:
        """What one of its stations is called in the world."""
        if name in self.shared:
            return name
        return self.elsewhere.get(name, f"{self.id}/{name}")


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What a scenario of several facilities is made of.

    Attributes
    ----------
    spec : WorldSpec
        What its file says.
    facilities : tuple of Facility
        In the order of the file.
    """

    spec: WorldSpec
    facilities: tuple[Facility, ...]


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
    world : World or None
        Its facilities where it is a world; `spec` then is what they come to together.
    """

    spec: ScenarioSpec
    digest: str
    document: dict[str, Any] = field(repr=False)
    trace: Trace | None = field(repr=False)
    path: Path | None
    files: tuple[Path, ...]
    root: Node = field(repr=False)
    layers: tuple[Document, ...] = field(repr=False)
    world: World | None = field(default=None, repr=False)

    @property
    def facilities(self) -> tuple[Facility, ...]:
        """The facilities of a world; none where the scenario is of one facility."""
        return self.world.facilities if self.world is not None else ()

    def program(self, on: date | None = None) -> Program:
        """The journey as a program, with the policies in force on a date."""
        lengths = [len(each.scenario.spec.journey) for each in self.facilities]
        return build_program(self.spec, on=on, lengths=lengths)
