"""The exact law of days that change against the engine at full size, and a planted error."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tests.evidence.claim import Claim, Finding, Steps
from tests.theory.student import FAMILY_ALPHA
from tests.theory.systems import Size, comparisons_of
from tests.theory.time_varying import DESKS

FULL = Size(replications=2_000, visits=1_500_000)
TWIST = 1.05
"""The planted error: every service 5 % longer."""

BY_NAME = {desk.name: desk for desk in DESKS}


def compare_desk(name: str) -> dict[str, Any]:
    """One desk as it should be, and with the planted error."""
    system = BY_NAME[name].system()
    family = sum(len(desk.system().references) for desk in DESKS)
    right = comparisons_of(system, size=FULL, family=family, engine="compiled")
    wrong = comparisons_of(system, size=FULL, family=family, engine="compiled", twist=TWIST)
    return {
        "comparisons": [{**asdict(each), "agrees": each.agrees} for each in right],
        "is_planted_error_noticed": not all(each.agrees for each in wrong),
    }


def examine(steps: Steps) -> Finding:
    """Every period's interval holds the exact share, and no desk swallows the planted error."""
    found = steps.each(list(BY_NAME), compare_desk)
    rows = [row for each in found.values() for row in each["comparisons"]]
    astray = [row["name"] for row in rows if not row["agrees"]]
    blind = [name for name, each in found.items() if not each["is_planted_error_noticed"]]
    return Finding(
        passed=not astray and not blind,
        figures={
            "desks": len(found),
            "comparisons": len(rows),
            "family_wise_false_alarm_rate": FAMILY_ALPHA,
            "widest_half_width": max(row["half_width"] for row in rows),
            "planted_service_error": TWIST - 1,
            "astray": astray,
            "planted_error_not_noticed": blind,
            "rows": rows,
        },
    )


CLAIM = Claim(
    "time-varying",
    "Where arrivals and staffing change, shares within a time are exact period by period.",
    examine,
)
