"""Logs of other programs: what is taken, what is dropped, what is refused."""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from sim.calibration.mapping import read_mapping
from sim.calibration.observed import Ended, ObservedLog
from sim.calibration.reading import read_logs
from sim.errors import InvalidInputError

LONG = """\
PaxNo,Name,activity,lifecycle,timestamp,departure,checked_bag
K7,Nguyễn Văn A,desk,schedule,2026-01-14T06:00:00+07:00,2026-01-14T08:00:00+07:00,yes
K7,Nguyễn Văn A,desk,start,2026-01-14T06:02:00+07:00,2026-01-14T08:00:00+07:00,yes
K7,Nguyễn Văn A,desk,complete,2026-01-14T06:03:30+07:00,2026-01-14T08:00:00+07:00,yes
K9,Trần Thị B,desk,schedule,2026-01-14T06:01:00+07:00,2026-01-14T08:00:00+07:00,no
K9,Trần Thị B,desk,withdraw,2026-01-14T06:09:00+07:00,2026-01-14T08:00:00+07:00,no
"""
XES = """<?xml version="1.0"?>
<log xmlns="http://www.xes-standard.org/">
<trace><string key="concept:name" value="K7"/><string key="phone" value="0903"/>
<event><string key="concept:name" value="desk"/>
<string key="lifecycle:transition" value="schedule"/>
<date key="time:timestamp" value="2026-01-14T06:00:00+07:00"/></event>
<event><string key="concept:name" value="desk"/><string key="lifecycle:transition" value="start"/>
<date key="time:timestamp" value="2026-01-14T06:02:00+07:00"/></event>
<event><string key="concept:name" value="desk"/>
<string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="2026-01-14T06:03:30+07:00"/></event>
</trace></log>
"""
BOMB = """<?xml version="1.0"?>
<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<log><trace><string key="concept:name" value="&b;"/></trace></log>
"""
OCEL = {
    "objectTypes": [],
    "eventTypes": [],
    "objects": [
        {"id": "p7", "type": "Passenger", "attributes": [{"name": "seat", "value": "12A"}],
         "relationships": [{"objectId": "f1", "qualifier": "travels on"}]},
        {"id": "f1", "type": "Flight",
         "attributes": [{"name": "departure", "time": "1970-01-01T00:00:00Z",
                         "value": "2026-01-14T08:00:00+07:00"}]},
    ],
    "events": [
        {"id": f"e{n}", "type": kind, "time": f"2026-01-14T06:0{minute}+07:00",
         "attributes": [{"name": "station", "value": "desk"}],
         "relationships": [{"objectId": "p7", "qualifier": "passenger"}]}
        for n, (kind, minute) in enumerate(
            [("queue_joined", "0:00"), ("service_started", "2:00"), ("service_completed", "3:30")]
        )
    ],
}  # fmt: skip


def read(path: Path, *maps: str, traits: tuple[str, ...] = ()) -> ObservedLog:
    return read_logs([path], names=read_mapping(maps, trait_ids=traits))


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path, *maps: str) -> list[str]:
    with pytest.raises(InvalidInputError) as caught:
        read(path, *maps)
    return [str(fault) for fault in caught.value.faults]


def test_a_row_for_each_event_becomes_visits(tmp_path: Path) -> None:
    """Wait and service are told apart; who gives up was never served."""
    log = read(written(tmp_path, "a.csv", LONG), "case=PaxNo", traits=("checked_bag",))

    stays = log.stays
    assert (stays.started_us - stays.joined_us)[0] == 120e6
    assert (stays.ended_us - stays.started_us)[0] == 90e6
    assert stays.ended.tolist() == [Ended.COMPLETED, Ended.RENEGED]
    assert (log.cases.departure_us - log.cases.arrived_us).tolist() == [120 * 60e6, 119 * 60e6]
    assert log.cases.traits["checked_bag"].tolist() == [True, False]


