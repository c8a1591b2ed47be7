"""The tables of ``sim matcher bench`` and ``sim matcher trace``."""

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


def trace_report(found: dict[str, Any]) -> Iterator[Table | str]:
    """Latency by gallery and way of batching, then cores, memory and work."""
    machine = found["machine"]
    yield _latencies(found, title=f"{machine['cpu']}, threshold {found['threshold']:.2f}")
    yield _costs(found)
    for row in found["galleries"]:
        real = row["real_time"]
        if real["is_overloaded"]:
            yield (
                f"{row['kind']}: overload: {real['requests'] / max(real['lasted_s'], 1e-9):,.0f} "
                f"requests a second come, {row['most_per_s']:,.0f} a core are answered; "
                "give more --servers"
            )


def _latencies(found: dict[str, Any], *, title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("Gallery", "Requests"):
        table.add_column(heading)
    for heading in ("number", "in s", "P50 ms", "P95 ms", "P99 ms", "P99.9 ms", "a batch"):
        table.add_column(heading, justify="right")
    for row in found["galleries"]:
        gallery = f"{row['kind']}, {row['people']:,}"
        times = f"{row['compressed']:.3g} times as fast"
        parts = {f"whole day, {name}": each for name, each in row["whole_day"].items()}
        parts |= {
            f"{times}, virtual": row["virtual_time"],
            f"{times}, real time": row["real_time"],
        }
        for number, (name, each) in enumerate(parts.items()):
            table.add_row(
                "" if number else gallery,
                name,
                f"{each['requests']:,}",
                f"{each['lasted_s']:,.0f}",
                *(f"{1e3 * each[key]:,.3g}" for key in ("p50_s", "p95_s", "p99_s", "p999_s")),
                f"{each['mean_batch']:.1f}",
            )
        table.add_section()
    return table


def _costs(found: dict[str, Any]) -> Table:
    promise = f"P99 within {1e3 * found['promise_s']:g} ms"
    table = Table(title=f"Cores for {promise}, memory and work", title_justify="left")
    table.add_column("Gallery")
    table.add_column("Kernel")
    for heading in ("cores, day", "cores, compressed", "MiB", "million comparisons/s and core"):
        table.add_column(heading, justify="right")
    table.add_column("core-seconds per 1,000 passengers", justify="right")
    for row in found["galleries"]:
        work = row["core_s_per_1000_passengers"]
        table.add_row(
            f"{row['kind']}, {row['people']:,}",
            row["kernel"],
            _cores(row["cores"]["whole_day"]),
            _cores(row["cores"]["compressed"]),
            f"{row['memory_bytes'] / 2**20:,.1f}",
            f"{row['comparisons_per_s'] / 1e6:,.0f}",
            "" if work is None else f"{work:.3g}",
        )
    return table


def _cores(found: dict[str, Any] | None) -> str:
    if found is None:
        return "none keep it"
    split = f" in groups of {found['parts']}" if found["parts"] > 1 else ""
    return f"{found['cores']}{split}"
