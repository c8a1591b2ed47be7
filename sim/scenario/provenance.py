"""Where every figure of a scenario comes from.

A figure's source is its own; else the ``source`` of the nearest table around it; else the
entry of ``[sources]`` whose key covers it, the most specific first: ``stations.*.walk``
covers every figure in the walks of all stations. What an extending file or the command
line changes is not covered by a source that only the base gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from pydantic import BaseModel

from sim.scenario.document import Document
from sim.scenario.figure_walk import FigureAt, each_figure
from sim.scenario.keys import KeyPath, fitted
from sim.scenario.layers import Node, Origin
from sim.scenario.merging import is_figure
from sim.scenario.scenario import Facility, Scenario
from sim.scenario.spec import ScenarioSpec

ASSUMED = "assumed"
"""How the source of a figure begins that nobody has measured."""

CHOSEN = "chosen for this scenario"
"""Source of settings that are part of the question, not facts about the world."""

SETTINGS = ("horizon_s", "warmup_s", "plan")
"""Keys of such settings."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with its source.

    Attributes
    ----------
    key : str
        Dotted key, such as ``stations.counter.servers``.
    value : float
        The number used.
    low, high : float or None
        Its range, where known.
    unit : str
        Unit that the key names; "" for shares and counts.
    source : str
        Where it comes from; "" where nothing says so.
    path : str
        File the number was written in.
    line : int
        Line in that file; 0 where unknown.
    """

    key: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    path: str
    line: int


def figures(scenario: Scenario) -> list[FigureRow]:
    """Every figure the scenario states, with its source.

    Defaults of the model that mean "no effect" are left out; those that mean something
    carry a source of their own.
    """
    if scenario.world is None:
        return list(figure_rows(scenario.spec, scenario.root, scenario.layers))
    rows = list(figure_rows(scenario.world.spec, scenario.root, scenario.layers))
    for each in scenario.facilities:
        prefix = f"facilities.{each.id}"
        own = figures(_as_written(each))
        rows += [replace(row, key=f"{prefix}.{row.key}") for row in own]
    return rows


def _as_written(facility: Facility) -> Scenario:
    """A facility without the steps that a chain adds; they are figures of the other one."""
    scenario = facility.scenario
    if not facility.elsewhere:
        return scenario
    spec = ScenarioSpec.model_validate(scenario.root.plain(), by_alias=True, by_name=False)
    return replace(scenario, spec=spec)


def share_assumed(rows: Sequence[FigureRow]) -> float | None:
    """Share of the figures whose source is an assumption; None where there are none.

    Settings of the question do not count.
    """
    facts = [row for row in rows if row.source != CHOSEN]
    if not facts:
        return None
    return sum(row.source.casefold().startswith(ASSUMED) for row in facts) / len(facts)


def figure_rows(spec: BaseModel, root: Node, layers: Sequence[Document]) -> Iterator[FigureRow]:
    """Every figure of a specification, with the sources that its data give."""
    finder = _SourceFinder(root, layers)
    for each in each_figure(spec):
        if each.is_default and each.figure.source is None:
            continue
        origin, source = finder.find(each)
        figure = each.figure
        yield FigureRow(
            key=each.key,
            value=figure.value,
            low=figure.low,
            high=figure.high,
            unit=each.unit,
            source=source,
            path=origin.path,
            line=origin.line,
        )


class _SourceFinder:
    def __init__(self, root: Node, layers: Sequence[Document]) -> None:
        self._root = root
        self._data = root.plain()
        self._ranks = {id(document): rank for rank, document in enumerate(layers)}
        self._table = sorted(self._entries(), key=lambda entry: entry[0], reverse=True)

    def find(self, each: FigureAt) -> tuple[Origin, str]:
        """Where a figure was written, and its source."""
        path = fitted(self._data, each.path)
        node = self._node(path)
        value = (*path, "value") if node is not None and is_figure(node) else path
        origin = self._root.origin_at(value)
        if each.figure.source is not None:
            return origin, each.figure.source
        rank = self._rank(origin)
        source = self._around(path, rank) or self._covering(each.parts, rank)
        if not source and each.parts[0] in SETTINGS:
            source = CHOSEN
        return origin, source

    def _around(self, path: KeyPath, rank: int) -> str:
        """Source of the nearest table around, written no lower than the figure."""
        field = next(part for part in reversed(path) if isinstance(part, str))
        for depth in range(len(path) - 1, -1, -1):
            for key in (f"{field}_source", "source"):
                node = self._node((*path[:depth], key))
                if node is None or self._rank(node.origin) < rank:
                    continue
                if isinstance(node.value, str) and node.value:
                    return node.value
        return ""

    def _covering(self, parts: KeyPath, rank: int) -> str:
        """Entry of the table of sources whose key covers the figure."""
        texts = [str(part) for part in parts]
        for _, pattern, source, written in self._table:
            covers = len(pattern) <= len(texts) and all(map(fnmatchcase, texts, pattern))
            if covers and written >= rank:
                return source
        return ""

    def _entries(self) -> Iterator[tuple[tuple[int, int, int], list[str], str, int]]:
        """Entries of ``[sources]``: how specific, the key's parts, the source, the layer."""
        for turn, (path, node) in enumerate(_texts(self._node(("sources",)), ("sources",))):
            pattern = ".".join(str(part) for part in path[1:])
            parts = pattern.replace("[", ".").replace("]", "").split(".")
            literal = sum(part != "*" for part in parts)
            yield (len(parts), literal, turn), parts, node.value, self._rank(node.origin)

    def _node(self, path: KeyPath) -> Node | None:
        node: Node | None = self._root
        for part in path:
            node = node.child(part) if node is not None else None
        return node

    def _rank(self, origin: Origin) -> int:
        return self._ranks.get(id(origin.document), 0)


def _texts(node: Node | None, path: KeyPath) -> Iterator[tuple[KeyPath, Node]]:
    """Every text in a table, however deep: a key may be written quoted or with dots."""
    if node is None:
        return
    if isinstance(node.value, str):
        yield path, node
    elif node.is_table:
        for key, each in node.value.items():
            yield from _texts(each, (*path, key))
