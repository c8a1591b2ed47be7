"""A scenario put together from several files, each value with the place it was written at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.scenario.document import Document
from sim.scenario.keys import KeyPath


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written.

    Attributes
    ----------
    document : Document
        The file, or the command line.
    key : KeyPath
        Its place in that file.
    """

    document: Document
    key: KeyPath

    @property
    def path(self) -> str:
        """The file, as messages name it."""
        return self.document.path

    @property
    def line(self) -> int:
        """Line in the file; 0 where there is none."""
        return self.document.line(self.key)


@dataclass(slots=True)
class Node:
    """A value in the making: tables and arrays of tables hold nodes, all else is plain.

    Attributes
    ----------
    value : dict of str to Node, list of Node, or plain value
        Content.
    origin : Origin
        Where it was written last.
    """

    value: Any
    origin: Origin

    @property
    def is_table(self) -> bool:
        """Whether this is a table."""
        return isinstance(self.value, dict)

    def get(self, key: str) -> Any:
        """Plain value under a key of a table, None where it is not there or holds nodes."""
        node = self.value.get(key) if isinstance(self.value, dict) else None
        return None if node is None or isinstance(node.value, dict | list) else node.value

    def plain(self) -> Any:
        """The value without its places."""
        match self.value:
            case dict():
                return {key: node.plain() for key, node in self.value.items()}
            case list() if is_array_of_nodes(self.value):
                return [node.plain() for node in self.value]
            case _:
                return self.value

    def origin_at(self, path: KeyPath) -> Origin:
        """Where the value at a path, or the nearest around it, was written."""
        node = self
        for depth, part in enumerate(path):
            below = node.child(part)
            if below is None:
                return Origin(node.origin.document, (*node.origin.key, *path[depth:]))
            node = below
        return node.origin

    def child(self, part: str | int) -> Node | None:
        """Node directly below, or None."""
        if isinstance(self.value, dict) and isinstance(part, str):
            return self.value.get(part)
        if is_array_of_nodes(self.value) and isinstance(part, int) and 0 <= part < len(self.value):
            return self.value[part]
        return None


def is_array_of_nodes(value: Any) -> bool:
    """Whether a node's value is an array of tables, kept as nodes."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], Node)


def grow(value: Any, document: Document, key: KeyPath = ()) -> Node:
    """Nodes for a value and all in it."""
    return Node(_parts(value, document, key), Origin(document, key))


def _parts(value: Any, document: Document, key: KeyPath) -> Any:
    if isinstance(value, dict):
        return {name: grow(each, document, (*key, name)) for name, each in value.items()}
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return [grow(each, document, (*key, index)) for index, each in enumerate(value)]
    return value


def walk(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Node]]:
    """Every node below, with its path."""
    yield path, node
    match node.value:
        case dict():
            for name, each in node.value.items():
                yield from walk(each, (*path, name))
        case list() if is_array_of_nodes(node.value):
            for index, each in enumerate(node.value):
                yield from walk(each, (*path, index))
        case _:
            pass
