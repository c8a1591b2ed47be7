"""The whole country on one day: what it costs to simulate, what VNeID bears, and a drill."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.events.kinds import CODE, Kind
from sim.experiments.day import Day, run_day
from sim.experiments.drill import Outage, compared, with_outage
from sim.experiments.intervals import mean_interval
from sim.projections.audit import audit
from sim.reporting.drills import by_place
from sim.scenario.coherence.facilities import highest_servers
from sim.scenario.laws import mean_s
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from tests.evidence.claim import Claim, Finding, Steps

NAME = "national"
OUTAGE = Outage("vneid", 6 * 3600 + 1800, 7 * 3600)
BANDS_S = (60.0, 10.0)
"""Within how much of the undisturbed day's mean a place counts as recovered."""

ANSWER_BAND_S = 1.0
"""The same of VNeID's own answers."""

DAYS = 10
OUTCOMES = ("boarded", "missed", "exited", "reneged", "balked", "present")
HOUR_US = 3_600_000_000
DOC = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"
MARKS = ("<!-- national: begin -->", "<!-- national: end -->")

TIMED = """
import json, resource, sys, time
from sim.experiments.day import Timings, run_day
from sim.scenario.load import load_scenario
began = time.perf_counter()
scenario = load_scenario(sys.argv[1])
loaded = time.perf_counter()
run_day(scenario, replication=1)  # compiled code is loaded
ready = time.perf_counter()
timings = Timings()
day = run_day(scenario, timings=timings)
day.summary
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({
    **timings.as_dict(),
    "load_s": loaded - began,
    "day_s": time.perf_counter() - ready,
    "peak_memory_gb": peak / 1e6,
}))
"""


def part(key: str) -> dict[str, Any]:
    """``time``, ``reference``, ``load``, or ``drill N`` for one day of the drill."""
    kind, _, number = key.partition(" ")
    if kind == "time":
        return _timed()
    scenario = load_scenario(NAME)
    match kind:
        case "reference":
            return {"chain_head": run_day(scenario, engine="reference").chain_head}
        case "load":
            return _load(scenario)
        case _:
            return _drilled(scenario, int(number))


def examine(steps: Steps) -> Finding:
    """The day by both engines, its load, and the drill on several days."""
    timed = steps.each(["time"], part, processes=1)["time"]
    drills = [f"drill {number}" for number in range(DAYS)]
    found = steps.each(["reference", "load", *drills], part)
    load, days = found["load"], [found[key] for key in drills]
    places = _over_days([day["places"] for day in days])
    text = _table(places) + "\n\n" + _load_table(load)
    _write(text)
    return Finding(
        passed=found["reference"]["chain_head"] == load["chain_head"]
        and not load["contradictions"]
        and load["persons_lost"] == 0
        and load["busiest_share"] < 1
        and all(row["extra_passenger_min"]["days"] == DAYS for row in places.values())
        and all(day["answers_recovered_after_min"] is not None for day in days),
        figures={
            "timed": timed,
            "engines_agree": found["reference"]["chain_head"] == load["chain_head"],
            "load": load,
            "outage": {"station": "vneid", "from": "06:30", "until": "07:00"},
            "answers_recovered_after_min": [each["answers_recovered_after_min"] for each in days],
            "missed_more": [each["missed_more"] for each in days],
            "places": places,
        },
    )


