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
from sim.planner.seen import DEPARTURES
from sim.planner.sentences import in_english, in_vietnamese
from sim.planner.staff import Staff, roster_files, staff_document
from sim.planner.targets import LONGEST_DAY_US, Promise
from sim.planner.why import Cause

PLAN_FORMAT = "hanh-trinh-plan"


def plan_document(plan: Plan, staff: Staff | None = None, *, elapsed_s: float) -> dict[str, Any]:
    """What ``sim plan --json`` prints."""
    certificate = plan.certificate
    return {
        "format": PLAN_FORMAT,
        "format_version": 1,
        "scenario": plan.scenario.spec.id,
        "scenario_digest": plan.scenario.digest,
        "outcome": str(plan.outcome),
        "remedy": plan.outcome.remedy,
        "says": [str(each) for each in plan.says],
        "says_parts": [each.parts for each in plan.says],
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
        "departures": [
            _departures(plan, each) for each in plan.promises if each.station == DEPARTURES
        ],
        "why": [_cause(each) for each in plan.causes],
        "roster": None if staff is None else staff_document(staff),
        "elapsed_s": elapsed_s,
    }


def _cause(cause: Cause) -> dict[str, Any]:
    more = cause.one_more
    return {
        "station": cause.station,
        "target": cause.promise.id,
        "is_of_departures": cause.promise.station == DEPARTURES,
        "from_s": cause.from_us / 1e6,
        "until_s": cause.until_us / 1e6,
        "share": cause.share,
        "promised": cause.promise.asked,
        "periods_broken": cause.broken,
        "late_per_day": cause.late,
        "queue_s": _span(cause.queue_us),
        "departures_s": _span(cause.departures_us),
        "fed_by": [
            {"departure": each.departure, "at_s": each.at_us / 1e6, "late_per_day": each.late}
            for each in cause.feeders
        ],
        "servers_today": cause.servers,
        "servers_planned": cause.planned,
        "share_with_one_more": None if more is None else more.share,
        "one_more": None if more is None else {
            "from_s": more.from_us / 1e6,
            "until_s": more.until_us / 1e6,
            "days": more.days,
            "share": more.share,
            "saved_min_per_day": more.saved_min,
            "low": more.low,
            "high": more.high,
        },
        "sentence": in_english(cause),
        "sentence_vi": in_vietnamese(cause),
    }  # fmt: skip


def _span(instants: tuple[int, int] | None) -> list[float] | None:
    return None if instants is None else [at_us / 1e6 for at_us in instants]


def _departures(plan: Plan, promise: Promise) -> dict[str, Any]:
    """What became of a promise of missed departures."""
    found: dict[str, Any] = {
        "id": promise.id,
        "says": promise.says,
        "most_missed": promise.most_missed,
        "meaning": promise.meaning,
        "day_share": promise.day_share if promise.meaning == "daily" else None,
        "missed": None,
        "kept": None,
    }
    tally = next((each for each in plan.tallies if each.promise.id == promise.id), None)
    if tally is None or plan.certificate is None:
        return found
    missed, low = tally.came - tally.kept, tally.low(plan.certificate.doubt)
    return {
        **found,
        "missed": float(missed.sum() / max(tally.came.sum(), 1.0)),
        "kept": {"estimate": _plain(tally.estimate[0]), "low": _plain(low[0])},
    }


def _station(plan: Plan, station: StationPlan) -> dict[str, Any]:
    targets = [
        {
            "id": promise.id,
            "says": promise.says,
            "share": promise.share,
            "within_s": promise.within_us / 1e6 if promise.most_waiting is None else None,
            "most_waiting": promise.most_waiting,
            "meaning": promise.meaning,
            "day_share": promise.day_share if promise.meaning == "daily" else None,
            "per_s": None if promise.per_us >= LONGEST_DAY_US else promise.per_us / 1e6,
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


def write_plan(plan: Plan, out: Path, document: dict[str, Any], staff: Staff | None = None) -> None:
    """Write ``plan.json``, ``overlay.toml`` and the roster; the first is there only once all is."""
    if staff is not None:
        for name, text in roster_files(staff.plan).items():
            write_durably(out / name, text.encode())
    write_durably(out / "overlay.toml", overlay_text(plan).encode())
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    write_durably(out / "plan.json", f"{text}\n".encode())
