"""The table of ``sim bench``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table


def speed_report(found: dict[str, Any]) -> Iterator[Table | str]:
    """The figures as a table, then what explains them."""
    table = Table(title=f"{found['processor']}, {found['cores']} cores", title_justify="left")
    table.add_column("Part")
    table.add_column("Per second", justify="right")
    table.add_column("of")
    table.add_column("Times", justify="right")
    table.add_column("lowest to highest", justify="right")
    table.add_column("the speed of")
    for figure in found["figures"]:
        ratio = figure["ratio"]
        table.add_row(
            figure["name"],
            f"{figure['per_s']:,.3g}" if figure["per_s"] < 100 else f"{figure['per_s']:,.0f}",
            figure["unit"],
            f"{ratio['median']:.3g}",
            f"{ratio['low']:.3g} to {ratio['high']:.3g}",
            figure["reference"],
        )
    yield table
    for figure in found["figures"]:
        for name, value in figure["more"].items():
            yield f"{figure['name']}: {name.replace('_', ' ')} {_shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(each)}" for name, each in value.items())
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
