"""How the beginning of a run in mid-day is told."""

from __future__ import annotations

from typing import Any

from sim.events.log import EventLog
from sim.projections.openings import OpeningMark, opening_in
from sim.projections.state_at import state_at
from sim.scenario.clock import US_PER_S, instant_text


def opening_of_log(log: EventLog) -> OpeningMark | None:
    """Where a log opens in mid-day; None where it opens with the day."""
    for block in log.blocks():
        opening = opening_in(block)
        if opening is not None:
            return opening
    return None


def opening_document(
    log: EventLog, opening: OpeningMark, *, until_us: int | None
) -> dict[str, Any]:
    """Who was where as a run began, as plain JSON.

    Parameters
    ----------
    log : EventLog
        The run.
    opening : OpeningMark
        Where it opens.
    until_us : int or None
        When it was cut, if it was.
    """
    state = state_at(log, opening.at_us - 1)
    return {
        "at": instant_text(opening.at_us),
        "at_s": opening.at_us / US_PER_S,
        "until": None if until_us is None else instant_text(until_us),
        "until_s": None if until_us is None else until_us / US_PER_S,
        "persons": opening.persons,
        "elsewhere": len(state.elsewhere),
        "stations": {
            each.station: {"waiting": len(each.waiting), "in_service": len(each.in_service)}
            for each in state.stations
        },
    }
