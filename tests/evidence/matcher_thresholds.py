"""What a measured threshold of the gates costs in waits and staff, and whom it lets in."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from sim.demand.matching import IMPOSTOR
from sim.experiments.day import run_day
from sim.experiments.intervals import mean_interval
from sim.matcher.rates.proportion import independent
from sim.projections.matches import match_errors
from sim.reporting.before_after import markdown
from sim.scenario.load import load_scenario
from sim.scenario.profile import read_profile
from tests.evidence.claim import Claim, Finding, Steps

SCENARIO = "sgn-t3"
PROFILE = "epyc-one-core"
GATE = "id-gate"
DAYS = 10
STRESS = 0.05
"""Impostors among passengers of a stress run: many, so that there is something to count."""

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "matcher-thresholds.md"
PLOT = DOCS / "images" / "matcher-thresholds.png"

OVERLAY = """
extends = "{scenario}"
id = "threshold"

[[stations]]
id = "id-gate"
[stations.match]
profile = "{profile}"
threshold = {threshold}
false_accept = {{ remove = true }}
errors = [
    {{ when = "first_timer", share = {{ value = 0.045, source = "assumed: no capture 3 %, presentation check 1.5 %" }} }},
    {{ share = {{ value = 0.025, source = "assumed: no capture 1 %, presentation check 1.5 %" }} }},
]
"""  # noqa: E501 (a line of TOML)
IMPOSTORS = """
[[traits]]
id = "impostor"
share = {{ value = {share}, source = "assumed: a stress share" }}
"""


def examine(steps: Steps) -> Finding:
    """Every threshold of the profile."""
    rates = read_profile(PROFILE, folder=Path()).rates
    found = steps.each([f"{each.threshold:g}" for each in rates], at_threshold)
    rows = list(found.values())
    referred = [row["referred"]["mean"] for row in rows]
    let_in = [row["let_in"]["errors"] for row in rows]
    holds = {
        "five thresholds": len(rows) >= 5,
        "a stricter one refers no fewer": all(a <= b for a, b in pairwise(referred)),
        "and lets no more in": all(a >= b for a, b in pairwise(let_in)),
        "what is let in is what the rates say": all(
            row["let_in"]["low"] <= row["expected"] <= row["let_in"]["high"]
            or abs(row["let_in"]["value"] - row["expected"]) < 0.01
            for row in rows
        ),
    }
    PAGE.write_text("\n".join(page(found)) + "\n", encoding="utf-8")
    plot(found)
    return Finding(passed=all(holds.values()), figures={"holds": holds, **found})


def at_threshold(threshold: str) -> dict[str, Any]:
    """Ordinary days and stress days at one threshold, with the same passengers at all."""
    waits, referred, attempts, help_desk = [], [], [], []
    tried = accepted = 0
    plain, stressed = _scenarios(float(threshold))
    for replication in range(DAYS):
        day = run_day(plain, replication=replication)
        errors = match_errors(day.log, np.zeros(day.summary["passengers"], dtype=bool))
        genuine = errors[GATE]["genuine"]
        waits.append(day.summary["stations"][GATE]["wait_s"]["p95"])
        help_desk.append(day.summary["stations"]["help-desk"]["wait_s"]["p95"] or 0.0)
        referred.append(float(genuine["referred"]))
        attempts.append(float(genuine["attempts"] - genuine["persons"]))
        day = run_day(stressed, replication=replication)
        is_impostor = day.log.tables.passengers[IMPOSTOR].astype(bool)
        one = match_errors(day.log, is_impostor)[GATE]["impostors"]
        tried, accepted = tried + one["persons"], accepted + one["accepted"]
    match = next(each for each in plain.spec.stations if each.id == GATE).match
    assert match is not None
    measured = read_profile(PROFILE, folder=Path()).rates_at(float(threshold))
    assert measured is not None
    let_in = independent(accepted, tried)
    return {
        "fmr": measured.fmr.share.value,
        "fmr_errors": measured.fmr.errors,
        "fnmr": measured.fnmr.share.value,
        "false_accept": match.false_accept.value,
        "gate_p95_s": _told(waits),
        "help_desk_p95_s": _told(help_desk),
        "further_attempts": _told(attempts),
        "referred": _told(referred),
        "expected": 1 - (1 - match.false_accept.value) ** match.attempts,
        "let_in": {
            "errors": accepted,
            "trials": tried,
            "value": let_in.value,
            "low": let_in.low,
            "high": let_in.high,
        },
    }


def _scenarios(threshold: float) -> list[Any]:
    text = OVERLAY.format(scenario=SCENARIO, profile=PROFILE, threshold=threshold)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "threshold.toml")
        found = []
        for more in ("", IMPOSTORS.format(share=STRESS)):
            path.write_text(text + more, encoding="utf-8")
            found.append(load_scenario(path))
    return found


def _told(values: list[float]) -> dict[str, float]:
    interval = mean_interval(values)
    assert interval.low is not None
    assert interval.high is not None
    return {"mean": interval.mean, "low": interval.low, "high": interval.high}


def page(found: dict[str, Any]) -> list[str]:
    """The page that the figures are told on."""
    header = [
        "threshold",
        "FMR",
        "FNMR",
        "referred a day",
        "further attempts a day",
        "gate P95, s",
        "help desk P95, s",
        "impostors let in, stress run",
        "expected",
    ]
    rows = [
        [
            key,
            f"{row['fmr']:.1e}" if row["fmr_errors"] else "none seen",
            f"{row['fnmr']:.2%}",
            _range(row["referred"]),
            _range(row["further_attempts"]),
            _range(row["gate_p95_s"]),
            _range(row["help_desk_p95_s"]),
            (
                f"{row['let_in']['errors']} of {row['let_in']['trials']} "
                f"({row['let_in']['low']:.2%} to {row['let_in']['high']:.2%})"
            ),
            f"{row['expected']:.3%}",
        ]
        for key, row in found.items()
    ]
    return [
        "# Thresholds of a measured matcher, in the queues of T3",
        "",
        f"`{SCENARIO}`, {DAYS} days at each threshold with the same passengers, error rates of the",
        f"profile `{PROFILE}` (synthetic faces). Regenerated by",
        "`python -m tests.evidence matcher-thresholds`. What fails besides the comparison (no",
        "capture, presentation check) is assumed and the same in every row. Intervals are 95 %:",
        "over days, and of Clopper and Pearson for impostors. The stress run makes one passenger",
        f"in {1 / STRESS:.0f} an impostor, so that there is something to count; an impostor tries",
        "up to three times, each against the 160 people of a departure, as if comparisons were",
        "independent, which overstates. Where no false match was seen the rate of the next lower",
        "threshold is taken.",
        "",
        *markdown(header, rows),
        "",
        "![FMR, referred passengers and impostors let in](images/matcher-thresholds.png)",
    ]


def _range(figure: dict[str, float]) -> str:
    return f"{figure['mean']:.1f} ({figure['low']:.1f} to {figure['high']:.1f})"


def plot(found: dict[str, Any]) -> None:
    """Referred genuine passengers and impostors let in, by threshold."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    thresholds = [float(key) for key in found]
    rows = list(found.values())
    figure, left = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    left.set_xlabel("threshold (cosine)")
    left.set_ylabel("genuine passengers referred a day", color="tab:blue")
    mean = [row["referred"]["mean"] for row in rows]
    low = [row["referred"]["mean"] - row["referred"]["low"] for row in rows]
    high = [row["referred"]["high"] - row["referred"]["mean"] for row in rows]
    left.errorbar(thresholds, mean, yerr=[low, high], marker="o", capsize=3, color="tab:blue")
    left.set_ylim(bottom=0)
    right = left.twinx()
    right.set_ylabel("share of impostors let in", color="tab:red")
    right.set_yscale("log")
    counted = [row["let_in"] for row in rows]
    right.vlines(
        thresholds,
        [max(each["low"], 1e-6) for each in counted],
        [each["high"] for each in counted],
        color="tab:red",
        alpha=0.5,
        label="counted, 95 %",
    )
    right.plot(thresholds, [row["expected"] for row in rows], "s--", color="tab:red")
    right.set_ylim(1e-6, 1)
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT, dpi=120, metadata={"Software": None})
    plt.close(figure)


CLAIM = Claim(
    "matcher-thresholds",
    "A stricter threshold refers more genuine passengers and lets fewer impostors in; the log "
    "counts what the profile says.",
    examine,
)
