"""Simulate, observe, calibrate: the figures that a hundred days were simulated from come back."""

from __future__ import annotations

from typing import Any

from tests.closing_the_loop import AIRPORT, GENERIC, verdicts
from tests.evidence.claim import Claim, Finding, Steps

LOGS = 100
"""Days of each scenario."""

FEWEST_HELD = 90
"""Of 100 intervals of 95 %, as many must hold their figure, for each of the figures named.

At a true coverage of 95 % a figure falls short of this 1.2 times in 100.
"""

FEWEST_HELD_OF_OTHERS = 0.85
"""The same for the share of the airport's other figures, of which there are some fifty.

At a true coverage of 95 % one falls short 4 times in 100,000.
"""

NAMED = ("demand.", "journey.", "traits.checked_bag.", "stations.desk.", "stations.gate.")
"""Figures that the stricter demand is made of: arrivals, show-up, channels, routes, laws."""

ALL = (0.94, 0.96)
"""Share of all intervals, some 7,500, that may hold their figure."""

BATCH = 10


def hold(key: str) -> dict[str, list[bool]]:
    """Verdicts on some days of a scenario: ``name/first seed``."""
    name, first = key.split("/")
    found: dict[str, list[bool]] = {}
    for seed in range(int(first), int(first) + BATCH):
        for figure, holds in verdicts(name, seed).items():
            found.setdefault(figure, []).append(holds)
    return found


def examine(steps: Steps) -> Finding:
    """Coverage of every figure of both scenarios."""
    names = (GENERIC, AIRPORT)
    keys = [f"{name}/{first}" for name in names for first in range(1, LOGS + 1, BATCH)]
    found = steps.each(keys, hold)
    rows: list[dict[str, Any]] = []
    for name in names:
        together: dict[str, list[bool]] = {}
        for key, part in found.items():
            if key.startswith(f"{name}/"):
                for figure, holds in part.items():
                    together.setdefault(figure, []).extend(holds)
        rows += [_row(name, figure, holds) for figure, holds in sorted(together.items())]
    short = [row["figure"] for row in rows if not row["holds"]]
    logs = sum(row["logs"] for row in rows)
    coverage = sum(row["held"] for row in rows) / logs
    return Finding(
        passed=not short and len(rows) > 60 and ALL[0] <= coverage <= ALL[1],
        figures={
            "logs_per_scenario": LOGS,
            "figures": len(rows),
            "named": sum(row["is_named"] for row in rows),
            "coverage_of_all": coverage,
            "least_named": min(row["held"] for row in rows if row["is_named"]),
            "least_share_of_others": min(
                row["held"] / row["logs"] for row in rows if not row["is_named"]
            ),
            "falls_short": short,
            "rows": rows,
        },
    )


def _row(name: str, figure: str, holds: list[bool]) -> dict[str, Any]:
    held, is_named = sum(holds), figure.startswith(NAMED)
    if is_named and len(holds) == LOGS:
        fine = held >= FEWEST_HELD
    else:
        fine = held >= FEWEST_HELD_OF_OTHERS * len(holds) or len(holds) < LOGS // 4
    return {
        "scenario": name,
        "figure": figure,
        "is_named": is_named,
        "logs": len(holds),
        "held": held,
        "holds": fine,
    }


CLAIM = Claim(
    "calibration",
    "Of 100 days at least 90 give arrivals, show-up, channels, routes and two stations' laws back "
    "within their 95 % intervals; of all intervals of all figures 94 to 96 % hold theirs.",
    examine,
)
