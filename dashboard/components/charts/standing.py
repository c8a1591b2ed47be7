"""A facility at an instant: its stations with their servers and their queues, drawn to scale."""

from __future__ import annotations

from html import escape
from typing import Any

from dashboard import theme
from dashboard.components.charts.drawn import drawing
from dashboard.i18n.formats import Formats

WIDTH, ROW, LEFT, SERVERS = 1180, 34, 250, 300
MOST_ROWS = 16
MOST_BOXES = 100
"""Beyond so many servers a bar stands for them, not boxes."""


def standing_drawing(state: dict[str, Any], names: dict[str, str], formats: Formats) -> str:
    """A picture with a row for each station: servers busy and idle, then those who wait.

    Parameters
    ----------
    state : dict
        As ``sim show --at --json`` prints it.

    Returns
    -------
    str
        "" where there are too many stations to draw.
    """
    stations = state["stations"]
    if len(stations) > MOST_ROWS:
        return ""
    longest = max(50, *(each["waiting_persons"] for each in stations.values()))
    shapes, told = [], []
    for number, (name, each) in enumerate(stations.items()):
        y = number * ROW + 6
        title = names.get(name, str(name))
        told.append(
            formats.words(
                "log.alt_part",
                station=title,
                open=each["open"],
                busy=each["busy"],
                waiting=each["waiting_persons"],
            )
        )
        shapes.append(
            f'<text x="{LEFT - 12}" y="{y + 15}" text-anchor="end">{escape(title)}</text>'
        )
        shapes += _servers(each, y)
        length = each["waiting_persons"] / longest * (WIDTH - LEFT - SERVERS - 70)
        x = LEFT + SERVERS + 12
        shapes.append(
            f'<rect x="{x}" y="{y + 2}" width="{length:.1f}" height="18" rx="2" '
            f'fill="{theme.HEAT["above"]}"/>'
            f'<text class="n" x="{x + length + 6:.1f}" y="{y + 15}">'
            f"{formats.number(each['waiting_persons'])}</text>"
        )
    alt = formats.words("log.alt", parts=" ".join(told))
    height = len(stations) * ROW + 8
    return drawing("".join(shapes), width=WIDTH, height=height, alt=alt)


def _servers(each: dict[str, Any], y: int) -> list[str]:
    """Boxes for servers, filled where busy; a bar where there are too many."""
    opened, busy = each["open"], each["busy"]
    count = max(opened, busy)
    if not count:
        return []
    if count > MOST_BOXES:
        share, width = busy / count, SERVERS - 20
        box = f'<rect x="{LEFT}" y="{y + 2}" height="18" '
        return [
            f'{box}width="{width}" fill="{theme.BAND}"/>',
            f'{box}width="{share * width:.1f}" fill="{theme.ACCENT}"/>',
        ]
    rows = 1 if count <= 30 else 2
    step = min(13.0, (SERVERS - 20) / -(-count // rows))
    size = 18 / rows - 1
    return [
        f'<rect x="{LEFT + (n // rows) * step:.1f}" y="{y + 2 + (n % rows) * (size + 1):.1f}" '
        f'width="{step - 1.5:.1f}" height="{size:.1f}" rx="1" '
        f'fill="{theme.ACCENT if n < busy else theme.BAND}"/>'
        for n in range(count)
    ]
