"""The page on which the claim `matcher-trace` tells what it found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.reporting.before_after import markdown
from tests.evidence.page import DOCS

PAGE = DOCS / "matcher-trace.md"
ENOUGH_FOR_P999 = 10_000
BUSY = 2.5
"""Load average above which others took from the two cores that the replays need."""

LATENCIES = ("p50_s", "p95_s", "p99_s")


def write_page(figures: dict[str, Any]) -> None:
    """Write ``docs/matcher-trace.md`` anew."""
    PAGE.write_text("\n".join(_lines(figures)) + "\n", encoding="utf-8")


def _lines(figures: dict[str, Any]) -> Iterator[str]:
    rows, machine = figures["rows"], figures["machine"]
    words = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    yield "# Match requests of a terminal and of the country, replayed"
    yield ""
    yield "Written by `python -m tests.evidence matcher-trace` (figures in"
    yield "[evidence/matcher-trace.json](evidence/matcher-trace.json)). For one gallery:"
    yield "`sim run national --out RUN; sim matcher trace RUN --gallery day`. Synthetic templates."
    yield f"Measured on {machine['cpu']}, {machine['cores']} cores; {words}."
    yield ""
    yield from _asked(figures["runs"])
    yield from _real_time(rows)
    yield from _whole_day(rows)
    yield from _cores(rows)
    yield from _facilities(rows)
    yield from _how(figures)


def _asked(runs: dict[str, Any]) -> Iterator[str]:
    yield "## Who asks"
    yield ""
    yield "All requests of a run are put to each gallery in turn, whatever the run itself asked:"
    yield "1:N among a departure, or 1:1 against a chip or VNeID."
    yield ""
    heads = ["run, seed 1", "passengers", "requests", "of these", "busiest ten minutes", "from"]
    yield from markdown(
        [*heads, "busiest second"],
        [
            [
                f"`{name}`",
                f"{run['passengers']:,}",
                f"{run['requests']:,}",
                ", ".join(f"{kind} {n:,}" for kind, n in run["kinds"].items()),
                f"{run['busiest_ten_minutes']:,}",
                _clock(run["busiest_from_s"]),
                f"{run['busiest_second']}",
            ]
            for name, run in runs.items()
        ],
    )
    yield ""


def _real_time(rows: dict[str, Any]) -> Iterator[str]:
    yield "## In real time"
    yield ""
    yield "The busiest stretch, instants moved together until 20,000 requests fall in ten minutes"
    yield "(2,400 among the nation), answered by real kernels at the instants at which they come."
    yield "*Virtual*: the same requests by the table of batch times measured just before. Batches"
    yield f"are greedy. P99.9 only of at least {ENOUGH_FOR_P999:,} requests."
    yield ""
    heads = ["run, gallery", "people", "kernel", "threads", "times as fast", "requests", "in s"]
    latencies = ["P50 ms", "P95 ms", "P99 ms", "P99.9 ms", "virtual P50, P95, P99 ms"]
    yield from markdown(
        [*heads, *latencies, "a batch", "comparisons/s"],
        [
            [
                name,
                f"{row['people']:,}",
                row["kernel"],
                f"{row['servers']}",
                f"{row['compressed']:.3g}",
                f"{row['real_time']['requests']:,}",
                f"{row['real_time']['lasted_s']:,.0f}",
                *_milliseconds(row["real_time"]),
                _p999(row["real_time"]),
                ", ".join(_milliseconds(row["virtual_time"])),
                f"{row['real_time']['mean_batch']:.1f}",
                f"{row['real_time']['comparisons_per_s']:.2g}"
                + (" (overload)" if row["real_time"]["is_overloaded"] else ""),
            ]
            for name, row in rows.items()
        ],
    )
    yield ""


def _whole_day(rows: dict[str, Any]) -> Iterator[str]:
    yield "## The whole day, as it came"
    yield ""
    yield "From the table, in virtual time, one core; *one alone* is a batch of one, *most* a core"
    yield "that is given full batches of 256. Core-seconds stand for energy; no watt was measured."
    yield ""
    heads = ["run, gallery", "people", "one alone, ms", "P50 ms", "P95 ms", "P99 ms", "P99.9 ms"]
    yield from markdown(
        [*heads, "longest, ms", "most, requests/s", "core-seconds per 1,000 passengers"],
        [
            [
                name,
                f"{row['people']:,}",
                f"{1e3 * row['service_s']['1']:.3g}",
                *_milliseconds(row["whole_day"]["greedy"]),
                _p999(row["whole_day"]["greedy"]),
                f"{1e3 * row['whole_day']['greedy']['max_s']:.3g}",
                f"{row['most_per_s']:,.3g}",
                f"{row['core_s_per_1000_passengers']:.3g}",
            ]
            for name, row in rows.items()
        ],
    )
    yield ""


def _cores(rows: dict[str, Any]) -> Iterator[str]:
    yield "## Cores for P99 within 200 ms, and memory"
    yield ""
    yield "Cores are groups × cores of a group, which search one batch together, a part of the"
    yield "gallery each; that time goes with the size of the part is assumed. *Spare*: the least"
    yield "cores of which one group may be lost. Memory is of one copy: int8 templates and codes."
    yield ""
    heads = ["run, gallery", "people", "cores, day as it came", "with one spare"]
    yield from markdown(
        [*heads, "20,000 in ten minutes", "with one spare", "then P99, ms", "memory, GiB"],
        [
            [
                name,
                f"{row['people']:,}",
                _grouped(row["cores"]["whole_day"]),
                _spare(row["cores"]["whole_day"]),
                _grouped(row["dense"]),
                _spare(row["dense"]),
                f"{1e3 * row['dense']['p99_s']:.3g}" if row["dense"]["cores"] else "",
                f"{row['people'] * row['bytes_per_person'] / 2**30:.3g}",
            ]
            for name, row in rows.items()
        ],
    )
    yield ""


def _facilities(rows: dict[str, Any]) -> Iterator[str]:
    country = {name: row for name, row in rows.items() if row["by_facility"]["facilities"] > 1}
    if not country:
        return
    yield "## A matcher at each place instead of one for all"
    yield ""
    yield "Every facility with one core and a gallery of its own, the whole day from the table; the"
    yield "one whose P99, or else longest answer, is longest."
    yield ""
    yield from markdown(
        [
            "run, gallery",
            "facilities that ask",
            "longest P99 at",
            "requests there",
            "P99 ms",
            "longest, ms",
        ],
        [
            [
                name,
                f"{row['by_facility']['facilities']}",
                f"`{row['by_facility']['facility']}`",
                f"{row['by_facility']['requests']:,}",
                f"{1e3 * row['by_facility']['p99_s']:.3g}",
                f"{1e3 * row['by_facility']['max_s']:.3g}",
            ]
            for name, row in country.items()
        ],
    )
    yield ""


def _how(figures: dict[str, Any]) -> Iterator[str]:
    yield "## How to read it"
    yield ""
    yield "* Latency counts from the instant at which a request is due; a stall counts for all it"
    yield "  delays. Capture, network and the gate's own cycle are not in it."
    if any(row["distinct"] < row["people"] for row in figures["rows"].values()):
        yield "* The nation's gallery takes 54 GiB, more than this machine has. Searched were a"
        yield "  hundred million sign codes in memory, all read (6 GiB), with the templates of ten"
        yield "  million people shared by ten codes each: as much is read and as many are scored"
        yield "  again as where all have their own (`--distinct 10000000`). The claim"
        yield "  `matcher-national` makes the others' templates again instead. Its"
        yield "  threshold is 0.46, elsewhere 0.40."
        yield "* Two threads read one memory, which the table of one core does not know: that is"
        yield "  what parts real from virtual time among the nation."
    yield "* A day with fewer than 20,000 requests is told several times, one copy after the other."
    loads = figures["load_average"].values()
    low, high = min(map(min, loads)), max(map(max, loads))
    yield f"* Load average of the machine while it was measured: {low:.1f} to {high:.1f}; departure"
    yield "  and day were replayed side by side, a core each, the others alone. Whatever else runs"
    yield "  makes real time worse, never better."
    if high > BUSY:
        yield "* **The machine was busy meanwhile; run the claim again on a quiet one.**"
    for kind, reason in figures["left_out"].items():
        if reason:
            yield f"* Left out: {kind}: {reason}."


def _milliseconds(latency: dict[str, Any]) -> list[str]:
    return [f"{1e3 * latency[key]:.3g}" for key in LATENCIES]


def _p999(latency: dict[str, Any]) -> str:
    enough = latency["requests"] >= ENOUGH_FOR_P999
    return f"{1e3 * latency['p999_s']:.3g}" if enough else "–"


def _grouped(found: dict[str, Any] | None) -> str:
    if not found or not found["cores"]:
        return "none keeps it"
    return f"{found['cores']} ({found['groups']} × {found['parts']})"


def _spare(found: dict[str, Any] | None) -> str:
    return f"{found['cores_with_one_group_lost']}" if found and found["cores"] else ""


def _clock(seconds: float) -> str:
    return f"{int(seconds // 3600):02}:{int(seconds % 3600 // 60):02}"
