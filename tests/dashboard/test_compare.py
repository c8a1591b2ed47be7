"""The page *Compare*."""

import time
from datetime import date

from streamlit.testing.v1 import AppTest

from dashboard.components.comparison import headline_rows
from dashboard.i18n.catalogue import words
from dashboard.i18n.formats import Formats
from sim.experiments.before_after import Rule, before_and_after
from sim.experiments.compare import Side, run_comparison
from sim.reporting.comparison import comparison_document
from sim.scenario.load import load_scenario
from tests.dashboard.page import address, html_of, open_page, table_rows, verdict, wait_for_answer

EN = Formats(words("en"))


def compared(page: AppTest) -> AppTest:
    page.button(key="compare-run").click().run()
    time.sleep(0.1)
    return wait_for_answer(page)


def test_differences_are_those_of_the_command_line() -> None:
    """A, B, difference and interval of every figure are `sim compare`'s."""
    query = {"scenario": "vca", "security": "1", "days": "5", "lang": "en"}
    a, b = load_scenario("vca"), load_scenario("vca", overrides=["stations.security.servers=1"])
    expected = comparison_document(run_comparison(Side(a), Side(b), reps=5))

    page = compared(open_page(query, name="compare"))

    rows = headline_rows(expected, a.spec, EN)
    cells = table_rows(page, after="What differs, and how surely")
    assert cells == {
        row.name: [
            row.told(row.a), row.told(row.b), row.told(row.mean),
            f"{row.told(row.low)} … {row.told(row.high)}",
        ]
        for row in rows
    }  # fmt: skip
    assert "sim compare vca vca --set-b stations.security.servers=1 --reps 5" in html_of(page)
    assert address(page) == query
    assert verdict(page)


def test_the_rule_is_compared_by_class_of_passenger() -> None:
    """Unmoved, the page compares before and after the rule; classes are `before_and_after`'s."""
    query = {"scenario": "vca", "days": "5", "lang": "en"}
    page = open_page(query, name="compare")
    page.session_state["compare-by"] = True
    rule = Rule(date(2025, 11, 30), date(2026, 1, 14))
    expected = before_and_after(load_scenario("vca"), rule=rule, reps=5)

    page = compared(page.run())

    cells = table_rows(page, after="Who gains, who loses")
    for name, title in (("all", "everyone"), ("no-bag", "no checked bag")):
        each = expected["classes"][name]
        assert cells[title][0] == EN.number(each["persons"])
        assert cells[title][1] == EN.wait(each["wait_at_check_in_s"]["before"])


def test_another_place_may_be_the_other_side() -> None:
    """A side may be another scenario; what cannot be compared by class is said in words."""
    page = open_page({"scenario": "vca", "b": "@bmv", "days": "5", "lang": "en"}, name="compare")
    assert page.selectbox(key="compare-b").value == "@bmv"

    page = compared(page)

    assert "sim compare vca bmv" in html_of(page)
    assert page.warning[0].value.startswith("A and B do not have the same passengers")
