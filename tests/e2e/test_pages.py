"""From page to page in Chromium: settings stay, nothing leaves the machine."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard.i18n.catalogue import LANGUAGES, Language, words
from tests.e2e.conftest import Overheard
from tests.e2e.hands import DAY_MS, move, slider

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNTERS = "sgn-t3-tet-counter-constant"
MORE = 66
"""Another figure than other tests move to: answers are shared by all sessions of a server."""


def go_to(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_go_with_the_planner(
    page: Page, server: str, overheard: Overheard, language: Language
) -> None:
    """Raise counters on Change, see the day recomputed unasked, compare, look into the log, come
    back and reload: the same settings everywhere, and no word to the network outside.
    """
    say = words(language)
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.goto(f"{server}/?scenario=sgn-t3-tet&lang={language}")
    expect(page.locator(".verdict")).to_be_visible(timeout=DAY_MS)
    go_to(page, say("page.change"))
    expect(page.locator(".st-key-fresh .verdict")).to_be_visible(timeout=DAY_MS)

    move(page, COUNTERS, to=MORE)

    expect(page).to_have_url(re.compile(f"counter={MORE}"), timeout=DAY_MS)
    expect(page.locator(".st-key-fresh .verdict")).to_be_visible(timeout=DAY_MS)
    sentence = page.locator(".st-key-fresh .verdict").inner_text()
    go_to(page, say("page.compare"))
    expect(page).to_have_url(re.compile(f"/compare.*counter={MORE}"))
    expect(page.get_by_text(say("compare.title"), exact=True)).to_be_visible()
    go_to(page, say("page.journeys"))
    expect(page.locator("img.drawing")).to_be_visible(timeout=DAY_MS)
    assert len(page.locator("img.drawing").get_attribute("alt") or "") > 50
    go_to(page, say("page.evidence"))
    expect(page.get_by_role("heading", level=1)).to_have_text(say("title.evidence"))
    go_to(page, say("page.change"))
    expect(slider(page, COUNTERS)).to_have_value(str(MORE))
    expect(page).to_have_url(re.compile(f"/change.*counter={MORE}"))
    page.reload()
    expect(slider(page, COUNTERS)).to_have_value(str(MORE), timeout=DAY_MS)
    expect(page.locator(".st-key-fresh .verdict")).to_have_text(sentence, timeout=DAY_MS)

    assert overheard.hosts == {urlsplit(server).netloc}
    assert page.locator("[data-testid=stException]").count() == 0
