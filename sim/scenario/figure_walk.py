"""Every figure of a specification with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sim.scenario.figures import Figure
from sim.scenario.keys import KeyPath, element_ids, part_text
from sim.scenario.laws import LawTable

UNITS = {
    "_per_s": "1/s",
    "_per_min": "1/min",
    "_per_h": "1/h",
    "_s": "s",
    "_min": "min",
    "_h": "h",
    "_m2": "m²",
}
"""Unit that the ending of a key names; the first that fits."""


@dataclass(frozen=True, slots=True)
class FigureAt:
    """A figure and its place in a specification.

    Attributes
    ----------
    path : KeyPath
        Keys and indices in the specification, where laws always stand in arrays.
    parts : tuple of str or int
        The same in the words of the file: ids for elements that have one, no index for a
        single law.
    figure : Figure
        The figure.
    is_default : bool
        Whether it is what the model takes when the file says nothing.
    """

    path: KeyPath
    parts: KeyPath
    figure: Figure
    is_default: bool

    @property
    def key(self) -> str:
        """Dotted key, such as ``stations.counter.service.mean_s``."""
        texts = [f"[{p}]" if isinstance(p, int) else f".{part_text(p)}" for p in self.parts]
        return "".join(texts).removeprefix(".")

    @property
    def unit(self) -> str:
        """Unit by the ending of the key; "" for shares and counts."""
        name = next((part for part in reversed(self.path) if isinstance(part, str)), "")
        return next((unit for ending, unit in UNITS.items() if name.endswith(ending)), "")


def each_figure(spec: BaseModel) -> Iterator[FigureAt]:
    """Every figure of a specification, in the order of its tables.

    Examples
    --------
    >>> from sim.scenario.laws import Exponential
    >>> [(each.key, each.unit) for each in each_figure(Exponential(law="exponential", mean_s=9))]
    [('mean_s', 's')]
    """
    yield from _in_model(spec, (), ())


def _in_model(model: BaseModel, path: KeyPath, parts: KeyPath) -> Iterator[FigureAt]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        key = field.alias or name
        if isinstance(value, Figure):
            yield FigureAt((*path, key), (*parts, key), value, value == field.default)
        elif isinstance(value, BaseModel):
            yield from _in_model(value, (*path, key), (*parts, key))
        elif isinstance(value, tuple) and value:
            is_default = value == field.default
            yield from _in_array(value, (*path, key), (*parts, key), is_default=is_default)


def _in_array(
    array: tuple[Any, ...], path: KeyPath, parts: KeyPath, *, is_default: bool
) -> Iterator[FigureAt]:
    named = _names(str(path[-1]), array)
    for index, each in enumerate(array):
        name = named[index]
        below = parts if name is None else (*parts, name)
        if isinstance(each, Figure):
            yield FigureAt((*path, index), below, each, is_default)
        elif isinstance(each, BaseModel):
            yield from _in_model(each, (*path, index), below)


def _names(name: str, array: Sequence[Any]) -> list[str | int | None]:
    """What each element goes by: its id, its index, or nothing for a single law."""
    if len(array) == 1 and isinstance(array[0], LawTable):
        return [None]
    if not isinstance(array[0], BaseModel) or isinstance(array[0], Figure):
        return list(range(len(array)))
    shallow = [{key: getattr(each, key, None) for key in ("id", "station")} for each in array]
    ids = element_ids(name, shallow)
    return [own if own and ids.count(own) == 1 else i for i, own in enumerate(ids)]
