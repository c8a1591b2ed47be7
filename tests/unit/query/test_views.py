"""What a query sees is what the log and its folds say."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import DamagedRunError
from sim.events.kinds import KINDS
from sim.events.log import concat_blocks
from sim.events.store import RunWriter, StoredLog, open_run
from sim.projections.day import fold_day
from sim.projections.summary import summarise
from sim.projections.visit_table import Outcome
from sim.query import views
from sim.query.answer import ask
from sim.scenario.load import scenario_from_document
from tests import synthetic_log as synthetic
from tests.architecture.tree import ROOT
from tests.synthetic_log import STATIONS
from tests.unit.projections.hall import SPEC


def rows(log: StoredLog, sql: str) -> list[tuple[Any, ...]]:
    return list(ask(log, sql).rows)


def dicts(log: StoredLog, sql: str) -> list[dict[str, Any]]:
    answer = ask(log, sql)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


@pytest.mark.parametrize("decoded", [0, 2_000_000], ids=["long run", "short run"])
def test_events_are_the_log(decoded: int, vca: StoredLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every column, kinds and stations by name, the instant as a time."""
    monkeypatch.setattr(views, "DECODED_EVENTS", decoded)
    block = concat_blocks(vca.blocks())
    found = dicts(vca, "SELECT * FROM events ORDER BY seq")

    assert len(found) == len(block)
    for row, event in enumerate(found):
        station = block.station[row]
        assert event["kind"] == KINDS[block.kind[row]].value
        assert event["station"] == (vca.stations[station] if station >= 0 else "")
        for name in ("seq", "at_us", "passenger", "visit", "server", "ref", "detail"):
            assert event[name] == getattr(block, name)[row]
        midnight = datetime(2026, 1, 14)
        assert datetime.fromisoformat(event["at_time"]) == midnight + timedelta(
            microseconds=int(block.at_us[row])
        )


def test_side_tables_have_their_rows(vca: StoredLog) -> None:
    """With the number that events and passengers refer to in front."""
    assert rows(vca, "SELECT count(*), max(passenger) FROM passengers") == [(1948, 1947)]
    (first,) = dicts(vca, "SELECT * FROM departures WHERE departure = 0")
    assert (first["id"], first["at_time"]) == ("VN-HAN-1", "2026-01-14T06:05:00")
    joined = "SELECT count(*) FROM passengers JOIN departures USING (departure)"
    assert rows(vca, joined) == [(1948,)]
    assert rows(vca, "SELECT count(*) FROM galleries") == [(13,)]


@pytest.mark.parametrize("seed", [5, 24])
def test_visits_are_the_fold(seed: int, sealed: Callable[[int], StoredLog]) -> None:
    """Row by row, with no value where the fold has none; parties that balked count whole."""
    log = sealed(seed)
    visits = fold_day(log, SPEC).visits.rows
    found = dicts(log, "SELECT * FROM visits")

    def seconds(us: int) -> float | None:
        return us / 1e6 if us >= 0 else None

    assert len(found) == len(visits) > 20
    for row, visit in enumerate(found):
        assert visit == {
            "passenger": visits.passenger[row],
            "visit": visits.visit[row],
            "station": log.stations[visits.station[row]],
            "persons": visits.persons[row],
            "is_call": visits.is_call[row],
            "outcome": Outcome(visits.outcome[row]).name.lower(),
            "joined_s": visits.joined_us[row] / 1e6,
            "started_s": seconds(visits.started_us[row]),
            "ended_s": seconds(visits.ended_us[row]),
            "wait_s": seconds(visits.wait_us[row]),
            "worked_s": visits.worked_us[row] / 1e6,
            "server": visits.server[row] if visits.server[row] >= 0 else None,
            "batch": visits.batch[row] if visits.batch[row] >= 0 else None,
        }


