"""What a roster has to do, on a grid of equal periods counted from midnight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Levels = tuple[int, ...]
"""People needed by period."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A kind of shift; all counts are periods.

    Attributes
    ----------
    start : int
        Period it begins with, from midnight.
    length : int
        Periods from begin to end, the rest included.
    rest_at : int
        Period, from midnight, in which the rest begins.
    rest : int
        Length of the rest; 0 is none.
    """

    start: int
    length: int
    rest_at: int = 0
    rest: int = 0

    def __post_init__(self) -> None:
        assert self.length > 0, self
        inside = self.start <= self.rest_at and self.rest_at + self.rest <= self.end
        assert self.rest == 0 or inside, self

    @property
    def end(self) -> int:
        """The period after its last."""
        return self.start + self.length

    def works(self, period: int) -> bool:
        """Whether who has it is at work then."""
        is_resting = self.rest > 0 and self.rest_at <= period < self.rest_at + self.rest
        return self.start <= period < self.end and not is_resting

    @property
    def worked(self) -> tuple[int, ...]:
        """Periods at work."""
        return tuple(period for period in range(self.start, self.end) if self.works(period))


@dataclass(frozen=True, slots=True)
class Crew:
    """People with the same skills.

    Attributes
    ----------
    stations : tuple of str
        Where they can work; several make them floaters.
    shifts : tuple of Shift
        What they can be asked to work.
    costs : tuple of float
        Of each shift.
    people : int or None
        How many there are; None is as many as needed.
    """

    id: str
    stations: tuple[str, ...]
    shifts: tuple[Shift, ...]
    costs: tuple[float, ...]
    people: int | None = None

    def __post_init__(self) -> None:
        assert len(self.shifts) == len(self.costs), self.id


@dataclass(frozen=True, slots=True)
class WindowCut:
    """People of a station summed over some periods are at least a level."""

    station: str
    periods: tuple[int, ...]
    level: int


@dataclass(frozen=True, slots=True)
class EitherCut:
    """In at least one of these periods the station has at least that many people.

    This is what one plan that failed says of all smaller ones: somewhere there must be more.
    """

    station: str
    raised: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class RosterQuestion:
    """Who is needed where, and who could be asked.

    Attributes
    ----------
    first : int
        Period, from midnight, of the first level.
    needed : mapping of str to tuple of int
        People at each station by period; all of one length.
    crews : tuple of Crew
        Who there is.
    period_min : int
        Minutes in a period.
    alternatives : mapping of str to tuple of levels
        Stations at which one of several plans may be chosen, each on top of `needed`.
    cuts : tuple
        What else the levels must keep; periods as in `first`.
    """

    first: int
    needed: Mapping[str, Levels]
    crews: tuple[Crew, ...]
    period_min: int = 15
    alternatives: Mapping[str, tuple[Levels, ...]] = field(default_factory=dict)
    cuts: tuple[WindowCut | EitherCut, ...] = ()

    def __post_init__(self) -> None:
        lengths = {len(levels) for levels in self.needed.values()}
        lengths |= {len(each) for plans in self.alternatives.values() for each in plans}
        assert len(lengths) == 1, "levels of different lengths"
        assert len({crew.id for crew in self.crews}) == len(self.crews), "two crews of one name"

    @property
    def periods(self) -> int:
        """How many periods have a level."""
        return len(next(iter(self.needed.values())))