def test_names_are_dropped_and_that_is_said(tmp_path: Path) -> None:
    """Nothing of a person is left in what was read, neither name nor case id."""
    log = read(written(tmp_path, "a.csv", LONG), "case=PaxNo")

    assert "dropped Name, checked_bag" in log.remarks[0]
    assert "hash whose key is not kept" in log.remarks[0]
    assert not any(text in repr(log) for text in ("Nguyễn", "K7"))


def test_a_row_for_each_visit_says_the_same(tmp_path: Path) -> None:
    """Joined, started and completed may stand beside each other, as times of day."""
    text = "case;station;joined;started;completed\n1;desk;06:00;06:02;06:03:30\n"

    stays = read(written(tmp_path, "a.csv", text)).stays

    assert (stays.started_us - stays.joined_us).tolist() == [120_000_000]
    assert (stays.ended_us - stays.started_us).tolist() == [90_000_000]


def test_formats_say_the_same(tmp_path: Path) -> None:
    """XES, packed or not, and OCEL give the visit that CSV gives."""
    packed = tmp_path / "b.xes.gz"
    packed.write_bytes(gzip.compress(XES.encode()))
    paths = [
        written(tmp_path, "b.xes", XES),
        packed,
        written(tmp_path, "c.jsonocel", json.dumps(OCEL)),
    ]

    for path in paths:
        log = read(path)
        assert log.stations == ("desk",)
        assert log.stays.joined_us.tolist() == [6 * 3600 * 1_000_000]
        assert (log.stays.ended_us - log.stays.started_us).tolist() == [90_000_000]
        assert "phone" in log.remarks[0] or "seat" in log.remarks[0]


def test_a_flight_tells_the_departure(tmp_path: Path) -> None:
    """In OCEL the time stands with the object the passenger is related to."""
    log = read(written(tmp_path, "c.jsonocel", json.dumps(OCEL)))

    assert (log.cases.departure_us - log.cases.arrived_us).tolist() == [120 * 60_000_000]


def test_every_fault_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    """Cells that are no instant, words that are no lifecycle, rows too short."""
    rows = LONG.replace("06:02:00+07:00,", "6 o'clock,").replace("withdraw", "vanish")
    faults = faults_of(written(tmp_path, "a.csv", rows + "K1,x\n"), "case=PaxNo")

    assert [fault.partition(": ")[0] for fault in faults] == ["a.csv:3", "a.csv:6", "a.csv:7"]
    assert "is no instant" in faults[0]
    assert "--map lifecycle.started=vanish" in faults[1]
    assert "2 cells under 7 columns" in faults[2]
    assert not any("Nguyễn" in fault or "K7" in fault for fault in faults)


def test_a_missing_column_is_asked_for(tmp_path: Path) -> None:
    """The message says how to name it, and which there are."""
    (fault,) = faults_of(written(tmp_path, "a.csv", LONG))

    assert "--map case=COLUMN" in fault
    assert "PaxNo" in fault


def test_clocks_are_not_mixed(tmp_path: Path) -> None:
    """An instant without date or with another offset has no place beside the others."""
    rows = LONG.replace("2026-01-14T06:09:00+07:00", "2026-01-14T06:09:00+00:00")

    (fault,) = faults_of(written(tmp_path, "a.csv", rows), "case=PaxNo")

    assert fault.startswith("a.csv:6: mixes distances from UTC")


def test_entities_are_refused(tmp_path: Path) -> None:
    """A document type is a fault before anything in it is expanded."""
    (fault,) = faults_of(written(tmp_path, "b.xes", BOMB))

    assert fault.startswith("b.xes:2: declares a document type")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("b.xes", "<log><trace>", "is not XML"),
        ("b.xes", "<html/>", "an XES file begins with <log>"),
        ("b.xes", "<log>" + "<a>" * 40 + "</a>" * 40 + "</log>", "nests more than"),
        ("c.json", "{", "is not JSON"),
        ("c.json", "{}", "has no events and objects"),
        ("c.json", '{"events":[1],"objects":[]}', "lacks id or type"),
        ("c.json", '{"events":' + "[" * 100_000, "is not JSON"),
        ("d.csv", "", "no column is the case"),
        ("d.csv", "case,station,at\n", "holds no event"),
        ("d.csv", 'case,station,at\n1,"desk,0\n', "is not CSV"),
        ("d.csv", "case,case,at\n", "stands twice"),
    ],
)
def test_damaged_files_are_told_in_words(tmp_path: Path, name: str, text: str, said: str) -> None:
    """No stack trace, whatever a file holds."""
    assert said in faults_of(written(tmp_path, name, text))[0]


