"""Every shipped scenario, however many: one log from both engines, nobody lost, forks, draws."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from sim.demand.sample import sample
from sim.demand.workload import Workload
from sim.engine.network import build_network
from sim.experiments.day import Day, run_day
from sim.experiments.fork import fork_run
from sim.projections.audit import audit
from sim.projections.snapshots import ALWAYS
from sim.projections.state_at import StateAt
from sim.scenario.clock import to_us
from sim.scenario.find import builtin_scenarios
from sim.scenario.load import load_scenario
from sim.scenario.program import Program
from sim.scenario.scenario import Scenario
from tests.contracts.engine.probe import Place, probes
from tests.evidence.claim import Claim, Finding, Steps

DAYS = 3
"""Days audited; the first is simulated by both engines."""

PLACES = 12
"""Instants of the first day at which states are compared, at least every so many events."""

NOON_US = to_us(12 * 3600)
OUTCOMES = ("boarded", "missed", "exited", "reneged", "balked", "present")
PEOPLE = ("arrival_us", "party", "party_size", "is_lead", "departure", "traits", "first")
DRAWS = ("walk_us", "patience_us", "accepted_on", "retry_us", "call_us")
CHOICES = ("choice", "second_choice", "switch_us")


APART = {"national"}
"""Scenarios with a claim of their own: the whole country by the readable engine takes long."""


def examined(name: str) -> dict[str, Any]:
    """Everything that is asked of one scenario."""
    scenario = load_scenario(name)
    with TemporaryDirectory() as folder:
        parent = Path(folder) / "run"
        day = run_day(scenario, out=parent)
        contradictions = list[str]()
        lost = 0
        for number in range(DAYS):
            each = day if number == 0 else run_day(scenario, replication=number)
            contradictions += [found.message for found in audit(each.log, scenario.spec)]
            ends = sum(each.summary[outcome] for outcome in OUTCOMES)
            lost += each.summary["passengers"] - ends
        station = busiest(scenario, day)
        found = {
            "passengers": day.summary["passengers"],
            "events": day.summary["events"],
            "chain_head": day.chain_head,
            "contradictions": contradictions,
            "persons_lost": lost,
            "engines_agree": run_day(scenario, engine="reference").chain_head == day.chain_head,
            "state_differences": states_apart(scenario, events=day.summary["events"]),
            "changed": station,
            "fork": forked(parent, day, station, scenario),
        }
    found["draws_moved"] = draws_moved(name, scenario, station)
    return found


def busiest(scenario: Scenario, day: Day) -> str:
    """The station that most customers come to by themselves, boarding and stays apart."""
    program, stations = scenario.program(), {each.id: each for each in scenario.spec.stations}
    boards = {slot.station for slot in program.slots if slot.visit.boards}
    shared = _of_other_facilities(scenario)
    names = {program.stations[slot.station] for slot in program.slots if slot.station not in boards}
    open_to = [name for name in names if stations[name].kind != "parking-places"]
    return max(
        sorted(set(open_to) - shared),
        key=lambda name: day.summary["stations"][name]["arrivals"],
    )


def states_apart(scenario: Scenario, *, events: int) -> int:
    """Instants at which a state from a snapshot is not the one from the start, or the engine's."""
    program = scenario.program()
    day = sample(scenario, program=program, seed=1, replication=0)
    whole = StateAt(ALWAYS, stations=program.stations)
    resumed = StateAt(ALWAYS, stations=program.stations)
    apart = 0
    every = max(1_000, events // PLACES)
    for probe, block in probes(build_network(scenario.spec, program), day, every=every):
        whole.update(block)
        resumed.update(block)
        state = whole.result()
        apart += resumed.result() != state
        apart += tuple(map(Place.told, state.stations)) != probe.places
        resumed = StateAt.resumed(ALWAYS, stations=program.stations, snapshot=whole.snapshot())
    return apart


def forked(parent: Path, day: Day, station: str, scenario: Scenario) -> dict[str, Any]:
    """A fork without changes, and forks with another staffing from noon by both engines."""
    same = fork_run(parent, at_us=NOON_US, out=parent.with_name("same"))
    key = f"stations.{json.dumps(station)}.servers"
    found = dict[str, Any]()
    for servers in (1, 2):  # whichever is a change
        forks = [
            fork_run(
                parent,
                at_us=NOON_US,
                changes=[f"{key}={servers}"],
                out=parent.with_name(f"{engine}-{servers}"),
                engine=engine,
            )
            for engine in ("compiled", "reference")
        ]
        heads = {fork.day.chain_head for fork in forks}
        found = {
            "without_changes_is_the_parent": same.day.chain_head == day.chain_head,
            "events_before": forks[0].prefix.before,
            "events_in_common": forks[0].prefix.common,
            "engines_agree": len(heads) == 1,
            "is_another_day": day.chain_head not in heads,
            "contradictions": len(audit(forks[0].day.log, scenario.spec)),
        }
        if found["is_another_day"]:
            break
    return found


def draws_moved(name: str, scenario: Scenario, station: str) -> list[str]:
    """Columns that moved, other than one station's service times when its law is another."""
    law = '{law="exponential", mean_s=77, source="chosen: this examination"}'
    key = f"stations.{json.dumps(station)}.service"
    other = load_scenario(name, overrides=[f"{key}={law}"])
    program = scenario.program()
    before, after = (
        sample(each, program=each.program(), seed=1, replication=0) for each in (scenario, other)
    )
    moved = [
        column
        for column in (*PEOPLE, *DRAWS, *CHOICES)
        if not np.array_equal(getattr(before, column), getattr(after, column))
    ]
    changed = np.flatnonzero(before.service_us != after.service_us)
    own = _rows_of(program, before, program.stations.index(station))
    if not len(changed):
        moved.append("no service time at all")
    if not np.isin(changed, own).all():
        moved.append("service_us elsewhere")
    return moved


def examine(steps: Steps) -> Finding:
    """All scenarios that are shipped."""
    names = [name for name in builtin_scenarios() if name not in APART]
    found = steps.each(names, examined)
    failing = sorted(name for name, each in found.items() if not holds(each))
    return Finding(
        passed=not failing,
        figures={
            "scenarios": len(found),
            "days_audited": DAYS * len(found),
            "events_of_the_first_days": sum(each["events"] for each in found.values()),
            "failing": failing,
            "by_scenario": found,
        },
    )


def holds(found: dict[str, Any]) -> bool:
    """Whether a scenario has everything that is asked."""
    fork = found["fork"]
    return (
        not found["contradictions"]
        and found["persons_lost"] == 0
        and found["engines_agree"]
        and found["state_differences"] == 0
        and not found["draws_moved"]
        and fork["without_changes_is_the_parent"]
        and fork["events_in_common"] >= fork["events_before"] > 0
        and fork["engines_agree"]
        and fork["is_another_day"]
        and fork["contradictions"] == 0
    )


def _rows_of(program: Program, day: Workload, station: int) -> np.ndarray:
    """Rows of the draws that belong to a station."""
    own = [slot.index for slot in program.slots if slot.station == station]
    if day.route is not None:
        return np.flatnonzero(np.isin(day.route, own))
    rows = list[np.ndarray]()
    for slot in own:
        step = program.slots[slot].step
        first = day.first[:-1]
        if day.journey is not None:
            number = next(
                n for n, j in enumerate(program.journeys) if j.first_step <= step < j.end_step
            )
            first = first[day.journey == number]
        rows.append(first + slot)
    return np.concatenate(rows)


def _of_other_facilities(scenario: Scenario) -> set[str]:
    """Stations that people of several facilities come to: who has to set out earlier changes."""
    return {name for each in scenario.facilities for name in each.elsewhere.values()}


CLAIM = Claim(
    "every-scenario",
    "Of every shipped scenario both engines give one log, audited days lose nobody, states from "
    "snapshots are the engine's, a fork has its parent's past, and a change at one station moves "
    "no other draw.",
    examine,
)
