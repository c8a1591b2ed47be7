"""The pages *Plan*, *Matcher*, *Country* and *Evidence*."""

import json
from datetime import date
from pathlib import Path

import pytest

from dashboard.errands.country import MonthErrand
from dashboard.i18n.catalogue import LANGUAGES, Language, words
from dashboard.i18n.formats import Formats
from dashboard.library import profiles, rollout_plan
from dashboard.places import POSITIONS
from sim.scenario.load import load_scenario
from tests.dashboard.page import address, html_of, open_page, table_rows, wait_for_answer

DOCS = Path(__file__).resolve().parents[2] / "docs" / "evidence"


@pytest.mark.parametrize("language", LANGUAGES)
def test_matcher_shows_the_profile_as_measured(language: Language) -> None:
    """Searches per second are batch over time, errors the profile's, in both languages."""
    formats = Formats(words(language))
    profile = next(iter(profiles().values()))

    page = open_page({"lang": language}, name="matcher")

    assert not page.exception
    rows = table_rows(page, after=formats.words("matcher.speed"))
    largest = profile.galleries[-1]
    last = largest.buckets[-1]
    assert rows[formats.number(largest.people)][-1] == formats.number(
        last.size / last.service_s.value
    )
    assert formats.words("title.matcher") in html_of(page)


def test_evidence_shows_every_claim() -> None:
    """Each claim stands with its outcome and the command that tests it again."""
    page = open_page({"lang": "en"}, name="evidence")

    rows = table_rows(page, after="Every claim")
    for path in DOCS.glob("*.json"):
        claim = json.loads(path.read_text())
        assert rows[claim["name"]][0] == ("held" if claim["passed"] else "broken")
        assert rows[claim["name"]][-1] == claim["command"]


def test_country_knows_where_every_facility_lies() -> None:
    """Every facility of the rollout has a place on the map of its own."""
    plan, _ = rollout_plan()
    names = [each.scenario for group in plan.groups for each in group.facilities]

    assert set(names) <= set(POSITIONS)
    assert len(set(POSITIONS.values())) == len(POSITIONS)


def test_country_opens_at_the_month_of_the_address() -> None:
    """The month is in the address; a month that does not exist opens the first."""
    page = open_page({"month": "2026-02", "lang": "en"}, name="country")
    assert page.select_slider(key="month").value == date(2026, 2, 1)
    assert address(page) == {"month": "2026-02", "lang": "en"}

    other = open_page({"month": "<b>", "lang": "en"}, name="country")
    assert other.select_slider(key="month").value == rollout_plan()[1][0]


def test_a_month_is_that_of_the_rollout() -> None:
    """One group in one month: every facility has its typical day and its busiest."""
    told: list[float] = []
    found = MonthErrand(date(2025, 12, 1), "railway", "base", 1).carry_out(told.append)

    days = found["facilities"][0]["months"][0]["days"]
    assert [each["scenario"] for each in found["facilities"]] == ["hanoi-station"]
    assert set(days) == {"typical", "peak"}
    assert told[-1] == 1.0


def test_plan_opens_with_the_promises_of_the_scenario() -> None:
    """The place with a promise is chosen, with its share and its time; nothing runs unasked."""
    page = wait_for_answer(open_page({"scenario": "vca", "lang": "en"}, name="plan"))

    target = load_scenario("vca").spec.targets[0]
    station = page.multiselect(key="vca/plan-stations").value
    assert station == [target.station]
    share = page.slider(key=f"vca/plan-share/{target.station}").value
    assert share == round(100 * target.share.value)
    assert page.info[0].value.startswith("Set the promises")
