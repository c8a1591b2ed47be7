"""The parts of the document: what is counted, told as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from sim.matcher.kernels.amx_int8 import AmxInt8, is_installed
from sim.matcher.kernels.gemm import Gemm
from sim.matcher.population.enrolment import made_gallery
from sim.matcher.population.people import Population
from sim.matcher.rates.attacks import SPECIES, present
from sim.matcher.rates.capture import TAKES_ALL
from sim.matcher.rates.cohorts import by_cohort, in_the_same_cohort
from sim.matcher.rates.identification import Heaps, identify, if_independent
from sim.matcher.rates.proportion import Rate
from sim.matcher.rates.sizes import APCERS, BPCER, FPIRS, Sizes
from sim.matcher.rates.subjects import SUBJECTS, Subject
from sim.matcher.rates.transactions import Transactions, if_attempts_independent, transact
from sim.matcher.rates.verification import FIRST_STRANGER, Comparisons, compare
from sim.matcher.templates import quantised

FLOOR = 0.20
"""Scores of strangers below are not kept: the largest rate lies above."""

DET_COSINES = tuple(round(0.20 + 0.01 * step, 2) for step in range(41))

STAYS = 0.5
"""Chance that the cause of a bad capture stays, in the row that assumes it; assumed."""

LASTING = "causes stay"
UNCHECKED = "every capture taken"


def one_to_one(people: Population, sizes: Sizes, fmrs: Sequence[float]) -> dict[str, Any]:
    """Thresholds, rates by class and by cohort, and points of the trade-off."""
    classes: list[dict[str, Any]] = []
    thresholds: dict[float, float] = {}
    cohorts: list[dict[str, Any]] = []
    for subject in SUBJECTS:
        found = _compared(people, subject, sizes)
        if not thresholds:
            thresholds = {fmr: found.threshold_at(fmr) for fmr in fmrs}
            cohorts = _cohorts(people, found, thresholds)
        classes.append(
            {
                "class": subject.name,
                "hardness": subject.hardness,
                "likeness": asdict(subject.structure),
                "source": subject.source,
                "points": _points(found, thresholds),
                "det": [list(point) for point in found.det(DET_COSINES)],
            }
        )
    return {"points": classes[0]["points"], "classes": classes, "cohorts": cohorts}


def _compared(people: Population, subject: Subject, sizes: Sizes) -> Comparisons:
    return compare(
        subject.of(people),
        mated=sizes.mated,
        probes=sizes.probes,
        gallery=sizes.gallery,
        hardness=subject.hardness,
        floor=FLOOR,
    )


def _points(found: Comparisons, thresholds: Mapping[float, float]) -> list[dict[str, Any]]:
    return [
        {
            "fmr_asked": fmr,
            "threshold": threshold,
            "fmr": told(found.false_matches(threshold)),
            "fnmr": told(found.false_non_matches(threshold)),
            "heaps": _finite(asdict(Heaps.of(found.by_probe(threshold)))),
        }
        for fmr, threshold in thresholds.items()
    ]


def _cohorts(
    people: Population, found: Comparisons, thresholds: Mapping[float, float]
) -> list[dict[str, Any]]:
    return [
        {
            "fmr_asked": fmr,
            "threshold": threshold,
            "same_origin_sex_and_age": told(in_the_same_cohort(people, found, threshold)),
            "rows": [
                {
                    "trait": row.trait,
                    "cohort": row.cohort,
                    "share": row.share,
                    "fnmr": told(row.fnmr),
                    "fmr": told(row.fmr),
                    "fmr_within": told(row.fmr_within),
                }
                for row in by_cohort(people, found, threshold)
            ],
        }
        for fmr, threshold in thresholds.items()
    ]


def one_to_many(
    people: Population,
    size: int,
    sizes: Sizes,
    thresholds: Mapping[float, float],
) -> dict[str, Any]:
    """FPIR and FNIR in a gallery, beside the formula of independent comparisons."""
    mates = min(sizes.mates, size)
    found = identify(
        made_gallery(size, population=people),
        strangers=quantised(people.captures(FIRST_STRANGER, sizes.strangers)),
        mates=quantised(people.captures(0, mates)),
        mate_ids=range(mates),
        kernel=AmxInt8() if is_installed() else Gemm(),
    )
    points = [
        {
            "fmr_asked": fmr,
            "threshold": threshold,
            "fpir": told(found.false_positives(threshold)),
            "if_independent": if_independent(fmr, size),
            "fnir": told(found.false_negatives(threshold)),
            "fnir_rank_10": told(found.false_negatives(threshold, rank=10)),
        }
        for fmr, threshold in thresholds.items()
    ]
    at_fpir = [
        {"fpir_asked": fpir, "threshold": threshold, "fnir": told(found.false_negatives(threshold))}
        for fpir in FPIRS
        if fpir * sizes.strangers >= 1
        for threshold in (found.threshold_at(fpir),)
    ]
    return {
        "people": size,
        "strangers": sizes.strangers,
        "mates": mates,
        "points": points,
        "at_fpir": at_fpir,
    }


def transaction_keys() -> tuple[str, ...]:
    """Who makes transactions: every class, and adults under other laws of capture."""
    adult = SUBJECTS[0].name
    return (*(subject.name for subject in SUBJECTS), f"{adult}, {LASTING}", f"{adult}, {UNCHECKED}")


def transactions_of(
    people: Population,
    key: str,
    sizes: Sizes,
    thresholds: Mapping[float, float],
    *,
    attempts: int,
) -> dict[str, Any]:
    """Transactions of one class: attempts, what they come to, and what independence would say."""
    name, _, variant = key.partition(", ")
    subject = next(each for each in SUBJECTS if each.name == name)
    stays = STAYS if variant == LASTING else 0.0
    made = transact(
        subject.of(people),
        persons=sizes.persons if subject is SUBJECTS[0] else sizes.mated,
        probes=sizes.probes,
        gallery=sizes.gallery,
        attempts=attempts,
        hardness=subject.hardness,
        stays=stays,
        **({"gate": TAKES_ALL, "desk": TAKES_ALL} if variant == UNCHECKED else {}),
    )
    return {
        "who": key,
        "class": subject.name,
        "stays": stays,
        "attempts": attempts,
        "fte": told(made.failures_to_enrol()),
        "fta": told(made.failures_to_acquire()),
        "points": [
            {"fmr_asked": fmr, "threshold": threshold, **_transaction(made, threshold)}
            for fmr, threshold in thresholds.items()
        ],
    }


def _transaction(made: Transactions, threshold: float) -> dict[str, Any]:
    one_rejected = made.false_rejections(threshold, 1).value
    one_accepted = made.false_acceptances(threshold, 1).value
    up_to = []
    for attempts in range(1, made.attempts + 1):
        times = made.times_accepted(threshold, attempts)
        up_to.append(
            {
                "attempts": attempts,
                "frr": told(made.false_rejections(threshold, attempts)),
                "frr_if_independent": if_attempts_independent(
                    one_rejected, attempts, accepts=False
                ),
                "gfrr": told(made.rejected_or_not_enrolled(threshold, attempts)),
                "far": told(made.false_acceptances(threshold, attempts)),
                "far_if_independent": if_attempts_independent(one_accepted, attempts, accepts=True),
                "far_times_one": times and dict(zip(("value", "low", "high"), times, strict=True)),
                "gfar": told(made.accepted_of_all(threshold, attempts)),
            }
        )
    return {
        "fnmr": told(made.false_non_matches(threshold)),
        "fnmr_after_non_match": told(made.non_matches_after_one(threshold)),
        "fails_after": [
            told(made.failures_after(threshold, failed)) for failed in range(1, made.attempts)
        ],
        "up_to": up_to,
    }


def attacks(people: Population, sizes: Sizes, thresholds: Mapping[float, float]) -> dict[str, Any]:
    """APCER by species and BPCER where the check works, and BPCER where APCER is what is asked."""
    shown = present(people, persons=sizes.artefacts, artefacts=sizes.artefacts)
    working = shown.threshold_at(BPCER)
    strict = []
    for apcer in APCERS:
        threshold = shown.threshold_at_worst(apcer)
        rate = told(shown.bona_fide_turned_away(threshold))
        strict.append({"apcer": apcer, "threshold": threshold, "bpcer": rate})
    return {
        "presentations_each": shown.bona_fide.shape[1],
        "threshold": working,
        "bpcer": told(shown.bona_fide_turned_away(working)),
        "species": [
            {
                **asdict(each),
                "apcer": told(shown.attacks_passed(each.name, working)),
                "iapar": [
                    {"fmr_asked": fmr} | told(shown.attacks_accepted(each.name, working, cosine))
                    for fmr, cosine in thresholds.items()
                ],
            }
            for each in SPECIES
        ],
        "bpcer_at": strict,
    }


def told(rate: Rate) -> dict[str, Any]:
    """A rate as plain JSON; without trials it has no value."""
    return {
        "value": rate.value if rate.trials else None,
        "low": rate.low,
        "high": rate.high,
        "errors": rate.errors,
        "trials": rate.trials,
    }


def _finite(figures: dict[str, float]) -> dict[str, float | None]:
    return {name: value if np.isfinite(value) else None for name, value in figures.items()}
