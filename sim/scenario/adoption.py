"""Adoption: shares that follow a logistic curve in time, and what digital literacy adds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.dates import Day
from sim.scenario.figures import Count, Figure, Positive, Share, Strict
from sim.scenario.stations import Id, TraitId

Pace = Literal["low", "base", "high"]
"""Which end of their ranges the curves take: the one of less adoption, or of more."""

DAYS_PER_YEAR = 365.25
LEAST = 1e-12
"""Shares of a curve stay this far from 0 and 1, so that they have odds."""


class Known(Strict):
    """A share as it was, or is expected to be, on a date."""

    on: Day
    share: Share
    source: str | None = None


class Curve(Strict):
    """How the share of those who have a trait moves with time, wherever they are.

    The logistic curve from `floor` to `ceiling` through two dated shares; its midpoint and
    steepness follow from them. What a scenario writes is the share of its own date; on
    another date the odds of that share are multiplied as the odds of the curve are between
    the two dates.

    Attributes
    ----------
    trait : TraitId
        Whose share moves.
    when : str or None
        The class of passengers it is for, as the trait's `shares` write it; None is every
        class that has no curve of its own.
    floor, ceiling : Share
        Limits that the curve keeps between.
    known : tuple of Known, length 2
        Two dated shares, in order of time; where they fall, so does the curve.
    literacy_odds : Positive
        What full digital literacy multiplies the odds by.
    """

    id: Id
    trait: TraitId
    when: str | None = None
    floor: Share = Figure(value=0.0)
    ceiling: Share = Figure(value=1.0)
    known: Annotated[tuple[Known, ...], Field(min_length=2, max_length=2, strict=False)]
    literacy_odds: Positive = Figure(value=1.0)
    source: str | None = None

    @model_validator(mode="after")
    def _between(self) -> Curve:
        first, last = self.known
        if last.on <= first.on:
            msg = f"known shares of {first.on} and {last.on} are not in order of time; order them"
            raise ValueError(msg)
        if first.share.value == last.share.value:
            msg = f"both known shares are {first.share.value:g}; a curve needs two that differ"
            raise ValueError(msg)
        for pace in ("low", "base", "high"):
            low, high = (_end(each, pace, self.rises) for each in (self.floor, self.ceiling))
            for each in self.known:
                share = _end(each.share, pace, self.rises)
                if not low < share < high:
                    msg = (
                        f"the {pace} share of {each.on}, {share:g}, is not between floor "
                        f"{low:g} and ceiling {high:g}; a logistic curve never reaches them"
                    )
                    raise ValueError(msg)
        return self

    @property
    def rises(self) -> bool:
        """Whether the share grows with time; a share of novices falls."""
        return self.known[1].share.value > self.known[0].share.value


class Lesson(Strict):
    """How digital literacy shortens the time that passengers take at a station.

    Attributes
    ----------
    when : str or None
        The class of passengers it is for, as the station's `service` writes it; None is all.
    time_factor : Positive
        What full digital literacy multiplies service times by.
    """

    station: Id
    when: str | None = None
    time_factor: Positive
    source: str | None = None


class Anchor(Strict):
    """What the shares and times that stand in a scenario hold for; tools write it."""

    on: Day
    pace: Pace = "base"
    literacy: Share = Figure(value=0.0)


class Adoption(Strict):
    """How many take up the new way, when.

    Attributes
    ----------
    pace : {"low", "base", "high"}
        End of the curves' ranges to take.
    literacy : Share
        The lever of digital literacy: 0 is as things go, 1 a programme that reaches all.
    curves : tuple of Curve
        Shares that move with time.
    lessons : tuple of Lesson
        Times that literacy shortens.
    anchor : Anchor or None
        What the written shares hold for; None: the scenario's own date, base pace, no
        programme.
    """

    pace: Pace = "base"
    literacy: Share = Figure(value=0.0)
    curves: Annotated[tuple[Curve, ...], Field(max_length=100, strict=False)] = ()
    lessons: Annotated[tuple[Lesson, ...], Field(max_length=100, strict=False)] = ()
    anchor: Anchor | None = None
    source: str | None = None


class Equipment(Strict):
    """How many servers a station has from a date on, on dates other than the scenario's own.

    Attributes
    ----------
    from_ : Day
        First day.
    installed : Count
        Servers that exist from then on.
    formerly : Count or None
        Servers until then; needed where the scenario's own date is later, since what stands
        in the file holds for that.
    """

    id: Id = "equipment"
    station: Id
    from_: Annotated[Day, Field(alias="from")]
    installed: Count
    formerly: Count | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _some(self) -> Equipment:
        for name in ("installed", "formerly"):
            count = getattr(self, name)
            if count is not None and count.value < 1:
                msg = f"{name} = 0 leaves nobody to serve; give at least 1"
                raise ValueError(msg)
        return self


@dataclass(frozen=True, slots=True)
class Stage:
    """A point of the way: a date, a pace and a degree of literacy."""

    on: date
    pace: Pace = "base"
    literacy: float = 0.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic curve in time.

    Attributes
    ----------
    floor, ceiling : float
        Limits.
    midpoint : float
        Ordinal of the day on which the share is half-way between them.
    per_year : float
        Steepness: the growth of the log-odds in a year, negative where the share falls.
    """

    floor: float
    ceiling: float
    midpoint: float
    per_year: float

    def share_on(self, day: date) -> float:
        """The share on a day.

        Examples
        --------
        >>> half = Logistic(0.0, 0.6, midpoint=date(2026, 1, 1).toordinal(), per_year=3.0)
        >>> half.share_on(date(2026, 1, 1))
        0.3
        """
        steps = self.per_year * (day.toordinal() - self.midpoint) / DAYS_PER_YEAR
        return self.floor + (self.ceiling - self.floor) * _sigmoid(steps)


