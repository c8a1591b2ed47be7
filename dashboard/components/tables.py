"""Tables as HTML: readable by a screen reader, with figures in the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str = "",
    words: Sequence[int] = (),
    over: Sequence[tuple[int, int]] = (),
    is_long: bool = False,
) -> str:
    """An HTML table whose first column names the row.

    Parameters
    ----------
    headers : sequence of str
        Of each column.
    rows : iterable of sequence of str
        Cells as plain text; they are escaped here.
    caption : str
        What the table is about.
    words : sequence of int
        Columns beside the first that hold words, not numbers.
    over : sequence of (int, int)
        Row and column of cells that are too high.
    is_long : bool
        Whether it scrolls within a fixed height.
    """

    def kind(column: int) -> str:
        return "" if column == 0 or column in words else "number"

    head = "".join(
        f'<th scope="col" class="{kind(n)}">{escape(header)}</th>'
        for n, header in enumerate(headers)
    )
    body = []
    for number, row in enumerate(rows):
        cells = [f'<th scope="row">{escape(row[0])}</th>']
        for column, cell in enumerate(row[1:], start=1):
            classes = f"{kind(column)} {'over' if (number, column) in over else ''}".strip()
            cells.append(f'<td class="{classes}">{escape(cell)}</td>')
        body.append(f"<tr>{''.join(cells)}</tr>")
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    text = (
        f'<table class="figures">{title}<thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )
    scrolls = ' tabindex="0"' if is_long else ""
    return f'<div class="{"scroll" if is_long else "wide"}"{scrolls}>{text}</div>'
