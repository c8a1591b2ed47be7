"""The page under AppTest: opened at an address, waited for, and read."""

import re
import time
from collections.abc import Mapping
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard

APP = Path(dashboard.__file__).with_name("app.py")
PATIENCE_S = 120


def open_page(query: Mapping[str, str] | None = None, *, name: str = "") -> AppTest:
    """The page at an address, as first drawn."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    page._page_hash = calc_hash(name) if name else ""  # AppTest knows pages in files only
    for key, value in (query or {}).items():
        page.query_params[key] = value
    return page.run()


def wait_for_answer(page: AppTest) -> AppTest:
    """Draw the page again until no simulation is on its way."""
    deadline = time.monotonic() + PATIENCE_S
    while any((button.key or "").startswith("cancel") for button in page.button):
        assert time.monotonic() < deadline, "the simulation does not end"
        time.sleep(0.2)
        page.run()
    assert not page.exception, [each.value for each in page.exception]
    return page


def html_of(page: AppTest) -> str:
    """Everything the page says as HTML, but for the style sheet."""
    bodies = [element.proto.body for element in page.get("html")]
    return "\n".join(body for body in bodies if not body.startswith(("<style>", "<script>")))


def figures(page: AppTest) -> dict[str, str]:
    """Figures of the tiles by their names."""
    tile = re.compile(r'<dt>(.*?)</dt><dd class="figure">(?:<span.*?</span>)?(.*?)</dd>')
    return dict(tile.findall(html_of(page)))


def verdict(page: AppTest) -> str:
    """The sentence that the page begins with, without its marks."""
    found = re.search(r'<div class="verdict.*?</span>(.*?)</div>', html_of(page), re.DOTALL)
    return re.sub("<.*?>", "", found.group(1)) if found else ""


def table_rows(page: AppTest, *, after: str) -> dict[str, list[str]]:
    """Cells by row of the first table that follows a text."""
    body = html_of(page).partition(after)[2].partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body)
    cells = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row) for row in rows]
    return {first: rest for first, *rest in cells}


def address(page: AppTest) -> dict[str, str]:
    """The page's address: each value by its name."""
    pairs = page.query_params.items()
    return {name: value if isinstance(value, str) else value[0] for name, value in pairs}
