"""Two plans side by side, with a verdict in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from sim.experiments.comparison import Comparison
from sim.experiments.paired import Difference, Outcome
from sim.experiments.proportions import quantile_interval
from sim.experiments.study import Study
from sim.reporting.periods import period_tables, periods_document
from sim.reporting.wording import ABSENT, number

if TYPE_CHECKING:
    from rich.console import RenderableType

GROUPS = {
    "journey_s.mean": "journeys",
    "missed": "those who miss their departure",
    "reneged": "those who give up waiting",
    "balked": "those turned away",
}
"""Whom a figure of the whole day is about."""

QUANTILES = (0.5, 0.9)
"""Days told of beside the mean."""

SHORT_S = 120.0
"""Below it waits are told in seconds."""


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """What ``sim compare --json`` prints, but for timings."""
    return {
        "a": _side(comparison.a),
        "b": _side(comparison.b),
        "seed": comparison.a.seed,
        "days": len(comparison.a.replications),
        "confidence": comparison.confidence,
        "is_identical": comparison.is_identical,
        "has_same_passengers": comparison.has_same_passengers,
        "precision": _precision(comparison),
        "verdict": list(verdict(comparison)),
        **_who(comparison),
        "headlines": [
            {**_figure(each), "quantiles": _quantiles(comparison, each.key)}
            for each in comparison.headlines
        ],
        "periods": comparison.periods and periods_document(comparison.periods),
        "figures": {
            key: {name: value for name, value in _figure(each).items() if name != "key"}
            for key, each in comparison.figures.items()
        },
    }


def comparison_tables(comparison: Comparison) -> Iterator[RenderableType]:
    """What ``sim compare`` prints."""
    from rich.table import Table

    names = [study.scenario.spec.id for study in (comparison.a, comparison.b)]
    days = len(comparison.a.replications)
    yield (
        f"\n[bold]A[/bold] {names[0]}{_policies(comparison.a.on)}, "
        f"[bold]B[/bold] {names[1]}{_policies(comparison.b.on)}: {days} days each, the same draws\n"
    )
    shown = [each for each in comparison.headlines if each.outcome != "identical"]
    if shown:
        table = Table(show_edge=False, pad_edge=False, header_style="bold")
        table.add_column("Figure")
        interval = f"{100 * comparison.confidence:g} % interval,\nall at once"
        for heading in ("A", "B", "B less A", interval, "Sharper\nby pairing"):
            table.add_column(heading, justify="right")
        for each in shown:
            what, unit, told = _wording(each)
            ends = f"{told(each.low)} to {told(each.high)}" if each.low is not None else ABSENT
            row = (told(each.a), told(each.b), told(each.mean), ends, _sharper(each.sharper))
            table.add_row(f"{what}{unit}", *row)
        yield table
    if comparison.periods is not None and not comparison.is_identical:
        yield from period_tables(comparison.periods)
    for sentence in verdict(comparison):
        yield f"\n{sentence}"


def verdict(comparison: Comparison) -> Iterator[str]:
    """What the comparison found, in sentences; the surest first."""
    days = len(comparison.a.replications)
    if comparison.is_identical:
        yield f"A and B are the same plan to the last event of all {days} days."
        return
    if not comparison.has_same_passengers:
        yield (
            "A and B do not have the same passengers, so that pairing sharpens little: "
            "differences of demand are among these."
        )
    yield from _gains_and_losses(comparison)
    told = [each for each in comparison.headlines if each.outcome in ("lower", "higher")]
    for each in sorted(told, key=lambda one: -abs(one.mean) / max(abs(one.a), abs(one.b))):
        yield _sentence(each)
    open_ = [each for each in comparison.headlines if each.outcome == "undecided"]
    if open_:
        names = ", ".join(_wording(each)[0] for each in open_)
        yield f"Not decided in {days} days, zero being within the interval: {names}."
    same = sum(each.outcome == "identical" for each in comparison.headlines)
    if same and (told or open_):
        yield f"The same on every day: {same} of {len(comparison.headlines)} figures looked at."
    if not told and not open_:
        yield "None of the figures looked at differs on any day, though events do."
    if comparison.is_precise is False and comparison.precision is not None:
        yield (
            f"The interval of {comparison.precision.key} is still wider than asked after {days} "
            "days; allow more with --most, or ask for less."
        )


def _gains_and_losses(comparison: Comparison) -> Iterator[str]:
    """Who is better off in B, and who worse, as far as the difference is more than noise."""
    who = _who(comparison)
    parts = [
        f"{', '.join(who[name])} {verb}"
        for name, verb in (("gains", "gain in B"), ("loses", "lose"))
        if who[name]
    ]
    if parts:
        yield f"More than noise: {'; '.join(parts)}."
    else:
        yield "Nobody gains or loses more than noise."


def _who(comparison: Comparison) -> dict[str, list[str]]:
    """Stations, and journeys as a whole, by whether B is surely better; all figures are costs."""
    found: dict[str, set[Outcome]] = {}
    for each in comparison.headlines:
        parts = each.key.split(".")
        name = ".".join(parts[1:-2]) if parts[0] == "stations" else GROUPS[each.key]
        found.setdefault(name, set()).add(each.outcome)
    gains = [who for who, has in found.items() if "lower" in has and "higher" not in has]
    loses = [who for who, has in found.items() if "higher" in has and "lower" not in has]
    return {
        "gains": gains,
        "loses": loses,
        "mixed": [who for who, has in found.items() if {"lower", "higher"} <= has],
        "undecided": [
            who
            for who, has in found.items()
            if has <= {"undecided", "identical"} and "undecided" in has
        ],
    }


def _precision(comparison: Comparison) -> dict[str, Any] | None:
    asked = comparison.precision
    if asked is None:
        return None
    return {**asdict(asked), "is_reached": comparison.is_precise}


def _quantiles(comparison: Comparison, key: str) -> list[dict[str, Any]]:
    """Median and 90 % day of A, of B and of the difference, by order statistics."""
    a, b = comparison.values(key)
    series = {"a": a, "b": b, "difference": [two - one for one, two in zip(a, b, strict=True)]}
    result = []
    for quantile in QUANTILES:
        found = {
            name: quantile_interval(values, quantile=quantile, confidence=comparison.confidence)
            for name, values in series.items()
        }
        told = {
            name: {"value": each.value, "low": each.low, "high": each.high}
            for name, each in found.items()
        }
        result.append({"quantile": quantile, **told})
    return result


def _sentence(each: Difference) -> str:
    what, unit, told = _wording(each)
    is_time = bool(unit)
    words = ("shorter", "longer") if is_time else ("fewer", "more")
    word = words[each.outcome == "higher"]
    ends = sorted([abs(each.low or 0.0), abs(each.high or 0.0)])
    size = f"{told(abs(each.mean))}{unit.replace(',', '')}"
    return (
        f"{what[0].upper()}{what[1:]}: {size} {word} in B ({told(ends[0])} to {told(ends[1])}); "
        f"{told(each.a)} in A, {told(each.b)} in B."
    )


def _wording(each: Difference) -> tuple[str, str, Callable[[float | None], str]]:
    """Name, unit and way to print a headline."""
    parts = each.key.split(".")
    names = {
        "journey_s.mean": "mean journey",
        "missed": "number who miss their departure",
        "reneged": "number who give up waiting",
        "balked": "number turned away",
    }
    if parts[0] == "stations":
        station, figure = ".".join(parts[1:-2]), parts[-1]
        name = f"{'mean' if figure == 'mean' else figure.upper()} wait at {station}"
    else:
        name = names[each.key]
    if "_s" not in each.key.replace("stations", ""):
        return name, "", number
    if max(abs(each.a), abs(each.b)) < SHORT_S:
        return name, ", s", lambda s: ABSENT if s is None else f"{s:.2f}"
    return name, ", min", lambda s: ABSENT if s is None else f"{s / 60:.2f}"


def _sharper(ratio: float | None) -> str:
    if ratio is None:
        return ABSENT
    return f"{ratio:.1f} ×" if ratio < 1000 else "over 1,000 ×"


def _policies(on: date | None) -> str:
    return f" (policies as on {on.isoformat()})" if on else ""


def _side(study: Study) -> dict[str, Any]:
    return {
        "scenario": study.scenario.spec.id,
        "scenario_digest": study.scenario.digest,
        "policies_as_on": study.on.isoformat() if study.on else None,
        "chain_head": study.chain_head,
    }


def _figure(each: Difference) -> dict[str, Any]:
    document = asdict(each)
    document["difference"] = document.pop("mean")
    return document
