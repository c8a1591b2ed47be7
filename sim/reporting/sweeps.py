"""What a sweep found: a table, rows for a spreadsheet, JSON, and the factors that matter most."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.experiments.factors import Factor
from sim.experiments.sweep import Row, Sweep
from sim.reporting.wording import ABSENT

if TYPE_CHECKING:
    from rich.console import RenderableType

LEAST_POINTS = 8
"""Points from which on rank correlations are told."""

BAR = 24
"""Width of the longest bar of a tornado, in characters."""


def sweep_document(sweep: Sweep, *, design: str, left_out: Sequence[str] = ()) -> dict[str, Any]:
    """What ``sim sweep --json`` prints, but for timings."""
    return {
        "scenario": sweep.scenario.spec.id,
        "scenario_digest": sweep.scenario.digest,
        "policies_as_on": sweep.on.isoformat() if sweep.on else None,
        "design": design,
        "reps": sweep.reps,
        "seed": sweep.seed,
        "factors": [_factor(each) for each in sweep.factors],
        "left_out": list(left_out),
        "base": _row(sweep, sweep.base),
        "points": [_row(sweep, each) for each in sweep.rows],
        "rank_correlation": rank_correlations(sweep) if design != "tornado" else None,
        "tornado": tornado(sweep) if design == "tornado" else None,
    }


def sweep_csv(sweep: Sweep) -> str:
    """One line for each point: settings, then mean and interval of every figure."""
    keys = list(dict.fromkeys(key for row in sweep.rows for key in row.figures))
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    ends = [f"{key}{end}" for key in keys for end in ("", ".low", ".high", ".less_base")]
    lines.writerow(["point", *(each.key for each in sweep.factors), *ends])
    for number, row in enumerate(sweep.rows):
        cells: list[Any] = []
        for key in keys:
            found, gap = row.figures.get(key), row.differences.get(key)
            cells += ["", "", ""] if found is None else [found.mean, found.low, found.high]
            cells.append("" if gap is None else gap.mean)
        lines.writerow([number, *row.settings, *("" if cell is None else cell for cell in cells)])
    return text.getvalue()


def sweep_tables(sweep: Sweep, figure: str) -> Iterator[RenderableType]:
    """What ``sim sweep`` prints: one figure at every point."""
    from rich.table import Table

    names = [each.key for each in sweep.factors]
    title = f"{figure}, {sweep.reps} days at each point, the same draws"
    table = Table(title=title, title_justify="left", show_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    for heading in ("Mean", "95 % interval", "Less base", "interval"):
        table.add_column(heading, justify="right")
    table.add_row(*("as it is" for _ in names), *_cells(sweep.base, figure), style="dim")
    for row in sweep.rows:
        table.add_row(*(value or ABSENT for value in row.settings), *_cells(row, figure))
    yield table
    found = rank_correlations(sweep)
    if found is not None:
        told = sorted(found.get(figure, {}).items(), key=lambda each: -abs(each[1]))
        if told:
            words = ", ".join(f"{key} {rho:+.2f}" for key, rho in told)
            yield f"\nRank correlation with {figure}: {words}."


def rank_correlations(sweep: Sweep) -> dict[str, dict[str, float]] | None:
    """Spearman's rho of each numeric factor with each figure over points; None with few points."""
    from scipy.stats import rankdata

    if len(sweep.rows) < LEAST_POINTS:
        return None
    result: dict[str, dict[str, float]] = {}
    for key in dict.fromkeys(key for row in sweep.rows for key in row.figures):
        rows = [row for row in sweep.rows if key in row.figures]
        levels = rankdata([row.figures[key].mean for row in rows])
        for place, factor in enumerate(sweep.factors):
            settings = [_number(row.settings[place]) for row in rows]
            if any(each is None for each in settings):
                continue
            rho = _correlation(rankdata(settings), levels)
            if rho is not None:
                result.setdefault(key, {})[factor.key] = rho
    return result


