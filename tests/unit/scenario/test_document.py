"""A file is read into tables with the line of each key, or refused with the line at fault."""

from pathlib import Path

import pytest

from sim.scenario.document import parse_document, read_document
from tests.unit.scenario.cases import MINIMAL, faults_when


def test_keys_have_lines(tmp_path: Path) -> None:
    """A key that is not there stands where the table around it does."""
    path = tmp_path / "case.toml"
    path.write_text(MINIMAL)

    document = read_document(path)

    assert document.line(("stations", 0, "servers")) == 11
    assert document.line(("stations", 0, "nowhere", 5)) == 9
    assert document.line(("nowhere",)) == 0
    assert document.folder == tmp_path


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a = 1\nb = \n", 2, 'invalid value at column 5, got "b ="; text stands in quotes'),
        ("a = 1\na = 2\n", 2, "cannot overwrite a value at column 6"),
        ("a = [\n1,\n", 3, "invalid value at the end of the file; close what is open"),
        ("a = yes", 1, "invalid value at column 5"),
        ("just words", 1, "expected '=' after a key"),
        ("a = 1 b = 2", 1, "write key = value, one to a line"),
        ("[a]\n[b\n", 2, "expected ']' at the end of a table declaration"),
        ('a = "\\q"', 1, "unescaped '\\' in a string at column"),
        ("a = 1\r b = 2", 1, "at column"),
        ("a = " + "9" * 5000, 0, "digits"),
        ("a = 1979-99-99", 1, "at column"),
        ("\ufeffa = 1", 1, "byte order mark"),
    ],
)
def test_what_is_no_toml_has_its_line(text: str, line: int, part: str) -> None:
    """Line, column, what was written there, and what TOML wants."""
    (fault,) = faults_when(lambda: parse_document(text, path="case.toml"))

    assert (fault.path, fault.line) == ("case.toml", line)
    assert part in fault.message
