"""What was observed at stations, car parks and the lanes of Noi Bai beside what is simulated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.experiments.day import Day, run_day
from sim.experiments.intervals import mean_interval
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps
from tests.evidence.page import interval_text, write_table
from tests.places import (
    full_at_h,
    gate_s,
    recognised,
    served_per_h,
    worst_half_hour_min,
    worst_minutes_to,
    worst_stop_minutes,
)

DAYS = 20
COLUMNS = ("observed", "source", "would agree", "simulated", "agrees", "first to doubt")

SATURATED = (
    "demand.arrivals.rate_per_min=[12]",
    "stations.entry.servers=9",
    "stations.places.servers=9000",
    "stations.exit.servers=1",
)
"""One lane out, and always somebody in front of it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario, and what is measured in each of its days.

    Attributes
    ----------
    measures : mapping of str to callable
        Figures by name; None where a day has no observation.
    """

    scenario: str
    measures: Mapping[str, Callable[[Day], float | None]]
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """Something that was published, and the range that would agree with it.

    Attributes
    ----------
    figure : tuple of str
        Case and measure it is compared with; several cases are divided, the first by the second.
    low, high : float
        What agrees with the observation.
    unknown : str
        The figure of the scenario that would explain a miss first.
    """

    text: str
    source: str
    figure: tuple[tuple[str, str], ...]
    low: float
    high: float
    unknown: str


CASES: dict[str, Case] = {
    "hanoi-station": Case(
        "hanoi-station",
        {
            "gate, s": lambda day: gate_s(day, "gate-face"),
            "QR gate, s": lambda day: gate_s(day, "gate-qr"),
            "recognised": lambda day: recognised(day, "gate-face"),
        },
    ),
    "hanoi-station-tet": Case(
        "hanoi-station-tet",
        {
            "gate, s": lambda day: gate_s(day, "gate-face"),
            "recognised": lambda day: recognised(day, "gate-face"),
            "missed": lambda day: float(day.summary["missed"]),
        },
    ),
    "han-t1-tet": Case(
        "han-t1-tet",
        {
            "officers, min": lambda day: worst_half_hour_min(day, "id-manual"),
            "face lanes, min": lambda day: worst_half_hour_min(day, "id-gate"),
        },
    ),
    "ben-thanh-holiday": Case(
        "ben-thanh-holiday", {"to the gates, min": lambda day: worst_minutes_to(day, "gates")}
    ),
    "parking-metro": Case(
        "parking-metro",
        {
            "full at, h": lambda day: full_at_h(day, "places"),
            "turned away": lambda day: float(day.summary["balked"]),
        },
    ),
    **{
        name: Case(
            name,
            {"lane, vehicles/h": lambda day: served_per_h(day, "exit", from_h=8, until_h=22)},
            SATURATED,
        )
        for name in ("parking-han-t1", "parking-han-t1-manual")
    },
    "metro-2a": Case(
        "metro-2a",
        {"ticket queue, min": lambda day: worst_half_hour_min(day, "cat-linh/ticket-machine")},
    ),
    "metro-2a-record": Case(
        "metro-2a-record",
        {
            "riders": lambda day: day.summary["exited"] / 2,
            "gates, worst stop and half hour, min": worst_stop_minutes,
        },
    ),
}

OBSERVED: tuple[Observation, ...] = (
    Observation(
        "3 to 5 s a passenger at the biometric gates of Hanoi Station, trial of August 2025",
        "VNA, 20 Aug 2025",
        (("hanoi-station", "gate, s"),),
        3.0,
        5.0,
        "stations.gate-face.service",
    ),
    Observation(
        "more than 98 % recognised there",
        "VNA, 20 Aug 2025",
        (("hanoi-station", "recognised"),),
        0.98,
        1.0,
        "stations.gate-face.match.errors",
    ),
    Observation(
        "about half faster than the QR gates, so these take 6 to 10 s",
        "VNA, 20 Aug 2025, derived",
        (("hanoi-station", "QR gate, s"),),
        6.0,
        10.0,
        "stations.gate-qr.service",
    ),
    Observation(
        "manual lanes queued at Noi Bai T1 on a peak day, 4 January 2026; read as 5 min or more",
        "kenh14, 4 Jan 2026",
        (("han-t1-tet", "officers, min"),),
        5.0,
        60.0,
        "stations.id-manual.servers and traits.wants_gate.share",
    ),
    Observation(
        "the biometric lanes there flowed; read as a minute at most",
        "kenh14, 4 Jan 2026",
        (("han-t1-tet", "face lanes, min"),),
        0.0,
        1.0,
        "traits.wants_gate.share",
    ),
    Observation(
        "about 15 min to get as far as the gates of Ben Thanh on 31 August 2025",
        "dantri, 31 Aug 2025",
        (("ben-thanh-holiday", "to the gates, min"),),
        10.0,
        20.0,
        "demand.flows.in.arrivals.profile and stations.gates.servers",
    ),
    Observation(
        "a lane passes 1.8 times as many vehicles with toll tags as by hand, pilot of 2024",
        "vir.com.vn, 2024",
        (("parking-han-t1", "lane, vehicles/h"), ("parking-han-t1-manual", "lane, vehicles/h")),
        1.7,
        1.9,
        "stations.exit.service by hand",
    ),
    Observation(
        "park-and-rides of the metro are full between 07:30 and 08:00",
        "dtinews, 21 Oct 2025",
        (("parking-metro", "full at, h"),),
        7.5,
        8.0,
        "demand.flows.park.arrivals.per_day",
    ),
    Observation(
        "3 to 4 min in the queue for a single ticket on line 2A, read as its busiest half hour",
        "dantri, 24 Sep 2025",
        (("metro-2a", "ticket queue, min"),),
        3.0,
        4.0,
        "stations.ticket-machine.servers and traits.single_ticket.share",
    ),
    Observation(
        "165,000 riders of line 2A on 1 September 2025",
        "vietnamnews.vn, Sep 2025",
        (("metro-2a-record", "riders"),),
        163_000.0,
        167_000.0,
        "demand of the stops, given; whether gates carry them is what the model adds",
    ),
)


def day(key: str) -> dict[str, float | None]:
    """One day of one case, ``CASE DAY``."""
    name, number = key.split()
    case = CASES[name]
    scenario = load_scenario(case.scenario, overrides=list(case.overrides))
    done = run_day(scenario, replication=int(number))
    return {figure: measure(done) for figure, measure in case.measures.items()}


def examine(steps: Steps) -> Finding:
    """All cases, with intervals over days, each observation beside them."""
    found = steps.each([f"{case} {number}" for case in CASES for number in range(DAYS)], day)
    figures: dict[str, Any] = {}
    for case in CASES:
        days = [found[f"{case} {number}"] for number in range(DAYS)]
        figures[case] = {name: _interval([each[name] for each in days]) for name in days[0]}
    rows = [_beside(observation, found) for observation in OBSERVED]
    write_table("validation.md", "places", COLUMNS, map(_row, rows))
    return Finding(passed=all(row["agrees"] for row in rows), figures={**figures, "rows": rows})


def _beside(observation: Observation, found: Mapping[str, Any]) -> dict[str, Any]:
    (case, figure), *others = observation.figure
    values = [found[f"{case} {number}"][figure] for number in range(DAYS)]
    for below, name in others:
        divisors = [found[f"{below} {number}"][name] for number in range(DAYS)]
        values = [value / divisor for value, divisor in zip(values, divisors, strict=True)]
    interval = _interval(values)
    return {
        "observed": observation.text,
        "source": observation.source,
        "agrees_from": observation.low,
        "agrees_to": observation.high,
        "simulated": interval,
        "agrees": observation.low <= interval["mean"] <= observation.high,
        "first_to_doubt": observation.unknown,
    }


def _row(beside: dict[str, Any]) -> tuple[str, ...]:
    """An observation as a row of the page; a miss says by how much."""
    low, high, found = beside["agrees_from"], beside["agrees_to"], beside["simulated"]
    digits = 0 if low > 1_000 else 3 if high <= 1 and low > 0.5 else 1 if high > 2 else 2
    off = max(low - found["mean"], found["mean"] - high)
    return (
        beside["observed"],
        beside["source"],
        f"{low:,g} to {high:,g}",
        interval_text(found, digits),
        "yes" if beside["agrees"] else f"no, by {off:,.{digits}f}",
        beside["first_to_doubt"],
    )


def _interval(values: list[float | None]) -> dict[str, Any]:
    """Mean and interval over the days that had an observation."""
    given = [value for value in values if value is not None]
    if not given:
        return {"mean": -1.0, "low": None, "high": None, "days": 0}
    found = mean_interval(given)
    return {"mean": found.mean, "low": found.low, "high": found.high, "days": len(given)}


CLAIM = Claim(
    "places",
    "What was published of Hanoi Station, the lanes of Noi Bai T1, Ben Thanh, the car parks of "
    "Noi Bai and of metro line 1, and of line 2A on its record day, is near what is simulated.",
    examine,
)
