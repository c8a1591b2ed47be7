"""The page *Today* in Chromium, as a planner uses it."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Overheard
from tests.e2e.hands import DAY_MS, move, slider, wait_for_figures
from tests.e2e.server import running_dashboard

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def tile(page: Page, name: str) -> str:
    figure = page.locator("dl.tile", has=page.get_by_text(name, exact=True)).locator(".figure")
    return figure.inner_text().removeprefix("▲").strip()


def minutes(text: str) -> float:
    number, unit = text.split()
    return float(number.replace(",", ".")) / (60 if unit in {"s", "giây"} else 1)


def test_more_counters_shorten_the_wait_at_tet(
    page: Page, server: str, overheard: Overheard
) -> None:
    """Open, switch language, raise counters from 50 to 70, run, see the wait fall, reload, find it
    again; all without a word to the network outside or an error in the console.
    """
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(server)
    expect(page.get_by_role("heading", level=1)).to_contain_text("cao điểm Tết")
    wait_for_figures(page)
    before = minutes(tile(page, "Chờ lâu nhất (P95)"))
    assert before > 30

    page.locator(".st-key-lang").get_by_text("English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tet peak")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile("lang=en"))
    assert minutes(tile(page, "Longest wait (P95)")) == before

    move(page, "sgn-t3-tet-counter-constant", to=70)
    expect(page.get_by_text("You changed: Check-in counters 50 → 70")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    wait_for_figures(page)

    after = minutes(tile(page, "Longest wait (P95)"))
    assert after < before / 2
    assert f"{before:.0f} min before" in page.locator(".tiles").inner_text()
    expect(page).to_have_url(re.compile("counter=70"))
    sentence = page.locator(".verdict").inner_text()

    page.reload()
    wait_for_figures(page)
    expect(slider(page, "sgn-t3-tet-counter-constant")).to_have_value("70")
    assert page.locator(".verdict").inner_text() == sentence

    assert overheard.hosts == {urlsplit(server).netloc}
    assert overheard.complaints == []


def test_simulation_can_be_cancelled(page: Page, tmp_path: Path, overheard: Overheard) -> None:
    """Cancel ends the simulation at once; the page stays usable and runs again when asked.

    By the readable engine: the compiled one is done before anybody could click.
    """
    with running_dashboard(tmp_path, SIM_ENGINE="reference") as server:
        page.goto(f"{server}/?scenario=sgn-t3-tet&seed=99&lang=en")
        page.get_by_role("button", name="Cancel").click(timeout=DAY_MS)
        expect(page.get_by_text("Cancelled.")).to_be_visible(timeout=10_000)

        page.goto(f"{server}/?scenario=vca&seed=99&lang=en")
        wait_for_figures(page)

    assert overheard.complaints == []


@pytest.mark.parametrize("width", [768, 1024])
def test_page_fits_a_tablet(page: Page, server: str, width: int) -> None:
    """Nothing of the page lies outside a tablet's screen, and every chart has its words."""
    page.set_viewport_size({"width": width, "height": 1024})
    page.goto(f"{server}/?scenario=vca")
    wait_for_figures(page)

    reach = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('.verdict, .tile, svg.marks')]"
        ".map(each => each.getBoundingClientRect().right))"
    )
    assert reach <= width
    for chart in page.locator("[data-testid=stVegaLiteChart]").all():
        assert len(chart.get_attribute("aria-label") or "") > 50
