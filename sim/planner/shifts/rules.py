"""The shifts that a scenario's rules allow, and what each costs."""

from __future__ import annotations

from sim.planner.shifts.question import Shift
from sim.scenario.roster import RosterSpec, ShiftSpec

DAY_MIN = 24 * 60
NIGHT_FROM_MIN, NIGHT_UNTIL_MIN = 22 * 60, 6 * 60
"""Night work: ten in the evening to six in the morning (Labour Code 2019, Article 106)."""

ANY_SHIFT = ShiftSpec(id="any")


def shifts_of(rules: RosterSpec, *, first: int, until: int) -> tuple[Shift, ...]:
    """Every shift with every place of its rest, that begins from a period on.

    Parameters
    ----------
    first, until : int
        Periods from midnight: shifts begin in `first` or later, before `until`, and of those
        that end after `until` only the shortest that do.
    """
    period = rules.period_min.value
    found: dict[Shift, None] = {}
    for family in rules.shifts or (ANY_SHIFT,):
        every = _periods(family.start_every_min.value, period)
        lengths = range(
            _periods(family.shortest_h.value * 60, period),
            _periods(family.longest_h.value * 60, period) + 1,
            _periods(family.step_min.value, period),
        )
        for start in range(first // every * every, until, every):
            at_s = start * period * 60
            early = family.earliest is not None and at_s < family.earliest
            late = family.latest is not None and at_s > family.latest
            if early or late:
                continue
            for length in lengths:
                found |= dict.fromkeys(_with_rests(rules, start, length))
                if start + length >= until:
                    break
    return tuple(found)


def cost_h(shift: Shift, rules: RosterSpec) -> float:
    """Hours paid for a shift, those of the night with their premium."""
    minutes = rules.period_min.value
    paid = shift.worked if not rules.rest.is_paid else range(shift.start, shift.end)
    night = sum(_is_night(period, minutes) for period in paid)
    return (len(paid) + rules.night_premium.value * night) * minutes / 60


def _with_rests(rules: RosterSpec, start: int, length: int) -> list[Shift]:
    rest, period = rules.rest, rules.period_min.value
    hours = length * period / 60
    night_h = sum(_is_night(each, period) for each in range(start, start + length)) * period / 60
    is_night = night_h >= rest.night_h.value
    minutes = rest.night_rest_min.value if is_night else rest.rest_min.value
    if hours < rest.from_h.value or minutes == 0:
        return [Shift(start, length)]
    first, last = (_periods(each.value * 60, period) for each in (rest.after_h, rest.before_h))
    every = max(_periods(rest.every_min.value, period), 1)
    return [
        Shift(start, length, start + after, _periods(minutes, period))
        for after in range(first, last + 1, every)
    ]


def _is_night(period: int, minutes: float) -> bool:
    at = period * minutes % DAY_MIN
    return at >= NIGHT_FROM_MIN or at < NIGHT_UNTIL_MIN


def _periods(minutes: float, period: float) -> int:
    return round(minutes / period)
