"""Schedules as scenarios use them: read with the file, kept in the document, read for other days."""

# ruff: noqa: E501 - a case is easier to read on one line

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.demand.departures import departures_of
from sim.errors import ScenarioError
from sim.scenario.dated import scenario_on
from sim.scenario.load import load_scenario, scenario_from_document
from sim.scenario.provenance import figures
from sim.scenario.scenario import Scenario
from tests.unit.scenario.schedules.files import FEED, made_up_ssim, zipped

AIRPORT = """\
id = "gate"
kind = "airport"
date = 2026-06-12

[demand.schedule]
file = "s26.ssim"
format = "ssim"
airport = "SGN"
load_factor = { value = 0.8, source = "assumed" }
aircraft = [{ id = "321", seats = 200 }]
carriers = [{ id = "VJ", trait = "busy" }]

[[demand.show_up]]
mean_min = 90
sd_min = 30

[[traits]]
id = "busy"

[[stations]]
id = "boarding"
servers = 2
service = { law = "deterministic", mean_s = 1 }

[[journey]]
station = "boarding"
boards = true
opens_before_min = 40
closes_before_min = 0
"""

METRO = """\
id = "exit"
kind = "generic"
date = 2026-06-12
horizon_s = 86_400

[demand.arrivals]
law = "platoon"
size = 50
spread_s = 30
schedule = { file = "feed.zip", format = "gtfs", stop = "BT", direction = "departures" }

[[stations]]
id = "gates"
servers = 4
service = { law = "deterministic", mean_s = 2 }

[[journey]]
station = "gates"
"""


def put(folder: Path, text: str = AIRPORT, *changes: tuple[str, str]) -> Path:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "s26.ssim").write_bytes(made_up_ssim())
    (folder / "feed.zip").write_bytes(zipped(FEED))
    path = folder / "case.toml"
    path.write_text(text)
    return path


def booked(scenario: Scenario) -> dict[str, int]:
    found = departures_of(scenario.spec)
    return dict(zip(found.id.tolist(), found.persons.tolist(), strict=True))


def told(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    return [str(fault) for fault in error.value.faults]


def test_departures_are_those_of_the_file(tmp_path: Path) -> None:
    """Seats from the configuration, else by type, times the load factor; traits by carrier."""
    scenario = load_scenario(put(tmp_path))

    assert booked(scenario) == {"VJ120": 160, "VJ162": 160, "VN218": 162, "VJ99": 160, "VN122": 160}
    assert departures_of(scenario.spec).trait.tolist() == ["busy", "busy", "", "busy", ""]
    assert [row.source for row in figures(scenario) if "load_factor" in row.key] == ["assumed"]


def test_levers_work_after_reading(tmp_path: Path) -> None:
    """The load factor of a resolved scenario still moves the passengers."""
    document = json.loads(json.dumps(load_scenario(put(tmp_path)).document))
    fuller = scenario_from_document(document, overrides=["demand.schedule.load_factor=0.9"])

    assert booked(fuller)["VJ120"] == 180


def test_a_document_needs_no_file(tmp_path: Path) -> None:
    """A run is made again from its manifest alone; the digest is the same wherever it lay."""
    scenario = load_scenario(put(tmp_path))
    (tmp_path / "s26.ssim").unlink()
    again = scenario_from_document(json.loads(json.dumps(scenario.document)))
    (tmp_path / "other").mkdir()

    assert again.digest == scenario.digest == load_scenario(put(tmp_path / "other")).digest
    assert booked(again) == booked(scenario)


def test_another_day_reads_the_file_again(tmp_path: Path) -> None:
    """Saturday has Saturday's flights."""
    scenario = load_scenario(put(tmp_path))
    saturday = scenario_on(scenario, date(2026, 6, 13))

    assert set(booked(saturday)) == {"VN591", "VN218", "VJ84-2", "VJ99"}
    assert saturday.digest != scenario.digest


def test_another_day_of_a_changed_file_is_refused(tmp_path: Path) -> None:
    """The days of a study are all of one file."""
    scenario = load_scenario(put(tmp_path))
    (tmp_path / "s26.ssim").write_bytes(made_up_ssim(end="\r\n"))

    with pytest.raises(ScenarioError, match="has changed since the scenario was made"):
        scenario_on(scenario, date(2026, 6, 13))


def test_trains_bring_platoons(tmp_path: Path) -> None:
    """Arrivals by platoon take their instants from a feed."""
    scenario = load_scenario(put(tmp_path, METRO))
    law: Any = scenario.spec.demand.arrivals

    assert [flight.at for flight in law.schedule.flights] == [
        25_200,
        32_400,
        36_000,
        36_600,
        37_200,
    ]
    assert scenario_on(scenario, date(2026, 6, 15)).document["demand"]["arrivals"]["schedule"][
        "flights"
    ] == [{"id": "W1", "at": 21_600, "carrier": "", "aircraft": "1", "gate": -1, "international": False}]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('format = "ssim"', 'format = "sim"'), "demand.schedule.format: got \"sim\"; did you mean ssim?"),
        (('format = "ssim"', ""), "demand.schedule.format: missing; name one of ssim, gtfs, csv"),
        (('airport = "SGN"', 'airport = "sgn"'), "demand.schedule.airport"),
        (('airport = "SGN"', 'stop = "SGN"'), "unknown key"),
        (('file = "s26.ssim"', 'file = "s27.ssim"'), "s27.ssim: does not exist"),
        (("date = 2026-06-12\n", ""), "date: missing; a schedule lists the flights of many days"),
        (("load_factor = { value = 0.8, source = \"assumed\" }\n", ""), "load_factor: missing"),
        (('{ id = "321", seats = 200 }', '{ id = "320", seats = 200 }'), 'has no seats for "321"'),
        (("seats = 200", "seats = 0"), "is not a number of seats"),
        (('trait = "busy"', 'trait = "bussy"'), "there is no trait bussy"),
        (('airport = "SGN"', 'airport = "SGN"\ndirection = "arrivals"'), "let arrivals be a flow"),
        (('airport = "SGN"', 'airport = "SGN"\nscope = "domestic"'), "domestic: missing"),
        (('airport = "SGN"', 'airport = "XXX"'), "has nothing that is asked for on 2026-06-12"),
        (("[[demand.show_up]]", "[demand.calendar]\n[[demand.show_up]]"), "not given rows"),
        (("[[demand.show_up]]", "[demand.punctuality]\non_time = 0.7\nlate_mean_min = 10\nknown_before = 0\n[[demand.show_up]]"), "late_mean_min = 10 is not between"),
    ],
)  # fmt: skip
def test_what_cannot_be(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    """Told at its place in the scenario, or in the file."""
    messages = told(put(tmp_path, AIRPORT, change))

    assert any(words in each for each in messages), messages


def test_every_rejected_line_is_told_at_once(tmp_path: Path) -> None:
    """With file, line and reason, beside the faults of the scenario itself."""
    path = put(tmp_path, AIRPORT, ("servers = 2", "servers = -2"))
    lines = made_up_ssim(fill=False).decode().splitlines()
    lines[3] = lines[3].replace("0905", "0960")
    lines[6] = lines[6][:100]
    (tmp_path / "s26.ssim").write_text("\n".join(lines))
    messages = told(path)

    assert len(messages) >= 3, messages
    assert any("s26.ssim:4: departure_time" in each for each in messages)
    assert any("s26.ssim:7: has 100 columns" in each for each in messages)
    assert any("stations.boarding.servers" in each for each in messages)
