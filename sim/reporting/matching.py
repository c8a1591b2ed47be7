"""The table of ``sim matcher bench``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table


def bench_report(found: dict[str, Any]) -> Iterator[Table | str]:
    """The rows as a table, then what was left out and why."""
    rows = found["rows"]
    title = f"{rows[0]['cpu']}, one thread, threshold {found['threshold']:.2f}" if rows else ""
    table = Table(title=title, title_justify="left")
    for heading in ("People", "Batch"):
        table.add_column(heading, justify="right")
    table.add_column("Kernel")
    for heading in ("ms a batch", "million comparisons/s", "times NumPy float32"):
        table.add_column(heading, justify="right")
    table.add_column("% of", justify="right")
    table.add_column("this limit")
    table.add_column("mates lost", justify="right")
    for row in rows:
        table.add_row(
            f"{row['n']:,}",
            f"{row['batch']:,}",
            row["kernel"],
            f"{row['batch_s'] * 1e3:,.3g}",
            f"{row['comparisons_per_s'] / 1e6:,.3g}",
            f"{row['ratio_numpy_f32']:.3g}",
            f"{row['limit_share']:.0%}",
            row["limit"],
            f"{row['mates_lost']:.1e}" if row["mates_lost"] else "0",
        )
    yield table
    for left in found["left_out"]:
        what = f"{left['kernel']}, {left['n']:,} people, batch {left['batch']}"
        yield f"left out: {what}: {left['reason']}"