def test_what_an_sqlite_file_would_run_is_not_run(tmp_path: Path) -> None:
    """A view in the place of a table is no table."""
    path = tmp_path / "d.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW event AS SELECT 1 AS ocel_id")
    database.close()

    assert any("has no table event" in fault for fault in faults_of(path))


def test_a_log_of_several_days_keeps_them_apart(tmp_path: Path) -> None:
    """Instants count from the midnight of each case's day."""
    rows = LONG + LONG.partition("\n")[2].replace("01-14", "01-15").replace("K", "L")

    log = read(written(tmp_path, "a.csv", rows), "case=PaxNo")

    assert log.days == 2
    assert np.unique(log.stays.joined_us).tolist() == [6 * 3600e6, 6 * 3600e6 + 60e6]


def test_an_end_that_was_not_recorded_is_not_a_service_cut_off(tmp_path: Path) -> None:
    """Whoever is seen later elsewhere had been served; who is not was cut off by the log's end."""
    text = (
        "case,station,lifecycle,at\n1,desk,start,0\n1,gate,start,50\n1,gate,complete,60\n"
        "2,desk,start,55\n"
    )

    log = read(written(tmp_path, "a.csv", text))

    assert log.stays.ended.tolist() == [Ended.LOST, Ended.COMPLETED, Ended.OPEN]


def test_pauses_are_no_service(tmp_path: Path) -> None:
    """Time between suspend and resume is taken off."""
    text = (
        "case,station,lifecycle,at\n1,desk,start,0\n1,desk,suspend,10\n1,desk,resume,40\n"
        "1,desk,complete,50\n"
    )

    stays = read(written(tmp_path, "a.csv", text)).stays

    assert (stays.ended_us - stays.started_us - stays.paused_us).tolist() == [20_000_000]


@pytest.mark.parametrize(
    "given",
    ["case", "case=", "phone=Tel", "trait.no_such=Bag"],
    ids=["bare", "empty", "x", "trait"],
)
def test_a_mapping_that_means_nothing_is_refused(given: str) -> None:
    """With what there is instead."""
    with pytest.raises(InvalidInputError, match="--map"):
        read_mapping([given], trait_ids=("checked_bag",))


@pytest.mark.parametrize(("name", "text"), [("a.csv", LONG), ("b.xes", XES), ("c.json", "ocel")])
def test_no_damage_crashes_a_reader(tmp_path: Path, name: str, text: str) -> None:
    """Whatever bytes are changed, a log is read or refused in words (fixed seed)."""
    rng = random.Random(1)
    sound = (json.dumps(OCEL) if text == "ocel" else text).encode()
    pieces = (b"", b"-1", b"9" * 30, b"\xff", b"\0", b"&a;", b"{", b'"', b"\n", b",", b"9999-12-31")
    refused, places = 0, set()

    for _ in range(150):
        data = bytearray(sound)
        for _ in range(rng.choice([1, 1, 2, 5])):
            at, width = rng.randrange(len(data)), rng.choice([0, 1, 4, 30])
            data[at : at + width] = rng.choice(pieces)
        path = tmp_path / name
        path.write_bytes(data)
        try:
            read(path, *(["case=PaxNo"] if name == "a.csv" else []))
        except InvalidInputError as error:
            places |= {fault.path for fault in error.faults}
            refused += 1

    assert places == {name}
    assert 0 < refused < 150
