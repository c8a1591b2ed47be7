"""What a scenario says over the one it extends.

Tables merge key by key, arrays of tables whose elements have an id merge by it, anything
else replaces what was there. Some values have rules of their own:

* ``remove = true`` in a table takes away what stands there.
* A new element goes to the end of its array, or where ``after`` or ``before`` says.
* A table that names another ``law`` replaces the old law whole.
* A new number for a figure keeps the old range only where it lies within, and never the
  old source, which spoke of the old number.
"""

from __future__ import annotations

from typing import Any

from sim.errors import Fault
from sim.scenario.keys import IDENTITIES, dotted, element_ids
from sim.scenario.layers import Node, Origin, is_array_of_nodes
from sim.scenario.suggestions import advice

PLACING = ("after", "before")
"""Keys that say where in its array an element goes."""

FIGURE_KEYS = frozenset({"value", "low", "high", "source"})
"""Keys of a figure written as a table."""


def merge(base: Node, over: Node) -> tuple[Node, list[Fault]]:
    """A whole scenario over the one it extends, and what is wrong with saying it so."""
    merger = _Merger()
    merged = merger.table(base, over)
    return merged, merger.faults


def figure_over(base: Node | None, number: float, origin: Origin) -> Node:
    """A plain number over whatever was there: a figure keeps a range that still holds it."""
    if base is None or not is_figure(base):
        return Node(number, origin)
    parts = {"value": Node(number, origin)}
    if _holds(base, number):
        parts |= {key: base.value[key] for key in ("low", "high") if key in base.value}
    return Node(parts, origin) if len(parts) > 1 else Node(number, origin)


def is_figure(node: Node) -> bool:
    """Whether a node is a figure written as a table."""
    return node.is_table and "value" in node.value and node.value.keys() <= FIGURE_KEYS


def is_number(value: Any) -> bool:
    """Whether a plain value is a number; ``true`` is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


class _Merger:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def node(self, base: Node | None, over: Node, name: str) -> Node | None:
        if _removes(over):
            if base is None:
                self._fault(over, "remove = true, but there is nothing to remove; take it out")
            return None
        if over.is_table:
            if base is not None and is_number(base.value) and _is_range(over):
                base = Node({"value": base}, base.origin)
            is_continued = base is not None and base.is_table and not _is_another(base, over)
            return self.table(base if is_continued else None, over)
        if is_array_of_nodes(over.value):
            return self.array(base, over, name)
        return figure_over(base, over.value, over.origin) if is_number(over.value) else over

    def table(self, base: Node | None, over: Node) -> Node:
        parts: dict[str, Node] = dict(base.value) if base is not None else {}
        if base is not None and is_figure(base) and is_number(over.get("value")):
            held = figure_over(base, over.get("value"), over.origin)
            parts = dict(held.value) if held.is_table else {}
        for key, each in over.value.items():
            merged = self.node(parts.get(key), each, key)
            if merged is None:
                parts.pop(key, None)
            else:
                parts[key] = merged
        return Node(parts, over.origin)

    def array(self, base: Node | None, over: Node, name: str) -> Node:
        if name not in IDENTITIES:
            return Node([self.table(None, each) for each in over.value], over.origin)
        there = base.value if base is not None and is_array_of_nodes(base.value) else []
        slots: list[list[Node]] = [[each] for each in there]  # of one node, or none once removed
        mine: list[list[Node]] = []
        for each, index in zip(over.value, self._partners(there, over, name), strict=True):
            partner = None if index is None else slots[index]
            merged = self.node(partner[0] if partner else None, _unplaced(each), name)
            slot = [] if partner is None else partner
            slot[:] = [] if merged is None else [merged]
            mine.append(slot)
            if partner is None:
                slots.append(slot)
        for each, slot in zip(over.value, mine, strict=True):
            self._place(slots, slot, each, name)
        return Node([slot[0] for slot in slots if slot], over.origin)

    def _partners(self, base: list[Node], over: Node, name: str) -> list[int | None]:
        """For each element of an array, the index of the one in the base that it speaks of."""
        places: dict[str, list[int]] = {}
        for index, own in enumerate(_ids(base, name)):
            places.setdefault(own, []).append(index)
        if name == "journey":
            for index, station in enumerate(each.get("station") for each in base):
                if isinstance(station, str) and station not in places:
                    places[station] = [index]
        partners: list[int | None] = []
        seen: dict[str, int] = {}
        for each, own in zip(over.value, _ids(over.value, name), strict=True):
            turn = seen.get(own, 0)
            seen[own] = turn + 1
            if turn and own and IDENTITIES[name] == "id":
                self._fault(each, f"{own} stands twice in this file; give each its own id")
            known = places.get(own, []) if own else []
            turn = 0 if IDENTITIES[name] == "id" else turn
            partners.append(known[turn] if turn < len(known) else None)
        return partners

    def _place(self, slots: list[list[Node]], slot: list[Node], over: Node, name: str) -> None:
        wanted = [(key, over.value[key]) for key in PLACING if key in over.value]
        if not wanted:
            return
        key, target = wanted[0]
        if len(wanted) > 1 or not slot:
            other = "before" if slot else "remove"
            self._fault(over, f"gives both {key} and {other}; give one")
            return
        others = [each for each in slots if each and each is not slot]
        ids = _ids([each[0] for each in others], name)
        if not isinstance(target.value, str) or target.value not in ids:
            written = target.value if isinstance(target.value, str) else ""
            self._fault(target, f"there is no {written!r} to go {key}; {advice(written, ids)}")
            return
        others.insert(ids.index(target.value) + (key == "after"), slot)
        slots[:] = others

    def _fault(self, node: Node, message: str) -> None:
        origin = node.origin
        key = dotted(origin.document.data, origin.key)
        self.faults.append(Fault(message, path=origin.path, line=origin.line, key=key))


def _ids(nodes: list[Node], name: str) -> tuple[str, ...]:
    shallow = [{key: each.get(key) for key in ("id", "station")} for each in nodes]
    return element_ids(name, shallow)


def _removes(node: Node) -> bool:
    return node.get("remove") is True


def _unplaced(node: Node) -> Node:
    parts = {key: each for key, each in node.value.items() if key not in PLACING}
    return Node(parts, node.origin)


def _is_range(over: Node) -> bool:
    return bool(over.value) and over.value.keys() <= FIGURE_KEYS - {"value"}


def _is_another(base: Node, over: Node) -> bool:
    """Whether a table is of another form than the one below, and so replaces it."""
    if "law" in over.value and over.get("law") != base.get("law"):
        return True
    if is_figure(base):
        return not over.value.keys() <= FIGURE_KEYS
    return is_figure(over)


def _holds(figure: Node, number: float) -> bool:
    low, high = figure.get("low"), figure.get("high")
    return (low is None or (is_number(low) and low <= number)) and (
        high is None or (is_number(high) and number <= high)
    )
