"""The tables of ``sim matcher errors``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from sim.matcher.rates.proportion import ENOUGH


def errors_report(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """Comparisons, cohorts, searches, transactions and attacks, a table each."""
    place = shown_point(found)
    point = found["points"][place]
    at = f"threshold {point['threshold']:.3f}, set where adults have FMR {point['fmr_asked']:.0e}"
    yield _classes(found)
    yield _cohorts(found["cohorts"][place], at)
    yield _searches(found["identification"])
    yield _tries(found["transactions"], place, at)
    yield _transactions(found["transactions"], place, at)
    yield _attacks(found["attacks"], place, point["fmr_asked"])
    yield (
        "Synthetic people: every rate here is counted, every law behind it assumed. "
        "In brackets 95 %; * rests on fewer than 30 errors; 0 of n independent trials is "
        "below 3 / n."
    )


def shown_point(found: Mapping[str, Any]) -> int:
    """Place of the strictest threshold whose false matches are enough to speak of."""
    enough = [
        place for place, point in enumerate(found["points"]) if point["fmr"]["errors"] >= ENOUGH
    ]
    return enough[-1] if enough else 0


def rate_text(rate: Mapping[str, Any]) -> str:
    """A rate with its interval, or in how many trials there was no error."""
    if not rate["trials"]:
        return "no trials"
    if not rate["errors"]:
        return f"0 of {rate['trials']:,}"
    doubt = "" if rate["errors"] >= ENOUGH else "*"
    shape = _shape(rate["value"])
    value, low, high = (format(rate[key], shape) for key in ("value", "low", "high"))
    return f"{value}{doubt} ({low} to {high})"


def _number(share: float) -> str:
    return format(share, _shape(share))


def _shape(share: float) -> str:
    """Percent with two digits that count, or powers of ten."""
    return ".2%" if share >= 0.002 else ".3%" if share >= 0.0005 else ".1e"


def _table(title: str, left: Sequence[str], right: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in left:
        table.add_column(heading)
    for heading in right:
        table.add_column(heading, justify="right")
    return table


def _classes(found: Mapping[str, Any]) -> Table:
    title = "One to one, by class: one threshold for all, set on adults; FMR within the class"
    table = _table(title, ["Class"], ["Threshold", "FMR", "FNMR"])
    for each in found["classes"]:
        for number, point in enumerate(each["points"]):
            table.add_row(
                "" if number else each["class"],
                f"{point['threshold']:.3f}",
                rate_text(point["fmr"]),
                rate_text(point["fnmr"]),
            )
        table.add_section()
    return table


def _cohorts(found: Mapping[str, Any], at: str) -> Table:
    headings = ["Of all", "FMR with anybody", "FMR within the cohort", "FNMR"]
    table = _table(f"Cohorts of adults, {at}", ["Cohort"], headings)
    for row in found["rows"]:
        table.add_row(
            f"{row['trait']} {row['cohort']}",
            f"{row['share']:.0%}",
            rate_text(row["fmr"]),
            rate_text(row["fmr_within"]),
            rate_text(row["fnmr"]),
        )
    table.add_section()
    same = rate_text(found["same_origin_sex_and_age"])
    table.add_row("the same origin, sex and age", "", "", same, "")
    return table


def _searches(found: Sequence[Mapping[str, Any]]) -> Table:
    title = "One to many: strangers who are found (FPIR), people who are not (FNIR, rank 1)"
    headings = ["Threshold of FMR", "FPIR", "1-(1-FMR)^N", "FNIR"]
    table = _table(title, [], ["People", *headings])
    for each in found:
        for number, point in enumerate(each["points"]):
            table.add_row(
                "" if number else f"{each['people']:,}",
                f"{point['fmr_asked']:.0e}",
                rate_text(point["fpir"]),
                _number(point["if_independent"]),
                rate_text(point["fnir"]),
            )
        table.add_section()
    return table


def _tries(found: Sequence[Mapping[str, Any]], place: int, at: str) -> Table:
    headings = ["FTE", "FTA", "FNMR", "FNMR after a non-match", "fails after a failure"]
    table = _table(f"Attempts, {at}; FTE and FTA by a stated law", ["Who"], headings)
    for each in found:
        point = each["points"][place]
        rates = (
            each["fte"],
            each["fta"],
            point["fnmr"],
            point["fnmr_after_non_match"],
            point["fails_after"][0],
        )
        table.add_row(each["who"], *map(rate_text, rates))
    return table


def _transactions(found: Sequence[Mapping[str, Any]], place: int, at: str) -> Table:
    last = found[0]["attempts"]
    headings = ["FRR, one", f"FRR, {last}", "if independent", f"GFRR, {last}"]
    headings += ["FAR, one", f"FAR, {last}", "if independent"]
    table = _table(f"Transactions of one and up to {last} attempts, {at}", ["Who"], headings)
    for each in found:
        one, many = each["points"][place]["up_to"][0], each["points"][place]["up_to"][-1]
        table.add_row(
            each["who"],
            *map(rate_text, (one["frr"], many["frr"])),
            _number(many["frr_if_independent"]),
            *map(rate_text, (many["gfrr"], one["far"], many["far"])),
            _number(many["far_if_independent"]),
        )
    return table


def _attacks(found: Mapping[str, Any], place: int, fmr: float) -> Table:
    bpcer = rate_text(found["bpcer"])
    title = f"Presentation attacks (a stated model, nothing measured): BPCER {bpcer}"
    table = _table(title, ["Species"], ["APCER", f"IAPAR at FMR {fmr:.0e}"])
    for each in found["species"]:
        table.add_row(each["name"], rate_text(each["apcer"]), rate_text(each["iapar"][place]))
    table.add_section()
    for each in found["bpcer_at"]:
        table.add_row(
            f"APCER of the worst at {each['apcer']:.0%}", "BPCER", rate_text(each["bpcer"])
        )
    return table
