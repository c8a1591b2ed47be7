"""One server more in one half hour: how much sharper common random numbers make the difference."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.engines import NEVER, generic, run_engine, sampled, visits_of
from tests.evidence.claim import Claim, Finding, Steps

DAYS = 400
PERIOD_S = 1800
SERVERS = (12, 16, 20, 20, 16, 12)
RATES_PER_MIN = (7.0, 10.0, 13.0, 12.5, 9.0, 7.0)
CHANGED = 2
"""The half hour that gets one server more, the first of the peak."""

LEAST = 3.0
"""How much smaller the variance of the day's difference must be."""


def waits(servers: tuple[int, ...], *, seed: int) -> NDArray[np.float64]:
    """Mean wait by half hour of arrival, and of the day; shape (days, periods + 1)."""
    spec = generic(
        [
            {
                "id": "desk",
                "servers": {"period_min": 30, "open": list(servers)},
                "service": {"law": "exponential", "mean_s": 90},
            }
        ],
        demand={
            "arrivals": {"law": "poisson", "period_min": 30, "rate_per_min": list(RATES_PER_MIN)}
        },
        horizon_s=PERIOD_S * len(servers),
    )
    result = np.zeros((DAYS, len(servers) + 1))
    for day in range(DAYS):
        workload = sampled(spec, seed=seed, replication=day)
        events = run_engine(spec, workload, engine="compiled")
        seen = visits_of(events, passengers=len(workload.arrival_us), visits=1)
        joined, started = seen.joined_us[:, 0] / 1e6, seen.started_us[:, 0] / 1e6
        assert (seen.started_us != NEVER).all()
        period = (joined // PERIOD_S).astype(int)
        totals = np.bincount(period, weights=started - joined, minlength=len(servers))
        result[day, :-1] = totals / np.bincount(period, minlength=len(servers))
        result[day, -1] = (started - joined).mean()
    return result


def compare_once(_: str) -> dict[str, Any]:
    """Variances of the difference with the same days and with other days."""
    more = tuple(n + (place == CHANGED) for place, n in enumerate(SERVERS))
    a, b, other = waits(SERVERS, seed=1), waits(more, seed=1), waits(more, seed=2)
    paired, apart = (b - a).var(axis=0, ddof=1), (other - a).var(axis=0, ddof=1)
    return {
        "mean_wait_s": a.mean(axis=0).tolist(),
        "difference_s": (b - a).mean(axis=0).tolist(),
        "variance_paired": paired.tolist(),
        "variance_independent": apart.tolist(),
    }


def examine(steps: Steps) -> Finding:
    """Nothing differs before the change; the day's difference is at least threefold sharper."""
    found = steps.each(["desk"], compare_once)["desk"]
    ratios = [
        apart / paired if paired > 0 else None
        for paired, apart in zip(
            found["variance_paired"], found["variance_independent"], strict=True
        )
    ]
    before, during, after, day = (
        ratios[:CHANGED],
        ratios[CHANGED],
        ratios[CHANGED + 1 : -1],
        ratios[-1],
    )
    return Finding(
        # the half hour before the change hands its queue on: only those before it are untouched
        passed=before[: CHANGED - 1] == [None] * (CHANGED - 1) and day is not None and day >= LEAST,
        figures={
            "days": DAYS,
            "changed_period": CHANGED,
            "variance_ratio": {
                "before": before,
                "during": during,
                "after": after,
                "day": day,
            },
            "none_means": "no day differs at all",
            **found,
        },
    )


CLAIM = Claim(
    "common-random-numbers",
    "Common random numbers cut the variance of a one-server difference at least threefold.",
    examine,
)
