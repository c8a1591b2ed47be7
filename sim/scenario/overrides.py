"""Values set from outside the files: ``stations.counter.servers=60``.

A key names elements of arrays by id, or by index from 0 where no id fits:
``traits.checked_bag.share``, ``journey.check-in.options.kiosk.share``,
``demand.party_sizes.0``. The value is TOML; what is not TOML is taken as text, so that
``date=2025-12-01`` and ``kind=generic`` need no quotes. ``{remove = true}`` takes away.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.errors import Fault
from sim.scenario.document import Document
from sim.scenario.figure_walk import each_figure
from sim.scenario.keys import KeyPath, element_ids, fitted, split_key
from sim.scenario.layers import Node, Origin, grow, is_array_of_nodes
from sim.scenario.lines import TooDeepError, key_lines
from sim.scenario.merging import FIGURE_KEYS, figure_over, is_figure, is_number
from sim.scenario.suggestions import advice
from sim.scenario.wording import quoted, shortened

SET_SOURCE = "set on the command line"
"""Source of a figure given by an override."""

COMMAND_LINE = Document(path="--set", folder=Path(), data={})
"""Stands for the file that overrides were written in."""

MAX_LENGTH = 100_000
"""Most characters of one override."""


@dataclass(frozen=True, slots=True)
class Override:
    """One value set from outside.

    Attributes
    ----------
    key : str
        Dotted key as written.
    parts : tuple of str
        Its parts.
    value : object
        The value, as a TOML file would give it.
    document : Document
        Where it was written.
    source : str
        Source of a figure whose number it changes; "" gives it none, and it has to say its own.
    """

    key: str
    parts: tuple[str, ...]
    value: Any
    document: Document = COMMAND_LINE
    source: str = SET_SOURCE


class _CannotSetError(Exception):
    """The key leads nowhere; the message says where it got lost."""


def parse_override(text: str) -> Override | Fault:
    """Key and value of ``key=value``.

    Examples
    --------
    >>> parse_override("stations.desk.servers=4").value
    4
    """
    key, equals, written = (part.strip() for part in text.partition("="))
    parts = split_key(key)
    if not equals or parts is None or len(text) > MAX_LENGTH:
        message = f"got {quoted(text)}; give key=value, such as stations.counter.servers=60"
        return Fault(message, path=COMMAND_LINE.path)
    if parts[0] == "extends":
        message = "cannot be set from outside; put it in the file"
        return Fault(message, path=COMMAND_LINE.path, key=key)
    try:
        return Override(key, parts, _value(written))
    except ValueError as error:
        return Fault(str(error), path=COMMAND_LINE.path, key=shortened(key))


def apply_overrides(root: Node, overrides: Sequence[str | Override]) -> list[Fault]:
    """Set each value in the tree; what cannot be set is a fault.

    A number over a figure keeps the figure's range where it lies within, and takes the
    source `SET_SOURCE`. A key given twice is a fault.
    """
    faults: list[Fault] = []
    given: dict[tuple[str, ...], Any] = {}
    for each in overrides:
        override = parse_override(each) if isinstance(each, str) else each
        if isinstance(override, Fault):
            faults.append(override)
            continue
        key = shortened(override.key)
        if override.parts in given:
            twice = f"{quoted(given[override.parts])} and {quoted(override.value)}"
            faults.append(Fault(f"given twice, {twice}; give one", override.document.path, key=key))
            continue
        given[override.parts] = override.value
        try:
            _set(root, override)
        except _CannotSetError as error:
            faults.append(Fault(str(error), override.document.path, key=key))
    return faults


def name_sources(root: Node, paths: Iterable[KeyPath]) -> None:
    """Give the figures at some paths, set by overrides, the source `SET_SOURCE`."""
    for path in paths:
        node = root
        for part in path:
            _spread(node)
            below = node.child(part)
            if below is None:
                break
            node = below
        else:
            if is_number(node.value):
                node.value = {"value": Node(node.value, node.origin)}
            node.value["source"] = Node(SET_SOURCE, node.origin)


def unsourced(spec: BaseModel, root: Node) -> list[KeyPath]:
    """Places of the figures that overrides gave without a source."""
    data = root.plain()
    paths = [fitted(data, each.path) for each in each_figure(spec) if each.figure.source is None]
    return [path for path in paths if root.origin_at(path).document is COMMAND_LINE]


def _value(written: str) -> Any:
    if not written:
        raise ValueError('got no value; give one, or "" for empty text')
    try:
        written.encode()
    except UnicodeEncodeError:
        raise ValueError("the value is not UTF-8 text; type it again") from None
    line = f"value = {written}"
    try:
        key_lines(line)
        tables = tomllib.loads(line)
    except TooDeepError as error:
        raise ValueError(f"the value {error}") from None
    except (ValueError, RecursionError, OverflowError) as error:
        if written[0] in "[{\"'":
            reason = str(error).split(" (")[0]
            raise ValueError(f"cannot read {quoted(written)} as a value: {reason}") from None
        return written
    value = tables["value"]
    is_whole = len(tables) == 1 and ("#" not in written or isinstance(value, str))
    return value if is_whole else written


def _set(root: Node, override: Override) -> None:
    node, name = root, ""
    for part in override.parts[:-1]:
        name, node = _step_into(node, name, part, override.document)
    last = override.parts[-1]
    where = _place_in(node, name, last)
    if override.value == {"remove": True}:
        if node.child(where) is None:
            raise _CannotSetError("there is nothing to remove; take it out")
        del node.value[where]
    elif where == "value" and is_figure(node) and is_number(override.value):
        figure = _over(node, override)
        node.value = figure.value if figure.is_table else {"value": figure}
    else:
        node.value[where] = _over(node.child(where), override)


def _over(there: Node | None, override: Override) -> Node:
    origin = Origin(override.document, override.parts)
    if not is_number(override.value):
        return grow(override.value, override.document, override.parts)
    node = figure_over(there, override.value, origin)
    if there is not None and is_figure(there) and override.source:
        parts = node.value if node.is_table else {"value": node}
        node = Node({**parts, "source": Node(override.source, origin)}, origin)
    return node


def _step_into(node: Node, name: str, part: str, document: Document) -> tuple[str, Node]:
    """The node below, made where a table does not have it yet, with its array's name."""
    where = _place_in(node, name, part)
    if isinstance(where, int):
        return "", node.value[where]
    return where, node.value.setdefault(where, Node({}, Origin(document, (part,))))