def _timed() -> dict[str, Any]:
    """Wall time and memory of a day by the compiled engine, in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-c", TIMED, NAME], capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout)


def _load(scenario: Scenario) -> dict[str, Any]:
    """What the day is made of, and what asks VNeID by the hour."""
    day = run_day(scenario)
    summary = day.summary
    vneid = day.log.stations.index("vneid")
    asked_us = [
        block.at_us[(block.kind == CODE[Kind.QUEUE_JOINED]) & (block.station == vneid)]
        for block in day.log.blocks()
    ]
    journeys = np.bincount(np.concatenate(asked_us) // HOUR_US, minlength=24)[:24]
    background = next(each for each in scenario.spec.background if each.station == "vneid")
    station = next(each for each in scenario.spec.stations if each.id == "vneid")
    grown = sum(
        float(each.services) * float(each.per_day_each) * float(each.in_use)
        for each in background.growth
    )
    total = float(background.per_day) + grown
    weights = np.array([float(hour) for hour in background.hours])
    others = total * weights / weights.sum()
    assert station.service
    answer_s = mean_s(station.service[-1])
    busy = (journeys * answer_s + others * float(background.service_s)) / 3600
    servers = highest_servers(station)
    worst = sorted(
        (
            (figures["worst_half_hour"]["mean_s"] / 60, name)
            for name, figures in summary["stations"].items()
            if figures["worst_half_hour"] and not name.endswith("/boarding")
        ),
        reverse=True,
    )
    return {
        "facilities": len(scenario.facilities),
        "stations": len(day.log.stations),
        "passengers": summary["passengers"],
        "events": summary["events"],
        "chain_head": day.chain_head,
        "contradictions": [each.message for each in audit(day.log, scenario.spec)],
        "persons_lost": summary["passengers"] - sum(summary[each] for each in OUTCOMES),
        "outcomes": {each: summary[each] for each in OUTCOMES},
        "requests_of_journeys": int(journeys.sum()),
        "requests_of_others": round(total),
        "by_hour": [
            {
                "hour": hour,
                "journeys_per_s": round(float(journeys[hour]) / 3600, 2),
                "others_per_s": round(float(others[hour]) / 3600, 1),
                "share_of_capacity": round(float(busy[hour]) / servers, 3),
            }
            for hour in range(24)
        ],
        "busiest_share": float(busy.max()) / servers,
        "worst_half_hours_min": {name: round(minutes, 1) for minutes, name in worst[:12]},
    }


def _drilled(scenario: Scenario, number: int) -> dict[str, Any]:
    """One day with and without the outage."""
    failing = with_outage(scenario, OUTAGE)
    calm, disturbed = (run_day(each, replication=number) for each in (scenario, failing))
    by_band = [_compared(scenario, calm, disturbed, band_s=band) for band in BANDS_S]
    figures, _ = compared(calm, disturbed, outage=OUTAGE, band_s=ANSWER_BAND_S)
    (coarse, missed), (fine, _) = by_band
    found = audit(disturbed.log, failing.spec)
    assert not found, found
    return {
        "missed_more": missed,
        "answers_recovered_after_min": figures["stations"]["vneid"]["recovered_after_min"],
        "worst_answer_s": figures["stations"]["vneid"]["worst_s"],
        "places": {
            name: {
                **{key: row[key] for key in ("extra_passenger_min", "delayed", "missed_more")},
                "recovered_after_min": row["recovered_after_min"],
                "recovered_to_10_s_after_min": fine[name]["recovered_after_min"],
            }
            for name, row in coarse.items()
        },
    }


def _compared(
    scenario: Scenario, calm: Day, disturbed: Day, *, band_s: float
) -> tuple[dict[str, Any], int]:
    figures, _ = compared(calm, disturbed, outage=OUTAGE, band_s=band_s)
    return by_place(scenario, figures["facilities"]), figures["missed_more"]


def _over_days(days: list[dict[str, Any]]) -> dict[str, Any]:
    """Means with intervals by place; who does not recover on a day counts for none."""
    found = dict[str, Any]()
    for name, first in days[0].items():
        found[name] = {}
        for key in first:
            values = [day[name][key] for day in days if day[name][key] is not None]
            interval = mean_interval(values) if len(values) > 1 else None
            found[name][key] = {
                "mean": float(np.mean(values)) if values else None,
                "low": interval.low if interval else None,
                "high": interval.high if interval else None,
                "days": len(values),
            }
    return found


def _table(places: Mapping[str, Any]) -> str:
    """The drill by place, worst first, places without any cost in one line."""
    lines = [
        "| place | passenger minutes more | a minute late, persons | normal again, min after |",
        "|---|---:|---:|---:|",
    ]
    order = sorted(places.items(), key=lambda each: -each[1]["extra_passenger_min"]["mean"])
    without = [name for name, row in order if not _is_touched(row)]
    for name, row in order:
        if name in without:
            continue
        cost, late = row["extra_passenger_min"], row["recovered_to_10_s_after_min"]
        half = (cost["high"] - cost["low"]) / 2
        when = "not that day" if late["mean"] is None else f"{late['mean']:.0f}"
        cells = (
            f"`{name}`",
            f"{cost['mean']:,.0f} ± {half:,.0f}",
            f"{row['delayed']['mean']:,.0f}",
        )
        lines.append(f"| {' | '.join(cells)} | {when} |")
    named = ", ".join(f"`{name}`" for name in without)
    return "\n".join(lines) + f"\n\nNothing to speak of, less than half a minute: {named}."


def _is_touched(row: Mapping[str, Any]) -> bool:
    return abs(row["extra_passenger_min"]["mean"]) >= 0.5 or row["delayed"]["mean"] > 0


def _load_table(load: Mapping[str, Any]) -> str:
    """Requests a second by hour, with the share of the service's capacity they take."""
    lines = [
        "| hour | requests of journeys, 1/s | of public services, 1/s | share of capacity |",
        "|---:|---:|---:|---:|",
    ]
    for row in load["by_hour"]:
        cells = (
            f"{row['hour']:02}",
            f"{row['journeys_per_s']:.1f}",
            f"{row['others_per_s']:.0f}",
            f"{row['share_of_capacity']:.0%}".replace("%", " %"),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _write(text: str) -> None:
    begin, end = MARKS
    before, _, rest = DOC.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    DOC.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


CLAIM = Claim(
    "national",
    "The whole country is one audited day, the same by both engines; VNeID bears it, and half an "
    "hour without it costs what the table in docs/scenarios.md says, place by place.",
    examine,
)
