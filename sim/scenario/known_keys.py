"""Which keys a table may have, asked of the models by the place of the table."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag

Location = tuple[str | int, ...]
"""Place as pydantic reports it: keys, indices, and names of the union members tried."""

TAGS = ("law", "format")
"""Keys whose word decides which keys a table has."""


def keys_at(model: type[BaseModel], location: Location) -> list[str]:
    """Keys a table may have there, as files write them.

    Examples
    --------
    >>> from sim.scenario.spec import ScenarioSpec
    >>> keys_at(ScenarioSpec, ("title",))
    ['vi', 'en']
    """
    models = list(_models(model, location))
    return list(dict.fromkeys(key for each in models for key in _keys(each)))


def laws_at(model: type[BaseModel], location: Location, *, tag: str = "law") -> list[str]:
    """Names that ``law``, or another key that tells tables apart, may have in a table there."""
    fields = [each.model_fields.get(tag) for each in _models(model, location)]
    return [get_args(field.annotation)[0] for field in fields if field is not None]


def model_at(model: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """The one table that is expected there, if it is one."""
    models = list(dict.fromkeys(_models(model, location)))
    return models[0] if len(models) == 1 else None


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: Any, location: Location) -> Iterator[type[BaseModel]]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _models(arguments[0], location)
    elif origin in {Union, UnionType}:
        yield from _members(arguments, location)
    elif origin is tuple:
        rest = location[1:] if location and isinstance(location[0], int) else location
        yield from _models(arguments[0], rest)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not location:
            yield annotation
            return
        for name, field in annotation.model_fields.items():
            if location[0] in {field.alias, name}:
                yield from _models(field.annotation, location[1:])


def _members(members: tuple[Any, ...], location: Location) -> Iterator[type[BaseModel]]:
    tagged = [each for each in members if location and location[0] in _tags(each)]
    for member in tagged or members:
        yield from _models(member, location[1:] if tagged else location)


def _tags(member: Any) -> list[str]:
    """Names under which pydantic reports a member of a union."""
    bare = get_args(member)[0] if get_origin(member) is Annotated else member
    named = [each.tag for each in get_args(member)[1:] if isinstance(each, Tag)]
    fields = bare.model_fields if isinstance(bare, type) and issubclass(bare, BaseModel) else {}
    for field in (fields[tag] for tag in TAGS if tag in fields):
        is_fixed = get_origin(field.annotation) is Literal
        named += get_args(field.annotation) if is_fixed else ()
    return named
