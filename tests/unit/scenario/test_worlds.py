"""Worlds: several facilities put together from their own files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from sim.scenario.dated import scenario_on
from sim.scenario.figures import Figure
from sim.scenario.load import load_scenario, scenario_from_document
from sim.scenario.provenance import figures
from sim.scenario.scenario import Scenario
from sim.scenario.world_spec import settings
from sim.scenario.world_union import facility_ids, listed_stations
from tests.unit.scenario.cases import MINIMAL, faults_when, texts

GATE = """\
id = "gate"
kind = "generic"
horizon_s = 3600
[demand]
arrivals = { law = "poisson", rate_per_s = 0.2 }
[[traits]]
id = "early"
share = 0.3
[[stations]]
id = "gate"
servers = { value = 3, source = "counted" }
service = { law = "exponential", mean_s = 4 }
[[stations]]
id = "vneid"
servers = 9
service = { law = "exponential", mean_s = 1 }
[[journey]]
station = "gate"
calls = [{ station = "vneid", after_share = 0.5 }]
on_reject = "leave"
[[journey]]
id = "again"
station = "gate"
when = "early"
[[targets]]
station = "gate"
share = 0.9
within_s = 60
[[targets]]
station = "vneid"
share = 0.9
within_s = 1
"""

WORLD = """\
id = "both"
kind = "world"
date = 2026-01-14

[[facilities]]
id = "east"
scenario = "gate.toml"
shared = ["vneid"]
[facilities.set]
"stations.gate.servers" = 4
"demand.arrivals.rate_per_s" = { value = 0.1, source = "guess" }

[[facilities]]
id = "west"
scenario = "gate"
overlay = ["wider.toml"]
shared = ["vneid"]

[[facilities]]
id = "hall"
scenario = "mm3.toml"

[[stations]]
id = "vneid"
servers = { value = 2, source = "assumed" }
service = { law = "exponential", mean_s = 2 }

[[targets]]
station = "hall/desk"
share = 0.5
within_s = 9

[[outages]]
station = "west/gate"
from = "00:10"
until = "00:20"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a world and its facilities."""
    files = {
        "gate.toml": GATE,
        "wider.toml": '[[stations]]\nid = "gate"\nservers = 7\n',
        "mm3.toml": MINIMAL.replace("warmup_s = 10_000\n", ""),
        "both.toml": WORLD,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def world(folder: Path) -> Scenario:
    return load_scenario(folder / "both.toml")


def servers(world: Scenario) -> dict[str, float]:
    plans = {each.id: each.servers for each in world.spec.stations}
    return {name: plan.value for name, plan in plans.items() if isinstance(plan, Figure)}


def test_stations_go_by_their_facility(world: Scenario) -> None:
    """Ids are ``facility/station`` but for what is shared, which stands last and once."""
    assert servers(world) == {
        "east/gate": 4,
        "west/gate": 7,
        "hall/desk": 3,
        "vneid": 2,
    }
    assert facility_ids(world.spec) == ("east", "west", "hall")
    assert [each["id"] for each in listed_stations(world.document)] == [
        "vneid", "east/gate", "west/gate", "hall/desk",
    ]  # fmt: skip


def test_journeys_stand_end_to_end(world: Scenario) -> None:
    """Steps, calls and outcomes keep within their facility; calls go to what is shared."""
    program = world.program()

    assert [step.id for step in program.steps] == [
        "east/gate", "east/again", "west/gate", "west/again", "hall/desk",
    ]  # fmt: skip
    assert [(way.first_step, way.end_step) for way in program.journeys] == [(0, 2), (2, 4), (4, 5)]
    assert [call.station for call in program.slots[2].visit.calls] == ["vneid"]
    assert program.bits == {"early": 0}


def test_what_a_facility_says_of_a_shared_station_counts_for_nothing(world: Scenario) -> None:
    """Neither its servers nor its targets; the world's own are added."""
    assert [each.station for each in world.spec.targets] == ["east/gate", "west/gate", "hall/desk"]
    assert [each.station for each in world.spec.outages] == ["west/gate"]
    assert all(
        {s.id: s for s in each.scenario.spec.stations}["vneid"].servers
        == world.spec.stations[-1].servers
        for each in world.facilities
        if each.shared
    )


def test_a_world_is_made_again_from_its_document(world: Scenario, tmp_path: Path) -> None:
    """As plain JSON, without any of its files; the digest is the same."""
    again = scenario_from_document(json.loads(json.dumps(world.document)))

    assert again.digest == world.digest
    assert again.spec == world.spec
    assert again.document == world.document


def test_overrides_reach_into_facilities(folder: Path) -> None:
    """By ``facilities.<id>.`` or by the station's name in the world; they win over `set`."""
    world = load_scenario(
        folder / "both.toml",
        overrides=[
            "facilities.east.stations.gate.servers=5",
            'stations."west/gate".servers=6',
            "stations.vneid.servers=1",
            "facilities.hall.draws=alone",
        ],
    )

    assert servers(world) == {"east/gate": 5, "west/gate": 6, "hall/desk": 3, "vneid": 1}
    assert [each.place for each in world.facilities] == ["east", "west", ""]


