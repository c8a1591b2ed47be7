"""The known-answer suite as a table, and as a report in Markdown or HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

HEADERS = ("from", "system", "quantity", "expected", "got", "tolerance", "verdict", "source")


def known_answers_sentence(document: dict[str, Any]) -> str:
    """How many held, in one sentence."""
    return (
        f"{document['held']} of {len(document['rows'])} known answers held in "
        f"{document['elapsed_s']:.0f} s; model {document['model_version']}."
    )


def known_answers_table(document: dict[str, Any]) -> Table:
    """Row by row, for the terminal."""
    from rich.table import Table

    table = Table(title=known_answers_sentence(document))
    for header in HEADERS[:-1]:
        is_figure = header in {"expected", "got", "tolerance"}
        table.add_column(header, justify="right" if is_figure else "left")
    for row in document["rows"]:
        table.add_row(*_cells(row)[:-1], style=None if row["holds"] else "bold red")
    return table


def known_answers_markdown(document: dict[str, Any]) -> str:
    """The report as Markdown."""
    lines = [
        "# Known answers",
        "",
        known_answers_sentence(document),
        "",
        _of_chance(document),
        "",
        f"| {' | '.join(HEADERS)} |",
        f"|{'---|' * len(HEADERS)}",
        *(f"| {' | '.join(_cells(row))} |" for row in document["rows"]),
        "",
        f"Versions: {_versions(document)}.",
        "",
    ]
    return "\n".join(lines)


def known_answers_html(document: dict[str, Any]) -> str:
    """The report as one HTML file without anything external."""
    head = "".join(f'<th scope="col">{header}</th>' for header in HEADERS)
    body = "\n".join(
        f'<tr class="{"" if row["holds"] else "broken"}">'
        + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(row))
        + "</tr>"
        for row in document["rows"]
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Known answers</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 70rem;
  margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100%; font-size: 13px }}
th, td {{ text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd }}
.broken td {{ font-weight: bold; background: #fdecea }}
</style></head><body>
<h1>Known answers</h1>
<p>{escape(known_answers_sentence(document))}</p>
<p>{escape(_of_chance(document))}</p>
<table><thead><tr>{head}</tr></thead><tbody>
{body}
</tbody></table>
<p>Versions: {escape(_versions(document))}.</p>
</body></html>
"""


def _of_chance(document: dict[str, Any]) -> str:
    rate = document["family_wise_false_alarm_rate"]
    return (
        "A tolerance above 0 is half of a Student's t interval over 20 independent runs, "
        f"Bonferroni-corrected: a sound program misses any of them once in {1 / rate:,.0f} suites. "
        "Seeds are fixed, so the verdict does not change from run to run."
    )


def _versions(document: dict[str, Any]) -> str:
    return ", ".join(f"{name} {version}" for name, version in document["versions"].items())


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    figures = (f"{row[name]:,.6g}" if isinstance(row[name], float) else f"{row[name]:,}"
               for name in ("expected", "got", "tolerance"))  # fmt: skip
    verdict = "held" if row["holds"] else "BROKEN"
    quantity = row["quantity"].replace("_", " ")
    return (row["part"], row["case"], quantity, *figures, verdict, row["source"])
