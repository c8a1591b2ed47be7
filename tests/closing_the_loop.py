"""Days simulated from known figures, and whether calibration finds them again."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.calibration.calibrate import Calibration, calibrate
from sim.calibration.own_run import observe
from sim.experiments.day import run_day
from sim.scenario.load import load_scenario
from sim.scenario.provenance import figures
from sim.scenario.scenario import Scenario

TWO_STATIONS = """
id = "two-stations"
kind = "generic"
horizon_s = 28800

[demand]
arrivals = { law = "poisson", period_min = 120, rate_per_min = [1.5, 3.0, 2.0, 1.0] }

[[stations]]
id = "desk"
servers = 4
service = { law = "lognormal", mean_s = 90, cv = 0.6 }
patience = { law = "exponential", mean_s = 900 }

[[stations]]
id = "gate"
servers = 3
service = { law = "exponential", mean_s = 40 }
walk = { law = "gamma", mean_s = 60, cv = 0.5 }

[[journey]]
station = "desk"
next = [{ to = "gate", share = 0.7 }, { to = "exit", share = 0.3 }]

[[journey]]
station = "gate"
next = [{ to = "desk", share = 0.1 }, { to = "exit", share = 0.9 }]
"""
"""Every parameter that a log without departures can tell."""

WRONG = (
    ("rate_per_min = [1.5, 3.0, 2.0, 1.0]", "rate_per_min = [1.0, 1.0, 1.0, 1.0]"),
    ('"lognormal", mean_s = 90, cv = 0.6', '"exponential", mean_s = 60'),
    ('"exponential", mean_s = 900', '"exponential", mean_s = 300'),
    ('"exponential", mean_s = 40', '"lognormal", mean_s = 80, cv = 0.3'),
    ('"gamma", mean_s = 60, cv = 0.5', '"exponential", mean_s = 20'),
    ("share = 0.7", "share = 0.5"),
    ("share = 0.3", "share = 0.5"),
    ("share = 0.1", "share = 0.4"),
    ("share = 0.9", "share = 0.6"),
)
"""What the base of the calibration says instead: other numbers and other families."""

GENERIC = "two-stations"
AIRPORT = "vca"
GUESS = "two-stations, guessed"


@cache
def scenario(name: str) -> Scenario:
    """A scenario: a built-in one, the two stations, or those with every figure wrong."""
    if name not in {GENERIC, GUESS}:
        return load_scenario(name)
    text = TWO_STATIONS
    if name == GUESS:
        for right, wrong in WRONG:
            assert right in text, right
            text = text.replace(right, wrong)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "two-stations.toml"
        path.write_text(text, encoding="utf-8")
        return load_scenario(path)


def learned(name: str, seed: int, *, test: bool = False) -> Calibration:
    """What calibration finds in one day, from a base that is wrong where there is one."""
    day = run_day(scenario(name), seed=seed)
    base = scenario(GUESS if name == GENERIC else name)
    return calibrate(observe(day.log, name=f"day {seed}"), base, test=test)


@cache
def truth(name: str) -> dict[str, float]:
    """Every figure that days are simulated from."""
    known = {row.key: row.value for row in figures(scenario(name))}
    if name == GENERIC:
        known["stations.gate.service.cv"] = 1.0  # of the exponential law
    return known


def verdicts(name: str, seed: int) -> dict[str, bool]:
    """Whether each figure's interval holds the number the day was simulated from."""
    known = truth(name)
    found = {each.key: each for each in learned(name, seed).findings}
    held = {key: each.low <= known[key] <= each.high for key, each in found.items() if key in known}
    if name == GENERIC:
        held.setdefault("stations.gate.service.cv", True)  # exponential, as it is
    return held
