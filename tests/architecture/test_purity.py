"""What an import contract cannot see: calls that ask a clock or a die."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, python_files

CLOCK = {"now", "utcnow", "today", "perf_counter", "monotonic", "time_ns", "process_time"}
CHANCE = {"default_rng", "urandom", "uuid1", "uuid4", "RandomState", "Philox", "PCG64"}
PURE_ROOMS = ("sim/events", "sim/projections")


def impure_names(source: str) -> list[str]:
    """Every name in the source that asks a clock or draws a number."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) if name in CLOCK | CHANCE:
                found.append(f"{node.lineno}: {ast.unparse(node)}")
            case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="random"):
                found.append(f"{node.lineno}: {ast.unparse(node)}")
            case ast.ImportFrom(names=names, module=module):
                found += [
                    f"{node.lineno}: {module}.{alias.name}"
                    for alias in names
                    if alias.name in CLOCK | CHANCE or f"{module}.{alias.name}" == "numpy.random"
                ]
            case _:
                pass
    return found


@pytest.mark.parametrize("path", python_files(*PURE_ROOMS), ids=lambda p: str(p.relative_to(ROOT)))
def test_facts_and_folds_are_pure(path: Path) -> None:
    """An event or a projection never depends on when or with what luck it is computed."""
    assert impure_names(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "from numpy.random import default_rng",
        "from numpy import random",
        "import numpy as np\nnp.random.random()",
        "import os\nos.urandom(4)",
    ],
)
def test_impurity_is_seen(source: str) -> None:
    """The check above finds each usual way to a clock or a die."""
    assert len(impure_names(source)) == 1
