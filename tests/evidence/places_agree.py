"""A day of every station, metro line and car park by both engines, audited."""

from __future__ import annotations

from typing import Any

from sim.experiments.day import run_day
from sim.projections.audit import audit
from sim.reporting.scenarios import scenario_rows
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps

KINDS = {"railway-station", "metro", "parking"}
LINES = ("hcmc-1", "metro-2a", "metro-3")
"""What ids of lines begin with: worlds of stops."""


def names() -> list[str]:
    """Built-in scenarios that are such places, or lines of them."""
    return [
        row["id"]
        for row in scenario_rows()
        if row["kind"] in KINDS or (row["kind"] == "world" and row["id"].startswith(LINES))
    ]


def day(name: str) -> dict[str, Any]:
    """One day of a scenario by both engines."""
    scenario = load_scenario(name)
    compiled = run_day(scenario)
    reference = run_day(scenario, engine="reference")
    return {
        "events": compiled.summary["events"],
        "compiled": compiled.chain_head,
        "reference": reference.chain_head,
        "contradictions": [each.message for each in audit(compiled.log, scenario.spec)],
    }


def examine(steps: Steps) -> Finding:
    """All places."""
    found = steps.each(names(), day)
    return Finding(
        passed=all(
            each["compiled"] == each["reference"] and not each["contradictions"]
            for each in found.values()
        ),
        figures=found,
    )


CLAIM = Claim(
    "places-agree",
    "Both engines give the same log of a day of every station, metro line and car park, and none "
    "contradicts itself.",
    examine,
)
