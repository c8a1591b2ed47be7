"""The page *Change*: hours, outages, steps back, names, files."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.address import read_question, write_question
from dashboard.components.grid import edited
from dashboard.i18n.catalogue import words
from dashboard.i18n.formats import Formats
from dashboard.levers import HOURS, Staffing, levers_of
from dashboard.library import loaded
from dashboard.outages import Break
from dashboard.question import Question, unmoved
from dashboard.scenario_file import scenario_file
from sim.experiments.day import run_day
from sim.scenario.load import load_scenario
from tests.dashboard.page import address, figures, html_of, open_page, wait_for_answer
from tests.dashboard.test_today import expected_tiles

VCA = levers_of(loaded("vca").spec)
COUNTER = next(lever for lever in VCA.staff if lever.key == "counter")
HOURLY = (3,) * 4 + (8,) * 8 + (2,) * 12


def question(**changes: object) -> Question:
    base = unmoved("vca", VCA)
    staff = {**base.staff, "counter": Staffing(hours=HOURLY)}
    return Question("vca", staff, {**base.shares, "no-bag": 60}, False, **changes)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("name", ["vca", "sgn-t3", "sgn-t3-tet", "hanoi-station", "hcmc-1"])
def test_grid_begins_with_what_the_scenario_has_open(name: str) -> None:
    """Each hour of the table is the scenario's level at that hour."""
    scenario = loaded(name)
    day = run_day(scenario).folded if name == "vca" else None
    for lever in levers_of(scenario.spec).staff:
        hours = lever.hourly(lever.given)
        assert len(hours) == HOURS
        assert max(hours) <= max(servers for _, servers in lever.levels) * len(lever.levels)
        if day is not None:
            row = day.stations.index(lever.key)
            opened = day.station_days()[row].open
            starts = [3_600_000_000 * (lever.first_hour + n) for n in range(HOURS)]
            assert list(hours) == [int(opened.at(np.array([at]))[0]) for at in starts]


def test_hours_and_outages_of_an_address_are_the_run_with_those_overrides() -> None:
    """The page shows the figures of ``sim run`` with the overrides that it names."""
    query = {
        "scenario": "vca",
        "lang": "en",
        "counter": "4x3.8x8.12x2",
        "outage": "security~0630~0645",
    }
    asked, refusals = read_question(query, "vca", VCA)
    assert refusals == ()
    assert asked.breaks == (Break("security", 390, 405),)
    expected = run_day(load_scenario("vca", overrides=asked.overrides(VCA)))

    page = wait_for_answer(open_page(query, name="change"))

    assert figures(page) == expected_tiles(expected, Formats(words("en")))
    assert address(page) == query
    assert not page.exception


def test_every_change_runs_and_can_be_taken_back() -> None:
    """A moved slider runs by itself; undo and redo bring back the figures of either side."""
    page = wait_for_answer(open_page({"scenario": "vca"}, name="change"))
    before = figures(page)

    wait_for_answer(page.slider(key="vca/security/constant").set_value(2).run())
    after = figures(page)
    assert after != before

    wait_for_answer(page.button(key="undo").click().run())
    assert figures(page) == before
    assert page.slider(key="vca/security/constant").value == 3
    wait_for_answer(page.button(key="redo").click().run())
    assert figures(page) == after


def test_settings_are_kept_under_a_name() -> None:
    """Settings that were given a name come back with it."""
    page = wait_for_answer(open_page({"scenario": "vca", "kiosk": "2"}, name="change"))
    page.text_input(key="variant-name").set_value("hai kiosk").run()
    page.button(key="keep").click().run()
    page.slider(key="vca/kiosk/constant").set_value(4).run()

    page.button(key="open-0").click().run()

    assert page.slider(key="vca/kiosk/constant").value == 2
    assert page.button(key="open-0").label == "hai kiosk"


def test_outages_are_added_and_taken_away() -> None:
    """The form adds one, the button on it takes it away."""
    page = wait_for_answer(open_page({"scenario": "vca", "lang": "en"}, name="change"))
    page.selectbox(key="break-station").set_value("kiosk")
    next(each for each in page.button if each.label == "Add").click().run()
    assert address(page)["outage"] == "kiosk~0630~0700"

    page.button(key="break-0").click().run()

    assert "outage" not in address(page)


def test_a_file_gives_the_same_events(tmp_path: Path) -> None:
    """What is downloaded, run on the command line, is the day on the page."""
    moved = question(breaks=(Break("kiosk", 390, 420),))
    on_page = run_day(load_scenario("vca", overrides=moved.overrides(VCA)), on=moved.on(VCA))
    file = tmp_path / "changed.toml"

    file.write_text(scenario_file(moved, VCA, name="changed-vca"))

    assert run_day(load_scenario(file)).chain_head == on_page.chain_head


@given(
    st.lists(st.integers(0, COUNTER.most), min_size=HOURS, max_size=HOURS).map(tuple),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 600)), max_size=3),
)
def test_address_keeps_hours_and_outages(
    hours: tuple[int, ...], spans: list[tuple[int, int]]
) -> None:
    """Whatever hours and outages are written into the address are read back as they were."""
    base = unmoved("vca", VCA)
    breaks = tuple(Break("security", start, start + length) for start, length in spans)
    moved = Question("vca", {**base.staff, "counter": Staffing(hours=hours)}, base.shares,
                     base.rule, breaks=breaks)  # fmt: skip

    assert read_question(write_question(moved, VCA), "vca", VCA) == (moved, ())


@pytest.mark.parametrize("text", ["", "24x", "24x99999", "23x1", "1x1.24x2", "24x-1", "٣x1"])
def test_senseless_hours_are_refused(text: str) -> None:
    """A schedule that is not 24 hours of servers that exist is refused."""
    _, refusals = read_question({"counter": text}, "vca", VCA)

    assert [refusal.name for refusal in refusals] == ["counter"]


def test_edits_from_a_browser_are_distrusted() -> None:
    """Numbers are cut to what can be open; anything else, and any other row, is left."""
    base = COUNTER.hourly(COUNTER.given)
    edits = {
        0: {"counter": 10**9}, 1: {"counter": -5}, 2: {"counter": None}, 3: {"counter": "7"},
        4: {"counter": float("nan")}, 99: {"counter": 1}, 5: {"kiosk": 1}, 6: {"counter": 4.0},
    }  # fmt: skip

    found = edited(base, COUNTER, edits)

    assert found == (COUNTER.most, 0, *base[2:6], 4, *base[7:])


def test_page_offers_the_command_of_its_day() -> None:
    """The command on the page Today can be pasted into a shell."""
    page = wait_for_answer(open_page({"scenario": "vca", "counter": "4x3.8x8.12x2"}))

    assert "--set &#x27;stations.counter.servers={period_min=60" in html_of(page)