def test_figures_say_where_they_are(world: Scenario) -> None:
    """Every figure of every facility, and of what is shared, with its source."""
    rows = {row.key: row for row in figures(world)}

    assert rows["stations.vneid.servers"].source == "assumed"
    assert rows["facilities.east.demand.arrivals.rate_per_s"].source == "guess"
    assert rows["facilities.east.stations.gate.servers"].source == ""
    assert rows["facilities.west.stations.gate.servers"].path.endswith("wider.toml")


def test_another_day_is_that_day_in_every_facility(world: Scenario) -> None:
    """Without calendars only the dates change."""
    later = scenario_on(world, date(2026, 2, 10))

    assert later.spec.date == date(2026, 2, 10)
    assert {each.scenario.spec.date for each in later.facilities} == {date(2026, 2, 10)}
    assert servers(later) == servers(world)


def test_settings_are_read_however_they_are_written() -> None:
    """Quoted keys, tables in tables, figures and laws."""
    written = {
        "stations.gate.servers": 4,
        "title": {"vi": "a", "en": "b"},
        "stations": {"desk": {"service": {"law": "exponential", "mean_s": 3}}},
        "demand": {"arrivals": {"rate_per_s": {"value": 2, "source": "x"}}},
    }

    assert dict(settings(written)) == {
        "stations.gate.servers": 4,
        "title.vi": "a",
        "title.en": "b",
        "stations.desk.service": {"law": "exponential", "mean_s": 3},
        "demand.arrivals.rate_per_s": {"value": 2, "source": "x"},
    }


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "west"', 'id = "east"', "east stands twice in facilities; give each its own id"),
        ('"gate.toml"', '"nowhere"', '"nowhere" is neither a file beside this one nor a built-in'),
        ('["wider.toml"]', '["no.toml"]', '"no.toml" is neither a file beside this one'),
        ('"hall/desk"', '"hall/dask"', "there is no station hall/dask; did you mean hall/desk?"),
        ('shared = ["vneid"]\n[fac', 'shared = ["gate"]\n[fac', "the world has no station gate"),
        ('"mm3.toml"', '"mm3.toml"\nshared = ["vneid"]', "hall has no station vneid"),
        ('servers" = 4', 'servirs" = 4', "unknown key; did you mean servers?"),
        ('from = "00:10"', 'servers = [9]\nfrom = "00:10"', "outages"),
        ("[[targets]]", "[[tragets]]", "unknown key; did you mean targets?"),
        (
            'service = { law = "exponential", mean_s = 2 }',
            'service = [{ law = "exponential", mean_s = 2, when = "late" }]',
            "no facility has a trait late",
        ),
    ],
)
def test_what_does_not_fit_is_told(folder: Path, old: str, new: str, fault: str) -> None:
    """In words, with the place in the world's file or in the facility's."""
    path = folder / "both.toml"
    path.write_text(WORLD.replace(old, new, 1))

    found = texts(faults_when(lambda: load_scenario(path)))

    assert any(fault in text for text in found), found


def test_all_faults_are_told_at_once(folder: Path) -> None:
    """Of the world, of two facilities and of the command line."""
    (folder / "both.toml").write_text(WORLD.replace('"hall/desk"', '"desk"'))
    (folder / "mm3.toml").write_text(MINIMAL.replace("servers = 3", "servers = -3"))
    overrides = ["facilities.east.stations.gate.serfers=1", "facilities.south.date=2026-01-01"]

    found = texts(faults_when(lambda: load_scenario(folder / "both.toml", overrides=overrides)))

    assert len(found) == 3
    assert any("there is no facility south" in text for text in found)
    assert any("stations.gate.serfers: unknown key" in text for text in found)
    assert any("mm3.toml:11: stations.desk.servers" in text for text in found)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("end_of_run = 'cut'\n", "is cut at its horizon"),
        ("warmup_s = 60\n", "has warmup_s = 60, the world 0"),
    ],
)
def test_what_belongs_to_the_world_is_refused_in_a_facility(
    folder: Path, change: str, fault: str
) -> None:
    """Where a day ends, and what is measured of it, is one for all."""
    (folder / "gate.toml").write_text(GATE.replace("horizon_s", f"{change}horizon_s", 1))

    found = texts(faults_when(lambda: load_scenario(folder / "both.toml")))

    assert sum(fault in text for text in found) == 2


def test_facilities_of_different_days_need_one(folder: Path) -> None:
    """Without a date of the world, facilities agree on one."""
    head = 'id = "both"\nkind = "world"\n'
    entries = [
        f'[[facilities]]\nid = "f{n}"\nscenario = "mm3.toml"\nset = {{ date = 2026-01-1{n} }}\n'
        for n in range(2)
    ]
    (folder / "both.toml").write_text(head + "".join(entries))

    assert "date: missing; f0 is of 2026-01-10 and f1 of 2026-01-11" in "\n".join(
        texts(faults_when(lambda: load_scenario(folder / "both.toml")))
    )
