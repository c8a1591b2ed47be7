"""A day played back: stations, their queues, and who walks between them, minute by minute."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from dashboard import theme
from dashboard.briefing import station_name
from dashboard.components.asking import Asked
from dashboard.components.charts.flows import columns_of
from dashboard.components.progress import fetched
from dashboard.components.tables import table
from dashboard.errands.playback import PlaybackErrand, unpacked
from dashboard.i18n.formats import Formats
from sim.projections.flows import IN
from sim.projections.outcomes import OUTCOMES

FOLDER = Path(__file__).parent
KEY = "playback"
MOST_PLACES = 24
"""Beyond, boxes and links cannot be told apart; the table has them all."""

USUAL = 0.02
"""Share of a place's persons that a way must have, to say which place comes after which."""

TABLE_MIN = 30
HAND_MIN = 5
"""Instants of the table of all stations are so many minutes apart."""

COLOURS = {
    "ink": theme.INK,
    "quiet": theme.QUIET,
    "line": theme.LINE,
    "card": theme.CARD,
    "accent": theme.ACCENT,
    "band": theme.BAND,
    "queue": theme.HEAT["above"],
}

SAID = (
    "play", "pause", "pace", "time", "hand", "legend", "legend_still", "box", "people", "alt",
)  # fmt: skip
"""What the player says, with values still to be put in."""

Facts = dict[str, Any]


def playback(facts: Facts, asked: Asked, formats: Formats) -> None:
    """The player, and a table of the queues by half-hour behind it."""
    words = formats.words
    found = fetched(PlaybackErrand(facts["folder"]), formats)
    if found is None:
        return
    names = {each.id: station_name(each, words) for each in asked.spec.stations}

    def name_of(place: str) -> str:
        if place in found["stations"]:
            return names.get(place, place)
        return words(f"flows.{place}")

    places = places_of(found)
    is_drawn = len(places) <= MOST_PLACES
    if is_drawn:
        data = player_data(facts, found, places, name_of, formats)
        data["at"] = _begins(found)
        _player()(key=KEY, data=data, on_at_change=_to_the_table)
    else:
        st.html(f'<p class="note">{words("playback.many", n=len(places))}</p>')
    with st.expander(words("table.open"), expanded=not is_drawn):
        st.html(queues_table(found, name_of, formats))


def player_data(
    facts: Facts,
    found: Mapping[str, Any],
    places: Mapping[str, tuple[int, float]],
    name_of: Callable[[str], str],
    formats: Formats,
) -> dict[str, Any]:
    """What the browser gets, once for a run and a language.

    Parameters
    ----------
    found : mapping
        Of `dashboard.errands.playback.PlaybackErrand`.
    places : mapping of str to (int, float)
        Column and row of each place.
    """
    words = formats.words
    rank = {name: number for number, name in enumerate(places)}
    nothing: dict[str, Any] = {}
    return {
        "run": facts["chain_head"],
        "first": found["first"],
        "minutes": found["minutes"],
        "arrived": found["arrived"],
        "left": found["left"],
        "places": [
            {"name": name_of(name), "column": column, "row": row}
            | found["stations"].get(name, nothing)
            for name, (column, row) in places.items()
        ],
        "columns": 1 + max(column for column, _ in places.values()),
        "rows": max(_depth(places), 2),
        "links": [
            {
                "source": rank[each["source"]],
                "target": rank[each["target"]],
                "persons": each["persons"],
                "lift": _lift(places[each["source"]], places[each["target"]]),
            }
            for each in found["links"]
        ],
        "hand_min": HAND_MIN,
        "colours": COLOURS,
        "font": theme.FONT,
        "thousands": formats.locale["thousands"],
        "words": {
            "next_day": words.sentences["unit.next_day"],
            "part": words.sentences["log.alt_part"],
            **{name: words.sentences[f"playback.{name}"] for name in SAID},
        },
    }