def logistic_of(curve: Curve, pace: Pace) -> Logistic:
    """The curve at a pace, from its two known shares.

    Notes
    -----
    With *x* the share as a part of the way from floor to ceiling, ``ln(x / (1 - x))`` is
    linear in time; two points give its slope and where it is zero.
    """
    floor, ceiling = (_end(each, pace, curve.rises) for each in (curve.floor, curve.ceiling))
    (t0, y0), (t1, y1) = (
        (
            each.on.toordinal(),
            _logit((_end(each.share, pace, curve.rises) - floor) / (ceiling - floor)),
        )
        for each in curve.known
    )
    per_day = (y1 - y0) / (t1 - t0)
    return Logistic(floor, ceiling, t0 - y0 / per_day, per_day * DAYS_PER_YEAR)


def share_then(curve: Curve, share: float, *, anchor: Stage, then: Stage) -> float:
    """A share that holds at one stage, at another.

    Parameters
    ----------
    share : float
        The share at `anchor`; nobody stays nobody, and everybody everybody.

    Notes
    -----
    Its odds are multiplied by the ratio of the curve's odds at the two stages, and by
    ``literacy_odds`` to the power of the difference in literacy. So a place that is ahead
    of others stays ahead, and at the anchor itself the share is exactly as written.
    """
    if anchor == then or not 0 < share < 1:
        return share
    log_odds = _logit(share)
    if (anchor.on, anchor.pace) != (then.on, then.pace):
        log_odds += _logit(_clipped(logistic_of(curve, then.pace).share_on(then.on)))
        log_odds -= _logit(_clipped(logistic_of(curve, anchor.pace).share_on(anchor.on)))
    log_odds += (then.literacy - anchor.literacy) * math.log(curve.literacy_odds.value)
    return _sigmoid(log_odds)


def _end(figure: Figure, pace: Pace, rises: bool) -> float:
    """The end of a figure's range that a pace takes: less adoption is more novices."""
    end = figure.low if (pace == "low") == rises else figure.high
    return figure.value if pace == "base" or end is None else end


def _logit(share: float) -> float:
    return math.log(share) - math.log1p(-share)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _clipped(share: float) -> float:
    return min(max(share, LEAST), 1 - LEAST)
