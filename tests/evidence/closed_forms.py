"""All that queueing theory knows, at full size, and a planted error in each of its systems."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tests.evidence.claim import Claim, Finding, Steps
from tests.theory.student import FAMILY_ALPHA, Comparison
from tests.theory.systems import Size, comparisons_of, systems

FULL = Size(replications=40, visits=600_000)
TWIST = 1.05
"""The planted error: every service 5 % longer."""

SYSTEMS = {system.name: system for system in systems()}
FAMILY = sum(len(system.references) for system in SYSTEMS.values())


def compare_system(name: str) -> dict[str, Any]:
    """One system as it should be, and with the planted error."""
    system = SYSTEMS[name]
    right = comparisons_of(system, size=FULL, family=FAMILY, engine="compiled")
    wrong = comparisons_of(system, size=FULL, family=FAMILY, engine="compiled", twist=TWIST)
    return {
        "comparisons": [_row(each) for each in right],
        "is_planted_error_noticed": not all(each.agrees for each in wrong),
    }


def examine(steps: Steps) -> Finding:
    """Every interval holds its reference, and no system swallows the planted error."""
    found = steps.each(list(SYSTEMS), compare_system)
    rows = [row for each in found.values() for row in each["comparisons"]]
    astray = [row["name"] for row in rows if not row["agrees"]]
    blind = [name for name, each in found.items() if not each["is_planted_error_noticed"]]
    return Finding(
        passed=not astray and not blind,
        figures={
            "systems": len(found),
            "comparisons": len(rows),
            "family_wise_false_alarm_rate": FAMILY_ALPHA,
            "correction": "Bonferroni, Student's t over replications",
            "planted_service_error": TWIST - 1,
            "astray": astray,
            "planted_error_not_noticed": blind,
            "rows": rows,
        },
    )


def _row(comparison: Comparison) -> dict[str, Any]:
    return {**asdict(comparison), "agrees": comparison.agrees}


CLAIM = Claim(
    "closed-forms",
    "Waits, queues and losses are those of queueing theory; a 5 % service error is noticed.",
    examine,
)