def tornado(sweep: Sweep) -> dict[str, list[dict[str, Any]]]:
    """For every figure the factors by how far they move it, the furthest first.

    Each is the paired difference from the scenario as it is, all other factors unmoved.
    """
    result = {}
    pairs = [sweep.rows[n : n + 2] for n in range(0, len(sweep.rows), 2)]
    for key in sweep.base.figures:
        bars = []
        for factor, (low, high) in zip(sweep.factors, pairs, strict=True):
            ends = [row.differences.get(key) for row in (low, high)]
            if any(end is None for end in ends):
                continue
            told = [asdict(end) for end in ends if end is not None]
            for each in told:
                each["difference"] = each.pop("mean")
                del each["key"], each["a"]
            bars.append(
                {
                    "factor": factor.key,
                    "low": {"setting": factor.ends[0], **told[0]},
                    "high": {"setting": factor.ends[1], **told[1]},
                    "swing": max(abs(each["difference"]) for each in told),
                }
            )
        result[key] = sorted(bars, key=lambda bar: -bar["swing"])
    return result


def tornado_tables(sweep: Sweep, figure: str) -> Iterator[RenderableType]:
    """What ``sim sweep --tornado`` prints."""
    from rich.table import Table

    bars = tornado(sweep)[figure]
    base = sweep.base.figures[figure].mean
    title = f"{figure}: {base:.2f} as it is; less that at each end, {sweep.reps} days paired"
    table = Table(title=title, title_justify="left", show_edge=False, header_style="bold")
    table.add_column("Factor", overflow="fold")
    for heading in ("At", "Less base", "95 % interval"):
        table.add_column(heading, justify="right")
    table.add_column("")
    longest = max((bar["swing"] for bar in bars), default=0.0)
    for bar in bars:
        for place, end in enumerate(("low", "high")):
            each = bar[end]
            width = round(BAR * abs(each["difference"]) / longest) if longest else 0
            told = ABSENT if each["low"] is None else f"{each['low']:.2f} to {each['high']:.2f}"
            sign = "-" if each["difference"] < 0 else "+"
            name = bar["factor"] if place == 0 else ""
            table.add_row(name, each["setting"], f"{each['difference']:.2f}", told, sign * width)
    yield table
    same = sum(bar["swing"] == 0 for bar in bars)
    if same:
        yield f"\n{same} of {len(bars)} factors change it on no day."


def _cells(row: Row, figure: str) -> list[str]:
    found, gap = row.figures.get(figure), row.differences.get(figure)
    if found is None or gap is None:
        return [ABSENT] * 4
    ends, apart = (
        ABSENT if each.low is None else f"{each.low:.2f} to {each.high:.2f}"
        for each in (found, gap)
    )
    return [f"{found.mean:.2f}", ends, f"{gap.mean:+.2f}", apart]


def _factor(factor: Factor) -> dict[str, Any]:
    if factor.values:
        return {"key": factor.key, "values": list(factor.values)}
    return {
        "key": factor.key,
        "low": factor.low,
        "high": factor.high,
        "is_whole": factor.is_whole,
    }


def _row(sweep: Sweep, row: Row) -> dict[str, Any]:
    keys = [each.key for each in sweep.factors]
    settings = dict(zip(keys, row.settings, strict=True)) if row.settings else {}
    return {
        "settings": {key: value for key, value in settings.items() if value},
        "scenario_digest": row.scenario_digest,
        "figures": {
            key: {
                **asdict(found),
                "less_base": None if key not in row.differences else row.differences[key].mean,
                "less_base_low": None if key not in row.differences else row.differences[key].low,
                "less_base_high": None if key not in row.differences else row.differences[key].high,
            }
            for key, found in row.figures.items()
        },
    }


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _correlation(a: Any, b: Any) -> float | None:
    a, b = a - a.mean(), b - b.mean()
    size = float((a @ a) * (b @ b)) ** 0.5
    return float(a @ b) / size if size > 0 else None
