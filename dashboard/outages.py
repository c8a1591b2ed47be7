"""Outages that a planner adds to a day: a whole bank stands still between two instants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.scenario.overrides import SET_SOURCE
from sim.scenario.spec import Outage

MOST_BREAKS = 8
"""Most that a page adds."""


@dataclass(frozen=True, slots=True)
class Break:
    """A station that stands still.

    Attributes
    ----------
    station : str
        Its id.
    from_min, until_min : int
        Minutes since midnight of the service day; the first is before the second.
    """

    station: str
    from_min: int
    until_min: int


def break_overrides(breaks: Sequence[Break], given: Sequence[Outage]) -> list[str]:
    """Overrides for added outages, beside those of the scenario; none without any.

    Examples
    --------
    >>> break_overrides([Break("kiosk", 390, 420)], [])[0][:53]
    'outages=[{id="added-1", station="kiosk", from=23400, '
    """
    if not breaks:
        return []
    own = [
        _table(each.id, each.station, each.from_, each.until, each.source, each.servers)
        for each in given
    ]
    for number, each in enumerate(breaks, start=1):
        span = (60 * each.from_min, 60 * each.until_min)
        own.append(_table(f"added-{number}", each.station, *span, SET_SOURCE))
    return [f"outages=[{', '.join(own)}]"]


def _table(  # noqa: PLR0917 - the keys of an outage in their order
    name: str,
    station: str,
    from_s: int,
    until_s: int,
    source: str | None,
    servers: Sequence[int] | None = None,
) -> str:
    told = (source or SET_SOURCE).replace("\\", " ").replace('"', "'")
    which = "" if servers is None else f", servers={list(servers)}"
    return (
        f'{{id="{name}", station="{station}", from={from_s}, until={until_s}{which}, '
        f'source="{told}"}}'
    )
