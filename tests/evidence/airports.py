"""Every airport at full size: two engines and one log, no contradiction, waits of twenty days."""

from __future__ import annotations

from typing import Any

from sim.experiments.day import Day, run_day
from sim.experiments.intervals import mean_interval
from sim.projections.audit import audit
from sim.scenario.find import builtin_scenarios
from sim.scenario.load import load_scenario
from sim.scenario.provenance import figures, share_assumed
from tests.evidence.claim import Claim, Finding, Steps
from tests.evidence.page import write_table

DAYS = 20
COLUMNS = (
    "scenario",
    "departures",
    "passengers",
    "counter",
    "ID or border",
    "security",
    "missed",
    "figures assumed",
)


def airports() -> list[str]:
    """Built-in scenarios of airports, the templates among them."""
    return [n for n in builtin_scenarios() if load_scenario(n).spec.kind == "airport"]


def examined(name: str) -> dict[str, Any]:
    """One airport: a day by both engines, and twenty days by the compiled one."""
    scenario = load_scenario(name)
    heads = {run_day(scenario, engine=each).chain_head for each in ("reference", "compiled")}
    days = [run_day(scenario, replication=number) for number in range(DAYS)]
    measured = [_measured(day) for day in days]
    return {
        "same_log": len(heads) == 1,
        "contradictions": [each.message for day in days for each in audit(day.log, scenario.spec)],
        "departures": len(days[0].log.tables.departures),
        "passengers": days[0].summary["passengers"],
        "assumed_share": share_assumed(figures(scenario)),
        **{key: _interval([each[key] for each in measured]) for key in measured[0]},
    }


def examine(steps: Steps) -> Finding:
    """Every airport, and the table of them in the page."""
    found = steps.each(airports(), examined)
    rows = [_row(name, each) for name, each in found.items()]
    write_table("scenarios.md", "airports", COLUMNS, rows, right=1)
    passed = all(each["same_log"] and not each["contradictions"] for each in found.values())
    return Finding(passed=passed, figures=found)


def _measured(day: Day) -> dict[str, float]:
    """Waits in minutes, and how many missed the departure."""
    stations = day.summary["stations"]
    officers = "emigration" if "emigration" in stations else "id-manual"
    waits = {"counter": "counter", "officer": officers, "security": "security"}
    found: dict[str, float] = {
        f"{key}_p95_min": (stations[station]["wait_s"]["p95"] or 0.0) / 60
        for key, station in waits.items()
    }
    return found | {"missed": float(day.summary["missed"])}


def _interval(values: list[float]) -> dict[str, float | None]:
    found = mean_interval(values)
    return {"mean": found.mean, "low": found.low, "high": found.high}


def _row(name: str, found: dict[str, Any]) -> tuple[str, ...]:
    def told(key: str, digits: int) -> str:
        mean, low, high = (found[key][name] for name in ("mean", "low", "high"))
        return f"{mean:.{digits}f} ± {max(mean - low, high - mean):.{digits}f}"

    waits = [told(f"{each}_p95_min", 1) for each in ("counter", "officer", "security")]
    counts = [f"{found['departures']}", f"{found['passengers']:,}"]
    assumed = f"{100 * found['assumed_share']:.0f} %"
    return (f"`{name}`", *counts, *waits, told("missed", 1), assumed)


CLAIM = Claim(
    "airports",
    "At every airport both engines write the same log, and twenty days contradict themselves "
    "nowhere.",
    examine,
)
