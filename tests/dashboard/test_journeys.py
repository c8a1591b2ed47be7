"""The page *Journey log*: what a kept run says, and what it must not do."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.archive import Archive
from dashboard.errands.runs import SqlErrand
from dashboard.i18n.catalogue import words
from dashboard.i18n.formats import Formats
from sim.errors import SimError
from sim.events.store import open_run
from sim.experiments.day import run_day
from sim.experiments.fork import fork_run
from sim.reporting.forks import fork_document
from sim.reporting.runs import journey_document, state_document
from sim.scenario.load import load_scenario
from tests.dashboard.page import address, html_of, open_page, table_rows, wait_for_answer

EN = Formats(words("en"))
QUERY = {"scenario": "vca", "at": "05:30", "passenger": "7", "lang": "en"}

HOSTILE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "COPY events TO '/tmp/escaped.csv'",
    "ATTACH '/tmp/escaped.db'",
    "INSTALL httpfs",
    "SELECT * FROM read_text('https://example.org')",
    "DROP TABLE events",
    "SELECT 1; SELECT 2",
    "SET enable_external_access = true",
    "SELECT getenv('HOME')",
    "PRAGMA database_list",
    "",
    "\x00",
    "SELECT * FROM glob('/*')",
    "SELECT 'x' FROM",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "vca"
    run_day(load_scenario("vca"), out=out)
    return out


@pytest.fixture(scope="module")
def opened() -> AppTest:
    return wait_for_answer(open_page(QUERY, name="journeys"))


def test_state_and_journey_are_those_of_the_command_line(opened: AppTest, run: Path) -> None:
    """Every station at the instant, and every event of the passenger, as ``sim show`` has them."""
    log = open_run(run)
    state, journey = state_document(log, "05:30"), journey_document(log, 7)

    assert log.chain_head in html_of(opened)
    rows = table_rows(opened, after="have arrived")
    for station in load_scenario("vca").spec.stations:
        each = state["stations"][station.id]
        name = EN.words.of(station.name, otherwise=station.id)
        assert rows[name][:4] == [
            EN.number(each[key]) for key in ("open", "busy", "waiting", "waiting_persons")
        ]
    events = html_of(opened).partition("Party ")[2].partition("</table>")[0]
    assert events.count("<tr>") == len(journey["events"]) + 1
    assert address(opened) == QUERY


def test_sql_is_answered_and_a_fork_changes_only_the_future(
    opened: AppTest, tmp_path: Path, run: Path
) -> None:
    """The answer is DuckDB's over the run; the fork's figures are ``sim fork``'s."""
    opened.text_area(key="sql").set_value("SELECT count(*) AS n FROM events")
    next(each for each in opened.button if each.label == "Ask").click().run()
    wait_for_answer(opened)
    assert table_rows(opened, after='scope="col" class="">n<') == {str(len(open_run(run))): []}

    opened.selectbox(key="fork-station").set_value("security").run()
    opened.number_input(key="fork-servers/security").set_value(1).run()
    opened.button(key="fork-run").click().run()
    wait_for_answer(opened)

    done = fork_run(
        run, at_us=19_800_000_000, changes=["stations.security.servers=1"], out=tmp_path / "fork"
    )
    found = fork_document(done)
    rows = table_rows(opened, after="As it was")
    assert rows["Boarded"] == [
        EN.number(found["outcomes"][side]["boarded"]) for side in ("parent", "fork")
    ]
    waits = [
        EN.wait(found["stations"]["security"][side]["wait_s"]["p95"]) for side in ("parent", "fork")
    ]
    assert rows["Security screening: P95 wait of those who came later"] == waits

    opened.button(key="fork-open").click().run()
    wait_for_answer(opened)
    assert done.day.chain_head in html_of(opened)


@pytest.mark.parametrize("sql", HOSTILE)
def test_hostile_sql_is_refused_in_words(run: Path, sql: str) -> None:
    """Nothing but the run can be read, nothing written, and the answer is a sentence."""
    with pytest.raises(SimError, match=r"\w+ \w+"):
        SqlErrand(str(run), sql).carry_out(lambda _: None)


def test_answers_are_cut_to_what_a_page_can_show(run: Path) -> None:
    """A long cell and a table of a million rows come back cut."""
    found = SqlErrand(str(run), "SELECT repeat('x', 900) FROM range(1000000)").carry_out(print)

    assert found["is_cut"]
    assert len(found["rows"]) == 500
    assert len(found["rows"][0][0]) == 301


def test_archive_makes_room() -> None:
    """Folders not asked for longest go, and no name leaves the folder."""
    archive = Archive(2)
    first = archive.path("run", ("../../etc", 1))
    first.mkdir()
    archive.path("run", 2)
    archive.path("run", 3)

    assert not first.exists()
    assert first.parent == archive.path("run", 3).parent


def test_what_does_not_fit_into_memory_is_refused_in_words(run: Path) -> None:
    """A question whose answer is larger than memory ends in a sentence, not in the machine."""
    with pytest.raises(SimError, match=r"too large|cannot be answered"):
        SqlErrand(str(run), "SELECT repeat('x', 1000000) FROM range(1000000)").carry_out(print)
