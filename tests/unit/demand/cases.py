"""Scenarios for these tests, and their workloads by who and what rather than by row."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.sample import Trace, sample
from sim.demand.workload import SideTables, Workload
from sim.scenario.program import Program, build_program
from sim.scenario.spec import ScenarioSpec


@dataclass(frozen=True)
class Asked:
    """A scenario as the sampler sees one."""

    spec: ScenarioSpec
    trace: Trace | None = None


@dataclass(frozen=True)
class Replay:
    """A trace."""

    arrival_us: NDArray[np.int64]
    service_us: NDArray[np.int64]


def constant(seconds: float) -> dict[str, Any]:
    return {"law": "deterministic", "mean_s": seconds}


def exponential(seconds: float) -> dict[str, Any]:
    return {"law": "exponential", "mean_s": seconds}


def lognormal(seconds: float, cv: float = 0.5, **more: Any) -> dict[str, Any]:
    return {"law": "lognormal", "mean_s": seconds, "cv": cv, **more}


def poisson(rate_per_s: float, **more: Any) -> dict[str, Any]:
    return {"arrivals": {"law": "poisson", "rate_per_s": rate_per_s, **more}}


def generic(**changes: Any) -> dict[str, Any]:
    """One desk, one arrival a second for an hour."""
    scenario: dict[str, Any] = {
        "id": "desk",
        "kind": "generic",
        "horizon_s": 3600,
        "demand": poisson(1.0),
        "stations": [{"id": "desk", "servers": 3, "service": exponential(1.0)}],
        "journey": [{"station": "desk"}],
    }
    return scenario | changes


def airport() -> dict[str, Any]:
    """A small terminal with everything a workload may hold."""
    return copy.deepcopy(_AIRPORT)


_AIRPORT: dict[str, Any] = {
    "id": "terminal",
    "kind": "airport",
    "date": "2025-12-01",
    "day_starts": "02:00",
    "demand": {
        "timetable": {
            "per_hour": [0] * 5 + [3, 5, 4, 0, 0, 2] + [0] * 13,
            "load_factor": 0.5,
            "aircraft": [
                {"id": "A321", "seats": 184, "share": 0.75},
                {"id": "ATR72", "seats": 70, "share": 0.25},
            ],
            "carriers": [
                {"id": "VN", "share": 0.6, "trait": "vneid_carrier"},
                {"id": "QH", "share": 0.4},
            ],
        },
        "party_sizes": [0.5, 0.28, 0.1, 0.12],
        "show_up": [
            {"when": "bag", "mean_min": 105, "sd_min": 32},
            {"mean_min": 85, "sd_min": 30},
        ],
        "first_wave": {"before": "06:00", "factor": 0.8},
    },
    "traits": [
        {"id": "vneid_carrier"},
        {"id": "bag", "share": 0.6, "spread": "any"},
        {"id": "special", "share": 0.1},
        {"id": "child", "share": 0.13, "per": "party"},
        {"id": "vneid", "shares": [{"when": "special", "share": 0.5}, {"share": 0.9}]},
        {"id": "enrolled", "when": "vneid and not child", "share": 0.6, "spread": "all"},
        {"id": "impostor", "share": 0.01},
    ],
    "stations": [
        {
            "id": "counter",
            "servers": 8,
            "per": "party",
            "extra_person_share": 0.75,
            "service": [lognormal(200, 0.6, when="special"), lognormal(120, 0.55)],
            "patience": exponential(3600),
            "walk": {"law": "uniform", "low_s": 30, "high_s": 90},
        },
        {"id": "kiosk", "servers": 6, "service": lognormal(65, 0.6)},
        {
            "id": "id-gate",
            "servers": 4,
            "service": lognormal(7, 0.4),
            "match": {
                "mode": "1:N",
                "gallery": "departure",
                "attempts": 3,
                "errors": [{"when": "special", "share": 0.2}, {"share": 0.1}],
                "error_correlation": 0.5,
                "false_accept": 0.02,
                "retry": lognormal(8, 0.4),
            },
        },
        {"id": "security", "servers": 5, "service": lognormal(24)},
        {"id": "matcher", "servers": 2, "service": exponential(0.2)},
        {"id": "boarding", "servers": 9, "lanes": "by_departure", "service": lognormal(5.5)},
    ],
    "journey": [
        {
            "id": "check-in",
            "choose": "prefer",
            "switch_after": exponential(600),
            "options": [
                {"station": "counter", "share": 0.6},
                {"station": "kiosk", "share": 0.4},
            ],
        },
        {
            "station": "id-gate",
            "calls": [{"station": "matcher", "after_share": 0.5}],
            "walk": lognormal(40),
        },
        {"station": "security"},
        {
            "station": "boarding",
            "boards": True,
            "opens_before_min": 40,
            "closes_before_min": 15,
        },
    ],
    "policy": [
        {
            "id": "directive-24",
            "effective": "2025-12-01",
            "restrict": [{"station": "counter", "to": "bag or special"}],
        }
    ],
    "outages": [{"station": "id-gate", "from": "06:00", "until": "06:30"}],
    "failures": [{"station": "id-gate", "mtbf_h": 2, "mttr_min": 20}],
}


def asked(scenario: dict[str, Any], trace: Trace | None = None) -> tuple[Asked, Program]:
    """A scenario from plain data, and its program."""
    spec = ScenarioSpec.model_validate(copy.deepcopy(scenario))
    return Asked(spec, trace), build_program(spec)


def sampled(
    scenario: dict[str, Any],
    *,
    seed: int = 1,
    replication: int = 0,
    trace: Trace | None = None,
) -> Workload:
    """The workload of a scenario from plain data."""
    question, program = asked(scenario, trace)
    return sample(question, program=program, seed=seed, replication=replication)


def columns_of(workload: Workload) -> dict[str, NDArray]:
    """Every array of a workload by its name."""
    columns = {
        field.name: getattr(workload, field.name)
        for field in fields(workload)
        if field.name != "tables" and getattr(workload, field.name) is not None
    }
    tables: SideTables = workload.tables
    for name, table in tables:
        columns |= {f"{name}.{column}": values for column, values in table.columns.items()}
    return columns


def digest(workload: Workload) -> str:
    """One hash of every value of a workload."""
    total = hashlib.sha256()
    for name, values in columns_of(workload).items():
        content = repr(values.tolist()).encode() if values.dtype == object else values.tobytes()
        total.update(f"{name} {values.shape} ".encode() + content)
    return total.hexdigest()


def draws_by_identity(scenario: dict[str, Any], *, seed: int = 1) -> dict[str, dict]:
    """Each kind of draw of each person, by departure id and birth instead of row."""
    question, program = asked(scenario)
    workload = sample(question, program=program, seed=seed)
    passengers = workload.tables.passengers
    flights = [*workload.tables.departures["id"].tolist(), "no departure"]
    people = [
        (flights[departure], birth)
        for departure, birth in zip(
            passengers["departure"].tolist(), passengers["birth"].tolist(), strict=True
        )
    ]

    def by_person(values: NDArray) -> dict:
        return dict(zip(people, values.tolist(), strict=True))

    draws = {"arrival": by_person(workload.arrival_us)}
    draws["party size"] = by_person(workload.party_size)
    for trait in program.bits:
        draws[f"trait {trait}"] = by_person(passengers[trait])
    for slot in program.slots:
        rows = workload.first[:-1] + slot.index
        place = f"{program.steps[slot.step].id}/{slot.spec.id}"
        for name in ("service_us", "walk_us", "patience_us", "accepted_on"):
            draws[f"{name} {place}"] = by_person(getattr(workload, name)[rows])
        for name in ("retry_us", "call_us"):
            for number, column in enumerate(getattr(workload, name)[rows].T):
                if column.any():  # other slots may have more attempts or calls
                    draws[f"{name} {number} {place}"] = by_person(column)
    for step in program.steps:
        for name in ("choice", "second_choice", "switch_us"):
            if getattr(workload, name).shape[1]:
                draws[f"{name} {step.id}"] = by_person(getattr(workload, name)[:, step.index])
    outages = zip(
        workload.outage_station.tolist(),
        workload.outage_server.tolist(),
        workload.outage_at_us.tolist(),
        workload.outage_is_end.tolist(),
        strict=True,
    )
    draws["outages"] = {(program.stations[station], *rest): True for station, *rest in outages}
    return draws
