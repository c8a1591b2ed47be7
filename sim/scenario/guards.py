"""Conditions on traits: ``checked_bag and not special`` as sets of bits.

A guard is kept in disjunctive form, a tuple of ``(mask, want)`` terms; it holds for a
trait word when ``word & mask == want`` for any term. Both engines test guards so.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a condition is read long before anyone needs arrays
    import numpy as np
    from numpy.typing import NDArray

Guard = tuple[tuple[int, int], ...]
"""Terms of ``(mask, want)``; one that matches is enough."""

ALWAYS: Guard = ((0, 0),)
"""The guard that holds for everyone."""

_WORDS = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_]*|[()\s])*+", re.ASCII)

MAX_TERMS = 64
"""A condition that expands to more terms than this is refused."""


class GuardError(ValueError):
    """A condition cannot be read; the message quotes it."""


def names_in(text: str) -> frozenset[str]:
    """Trait names a condition mentions.

    Examples
    --------
    >>> sorted(names_in("bag and not (special or infant)"))
    ['bag', 'infant', 'special']
    """
    return frozenset(n.id for n in ast.walk(_parse(text)) if isinstance(n, ast.Name))


def compile_guard(text: str, bits: Mapping[str, int]) -> Guard:
    """Terms of a condition.

    Parameters
    ----------
    text : str
        Trait names joined by ``and``, ``or``, ``not`` and brackets; "" always holds.
    bits : mapping of str to int
        Bit number of each trait.

    Raises
    ------
    GuardError
        If the condition cannot be read, names an unknown trait or has too many terms.

    Examples
    --------
    >>> compile_guard("bag and not special", {"bag": 0, "special": 1})
    ((3, 1),)
    """
    if not text.strip():
        return ALWAYS
    try:
        terms = _terms(_parse(text), wanted=True, text=text, bits=bits)
    except RecursionError:
        msg = f"cannot read the condition {text!r}: it nests too deeply; simplify it"
        raise GuardError(msg) from None
    return tuple(dict.fromkeys(terms))


def holds(guard: Guard, traits: int) -> bool:
    """Whether the guard holds for one trait word."""
    return any(traits & mask == want for mask, want in guard)


def holds_for(guard: Guard, traits: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the guard holds, for an array of trait words."""
    import numpy as np

    result = np.zeros(traits.shape, dtype=bool)
    for mask, want in guard:
        result |= (traits & mask) == want
    return result


def _parse(text: str) -> ast.expr:
    if len(text) > 2_000:
        msg = f"condition of {len(text)} characters is too long; 2000 at most"
        raise GuardError(msg)
    if not _WORDS.fullmatch(text):
        msg = f"cannot read the condition {text!r}: only traits, and, or, not and brackets"
        raise GuardError(msg)
    try:
        tree = ast.parse(" ".join(text.split()) or "True", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "it nests too deeply"
        msg = f"cannot read the condition {text!r}: {reason}; join traits with and, or, not"
        raise GuardError(msg) from None
    for node in ast.walk(tree):
        if not isinstance(
            node,
            ast.BoolOp | ast.And | ast.Or | ast.UnaryOp | ast.Not | ast.Name | ast.Load,
        ) and not (isinstance(node, ast.Constant) and isinstance(node.value, bool)):
            msg = f"cannot read the condition {text!r}: only traits, and, or, not and brackets"
            raise GuardError(msg)
    return tree


def _terms(
    node: ast.expr, *, wanted: bool, text: str, bits: Mapping[str, int]
) -> list[tuple[int, int]]:
    match node:
        case ast.Constant(value=value):
            return [(0, 0)] if value == wanted else []
        case ast.Name(id=name):
            if name not in bits:
                msg = f"condition {text!r} names the trait {name!r}, which is not declared"
                raise GuardError(msg)
            bit = 1 << bits[name]
            return [(bit, bit if wanted else 0)]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _terms(operand, wanted=not wanted, text=text, bits=bits)
        case ast.BoolOp(op=operator, values=values):
            parts = [_terms(value, wanted=wanted, text=text, bits=bits) for value in values]
            if isinstance(operator, ast.Or) == wanted:
                joined = [term for part in parts for term in part]
            else:
                joined = [(0, 0)]
                for part in parts:
                    joined = [
                        term
                        for left, right in product(joined, part)
                        if (term := _both(left, right)) is not None
                    ]
                    _limit(joined, text)
            _limit(joined, text)
            return joined
        case _:
            msg = f"cannot read the condition {text!r}"
            raise GuardError(msg)


def _both(left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int] | None:
    shared = left[0] & right[0]
    if left[1] & shared != right[1] & shared:
        return None
    return left[0] | right[0], left[1] | right[1]


def _limit(terms: list[tuple[int, int]], text: str) -> None:
    if len(terms) > MAX_TERMS:
        msg = f"condition {text!r} expands to {len(terms)} cases; {MAX_TERMS} at most, simplify it"
        raise GuardError(msg)
