"""What every chart has: a drawing, an alternative text, rows of one station each."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

from dashboard import theme
from dashboard.briefing import StationBrief
from dashboard.i18n.formats import Formats

ROW_PX = 36
"""Height of a station's row."""

AXIS_PX = 46
"""Height of the axis below them."""

Drawing = alt.LayerChart | alt.Chart | alt.FacetChart


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart and its alternative text."""

    chart: Drawing
    alt: str


def finished(chart: Drawing, *, height: int, formats: Formats) -> Drawing:
    """A chart in the look of the page, with the separators of its language."""
    padding = {"left": 0, "top": 4, "right": 6, "bottom": 2}
    return chart.properties(height=height, padding=padding).configure(
        **theme.chart_config(formats.locale)
    )


def station_axis() -> alt.Y:
    """Stations down the side, in the order given."""
    axis = alt.Axis(grid=False, offset=10, labelColor=theme.INK)
    return alt.Y("station:N", sort=None, title=None, axis=axis)


def band_text(brief: StationBrief, formats: Formats) -> str:
    """An optimum band such as ``10–20 min``."""
    if brief.band_s is None:
        return formats.wait(None)
    low, high = (formats.number(seconds / 60) for seconds in brief.band_s)
    return formats.words("unit.minutes", n=f"{low}–{high}")
