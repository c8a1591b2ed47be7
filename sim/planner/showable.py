"""Promises that so many days cannot show, however good they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.errors import Fault, InvalidInputError
from sim.planner.tally import Tally
from sim.planner.targets import Promise

MOST_DAYS = 9_999
"""Fresh days that can be asked for."""


def refuse_unshowable(promises: Sequence[Promise], *, days: int, doubt: float) -> None:
    """Refuse promises that no plan could be certified of.

    Parameters
    ----------
    days : int
        Fresh days of a certificate.
    doubt : float
        Chance of error each period is given.

    Raises
    ------
    InvalidInputError
        If even days on which nobody waits too long leave a promise uncertain, with the number of
        days that would do.
    """
    faults: list[Fault] = []
    for each in promises:
        shown = _shown(each, days, doubt)
        if shown >= each.asked:
            continue
        low, high = days, MOST_DAYS
        if _shown(each, high, doubt) < each.asked:
            remedy = f"nor would {MOST_DAYS}; promise less"
        else:
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if _shown(each, middle, doubt) >= each.asked else (
                    middle, high,
                )  # fmt: skip
            remedy = f"take {high} of them (--days {high}) or more, or promise less"
        what = "of days " if each.meaning == "daily" else ""
        where = each.station or "departures"
        message = (
            f"{where}, promise {each.id}: {each.asked:g} {what}is promised, but {days} days "
            f"without a fault show no more than {shown:.4f} with this confidence; {remedy}"
        )
        faults.append(Fault(message))
    if faults:
        raise InvalidInputError(faults)


def _shown(promise: Promise, days: int, doubt: float) -> float:
    """What so many perfect days show at least."""
    some = np.ones((days, 1))
    return float(Tally(promise, some, some).low(doubt)[0])
