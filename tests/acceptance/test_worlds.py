"""Worlds of shipped scenarios: the same people as alone, one log, every command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.events.log import COLUMNS, EventBlock, concat_blocks
from sim.experiments.day import Day, run_day
from sim.projections.audit.fold import audit
from sim.scenario.load import load_scenario
from tests.acceptance.test_command_line import sim

SMALL = 'set = { "demand.timetable.load_factor" = 0.1 }'
WORLD = f"""\
id = "both"
kind = "world"
date = 2026-01-14
draws = "alone"
[[facilities]]
id = "t3"
scenario = "sgn-t3"
{SMALL}
[[facilities]]
id = "can-tho"
scenario = "vca"
"""
ALONE = {"t3": ("sgn-t3", ["demand.timetable.load_factor=0.1"]), "can-tho": ("vca", [])}
NUMBERED = {"passenger", "station", "ref", "detail", "seq"}
"""Columns that count through the world, or hold trait bits that it has numbered anew."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of two airports."""
    path = tmp_path_factory.mktemp("world") / "both.toml"
    path.write_text(WORLD)
    return path


@pytest.fixture(scope="module")
def day(file: Path) -> Day:
    return run_day(load_scenario(file))


def all_events(day: Day) -> EventBlock:
    return concat_blocks(list(day.log.blocks()))


def test_each_facility_has_the_events_it_has_alone(day: Day) -> None:
    """With nothing shared, in order, once passengers and stations are numbered alike."""
    events, facility = all_events(day), day.log.tables.passengers["facility"]
    for number, each in enumerate(day.scenario.facilities):
        name, overrides = ALONE[each.id]
        alone = run_day(load_scenario(name, overrides=overrides))
        theirs = all_events(alone)
        theirs = theirs[theirs.passenger >= 0]
        rows = np.flatnonzero(facility == number)
        own = events[np.isin(events.passenger, rows)]
        person = np.full(len(facility), -1)
        person[rows] = np.arange(len(rows))
        stations = [f"{each.id}/{station}" for station in alone.log.stations]
        number_here = np.array([*map(day.log.stations.index, stations), -1])

        assert len(own) == len(theirs) > 10_000
        for column in set(COLUMNS) - NUMBERED:
            assert np.array_equal(getattr(own, column), getattr(theirs, column)), column
        assert np.array_equal(person[own.passenger], theirs.passenger)
        assert np.array_equal(own.station, number_here[theirs.station])
        for trait in alone.scenario.program().bits:
            mine = alone.log.tables.passengers[trait]
            assert np.array_equal(day.log.tables.passengers[trait][rows], mine), trait


def test_figures_are_those_of_each_facility(day: Day) -> None:
    """Persons add up, and every station stands under its facility."""
    summary = day.summary
    alone = {
        each: run_day(load_scenario(name, overrides=more)).summary
        for each, (name, more) in ALONE.items()
    }

    for each, own in alone.items():
        assert summary["facilities"][each]["passengers"] == own["passengers"]
        assert summary["facilities"][each]["missed"] == own["missed"]
        for station, figures in own["stations"].items():
            assert summary["stations"][f"{each}/{station}"]["wait_s"] == figures["wait_s"]
    assert summary["passengers"] == sum(own["passengers"] for own in alone.values())


def test_the_log_contradicts_nothing(day: Day) -> None:
    """The audit of a world is clean."""
    assert audit(day.log, day.scenario.spec) == ()


def test_facilities_vary_independently(file: Path) -> None:
    """By default two facilities of one scenario have different people."""
    text = 'id = "twins"\nkind = "world"\n' + "".join(
        f'[[facilities]]\nid = "t{number}"\nscenario = "vca"\n' for number in range(2)
    )
    path = file.parent / "twins.toml"
    path.write_text(text)
    passengers = run_day(load_scenario(path)).log.tables.passengers
    came = [passengers["arrival_us"][passengers["facility"] == number] for number in range(2)]
    both = min(map(len, came))

    assert len(came[0]) == len(came[1])  # flights are no chance
    assert (came[0][:both] != came[1][:both]).mean() > 0.9


def test_every_command_takes_a_world(file: Path, tmp_path: Path) -> None:
    """Check, run with a facility's figure set, verify by simulating again, fork, ask."""
    run, fork = str(tmp_path / "run"), str(tmp_path / "fork")
    fewer = "facilities.can-tho.stations.counter.servers=3"
    told = sim("run", str(file), "--set", fewer, "--out", run, "--json")
    document = json.loads(told.stdout)
    again = sim("verify", run, "--resimulate", "--json")
    forked = sim(
        "fork", run, "--at", "08:00", "--set", 'stations."t3/security".servers=2', "--out", fork
    )
    asked = sim("query", run, "select count(*) n from visits where station = 't3/counter'")

    assert sim("check", str(file)).returncode == 0
    assert document["stations"]["can-tho/counter"]["arrivals"] > 100
    assert json.loads(again.stdout)["resimulated"] is True
    assert forked.returncode == 0, forked.stderr
    assert asked.returncode == 0, asked.stderr
    assert "can-tho" in sim("run", str(file), "--out", str(tmp_path / "b")).stdout


def test_a_world_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    """Exit 2 and the faults, never a traceback."""
    path = tmp_path / "bad.toml"
    path.write_text('id = "w"\nkind = "world"\n[[facilities]]\nid = "a"\nscenario = "nowhere"\n')
    told = sim("run", str(path), "--out", str(tmp_path / "run"))

    assert told.returncode == 2
    assert 'bad.toml:5: facilities.a.scenario: "nowhere" is neither' in told.stderr
    assert "Traceback" not in told.stderr
