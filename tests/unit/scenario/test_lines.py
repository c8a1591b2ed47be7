"""The scanner finds every key on its line, and never judges."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.find import builtin_scenarios
from sim.scenario.keys import KeyPath
from sim.scenario.lines import MAX_DEPTH, TooDeepError, key_lines
from tests.unit.scenario.cases import MALFORMED, toml_of

ODD = '''\
# a comment with [brackets] and = signs
top = 1
"quoted key" = 'literal "text" # no comment'
"a.b" = 2           # dots inside quotes
dotted.deep."the r".key = 3

[table]
text = """
[not.a.table]
key = "no key"
""" # ends here
literal = \'\'\'
key = 5 \'\'\'
array = [
    1,
    # a comment, with a comma
    [2, 3],
    { inline = true, other = "}]" },
]
date = 1979-05-27 07:32:00
escaped = "a \\" b"
quotes = """a ""quoted"" word"""""

[[list]]
id = "first"
[list.sub]
x = 1
[[list.sub.deeper]]
y = 2

[[list]]
id = "second"
inline = { a = [1, 2], b.c = { d = 1 } }
[ spaced . "header" ]
z = 1
'''

EXPECTED = {
    ("top",): 2,
    ("quoted key",): 3,
    ("a.b",): 4,
    ("dotted", "deep", "the r", "key"): 5,
    ("table",): 7,
    ("table", "text"): 8,
    ("table", "literal"): 12,
    ("table", "array"): 14,
    ("table", "array", 0): 15,
    ("table", "array", 1): 17,
    ("table", "array", 2, "other"): 18,
    ("table", "date"): 20,
    ("table", "escaped"): 21,
    ("table", "quotes"): 22,
    ("list", 0): 24,
    ("list", 0, "sub", "x"): 27,
    ("list", 0, "sub", "deeper", 0, "y"): 29,
    ("list", 1, "id"): 32,
    ("list", 1, "inline", "b", "c", "d"): 33,
    ("spaced", "header", "z"): 35,
}


def paths_of(value: Any, path: KeyPath = ()) -> set[KeyPath]:
    """Paths of every key in some tables; elements of arrays only where they are tables."""
    found: set[KeyPath] = set()
    if isinstance(value, dict):
        for key, each in value.items():
            found |= {(*path, key)} | paths_of(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            found |= paths_of(each, (*path, index))
    return found


def keys_only(lines: dict[KeyPath, int]) -> set[KeyPath]:
    """Paths that end in a key."""
    return {path for path in lines if isinstance(path[-1], str)}


def test_odd_toml_is_understood() -> None:
    """Quoted, dotted and inline keys, texts over lines and comments are all told apart."""
    lines = key_lines(ODD)

    assert {path: lines.get(path) for path in EXPECTED} == EXPECTED
    assert keys_only(lines) == paths_of(tomllib.loads(ODD))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_newlines_of_both_kinds_count_once(newline: str) -> None:
    """Files from Windows have the same lines."""
    assert key_lines(ODD.replace("\n", newline)) == key_lines(ODD)


@pytest.mark.parametrize("name", builtin_scenarios())
def test_every_key_of_a_scenario_has_its_line(name: str) -> None:
    """In every built-in scenario each key that tomllib finds stands on the line noted for it."""
    text = builtin_scenarios()[name].read_text(encoding="utf-8")
    rows = text.split("\n")

    lines = key_lines(text)

    assert keys_only(lines) == paths_of(tomllib.loads(text))
    for path, line in lines.items():
        name = next(part for part in reversed(path) if isinstance(part, str))
        assert name in rows[line - 1] or isinstance(path[-1], int)


@pytest.mark.parametrize("path", sorted(MALFORMED.glob("syntax-*.toml")), ids=lambda p: p.stem)
def test_broken_toml_gives_what_came_before(path) -> None:
    """At the first thing it cannot read the scanner stops, without a word."""
    key_lines(path.read_text())


@pytest.mark.parametrize("text", ["a = " + "[" * 99, "a = " + "{a=" * 99, "[" + "a." * 99 + "b]"])
def test_depth_is_limited(text: str) -> None:
    """Nesting that no scenario needs is refused before anything recurses into it."""
    with pytest.raises(TooDeepError, match=f"{MAX_DEPTH} levels"):
        key_lines(f"\n{text}")


@given(
    st.recursive(
        st.integers() | st.text(max_size=6) | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=10,
    ).map(lambda value: {"top": value, "next": 1})
)
def test_any_tables_are_understood(tables: dict[str, Any]) -> None:
    """Whatever the keys and texts hold, every key is found, and the next one on its line."""
    text = toml_of(tables)

    lines = key_lines(text)

    assert keys_only(lines) == paths_of(tables)
    assert lines["next",] == 2
