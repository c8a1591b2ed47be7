"""One refusal of the models in the words of a scenario file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sim.scenario.figures import Figure
from sim.scenario.keys import KeyPath, step_down
from sim.scenario.known_keys import Location, keys_at, laws_at, model_at
from sim.scenario.merging import PLACING
from sim.scenario.suggestions import advice, nearest
from sim.scenario.wording import quoted

LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
    "too_short": ("min_length", "at least"),
    "too_long": ("max_length", "at most"),
}
"""Refusals of a number or a length: where pydantic keeps the limit, and its words."""

WANTED = {
    "string_type": "text in quotes",
    "bool_type": "true or false, without quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "date_type": "a date such as 2025-12-01",
    "tuple_type": "an array, [ … ]",
    "list_type": "an array, [ … ]",
    "dict_type": "a table",
    "model_attributes_type": "a table",
}
"""Refusals of a type, and what is wanted instead."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What pydantic refused, and the data it refused it in.

    Attributes
    ----------
    kind : str
        Pydantic's name for it.
    location : Location
        Pydantic's place.
    path : KeyPath
        Place in the data.
    given : object
        The value refused; for a missing key, its table.
    context : dict
        Limits and expectations.
    said : str
        Pydantic's own words.
    model : type
        The model of the whole.
    data : object
        The whole.
    """

    kind: str
    location: Location
    path: KeyPath
    given: Any
    context: dict[str, Any]
    said: str
    model: type[BaseModel]
    data: Any


def describe(detail: Any, model: type[BaseModel], data: Any) -> tuple[KeyPath, str]:
    """Place in the data, and message, of one of pydantic's error details."""
    kind = detail["type"]
    refusal = Refusal(
        kind=kind,
        location=detail["loc"],
        path=locate(data, detail["loc"], is_missing=kind == "missing"),
        given=detail["input"],
        context=detail.get("ctx", {}),
        said=detail["msg"],
        model=model,
        data=data,
    )
    path = (*refusal.path, _tag(refusal)) if kind.startswith("union_tag") else refusal.path
    return path, MESSAGES.get(kind, _other)(refusal)


def locate(data: Any, location: Location, *, is_missing: bool = False) -> KeyPath:
    """The part of pydantic's location that stands in the data.

    Names of union members go, and so does the index of a single law written without its
    array; a missing key stays as the last part.
    """
    path: list[str | int] = []
    for depth, part in enumerate(location):
        below = step_down(data, part)
        if below is not None:
            path.append(part)
            data = below[0]
        elif is_missing and depth == len(location) - 1:
            path.append(part)
    return tuple(path)


def _missing(refusal: Refusal) -> str:
    table = refusal.given
    known = keys_at(refusal.model, refusal.location[:-1])
    unknown = set(table) - set(known) if isinstance(table, dict) else set()
    meant = nearest(str(refusal.path[-1]), sorted(unknown))
    return f"missing; is {meant} meant for it?" if meant else "missing; add it"


def _unknown_key(refusal: Refusal) -> str:
    key = str(refusal.path[-1])
    if key in {"remove", *PLACING}:
        return "unknown key; it is for files that extend another, to change what they say"
    return f"unknown key; {advice(key, keys_at(refusal.model, refusal.location[:-1]))}"


def _no_table(refusal: Refusal) -> str:
    wanted = model_at(refusal.model, refusal.location)
    keys = keys_at(refusal.model, refusal.location)
    table = f"a table with {', '.join(keys[:4])}{', …' if len(keys) > 4 else ''}"
    return f"got {quoted(refusal.given)}; give {'a number' if wanted is Figure else table}"


def _unknown_law(refusal: Refusal) -> str:
    tag = _tag(refusal)
    law = refusal.given[tag]
    known = laws_at(refusal.model, refusal.location, tag=tag)
    return f"got {quoted(law)}; {advice(str(law), known, kind='give one of')}"


def _no_law(refusal: Refusal) -> str:
    known = laws_at(refusal.model, refusal.location, tag=_tag(refusal))
    return f"missing; name one of {', '.join(known)}"


def _tag(refusal: Refusal) -> str:
    """The key that tells one kind of table from another."""
    return str(refusal.context["discriminator"]).strip("'")


def _no_such_word(refusal: Refusal) -> str:
    words = re.findall(r"'([^']*)'", refusal.context["expected"])
    remedy = advice(str(refusal.given), words, kind="give one of")
    return f"got {quoted(refusal.given)}; {remedy}"


def _no_name(refusal: Refusal) -> str:
    pattern = refusal.context["pattern"]
    joint, words = ("_", "underscores") if "_" in pattern else ("-", "hyphens")
    slug = re.sub(r"[^a-z0-9]+", joint, str(refusal.given).lower()).strip(joint)[:64]
    example = f", such as {slug}" if re.fullmatch(pattern, slug) else ""
    rule = f"a name is lower-case letters, digits and {words}, at most 64"
    return f"got {quoted(refusal.given)}; {rule}{example}"


def _beyond_limit(refusal: Refusal) -> str:
    name, words = LIMITS[refusal.kind]
    return f"got {quoted(refusal.given)}; give {words} {refusal.context[name]}"


def _wrong_type(refusal: Refusal) -> str:
    return f"got {quoted(refusal.given)}; give {WANTED[refusal.kind]}"


def _own_words(refusal: Refusal) -> str:
    return str(refusal.context["error"])


def _other(refusal: Refusal) -> str:
    said = refusal.said.replace("Input should be", "give")
    return f"got {quoted(refusal.given)}; {said[:1].lower()}{said[1:]}"


MESSAGES: dict[str, Callable[[Refusal], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "model_type": _no_table,
    "union_tag_invalid": _unknown_law,
    "union_tag_not_found": _no_law,
    "literal_error": _no_such_word,
    "string_pattern_mismatch": _no_name,
    "value_error": _own_words,
    **dict.fromkeys(LIMITS, _beyond_limit),
    **dict.fromkeys(WANTED, _wrong_type),
}
"""Who words which kind of refusal."""
