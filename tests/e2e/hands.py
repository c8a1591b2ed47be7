"""What a planner does on the page."""

from playwright.sync_api import Locator, Page, expect

DAY_MS = 120_000
"""A day at a large terminal, simulated on a busy machine."""


def wait_for_figures(page: Page) -> None:
    expect(page.locator(".st-key-running")).to_have_count(0, timeout=DAY_MS)
    expect(page.locator(".st-key-stale")).to_have_count(0, timeout=DAY_MS)
    expect(page.locator(".verdict")).to_be_visible(timeout=DAY_MS)
    expect(page.locator("svg.marks")).to_have_count(4, timeout=DAY_MS)


def slider(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} input[type=range]")


def move(page: Page, key: str, *, to: int) -> None:
    thumb = slider(page, key)
    thumb.focus()
    steps = to - int(thumb.input_value())
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")
    expect(thumb).to_have_value(str(to))
