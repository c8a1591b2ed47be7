"""`docs/events.md` is held to the code."""

import contextlib
import io
import re

import numpy as np

from sim.events.chain import Chain
from sim.events.kinds import CODE, KINDS
from sim.events.log import COLUMNS, DTYPES, SideTable, SideTables, block_from_rows
from sim.events.manifest import Manifest
from tests.architecture.tree import ROOT

PAGE = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")


def rows_of(section: str) -> list[list[str]]:
    """Cells of the tables of a section, without their head."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_worked_example_is_what_the_chain_gives() -> None:
    """Computed by hand in the page, printed in the page, and folded by the program: one value."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (printed,) = re.findall(r"prints\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(code, "docs/events.md", "exec"), {})
    chain = Chain(
        ["security"],
        SideTables(
            passengers=SideTable({"traits": np.array([5], dtype=np.int32)}),
            departures=SideTable({"id": np.array(["VN220"], dtype=object)}),
            galleries=SideTable({}),
        ),
    )
    arrived = (21_600_000_000, CODE[KINDS[0]], 0, -1, -1, -1, 0, 5)
    joined = (21_660_000_000, CODE[KINDS[2]], 0, 0, 0, -1, -1, 1)

    chain.write(block_from_rows([arrived, joined], first_seq=0))

    assert output.getvalue() == printed
    assert chain.links == printed.split()


def test_every_column_is_described_with_its_type() -> None:
    """In the frozen order, with the type that is hashed."""
    described = [(row[0].strip("`"), row[2].split(",")[0]) for row in rows_of("Columns")]

    assert described == [(name, DTYPES[name].name) for name in COLUMNS]


def test_every_kind_is_described_with_its_code() -> None:
    """In the order of the codes, with nothing added or left out."""
    described = [(int(row[0]), row[1].strip("`")) for row in rows_of("Kinds")]

    assert described == [(code, kind.value) for code, kind in enumerate(KINDS)]


def test_every_field_of_the_manifest_is_described() -> None:
    """All of them, and its own digest."""
    described = {
        name for row in rows_of("A run directory") for name in re.findall(r"`(\w+)`", row[0])
    }

    assert described == {*Manifest.model_fields, "self_sha256"}
