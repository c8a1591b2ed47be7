"""Who goes from where to where, as ribbons between places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dashboard import theme
from dashboard.components.charts.drawn import drawing
from dashboard.i18n.formats import Formats
from sim.projections.flows import IN

WIDTH, HEIGHT, GAP, NODE = 1180, 330, 22, 11
"""Of the drawing, between places one above the other, and of a place; in pixels."""

MOST_PLACES = 16
"""Beyond, ribbons cannot be told apart; the table has them all."""

Flows = Sequence[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the drawing.

    Attributes
    ----------
    column : int
        How many places lie before it on the longest way in.
    x, y, height : float
        Its bar, in pixels.
    """

    column: int
    x: float
    y: float
    height: float


def flows_drawing(flows: Flows, name_of: Callable[[str], str], formats: Formats) -> str:
    """A picture of the flows with an alternative text; "" where there are too many places."""
    names = list(dict.fromkeys(name for source, target, _ in flows for name in (source, target)))
    if not flows or len(names) > MOST_PLACES:
        return ""
    columns = columns_of(flows)
    through = {
        name: max(
            sum(n for source, _, n in flows if source == name),
            sum(n for _, target, n in flows if target == name),
        )
        for name in names
    }
    places = _places(columns, through)
    shapes = [*_ribbons(flows, places, through), *_bars(places, through, name_of, formats)]
    told = "; ".join(
        f"{name_of(source)} → {name_of(target)}: {formats.number(n)}"
        for source, target, n in sorted(flows, key=lambda flow: -flow[2])[:12]
    )
    alt = formats.words("flows.alt", parts=told)
    return drawing("".join(shapes), width=WIDTH, height=HEIGHT, alt=alt)


def columns_of(flows: Flows) -> dict[str, int]:
    """Each place's column: one beyond the farthest place before it; ways back do not count.

    Examples
    --------
    >>> columns_of([("in", "a", 9), ("a", "b", 5), ("in", "b", 1), ("b", "a", 1)])
    {'in': 0, 'a': 1, 'b': 2}
    """
    names = list(dict.fromkeys(name for source, target, _ in flows for name in (source, target)))
    amount = {(source, target): n for source, target, n in flows}
    onward = [
        (source, target)
        for (source, target), n in amount.items()
        if source != target and n > amount.get((target, source), 0)
    ]
    columns = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for source, target in onward:
            if columns[target] <= columns[source] < len(names):
                columns[target] = columns[source] + 1
                moved = True
        if not moved:
            break
    return columns


def _places(columns: Mapping[str, int], through: Mapping[str, int]) -> dict[str, Place]:
    last = max(columns.values())
    by_column = [[name for name in columns if columns[name] == n] for n in range(last + 1)]
    scale = min(
        (HEIGHT - 16 - GAP * (len(column) + 0.5)) / max(sum(through[name] for name in column), 1)
        for column in by_column
        if column
    )
    places = {}
    for number, column in enumerate(by_column):
        heights = [max(through[name] * scale, 1.5) for name in column]
        y = (HEIGHT - sum(heights) - GAP * (len(column) - 1)) / 2
        x = 2 + number * (WIDTH - 150) / max(last, 1)
        for name, height in zip(column, heights, strict=True):
            places[name] = Place(number, x, y, height)
            y += height + GAP
    return places


def _ribbons(flows: Flows, places: Mapping[str, Place], through: Mapping[str, int]) -> list[str]:
    leaves, comes = dict.fromkeys(places, 0.0), dict.fromkeys(places, 0.0)
    shapes = []
    for source, target, n in sorted(flows, key=lambda flow: (places[flow[1]].y, places[flow[0]].y)):
        one, other = places[source], places[target]
        if other.column <= one.column:  # a way back; the table has it
            continue
        thick = n * one.height / max(through[source], 1)
        y0, y1 = one.y + leaves[source], other.y + comes[target]
        leaves[source] += thick
        comes[target] += n * other.height / max(through[target], 1)
        x0, x1 = one.x + NODE, other.x
        mid = (x0 + x1) / 2
        colour = theme.OVER if target in {"missed", "reneged", "balked"} else theme.ACCENT
        shapes.append(
            f'<path d="M{x0:.1f} {y0:.1f}C{mid:.1f} {y0:.1f} {mid:.1f} {y1:.1f} {x1:.1f} {y1:.1f}'
            f"V{y1 + thick:.1f}C{mid:.1f} {y1 + thick:.1f} {mid:.1f} {y0 + thick:.1f} "
            f'{x0:.1f} {y0 + thick:.1f}Z" fill="{colour}" fill-opacity=".2"/>'
        )
    return shapes


def _bars(
    places: Mapping[str, Place],
    through: Mapping[str, int],
    name_of: Callable[[str], str],
    formats: Formats,
) -> list[str]:
    shapes = []
    for name, place in places.items():
        colour = theme.INK if name == IN else theme.ACCENT
        middle = place.y + place.height / 2
        shapes.append(
            f'<rect x="{place.x:.1f}" y="{place.y:.1f}" width="{NODE}" '
            f'height="{place.height:.1f}" fill="{colour}" rx="1.5"/>'
            f'<text x="{place.x + NODE + 6:.1f}" y="{middle - 2:.1f}">{escape(name_of(name))}'
            f'<tspan class="n" x="{place.x + NODE + 6:.1f}" dy="14">'
            f"{formats.number(through[name])}</tspan></text>"
        )
    return shapes
