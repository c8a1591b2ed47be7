"""Tables of the documentation that a claim writes: between two marks, the rest left alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def write_table(
    page: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: int = 0
) -> None:
    """Put a table between ``<!-- NAME: begin -->`` and ``<!-- NAME: end -->`` of a page.

    Parameters
    ----------
    page : str
        File in ``docs``.
    name : str
        Name of the marks.
    columns : sequence of str
        Headings.
    rows : iterable of sequence of str
        Cells.
    right : int
        From which column on cells stand to the right; 0 for none.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    path = DOCS / page
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    assert found, f"{page} has no mark {begin}"
    after = rest.partition(end)[2]
    rules = ["---:" if right and number >= right else "---" for number in range(len(columns))]
    lines = [_line(columns), _line(rules), *map(_line, rows)]
    text = "\n".join((begin, "", *lines, "", end))
    path.write_text(f"{before}{text}{after}", encoding="utf-8")


def interval_text(found: dict[str, float], digits: int = 1, unit: str = "") -> str:
    """A mean in bold with its interval."""
    mean, low, high = (f"{found[key]:,.{digits}f}" for key in ("mean", "low", "high"))
    return f"**{mean}{unit}** ({low} to {high})"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
