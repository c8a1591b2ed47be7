"""Twenty days of every scenario, audited: no log contradicts itself."""

from __future__ import annotations

from typing import Any

from sim.experiments.day import run_day
from sim.projections.audit import audit
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps

SCENARIOS = ["airport-domestic", "vca", "sgn-t1", "sgn-t3", "sgn-t3-tet"]
DAYS = 20


def audited(key: str) -> dict[str, Any]:
    """One day of one scenario, ``NAME DAY``."""
    name, day = key.split()
    done = run_day(load_scenario(name), replication=int(day))
    found = audit(done.log, done.scenario.spec)
    return {"events": done.summary["events"], "contradictions": [each.message for each in found]}


def examine(steps: Steps) -> Finding:
    """All days of all scenarios."""
    found = steps.each([f"{name} {day}" for name in SCENARIOS for day in range(DAYS)], audited)
    contradictions = {key: each["contradictions"] for key, each in found.items()}
    return Finding(
        passed=not any(contradictions.values()),
        figures={
            "days": len(found),
            "events": sum(each["events"] for each in found.values()),
            "contradictions": {key: texts for key, texts in contradictions.items() if texts},
        },
    )


CLAIM = Claim("audits", "No log of twenty days of every scenario contradicts itself.", examine)
