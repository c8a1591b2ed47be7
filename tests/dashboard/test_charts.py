"""Charts and tables: what they show, and what they say without eyes."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.components.charts.picture import Picture
from dashboard.components.charts.queues import queues_picture
from dashboard.components.charts.shares import shares_picture
from dashboard.components.charts.waits import waits_picture
from dashboard.components.day_tables import queues_table, shares_table, waits_table, worst_table
from dashboard.components.tables import table
from dashboard.components.tiles import tiles_html, tiles_of, with_before
from dashboard.i18n.catalogue import words
from dashboard.i18n.formats import Formats
from dashboard.theme import COLOUR_OF_KIND, colour_range
from tests.dashboard.answers import answer_of, briefs

EN, VI = Formats(words("en")), Formats(words("vi"))
ANSWER = answer_of([0, 1300, 3000], p95_s=3600, promise=0.6, missed=7)
BRIEFS = briefs(ANSWER)
PICTURES: dict[str, Callable[[Formats], Picture]] = {
    "waits": lambda formats: waits_picture(BRIEFS, formats),
    "shares": lambda formats: shares_picture(BRIEFS, formats),
    "queues": lambda formats: queues_picture(ANSWER, BRIEFS, formats),
}


def values_of(picture: Picture) -> list[dict[str, Any]]:
    """Every row that the chart draws."""
    spec = picture.chart.to_dict()
    sources = [spec.get("data", {}), *(layer.get("data", {}) for layer in spec.get("layer", []))]
    return [row for source in sources for row in source.get("values", [])]


@pytest.mark.parametrize("name", PICTURES)
def test_charts_are_valid_small_and_speak_the_language(name: str) -> None:
    """A chart follows the schema, has few marks, the language's separators and a description."""
    vi, en = PICTURES[name](VI), PICTURES[name](EN)

    assert vi.chart.to_dict()["config"]["locale"]["number"]["decimal"] == ","
    assert en.chart.to_dict()["config"]["locale"]["number"]["decimal"] == "."
    assert 0 < len(values_of(vi)) < 5000
    assert vi.alt != en.alt
    assert "Desk" in en.alt


def test_waits_chart_says_what_it_draws() -> None:
    """Minutes in the chart are the summary's seconds, and the description has the same figures."""
    picture = PICTURES["waits"](EN)

    desk = values_of(picture)[0]
    assert (desk["p95"], desk["low"], desk["high"], desk["is_over"]) == (60.0, 10.0, 20.0, True)
    assert "95% at most 60 min, optimum band 10–20 min" in picture.alt


def test_tables_have_a_row_for_every_station() -> None:
    """What stands behind the charts names every station; text from files is escaped."""
    for html in (
        waits_table(BRIEFS, EN),
        shares_table(BRIEFS, EN),
        queues_table(ANSWER, BRIEFS, EN),
    ):
        assert "Desk &lt;A&gt;" in html
        assert "gate" in html
        assert "<A>" not in html
    assert "50 min" in worst_table(BRIEFS, EN)


def test_table_cells_are_text() -> None:
    """Whatever a cell holds, it is shown and not interpreted."""
    html = table(["<h>"], [["<script>"]], caption="a & b")

    assert "<script>" not in html
    assert "&lt;h&gt;" in html
    assert "a &amp; b" in html


def test_tiles_say_what_was_before_where_it_changed() -> None:
    """A figure that differs from the run before is shown with it; the same figure is not."""
    before = answer_of([0, 100, 0], p95_s=444, promise=0.6)
    tiles = with_before(tiles_of(ANSWER, BRIEFS, EN), tiles_of(before, briefs(before), EN))

    was = {tile.name: tile.was for tile in tiles}
    assert was == {
        "Boarded": "1,000",
        "Missed their departure": "0",
        "Longest wait (P95)": "7.4 min",
        "Worst half hour": "1.7 min",
        "Service promise": "",
    }
    assert tiles_html(tiles, EN).count('class="tile over"') == 3


def test_stations_of_one_kind_have_colours_of_their_own() -> None:
    """Two banks of counters can be told apart, and unknown kinds too."""
    colours = colour_range(["counter", "counter", "kiosk", "", ""])

    assert len(set(colours)) == 5
    assert (colours[0], colours[2]) == (COLOUR_OF_KIND["counter"], COLOUR_OF_KIND["kiosk"])
