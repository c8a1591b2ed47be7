"""A matcher's speed in the queues of a whole terminal: fast, slow, and out of order."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from sim.events.log import concat_blocks
from sim.experiments.day import Engine, run_day
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps

UPSTREAM = ("counter", "kiosk", "bag-drop")
CASES = ("without servers", "fast", "ten million on one core", "slow", "outage")
KEPT = ("at_us", "kind", "passenger", "visit", "server", "detail")
TOO_SLOW = '{ size = 64, service_s = { value = 20, source = "assumed: a matcher too slow" } }'
SETTINGS = {
    "ten million on one core": ["stations.match.batch.people=10000000"],
    "slow": [f"stations.match.batch={{ cap = 64, buckets = [{TOO_SLOW}] }}"],
}
OUTAGE = """
[[outages]]
id = "match-down"
station = "match"
from = 06:30:00
until = 07:00:00
source = "chosen: the drill of this claim"
"""


def examine(steps: Steps) -> Finding:
    """The Tet day of T3, each case with the compiled engine, `slow` and `outage` with both."""
    keys = [f"{case}|compiled" for case in CASES] + [f"{c}|reference" for c in CASES[3:]]
    found = steps.each(keys, day)
    base = found["fast|compiled"]
    holds: dict[str, bool] = {}
    for case in ("slow", "outage"):
        one, two = found[f"{case}|compiled"], found[f"{case}|reference"]
        holds[f"{case}: gates wait longer"] = one["gate"]["mean"] > base["gate"]["mean"]
        holds[f"{case}: equal upstream"] = one["upstream"] == base["upstream"]
        holds[f"{case}: both engines, one log"] = one["events"] == two["events"]
    return Finding(passed=all(holds.values()), figures={"holds": holds, **found})


def day(key: str) -> dict[str, Any]:
    """One case and engine."""
    case, _, engine = key.partition("|")
    overlay = "" if case == "without servers" else 'overlay = ["_match-servers.toml"]\n'
    text = f'extends = "sgn-t3-tet"\n{overlay}id = "t3"\n' + (OUTAGE if case == "outage" else "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t3.toml")
        path.write_text(text, encoding="utf-8")
        scenario = load_scenario(path, overrides=SETTINGS.get(case, []))
    name: Engine = "reference" if engine == "reference" else "compiled"
    done = run_day(scenario, seed=1, engine=name)
    events = concat_blocks(done.log.blocks())
    names = list(done.log.stations)
    upstream = np.isin(events.station, [names.index(each) for each in UPSTREAM])
    upstream &= events.passenger >= 0
    stations = done.summary["stations"]
    return {
        "gate": stations["id-gate"]["wait_s"],
        "queue_max": stations["id-gate"]["queue"]["max"],
        "help_desk_arrivals": stations["help-desk"]["arrivals"],
        "match": stations["match"]["wait_s"] if "match" in stations else None,
        "missed": done.summary["missed"],
        "upstream": _digest([getattr(events, each)[upstream] for each in KEPT]),
        "events": _digest([getattr(events, each) for each in (*KEPT, "station", "ref")]),
    }


def _digest(columns: list[np.ndarray]) -> str:
    seen = hashlib.sha256()
    for column in columns:
        seen.update(np.ascontiguousarray(column).tobytes())
    return seen.hexdigest()[:16]


CLAIM = Claim(
    "matcher-feedback",
    "A slow matcher, or one that fails, grows the queue at the gates and nothing upstream, in "
    "both engines.",
    examine,
)
