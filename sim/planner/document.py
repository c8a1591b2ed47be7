"""A plan as plain JSON, and as an overlay that ``sim run`` takes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit

from sim.events.files import write_durably
from sim.planner.plan import Plan, StationPlan

PLAN_FORMAT = "hanh-trinh-plan"


def plan_document(plan: Plan, *, elapsed_s: float) -> dict[str, Any]:
    """What ``sim plan --json`` prints."""
    certificate = plan.certificate
    return {
        "format": PLAN_FORMAT,
        "format_version": 1,
        "scenario": plan.scenario.spec.id,
        "scenario_digest": plan.scenario.digest,
        "outcome": str(plan.outcome),
        "remedy": plan.outcome.remedy,
        "says": list(plan.says),
        "period_s": plan.grid.period_us / 1e6,
        "stations": {each.id: _station(plan, each) for each in plan.stations},
        "certificate": None
        if certificate is None
        else {
            "days": certificate.days,
            "confidence": certificate.confidence,
            "simultaneous": certificate.simultaneous,
            "doubt_each": certificate.doubt,
            "attempts": certificate.attempts,
            "seeds": {
                "seed": certificate.seed,
                "first_replication": certificate.first_replication,
                "last_replication": certificate.first_replication + certificate.days - 1,
            },
        },
        "why": [
            {
                "station": each.station,
                "target": each.promise,
                "from_s": each.from_us / 1e6,
                "until_s": each.until_us / 1e6,
                "share": each.share,
                "promised": each.asked,
                "late_per_day": each.late,
                "departures_s": None
                if each.departures_us is None
                else [at_us / 1e6 for at_us in each.departures_us],
                "share_with_one_more": each.share_with_one_more,
                "sentence": each.sentence,
            }
            for each in plan.causes
        ],
        "roster": None,
        "elapsed_s": elapsed_s,
    }


def _station(plan: Plan, station: StationPlan) -> dict[str, Any]:
    targets = [
        {
            "id": promise.id,
            "share": promise.share,
            "within_s": promise.within_us / 1e6,
            "meaning": promise.meaning,
            "served_within": _served(plan, station, promise.id),
        }
        for promise in plan.promises
        if promise.station == station.id
    ]
    return {
        "servers": list(station.levels),
        "server_periods": station.server_periods,
        "today": list(station.today),
        "today_server_periods": sum(station.today),
        "lower_bound": station.lower_bound,
        "lower_bound_says": station.bound_says,
        "decided_by": "exact law" if station.is_exact else "simulation",
        "served_within": targets[0]["served_within"],
        "targets": targets,
        "beside": station.beside,
    }


def _served(plan: Plan, station: StationPlan, promise: str) -> list[dict[str, Any]]:
    exact = station.exact.get(promise)
    tally = next((each for each in station.tallies if each.promise.id == promise), None)
    if tally is None:
        return [
            {"estimate": _plain(share), "low": _plain(share)}
            for share in (exact if exact is not None else ())
        ]
    assert plan.certificate is not None
    low = tally.low(plan.certificate.doubt)
    came = tally.came.mean(axis=0)
    found = []
    for cell in range(len(came)):
        simulated = {"estimate": _plain(tally.estimate[cell]), "low": _plain(low[cell])}
        row = simulated if exact is None else {
            "estimate": _plain(exact[cell]),
            "low": _plain(exact[cell]),
            "simulated": simulated,
        }  # fmt: skip
        is_judged = bool(tally.is_judged[cell])
        found.append({**row, "arrivals": float(came[cell]), "is_judged": is_judged})
    return found


def _plain(value: float | np.floating) -> float | None:
    return None if math.isnan(value) else float(value)


def overlay_text(plan: Plan) -> str:
    """The planned openings as an overlay: ``overlay = ["overlay.toml"]`` over the scenario."""
    document = tomlkit.document()
    document.add(tomlkit.comment(f"Staffing planned for {plan.scenario.spec.id}: {plan.outcome}."))
    source = f"sim plan: {plan.outcome}"
    tables = tomlkit.aot()
    for station in plan.stations:
        table = tomlkit.table()
        table["id"] = station.id
        servers = tomlkit.inline_table()
        servers["period_min"] = plan.grid.period_us / 60e6
        servers["open"] = list(station.levels)
        servers["source"] = source
        table["servers"] = servers
        tables.append(table)
    document["stations"] = tables
    return tomlkit.dumps(document)


def write_plan(plan: Plan, out: Path, document: dict[str, Any]) -> None:
    """Write ``plan.json`` and ``overlay.toml``; the first is there only once all is."""
    write_durably(out / "overlay.toml", overlay_text(plan).encode())
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    write_durably(out / "plan.json", f"{text}\n".encode())
