"""How often intervals over days hold the truth, on days whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.intervals import mean_interval, student_interval
from sim.experiments.paired import difference
from sim.experiments.proportions import quantile_interval, share_low
from sim.scenario.spec import ScenarioSpec
from tests.engines import generic, run_engine, sampled, visits_of
from tests.evidence.claim import Claim, Finding, Steps

STUDIES = 200
"""Macro-replications."""

DAYS = 20
"""Days of each study."""

PARTS = 8
TRUTH_DAYS = 16_000
SEEDS = {"truth": 1, "studies": 3}
"""The law of the interval was chosen on studies of seed 2; those of seed 3 are fresh."""

OTHER_DAYS = (8, 20, 40, 80)
"""The truth's own days, cut into studies of so many; eight are the fewest that are corrected."""

LEAST, MOST = 0.91, 0.98
MOST_ALARMS = 0.075
"""Of 400 comparisons without a difference; 5 % are expected at most, and 2.3 standard errors."""

PROMISE = 0.9
"""Share within five minutes that a day keeps, or not."""

WITHIN_S = 300.0
SERVERS = (5, 9, 12, 10, 6, 4)
RATES_PER_MIN = (3.0, 6.0, 8.0, 6.0, 3.0, 2.0)
FIGURES = ("mean_wait_s", "share_within", "p95_wait_s", "one_more_s")
"""Of a day: mean wait, share within five minutes, 95 % point, and less wait by one desk more."""


def desk(more: int = 0) -> ScenarioSpec:
    """Six half hours, a desk more in the third if wanted."""
    servers = [n + more * (place == 2) for place, n in enumerate(SERVERS)]
    return generic(
        [
            {
                "id": "desk",
                "servers": {"period_min": 30, "open": servers},
                "service": {"law": "exponential", "mean_s": 90},
            }
        ],
        demand={
            "arrivals": {"law": "poisson", "period_min": 30, "rate_per_min": list(RATES_PER_MIN)}
        },
        horizon_s=1800 * len(servers),
    )


def days(first: int, count: int, *, seed: int) -> NDArray[np.float64]:
    """Figures of days, shape (count, 4)."""
    plans = [desk(), desk(1)]
    result = np.empty((count, len(FIGURES)))
    for row in range(count):
        means = []
        for spec in plans:
            workload = sampled(spec, seed=seed, replication=first + row)
            events = run_engine(spec, workload, engine="compiled")
            seen = visits_of(events, passengers=len(workload.arrival_us), visits=1)
            wait_s = np.sort((seen.started_us[:, 0] - seen.joined_us[:, 0]) / 1e6)
            means.append(wait_s.mean())
            if spec is plans[0]:
                rank = -(-95 * len(wait_s) // 100) - 1
                result[row, :3] = wait_s.mean(), (wait_s <= WITHIN_S).mean(), wait_s[rank]
        result[row, 3] = means[1] - means[0]
    return result


def simulate_part(key: str) -> list[list[float]]:
    """A part of the truth's days, or of the studies'."""
    kind, _, number = key.partition("-")
    total = TRUTH_DAYS if kind == "truth" else STUDIES * DAYS
    count = total // PARTS
    return days(int(number) * count, count, seed=SEEDS[kind]).tolist()


def examine(steps: Steps) -> Finding:
    """Means, shares, points and paired differences; medians, and shares of days, by rank."""
    keys = [f"{kind}-{number}" for kind in SEEDS for number in range(PARTS)]
    found = steps.each(keys, simulate_part)
    truth, studies = (
        np.concatenate([np.array(found[key]) for key in keys if key.startswith(kind)])
        for kind in SEEDS
    )
    figures = {
        name: _of_figure(truth[:, place], studies[:, place]) for place, name in enumerate(FIGURES)
    }
    alarms = _false_alarms(truth[:, 0])
    kept = _days_that_keep(truth[:, 1], studies[:, 1])
    held = [
        each[law]
        for each in figures.values()
        for law in ("coverage", "coverage_of_truth_days_by_20")
    ]
    return Finding(
        passed=all(LEAST <= each <= MOST for each in held)
        and all(each["coverage_median"] >= LEAST for each in figures.values())
        and kept["coverage"] >= LEAST
        and alarms["share"] <= MOST_ALARMS,
        figures={
            "studies": STUDIES,
            "days": DAYS,
            "truth_days": TRUTH_DAYS,
            "nominal": 0.95,
            "note": "bounds of medians are days, so they cover 95.9 % at least of 20 days; "
            "student is what Student's interval would have held",
            **figures,
            "days_that_keep": kept,
            "false_alarms": alarms,
        },
    )


def _of_figure(of_days: NDArray[np.float64], studied: NDArray[np.float64]) -> dict[str, Any]:
    """How often intervals of a figure hold what it is over the truth's days."""
    mean, median = float(of_days.mean()), float(np.median(of_days))
    by_study = _studies(studied, DAYS)
    return {
        "truth": mean,
        "truth_standard_error": of_days.std(ddof=1) / len(of_days) ** 0.5,
        "skewness": float(((of_days - mean) ** 3).mean() / of_days.std() ** 3),
        "coverage": _share(by_study, mean, mean_interval),
        "student": _share(by_study, mean, student_interval),
        "median": median,
        "coverage_median": _share(
            by_study, median, lambda each: quantile_interval(each, quantile=0.5)
        ),
        **{
            f"coverage_of_truth_days_by_{count}": _share(
                _studies(of_days, count), mean, mean_interval
            )
            for count in OTHER_DAYS
        },
        **{
            f"student_of_truth_days_by_{count}": _share(
                _studies(of_days, count), mean, student_interval
            )
            for count in OTHER_DAYS
        },
        "coverage_90_by_80": _share(
            _studies(of_days, 80),
            float(np.quantile(of_days, 0.9)),
            lambda each: quantile_interval(each, quantile=0.9),
        ),
    }


def _days_that_keep(of_days: NDArray[np.float64], studied: NDArray[np.float64]) -> dict[str, float]:
    """How often the lower bound of the share of days that keep a promise is not above it."""
    truth = float((of_days >= PROMISE).mean())
    lows = [
        share_low(successes=sum(share >= PROMISE for share in each), days=len(each))
        for each in _studies(studied, DAYS)
    ]
    return {"truth": truth, "coverage": sum(low <= truth for low in lows) / len(lows)}


def _false_alarms(of_days: NDArray[np.float64]) -> dict[str, float]:
    """How often two halves of the truth's days, which differ by chance alone, are told apart."""
    half = len(of_days) // 2
    pairs = list(zip(of_days[:half].tolist(), of_days[half:].tolist(), strict=True))
    outcomes = [
        difference("mean_wait_s", pairs[first : first + DAYS], confidence=0.95).outcome
        for first in range(0, half, DAYS)
    ]
    alarms = sum(each in ("lower", "higher") for each in outcomes)
    return {"comparisons": len(outcomes), "share": alarms / len(outcomes)}


def _studies(values: NDArray[np.float64], count: int) -> list[list[float]]:
    return values[: len(values) // count * count].reshape(-1, count).tolist()


def _share(
    studies: list[list[float]], truth: float, interval: Callable[[list[float]], Any]
) -> float:
    held = 0
    for each in studies:
        found = interval(each)
        low = -math.inf if found.low is None else found.low
        high = math.inf if found.high is None else found.high
        held += low <= truth <= high
    return held / len(studies)


CLAIM = Claim(
    "coverage",
    "Over 200 studies of 20 days nominal 95 % intervals hold the truth in 91 to 98 % of them.",
    examine,
)