def test_waits_are_those_of_the_service_level_table(vca: StoredLog) -> None:
    """The mean and maximum that SQL finds are the figures of the run."""
    spec = scenario_from_document(vca.manifest.scenario).spec
    summary = summarise(vca, spec)["stations"]
    sql = "SELECT station, avg(wait_s) AS mean, max(wait_s) AS most FROM waits GROUP BY 1"

    for found in dicts(vca, sql):
        wait_s = summary[found["station"]]["wait_s"]
        assert found["mean"] == pytest.approx(wait_s["mean"], rel=1e-9, abs=1e-9)
        assert found["most"] == wait_s["max"]


@pytest.mark.parametrize("seed", [1, 5])
def test_journeys_are_everyones(seed: int, sealed: Callable[[int], StoredLog]) -> None:
    """One row per passenger of the table: arrival, end and outcome."""
    log = sealed(seed)
    people = fold_day(log, SPEC).people
    found = dicts(log, "SELECT * FROM journeys ORDER BY passenger")

    assert [each["passenger"] for each in found] == list(range(len(log.tables.passengers)))
    assert [each["party"] for each in found] == log.tables.passengers["party"].tolist()
    arrived = [each["arrived_s"] for each in found if each["arrived_s"] is not None]
    assert np.array_equal(arrived, people.arrived_us[people.has_arrived] / 1e6)
    counts = {name: count for name, count in people.counts().items() if count}
    grouped = "SELECT outcome, count(*) FROM journeys WHERE outcome IS NOT NULL GROUP BY 1"
    assert dict(rows(log, grouped)) == counts
    durations = [each["journey_s"] for each in found if each["journey_s"] is not None]
    assert durations == (people.journeys_us() / 1e6).tolist()


def test_all_views_are_listed(vca: StoredLog) -> None:
    """A query that names none sees them all; each can be described."""
    names = {"events", "passengers", "departures", "galleries", "visits", "waits", "journeys"}

    assert names <= {name for (name,) in rows(vca, "SHOW TABLES")}
    for view in names:
        assert len(rows(vca, f"DESCRIBE {view}")) >= 3


def test_names_may_be_written_in_capitals(vca: StoredLog) -> None:
    """As SQL has it."""
    assert rows(vca, 'SELECT count(*) > 0 FROM "VISITS"') == [(True,)]


def test_a_change_since_opening_is_found(sealed: Callable[[int], StoredLog]) -> None:
    """Segments are proven again when a query reads them."""
    log = sealed(1)
    segment = log.directory / "events" / "000000.parquet"
    data = bytearray(segment.read_bytes())
    data[100] ^= 1
    segment.write_bytes(data)

    for sql in ("SELECT count(*) FROM events", "SELECT count(*) FROM waits"):
        with pytest.raises(DamagedRunError, match=r"000000\.parquet"):
            ask(log, sql)


@pytest.mark.parametrize("document", ["README.md", "docs/exports.md"])
def test_documented_questions_are_answered(document: str, vca: StoredLog) -> None:
    """Every query that the documents show."""
    found = re.findall(r'^sim query RUN "([^"]+)"', (ROOT / document).read_text(), re.MULTILINE)

    assert found
    for sql in found:
        assert rows(vca, sql)


@pytest.mark.parametrize("decoded", [-1, 0], ids=["long run", "short run"])
def test_a_run_without_events_can_be_asked(
    decoded: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has passengers who have not come."""
    monkeypatch.setattr(views, "DECODED_EVENTS", decoded)
    with RunWriter(
        tmp_path / "run", stations=STATIONS, tables=synthetic.tables(9), header=synthetic.header()
    ):
        pass
    log = open_run(tmp_path / "run")

    assert rows(log, "SELECT count(*) FROM events") == [(0,)]
    assert rows(log, "SELECT count(*) FROM visits") == rows(log, "SELECT count(*) FROM waits")
    assert rows(log, "SELECT count(*), count(outcome) FROM journeys") == [(9, 0)]
