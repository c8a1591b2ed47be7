"""Takes the pictures of the README anew: ``python -m tests.e2e.pictures``."""

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.hands import move, wait_for_figures
from tests.e2e.server import running_dashboard

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDTH, HEIGHT = 1440, 1300


def take(page: Page, server: str) -> None:
    """Tet with 50 open counters, in Vietnamese; then with 70, in English."""
    page.goto(f"{server}/?scenario=sgn-t3-tet")
    wait_for_figures(page)
    _save(page, "dashboard-vi")
    page.goto(f"{server}/?scenario=sgn-t3-tet&lang=en")
    wait_for_figures(page)
    move(page, "sgn-t3-tet-counter-constant", to=70)
    page.get_by_role("button", name="Run", exact=True).click()
    wait_for_figures(page)
    _save(page, "dashboard-en")


def _save(page: Page, name: str) -> None:
    page.mouse.move(WIDTH - 5, HEIGHT - 5)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """Start a dashboard and Chromium, take every picture."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory() as folder,
        running_dashboard(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        take(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}), server)
        browser.close()


if __name__ == "__main__":
    main()
