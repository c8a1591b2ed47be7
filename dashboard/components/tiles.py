"""The figures one looks for first, as tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from dashboard.answer import Answer
from dashboard.briefing import StationBrief, longest_wait, most_broken, worst_half_hour
from dashboard.i18n.formats import NOTHING, Formats


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its name and what it means.

    Attributes
    ----------
    is_over : bool
        Whether it is worse than promised; a sign says so too.
    was : str
        The same figure under the settings before; "" where it has not changed.
    """

    name: str
    figure: str
    beside: str
    is_over: bool = False
    was: str = ""


def tiles_of(
    answer: Answer, briefs: tuple[StationBrief, ...], formats: Formats
) -> tuple[Tile, ...]:
    """How many got where they wanted and how many did not, the longest waits, the promise."""
    words, summary = formats.words, answer.summary
    people = summary["passengers"]
    done, lost = ("boarded", "missed") if _is_scheduled(summary) else ("through", "away")
    ended = {
        "boarded": summary["boarded"],
        "missed": summary["missed"],
        "through": summary["exited"],
        "away": summary["balked"] + summary["reneged"],
    }
    tiles = [
        Tile(
            words(f"tile.{done}"),
            formats.number(ended[done]),
            words("tile.of_people", n=formats.number(people)),
        ),
        Tile(
            words(f"tile.{lost}"),
            formats.number(ended[lost]),
            words(
                "tile.share_of_people",
                share=formats.percent(ended[lost] / people if people else None),
            ),
        ),
    ]
    longest = longest_wait(briefs)
    tiles.append(
        Tile(
            words("tile.longest"),
            NOTHING if longest is None else formats.wait(longest.wait_s["p95"]),
            "" if longest is None else words("tile.longest_at", station=longest.name),
            is_over=longest is not None and longest.verdict == "sub-optimum",
        )
    )
    worst = worst_half_hour(briefs)
    half_hour = None if worst is None else worst.worst
    if worst is not None and half_hour is not None:
        tiles.append(
            Tile(
                words("tile.worst"),
                formats.wait(half_hour["mean_s"]),
                words(
                    "tile.worst_at",
                    station=worst.name,
                    half_hour=formats.half_hour(half_hour["start_s"]),
                ),
                is_over=worst.band_s is not None and half_hour["mean_s"] > worst.band_s[1],
            )
        )
    promise = most_broken(summary["targets"])
    if promise is not None:
        name = next(brief.name for brief in briefs if brief.id == promise["station"])
        tiles.append(
            Tile(
                words("tile.promise"),
                formats.percent(promise["share"]),
                words(
                    "tile.promise_at",
                    station=name,
                    within=formats.wait(promise["within_s"]),
                    target=formats.percent(promise["target_share"]),
                ),
                is_over=not promise["is_met"],
            )
        )
    return tuple(tiles)


def _is_scheduled(summary: Mapping[str, Any]) -> bool:
    """Whether people have a departure to catch, in which case that is what counts."""
    return bool(summary["boarded"] or summary["missed"])


def with_before(tiles: Sequence[Tile], before: Sequence[Tile]) -> tuple[Tile, ...]:
    """Tiles that say what their figure was before, where it was another."""
    old = {tile.name: tile.figure for tile in before}
    return tuple(
        replace(tile, was=old.get(tile.name, "")) if old.get(tile.name) != tile.figure else tile
        for tile in tiles
    )


def tiles_html(tiles: Sequence[Tile], formats: Formats) -> str:
    """The tiles side by side."""
    return f'<div class="tiles">{"".join(_tile_html(tile, formats) for tile in tiles)}</div>'


def _tile_html(tile: Tile, formats: Formats) -> str:
    sign = '<span class="sign" aria-hidden="true">▲</span>' if tile.is_over else ""
    was = formats.words("tile.was", figure=tile.was) if tile.was else ""
    return (
        f'<dl class="tile{" over" if tile.is_over else ""}"><dt>{escape(tile.name)}</dt>'
        f'<dd class="figure">{sign}{escape(tile.figure)}</dd>'
        f'<dd class="was">{escape(was)}</dd>'
        f'<dd class="beside">{escape(tile.beside)}</dd></dl>'
    )