def _place_in(node: Node, name: str, part: str) -> str | int:
    """Key or index in a node's value that a part of the key means, ready to be set."""
    if is_number(node.value) and part in FIGURE_KEYS:
        node.value = {"value": Node(node.value, node.origin)}
    if isinstance(node.value, dict):
        return part
    if not isinstance(node.value, list):
        raise _CannotSetError(f"{name or 'it'} is {quoted(node.value)}, which has no {part}")
    _spread(node)
    ids = element_ids(name, node.plain())
    if part in ids:
        return ids.index(part)
    if part.isascii() and part.isdigit() and len(part) < 7 and int(part) < len(node.value):
        return int(part)
    if len(node.value) == 1 and "law" in node.value[0].value:
        return _only_law(node, part)
    known = [each for each in ids if each] or [str(index) for index in range(len(node.value))]
    raise _CannotSetError(f"{name or 'the array'} has no {shortened(part)}; {advice(part, known)}")


def _spread(node: Node) -> None:
    """Make the elements of a plain array nodes of their own."""
    if isinstance(node.value, list) and not is_array_of_nodes(node.value):
        document, key = node.origin.document, node.origin.key
        node.value = [grow(each, document, (*key, i)) for i, each in enumerate(node.value)]


def _only_law(node: Node, part: str) -> str:
    """A single law in an array is set as if it stood without the array."""
    node.value, node.origin = node.value[0].value, node.value[0].origin
    return part
