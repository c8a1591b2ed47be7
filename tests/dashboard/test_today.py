"""The page *Today*, drawn without a browser."""

from datetime import date

import pytest

from dashboard.i18n.catalogue import Language, words
from dashboard.i18n.formats import Formats
from dashboard.levers import Staffing, StaffLever
from sim.experiments.day import Day, run_day
from sim.scenario.load import load_scenario
from tests.dashboard.page import (
    address,
    figures,
    html_of,
    open_page,
    table_rows,
    verdict,
    wait_for_answer,
)


@pytest.fixture(scope="module")
def day() -> Day:
    return run_day(load_scenario("vca"))


def expected_tiles(day: Day, formats: Formats) -> dict[str, str]:
    say, summary = formats.words, day.summary
    judged = [each for each in summary["stations"].values() if each["level_of_service"]]
    worst = max((each["worst_half_hour"] for each in judged), key=lambda half: half["mean_s"])
    promise = min(summary["targets"], key=lambda each: each["share"] - each["target_share"])
    return {
        say("tile.boarded"): formats.number(summary["boarded"]),
        say("tile.missed"): formats.number(summary["missed"]),
        say("tile.longest"): formats.wait(max(each["wait_s"]["p95"] for each in judged)),
        say("tile.worst"): formats.wait(worst["mean_s"]),
        say("tile.promise"): formats.percent(promise["share"]),
    }


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_shows_the_figures_of_the_same_run(day: Day, language: Language) -> None:
    """Tiles, worst half hours and the hash are those of `run_day`, in both languages."""
    formats = Formats(words(language))

    page = wait_for_answer(open_page({"scenario": "vca", "lang": language}))

    assert figures(page) == expected_tiles(day, formats)
    assert day.chain_head in html_of(page)
    rows = table_rows(page, after=formats.words("worst.title"))
    for station in day.scenario.spec.stations:
        worst = day.summary["stations"][station.id]["worst_half_hour"]
        cells = rows[formats.words.of(station.name, otherwise=station.id)]
        assert cells[1] == formats.number(worst["arrivals"])
        assert cells[3:5] == [formats.wait(worst["mean_s"]), formats.wait(worst["p95_s"])]


def test_page_speaks_vietnamese_unless_asked_otherwise() -> None:
    """Without a language in the address the page is in Vietnamese; the switch changes it."""
    page = wait_for_answer(open_page({"scenario": "vca"}))
    assert "Cần Thơ, ngày thường tháng 1/2026" in html_of(page)

    page.session_state["lang"] = "en"
    page.run()

    assert "Can Tho, an ordinary day in January 2026" in html_of(page)
    assert address(page) == {"scenario": "vca", "lang": "en"}


def test_moved_lever_gives_the_run_with_that_override() -> None:
    """A lever moved and run gives the figures of `sim run --set` with the same value."""
    page = wait_for_answer(open_page({"scenario": "vca"}))
    before = figures(page)

    page.slider(key="vca/security/constant").set_value(1).run()
    assert figures(page) == before, "figures stay until the planner runs"
    assert page.info[0].value.startswith("Bạn đã thay đổi: Soi chiếu an ninh")
    wait_for_answer(page.button(key="run").click().run())

    scenario = load_scenario("vca", overrides=["stations.security.servers=1"])
    expected = run_day(scenario)
    assert figures(page) == expected_tiles(expected, Formats(words("vi")))
    assert expected.chain_head in html_of(page)
    assert "sim run vca --set stations.security.servers=1" in html_of(page)
    assert f"trước đó {before['Đã lên chuyến']}" in html_of(page)
    assert address(page)["security"] == "1"


def test_address_opens_the_question_that_it_names() -> None:
    """Every lever can be set by the address, and gives the run with those overrides."""
    query = {
        "scenario": "vca",
        "counter": "150%",
        "kiosk": "3",
        "no-bag": "60",
        "face": "70",
        "rule": "before",
        "seed": "7",
        "lang": "en",
    }
    levels = load_scenario("vca").spec.stations[0].servers
    assert isinstance(levels, tuple)
    scaled = [min(12, int(each.servers.value * 1.5 + 0.5)) for each in levels]
    overrides = [f"stations.counter.servers.{n}.servers={to}" for n, to in enumerate(scaled)]
    overrides += [
        "stations.kiosk.servers=3",
        "traits.checked_bag.share=0.4",
        "traits.wants_gate.share=0.7",
    ]
    expected = run_day(load_scenario("vca", overrides=overrides), seed=7, on=date(2025, 11, 30))

    page = wait_for_answer(open_page(query))

    assert expected.chain_head in html_of(page)
    assert figures(page) == expected_tiles(expected, Formats(words("en")))
    assert address(page) == query


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"kiosk": "999"}, "kiosk = 999"),
        ({"kiosk": "-1"}, "kiosk = -1"),
        ({"counter": "1e9%"}, "counter = 1e9%"),
        ({"no-bag": "nan"}, "no-bag = nan"),
        ({"rule": "<b>now</b>"}, "rule = <b>now</b>"),
        ({"seed": "one"}, "seed = one"),
        ({"scenario": "/etc/passwd"}, "/etc/passwd"),
    ],
)
def test_senseless_address_is_answered_in_words(query: dict[str, str], said: str) -> None:
    """A value that cannot be used is named, the scenario's own is taken, nothing is raised."""
    page = open_page({"scenario": "vca", "lang": "en", **query})

    assert not page.exception
    assert said in page.warning[0].value.replace("\\", "")
    assert address(page)["scenario"] in {"vca", "sgn-t3-tet"}
    for button in page.button:
        if button.key == "cancel":
            button.click().run()


def test_impossible_levers_are_explained_and_old_figures_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Overrides that the scenario refuses are shown as its faults, with no traceback."""
    page = wait_for_answer(open_page({"scenario": "vca", "lang": "en"}))
    before = figures(page)

    def refuse(lever: StaffLever, chosen: Staffing) -> list[str]:
        is_moved = lever.key == "kiosk" and chosen != lever.given
        return ["stations.kiosk.servers=40000"] if is_moved else []

    monkeypatch.setattr(StaffLever, "overrides", refuse)
    page.slider(key="vca/kiosk/constant").set_value(3).run()

    assert not page.exception
    assert "40000" in page.error[0].value
    assert figures(page) == before


def test_scenario_change_runs_by_itself_and_keeps_levers_of_each() -> None:
    """Each scenario keeps its own levers when the planner goes back and forth."""
    page = wait_for_answer(open_page({"scenario": "vca", "kiosk": "3"}))
    page.selectbox(key="scenario").set_value("airport-domestic").run()
    assert any(button.key == "cancel" for button in page.button), "it runs unasked"
    page.button(key="cancel").click().run()
    assert page.info[0].value.startswith("Đã hủy")

    page.selectbox(key="scenario").set_value("vca").run()

    assert page.slider(key="vca/kiosk/constant").value == 3
    assert verdict(page)


def test_figures_put_back_are_those_of_the_scenario() -> None:
    """One button puts every lever back."""
    page = wait_for_answer(open_page({"scenario": "vca", "kiosk": "3", "face": "70", "seed": "7"}))

    page.button(key="reset").click().run()

    assert page.slider(key="vca/kiosk/constant").value == 4
    assert page.number_input(key="vca/seed").value == 1
    assert address(page) == {"scenario": "vca"}
