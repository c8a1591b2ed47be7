"""Conditions become terms over trait bits that say the same."""

import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.guards import (
    ALWAYS,
    MAX_TERMS,
    GuardError,
    compile_guard,
    holds,
    holds_for,
    names_in,
)

NAMES = ["a", "b", "c", "d"]
BITS = {name: number for number, name in enumerate(NAMES)}
CONDITIONS = st.recursive(
    st.sampled_from([*NAMES, "True", "False"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map("({0[0]} {0[1]} {0[2]})".format)
        | inner.map("not {}".format)
    ),
    max_leaves=8,
)


@given(text=CONDITIONS)
def test_terms_say_what_the_condition_says(text: str) -> None:
    """For every combination of traits, one by one and as an array."""
    guard = compile_guard(text, BITS)

    words = np.arange(16)
    expected = [
        bool(eval(text, {}, dict(zip(NAMES, values[::-1], strict=True))))
        for values in product([False, True], repeat=4)
    ]
    assert [holds(guard, int(word)) for word in words] == expected
    assert holds_for(guard, words).tolist() == expected


@given(text=CONDITIONS)
def test_no_term_contradicts_itself(text: str) -> None:
    """A condition without terms holds for nobody, so emptiness decides."""
    guard = compile_guard(text, BITS)

    assert all(want & ~mask == 0 for mask, want in guard)
    assert bool(guard) == any(holds(guard, word) for word in range(16))


@given(text=st.text(max_size=30) | st.text(alphabet="abcd()notrue 01<=", max_size=30))
def test_any_text_is_a_condition_or_an_error(text: str) -> None:
    """Nothing is executed, nothing is warned of, and only one kind of error comes."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        said = "read"
        try:
            compile_guard(text, BITS)
            said = names_in(text) <= BITS.keys() and said
        except GuardError as error:
            said = str(error)

    assert said


@pytest.mark.parametrize(
    "text",
    ["a and", "a or or b", "1", "a == b", "a.b", "f(a)", "a if b else c", "(" * 250, "not " * 499,
     "é", "a\0b", "x" * 3000, "lambda: a", "a, b", "[a]"],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text: str) -> None:
    """Only traits, and, or, not and brackets."""
    with pytest.raises(GuardError):
        compile_guard(text, BITS)


def test_spaces_and_lines_do_not_matter() -> None:
    """A long condition may be written over several lines; none at all always holds."""
    assert compile_guard("a\n  and\tnot b", BITS) == compile_guard("a and not b", BITS)
    assert compile_guard(" \n", BITS) == ALWAYS
    assert names_in("") == frozenset()


def test_wide_conditions_are_refused() -> None:
    """Engines test terms one by one, so their number is limited."""
    bits = {f"t{number}": number for number in range(14)}
    pairs = [f"(t{number} or t{number + 1})" for number in range(0, 14, 2)]

    assert len(compile_guard(" and ".join(pairs[:6]), bits)) == MAX_TERMS
    with pytest.raises(GuardError, match="expands to 128 cases"):
        compile_guard(" and ".join(pairs), bits)
