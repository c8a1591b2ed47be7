"""How often intervals over days hold the truth, on days whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.intervals import student_interval
from sim.experiments.proportions import quantile_interval
from sim.scenario.spec import ScenarioSpec
from tests.engines import generic, run_engine, sampled, visits_of
from tests.evidence.claim import Claim, Finding, Steps

STUDIES = 200
"""Macro-replications."""

DAYS = 20
"""Days of each study."""

PARTS = 8
TRUTH_DAYS = 16_000
LEAST, MOST = 0.91, 0.98
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
    return days(int(number) * count, count, seed=1 if kind == "truth" else 2).tolist()


def examine(steps: Steps) -> Finding:
    """Means, shares and paired differences by Student; medians by order statistics."""
    keys = [f"{kind}-{number}" for kind in ("truth", "studies") for number in range(PARTS)]
    found = steps.each(keys, simulate_part)
    truth, studies = (
        np.concatenate([np.array(found[key]) for key in keys if key.startswith(kind)])
        for kind in ("truth", "studies")
    )
    by_study = studies.reshape(STUDIES, DAYS, len(FIGURES))
    figures: dict[str, Any] = {}
    for place, name in enumerate(FIGURES):
        column = by_study[:, :, place].tolist()
        of_days = truth[:, place]
        figures[name] = {
            "truth": of_days.mean(),
            "truth_standard_error": of_days.std(ddof=1) / TRUTH_DAYS**0.5,
            "coverage": _share(column, of_days.mean(), student_interval),
            "median": float(np.median(of_days)),
            "coverage_median": _share(
                column,
                float(np.median(of_days)),
                lambda each: quantile_interval(each, quantile=0.5),
            ),
        }
    return Finding(
        passed=all(
            LEAST <= each["coverage"] <= MOST and each["coverage_median"] >= LEAST
            for each in figures.values()
        ),
        figures={
            "studies": STUDIES,
            "days": DAYS,
            "truth_days": TRUTH_DAYS,
            "nominal": 0.95,
            "note": "bounds of medians are days, so they cover 95.9 % at least of 20 days",
            **figures,
        },
    )


def _share(
    studies: list[list[float]], truth: float, interval: Callable[[list[float]], Any]
) -> float:
    held = 0
    for each in studies:
        found = interval(each)
        held += found.low <= truth <= found.high
    return held / len(studies)


CLAIM = Claim(
    "coverage",
    "Over 200 studies of 20 days nominal 95 % intervals hold the truth in 91 to 98 % of them.",
    examine,
)
