"""The page on which the comparison with other libraries is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.reporting.before_after import markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "matcher-peers.md"

OURS = "ours"
"""How names of our own kernels begin."""

BUSY = 1.5
"""Load average above which others had a part of the core."""

MOST_LOST = 5e-5
"""Share of accepted mates that a search may lose and still count as one that finds people."""


def write_page(document: dict[str, Any]) -> None:
    """Write ``docs/matcher-peers.md`` anew."""
    PAGE.write_text("\n".join(_lines(document)) + "\n", encoding="utf-8")


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield "# Other libraries beside the matcher"
    yield ""
    yield "Written by one command, in an environment that has the other libraries:"
    yield ""
    yield "```sh"
    yield "python -m venv ../peers"
    yield "../peers/bin/pip install -c requirements.lock '.[matcher]' faiss-cpu usearch torch"
    yield "../peers/bin/python -m tests.benchmarks.matcher_peers --page"
    yield "```"
    yield ""
    words = ", ".join(f"{name} {version}" for name, version in document["versions"].items())
    low, high = document["load_average"]
    yield f"{document['cpu']}, one thread each, median of {document['rounds']} turns with NumPy"
    yield f"float32 (slower than 4 s: once); {words}."
    yield f"Load average of the machine meanwhile: {low:.1f} to {high:.1f} (this alone is 1)."
    if high > BUSY:
        yield "**The machine was busy: times are too long; repeat on a quiet one.**"
    yield f"*Lost*: mates whose score reaches the threshold {document['threshold']:.2f} but who are"
    yield "not returned first, of as many as were asked. Where none is seen, at most 3 in that many"
    yield "may be lost (rule of three). A search that is exhaustive loses a mate only to a stranger"
    yield "who scores higher."
    yield ""
    for people in sorted({row["people"] for row in document["rows"]}):
        rows = [row for row in document["rows"] if row["people"] == people]
        yield f"## Among {people:,}"
        yield ""
        yield from _table(rows)
        yield ""
        yield from _judged(rows)
        yield ""
    for people in document.get("not_yet", ()):
        yield f"* Among {people:,}: not in this run, which was stopped; repeat the command."
    for reason in document["missing"]:
        yield f"* Left out: {reason}."
    yield f"* Graphs (HNSW) are built up to {document['graph']:,} people (`--graph`): one over a"
    yield "  million takes some ten minutes, and a gallery that people join and leave all day would"
    yield "  have to be repaired all the time. They hold 24 links a node and search with 256."
    yield "* faiss calls BLAS only for batches above a threshold that for 512 dimensions it reaches"
    yield "  late; the second line of it says what a lower one gives."
    yield "* Ours return nobody below the threshold, the others return the best however bad."
    yield "  `two-stage` relies on the threshold; without one, ours are `gemm` and `amx-int8`."
    yield "* The claim `matcher-speed` counts what `two-stage` loses on a million pairs."


def _table(rows: list[dict[str, Any]]) -> list[str]:
    batches = sorted({row["batch"] for row in rows})
    heads = [f"batch of {batch}: ms (times NumPy)" for batch in batches]
    names = list(dict.fromkeys(row["peer"] for row in rows))
    cells = []
    for name in names:
        own = {row["batch"]: row for row in rows if row["peer"] == name}
        first = next(iter(own.values()))
        cells.append(
            [
                f"**{name}**" if _is_ours(first) else name,
                *(_speed(own[batch]) for batch in batches),
                f"{first['mates_lost']} of {first['mates_accepted']:,}",
                f"{first['bytes_per_template']:,}",
                f"{first['build_s']:.0f}" if first["build_s"] else "",
            ]
        )
    return markdown(["search", *heads, "lost", "bytes a template", "build, s"], cells)


def _judged(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Who is faster than the best of ours, batch by batch, and what that costs."""
    exhaustive = [row for row in rows if "two-stage" not in row["peer"] and not _is_graph(row)]
    told = {"Batch of": rows, "Without a threshold (exhaustive), batch of": exhaustive}
    for what, those in told.items():
        for batch in sorted({row["batch"] for row in those}):
            ours = [row for row in those if row["batch"] == batch and _is_ours(row)]
            others = [row for row in those if row["batch"] == batch and not _is_ours(row)]
            if ours and others:
                yield f"* {what} {batch}: {_verdict(ours, others)}"


def _verdict(ours: list[dict[str, Any]], others: list[dict[str, Any]]) -> str:
    best = min(ours, key=_batch_s)
    named = f"{best['peer'].removeprefix(OURS + ', ')} at {1e3 * best['batch_s']:.3g} ms"
    faster = sorted((row for row in others if row["batch_s"] < best["batch_s"]), key=_batch_s)
    if not faster:
        nearest = min(others, key=_batch_s)
        times = nearest["batch_s"] / best["batch_s"]
        return (
            f"nobody is faster than our {named}; {nearest['peer']} takes {times:.1f} times as long."
        )
    told = [
        f"{row['peer']} by {best['batch_s'] / row['batch_s']:.1f} times"
        + (f", losing {_share(row):.2%} of mates" if _share(row) > MOST_LOST else "")
        for row in faster
    ]
    return f"**we lose**. The best of ours is {named}; faster: {'; '.join(told)}."


def _speed(row: dict[str, Any]) -> str:
    return f"{1e3 * row['batch_s']:.3g} ({row['ratio_numpy_f32']:.2g})"


def _share(row: dict[str, Any]) -> float:
    return row["mates_lost"] / max(1, row["mates_accepted"])


def _batch_s(row: dict[str, Any]) -> float:
    return row["batch_s"]


def _is_graph(row: dict[str, Any]) -> bool:
    return row["build_s"] > 0


def _is_ours(row: dict[str, Any]) -> bool:
    return row["peer"].startswith(OURS)