def places_of(found: Mapping[str, Any]) -> dict[str, tuple[int, float]]:
    """Column and row of each place, in the order in which passengers meet them.

    Those of a column are spread over the height; stations that no person walks to stand in
    rows of their own below.
    """
    flows = [(each["source"], each["target"], each["total"]) for each in found["links"]]
    columns = _columns(flows) if flows else {}
    order = [IN, *found["stations"], *columns]
    columns = {name: columns[name] for name in dict.fromkeys(order) if name in columns}
    by_column: dict[int, list[str]] = {}
    for name, column in columns.items():
        by_column.setdefault(column, []).append(name)
    most = max((len(each) for each in by_column.values()), default=1)
    unmet = [name for name in found["stations"] if name not in columns]
    places = {
        name: (column, (row + 0.5) * max(most, 2) / len(members) - 0.5)
        for column, members in sorted(by_column.items())
        for row, name in enumerate(members)
    }
    width = max(len(by_column), 1)
    below = max(most, 2) if places else 0
    return places | {
        name: (number % width, float(below + number // width)) for number, name in enumerate(unmet)
    }


def _columns(flows: Sequence[tuple[str, str, int]]) -> dict[str, int]:
    """Columns by the ways that many take; who is met on few stands beside where most come from."""
    through: dict[str, int] = {}
    names = dict.fromkeys(name for source, target, _ in flows for name in (source, target))
    for name in names:
        left = sum(n for source, _, n in flows if source == name)
        came = sum(n for _, target, n in flows if target == name)
        through[name] = max(left, came)
    usual = [flow for flow in flows if flow[2] >= USUAL * max(through[flow[0]], through[flow[1]])]
    columns = columns_of(usual or flows)
    last = max(columns.values())
    for source, target, _ in sorted(flows, key=lambda flow: -flow[2]):
        if target in OUTCOMES:
            columns[target] = last
        elif target not in columns:
            columns[target] = columns.get(source, 0)
    for name in through:
        columns.setdefault(name, 0)
    return columns


def queues_table(found: Mapping[str, Any], name_of: Callable[[str], str], formats: Formats) -> str:
    """Persons waiting at each station at every half-hour."""
    first, count = found["first"], found["minutes"]
    rows_at = [n for n in range(count) if (first + n) % TABLE_MIN == 0]
    queues = {name: unpacked(each["persons"]) for name, each in found["stations"].items()}
    headers = [formats.words("table.time"), *(name_of(name) for name in queues)]
    rows: Sequence[Sequence[str]] = [
        [formats.clock(60 * (first + n)), *(formats.number(int(q[n])) for q in queues.values())]
        for n in rows_at
    ]
    return table(headers, rows, caption=formats.words("playback.table"), is_long=True)


@cache
def _player() -> Callable[..., Any]:
    """The component; its files lie beside this one."""
    html, css, js = (
        (FOLDER / f"playback.{ending}").read_text(encoding="utf-8")
        for ending in ("html", "css", "js")
    )
    return component("hanh_trinh_playback", html=html, css=css, js=js)


def _begins(found: Mapping[str, Any]) -> int:
    """The minute at which the player stands at first, a third into the day.

    It does not follow the page, so that the browser gets the columns once.
    """
    at = found["first"] + found["minutes"] // 3
    return at - at % HAND_MIN


def _to_the_table() -> None:
    """Move the slider of the table of all stations to where the player stands."""
    state = st.session_state.get(KEY)
    at = state.get("at") if state is not None else None
    if isinstance(at, int) and not isinstance(at, bool):
        st.session_state["moment"] = at - at % HAND_MIN


def _depth(places: Mapping[str, tuple[int, float]]) -> int:
    return 1 + round(max(row for _, row in places.values()))


def _lift(source: tuple[int, float], target: tuple[int, float]) -> float:
    """How far a link bows out, in boxes, so that it passes above what stands between."""
    span = target[0] - source[0]
    if span <= 0:
        return 1.1
    return 0.0 if span == 1 else -0.35 * (span - 1)
