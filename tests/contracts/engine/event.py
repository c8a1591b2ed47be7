"""Events one by one, for those who read a log in the order of time."""

from __future__ import annotations

from typing import NamedTuple

from sim.events.kinds import KINDS, Kind
from sim.events.log import EventBlock


class Event(NamedTuple):
    """One row of the log."""

    seq: int
    at_us: int
    kind: Kind
    passenger: int
    station: int
    visit: int
    server: int
    ref: int
    detail: int


def events_of(block: EventBlock) -> list[Event]:
    """The events of a block, one by one."""
    columns = zip(
        *(getattr(block, name).tolist() for name in Event._fields if name != "kind"),
        [KINDS[code] for code in block.kind.tolist()],
        strict=True,
    )
    return [Event(s, at, kind, *rest) for s, at, *rest, kind in columns]
