"""What was observed at Tan Son Nhat beside what is simulated, twenty days each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.experiments.day import run_day
from sim.experiments.intervals import mean_interval
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps
from tests.evidence.page import interval_text, write_table

CASES: dict[str, tuple[str, list[str]]] = {
    "tet-50": ("sgn-t3-tet", ["stations.counter.servers=50"]),
    "tet-60": ("sgn-t3-tet", ["stations.counter.servers=60"]),
    "tet-70": ("sgn-t3-tet", ["stations.counter.servers=70"]),
    "t1-first-day": ("sgn-t1", []),
}
DAYS = 20
COLUMNS = ("observed", "simulated, worst half hour", "difference", "first to doubt")
OBSERVED_TET_MIN = 65.0
"""Timed wait for the counter bag drop, T3, 10 February 2026 (dantri, same day)."""

OBSERVED_T1_BAG_MIN = 20.0
"""Bag-counter queue, T1, 1 December 2025 (dantri, same day); kiosk: at most one minute."""


def day(key: str) -> dict[str, Any]:
    """One day of one case, ``CASE DAY``."""
    case, number = key.split()
    name, overrides = CASES[case]
    done = run_day(load_scenario(name, overrides=overrides), replication=int(number))
    counter, kiosk = (done.summary["stations"][place] for place in ("counter", "kiosk"))
    return {
        "counter_worst_half_hour_min": counter["worst_half_hour"]["mean_s"] / 60,
        "counter_p95_min": counter["wait_s"]["p95"] / 60,
        "counter_longest_min": counter["wait_s"]["max"] / 60,
        "kiosk_worst_half_hour_min": kiosk["worst_half_hour"]["mean_s"] / 60,
        "missed": done.summary["missed"],
    }


def examine(steps: Steps) -> Finding:
    """All cases, with intervals over days."""
    found = steps.each([f"{case} {number}" for case in CASES for number in range(DAYS)], day)
    figures: dict[str, Any] = {}
    for case in CASES:
        days = [found[f"{case} {number}"] for number in range(DAYS)]
        intervals = {name: mean_interval([each[name] for each in days]) for name in days[0]}
        figures[case] = {
            name: {"mean": each.mean, "low": each.low, "high": each.high}
            for name, each in intervals.items()
        }
    figures["observed"] = {
        "tet-50 counter, min": OBSERVED_TET_MIN,
        "t1-first-day bag counter, min": OBSERVED_T1_BAG_MIN,
        "t1-first-day kiosk, min": "at most 1",
    }
    write_table("validation.md", "tan-son-nhat", COLUMNS, _rows(figures))
    worst = {case: figures[case]["counter_worst_half_hour_min"]["mean"] for case in CASES}
    return Finding(
        passed=abs(worst["tet-50"] - OBSERVED_TET_MIN) < 15
        and worst["tet-60"] < 0.6 * worst["tet-50"]
        and worst["tet-70"] < 10
        and abs(worst["t1-first-day"] - OBSERVED_T1_BAG_MIN) < 8
        and figures["t1-first-day"]["kiosk_worst_half_hour_min"]["high"] < 1,
        figures=figures,
    )


def _rows(figures: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """What was written down, and the worst half hour that is simulated."""

    def simulated(case: str, figure: str = "counter_worst_half_hour_min") -> str:
        return f"{interval_text(figures[case][figure])} min"

    def off(case: str, observed: float) -> str:
        mean = figures[case]["counter_worst_half_hour_min"]["mean"]
        return f"{mean - observed:+.1f} min"

    yield (
        "T3, 10 February 2026, 50 counters open: a timed wait of **65 min** (dantri, 10 Feb 2026)",
        simulated("tet-50"),
        off("tet-50", OBSERVED_TET_MIN),
        "checked bags, share tagging at kiosks",
    )
    yield (
        "a steep fall: 30 min at 60 counters by the fluid calculation",
        simulated("tet-60"),
        off("tet-60", 30),
        "the same; who comes late is called forward",
    )
    yield (
        "and 4 min at 70",
        simulated("tet-70"),
        off("tet-70", 4),
        "the same",
    )
    yield (
        "T1, 1 December 2025: bag queue **20 min** (dantri, 1 Dec 2025)",
        simulated("t1-first-day"),
        off("t1-first-day", OBSERVED_T1_BAG_MIN),
        "counters open by the hour",
    )
    yield (
        "T1, 1 December 2025: kiosk **at most 1 min** (same)",
        simulated("t1-first-day", "kiosk_worst_half_hour_min"),
        "within it",
        "kiosks installed",
    )


CLAIM = Claim(
    "validation",
    "The Tet queue at T3 is near the 65 minutes timed and falls steeply with counters; "
    "T1's bag queue on the first day is near 20 minutes, its kiosks have none.",
    examine,
)
