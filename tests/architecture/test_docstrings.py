"""A room that needs two sentences is two rooms (DESIGN §3)."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

ROOMS = sorted((ROOT / "sim").glob("*/__init__.py"))


@pytest.mark.parametrize("path", ROOMS, ids=lambda p: p.parent.name)
def test_room_says_its_purpose_in_one_sentence(path: Path) -> None:
    """The docstring of a room is one sentence without an "and"."""
    sentence = " ".join((ast.get_docstring(ast.parse(path.read_text())) or "").split())

    assert sentence.endswith("."), sentence
    assert not re.search(r"[.!?;] ", sentence), sentence
    assert " and " not in sentence, sentence
