"""Errors of the synthetic population: one to one, one to many, by attempts, by artefacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from sim.matcher.population.people import Population
from sim.matcher.rates.parts import (
    LASTING,
    UNCHECKED,
    attacks,
    one_to_many,
    one_to_one,
    transaction_keys,
    transactions_of,
)
from sim.matcher.rates.sizes import ATTEMPTS, FMRS, Sizes
from sim.reporting.det import plot_det, plot_fpir
from tests.evidence.claim import Claim, Finding, Steps
from tests.evidence.matcher_errors_page import DET, FPIR, PAGE, page

TARGETS = {1e-4: (0.0005, 0.002), 1e-5: (0.0008, 0.003), 1e-6: (0.001, 0.005)}
"""Least and most FNMR at each FMR. Assumed: the order of magnitude of leading algorithms on
good photographs, no vendor's figures."""

SIZES = Sizes(
    mated=200_000,
    probes=4_096,
    gallery=100_000,
    persons=1_000_000,
    galleries=(1_000, 10_000, 100_000, 1_000_000),
    strangers=10_000,
    mates=20_000,
    artefacts=1_000,
)

ENOUGH_TO_DIVIDE = 10_000
"""False acceptances from which two rates can be divided to some percent."""


def examine(steps: Steps) -> Finding:
    """Rates one to one, then the rest at the thresholds they give."""
    one = steps.each(["one to one"], measure, processes=1)["one to one"]
    at = " ".join(repr(point["threshold"]) for point in one["points"])
    searches = [f"gallery {size} at {at}" for size in SIZES.galleries]
    tried = [f"transactions {who} at {at}" for who in transaction_keys()]
    presented = f"attacks all at {at}"
    rest = steps.each([*searches, *tried, presented], measure, processes=1)
    found: dict[str, Any] = {
        "sizes": asdict(SIZES),
        "targets": {str(fmr): list(ends) for fmr, ends in TARGETS.items()},
        **one,
        "identification": [rest[key] for key in searches],
        "transactions": [rest[key] for key in tried],
        "attacks": rest[presented],
    }
    return conclude(found)


def conclude(found: Mapping[str, Any]) -> Finding:
    """What holds, and the page and plots that say so."""
    holds = {
        **_one_to_one_holds(found),
        **_one_to_many_holds(found),
        **_transactions_hold(found),
        **_attacks_hold(found),
    }
    plot_det(found, DET, targets=TARGETS)
    plot_fpir(found["identification"], FPIR)
    PAGE.write_text("\n".join(page(found, TARGETS)) + "\n", encoding="utf-8")
    return Finding(passed=all(holds.values()), figures={"holds": holds, **found})


def measure(key: str) -> dict[str, Any]:
    """One part."""
    people = Population()
    if key == "one to one":
        return one_to_one(people, SIZES, FMRS)
    what, _, at = key.partition(" at ")
    thresholds = dict(zip(FMRS, map(float, at.split()), strict=True))
    kind, _, which = what.partition(" ")
    match kind:
        case "gallery":
            return one_to_many(people, int(which), SIZES, thresholds)
        case "transactions":
            return transactions_of(people, which, SIZES, thresholds, attempts=ATTEMPTS)
        case _:
            return attacks(people, SIZES, thresholds)


def _one_to_one_holds(found: Mapping[str, Any]) -> dict[str, bool]:
    holds = {}
    for point in found["points"]:
        low, high = TARGETS[point["fmr_asked"]]
        is_met = low <= point["fnmr"]["low"] and point["fnmr"]["high"] <= high
        holds[f"FNMR at FMR {point['fmr_asked']:g} is {low:g} to {high:g}"] = is_met
    classes = {each["class"]: each["points"] for each in found["classes"]}
    by_point = list(zip(*classes.values(), strict=True))
    holds["harder classes are missed more often"] = all(
        a["fnmr"]["high"] < b["fnmr"]["low"] for row in by_point for a, b in pairwise(row)
    )
    holds["children are taken for one another more often than adults"] = all(
        a["fmr"]["high"] < b["fmr"]["low"]
        for a, b in zip(classes["adult"], classes["child 6 to 14"], strict=True)
    )
    holds["people of one cohort are confused more often"] = all(
        each["same_origin_sex_and_age"]["low"] > 2 * each["fmr_asked"] for each in found["cohorts"]
    )
    return holds


def _one_to_many_holds(found: Mapping[str, Any]) -> dict[str, bool]:
    points = [point for each in found["identification"] for point in each["points"]]
    return {
        "independence overstates FPIR where it is large": all(
            point["fpir"]["high"] < point["if_independent"]
            for point in points
            if 0.05 < point["if_independent"] < 0.999
        ),
        "and nowhere understates it": all(
            point["fpir"]["low"] <= point["if_independent"] for point in points
        ),
        "false matches come in heaps": all(
            point["heaps"]["variance"] > 2 * point["heaps"]["mean"] for point in found["points"]
        ),
    }


def _transactions_hold(found: Mapping[str, Any]) -> dict[str, bool]:
    by_who = {each["who"]: each["points"] for each in found["transactions"]}
    ladders = [point["up_to"] for points in by_who.values() for point in points]
    lasting = by_who[f"adult, {LASTING}"][-1]["up_to"][-1]
    masked = by_who["masked"][-1]
    return {
        "a further attempt rejects no more and lets in no fewer": all(
            a["frr"]["value"] >= b["frr"]["value"] and a["far"]["value"] <= b["far"]["value"]
            for steps in ladders
            for a, b in pairwise(steps)
        ),
        "adults whose causes go are missed again as if attempts were independent": all(
            point["fnmr_after_non_match"]["low"]
            <= point["fnmr"]["value"]
            <= point["fnmr_after_non_match"]["high"]
            for point in by_who[f"adult, {UNCHECKED}"]
        ),
        "the masked are not": masked["fnmr_after_non_match"]["low"] > masked["fnmr"]["high"],
        "nor are those whose causes stay": lasting["frr"]["low"]
        > 100 * lasting["frr_if_independent"],
        "at the loosest threshold three attempts let in fewer than three times as many": all(
            steps[-1]["far_times_one"]["high"] < steps[-1]["attempts"]
            for steps in (points[0]["up_to"] for points in by_who.values())
            if steps[0]["far"]["errors"] >= ENOUGH_TO_DIVIDE
        ),
        "who is not enrolled adds to GFRR and takes from GFAR": all(
            each["gfrr"]["value"] >= each["frr"]["value"]
            and each["gfar"]["value"] <= each["far"]["value"]
            for steps in ladders
            for each in steps
        ),
    }


def _attacks_hold(found: Mapping[str, Any]) -> dict[str, bool]:
    part = found["attacks"]
    strict = [each["bpcer"]["value"] for each in part["bpcer_at"]]
    return {
        "the check turns away what it is set to": part["bpcer"]["low"]
        <= 0.015
        <= part["bpcer"]["high"],
        "a stricter check turns away more bona fide": strict == sorted(strict),
        "no more attacks are accepted than pass the check": all(
            accepted["value"] <= each["apcer"]["value"]
            for each in part["species"]
            for accepted in each["iapar"]
        ),
    }


CLAIM = Claim(
    "matcher-errors",
    "Synthetic faces are mistaken as often as stated, more within a cohort; searches and repeated "
    "attempts do not err as if their comparisons were independent.",
    examine,
)
