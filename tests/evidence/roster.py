"""A day's roster for ten stations with floaters, at full size: gap and time."""

from __future__ import annotations

import numpy as np

from sim.planner.shifts.outcome import Roster
from sim.planner.shifts.question import Crew, RosterQuestion, Shift
from sim.planner.shifts.solve import find_roster
from tests.evidence.claim import Claim, Finding, Steps

STATIONS, PERIODS, QUARTERS_PER_H = 10, 96, 4
PREMIUM = 1.1
"""What a floater costs, against one with a single skill."""

MOST_GAP, MOST_S = 1e-3, 60.0


def shifts() -> tuple[Shift, ...]:
    """Shifts of 4 to 9 hours by half hours, on the half hour, rests of 30 min after 3 to 5.5 h."""
    return tuple(
        Shift(start, length, start + after, 2)
        for length in range(16, 37, 2)
        for start in range(0, PERIODS - length + 1, 2)
        for after in range(12, min(22, length - 2) + 1, 2)
    )


def levels(peak: float, shift: float, rng: np.random.Generator) -> tuple[int, ...]:
    """A day with a morning and an evening peak, with noise, never below one."""
    hours = np.arange(PERIODS) / QUARTERS_PER_H
    waves = np.exp(-(((hours - 8 - shift) / 2.5) ** 2))
    waves += 0.8 * np.exp(-(((hours - 17.5 - shift) / 3) ** 2)) + 0.15
    noisy = peak * waves * rng.uniform(0.9, 1.1, PERIODS)
    return tuple(max(1, int(each + 0.5)) for each in noisy)


def question(seed: int = 1) -> RosterQuestion:
    """Ten stations with peaks of 4 to 40 people and one crew of floaters for all."""
    rng = np.random.default_rng(seed)
    peaks = np.linspace(4, 40, STATIONS)
    names = tuple(f"station-{number}" for number in range(STATIONS))
    needed = {
        name: levels(peak, rng.uniform(-1.5, 1.5), rng)
        for name, peak in zip(names, peaks, strict=True)
    }
    kinds = shifts()
    hours = tuple((each.length - each.rest) / QUARTERS_PER_H for each in kinds)
    crews = [Crew(name, (name,), kinds, hours) for name in names]
    dearer = tuple(PREMIUM * each for each in hours)
    return RosterQuestion(0, needed, (*crews, Crew("floaters", names, kinds, dearer)))


def is_covered(asked: RosterQuestion, found: Roster) -> bool:
    """Counted person by person, whether every station has its people in every period."""
    for name, wanted in asked.needed.items():
        for number, level in enumerate(wanted):
            period = asked.first + number
            there = sum(
                duty.start <= period < duty.end and duty.stations[period - duty.start] == name
                for duty in found.duties
            )
            if there < level:
                return False
    return True


def measured(seed: str) -> dict[str, object]:
    """One such day."""
    asked = question(int(seed))
    found = find_roster(asked, gap=MOST_GAP, time_limit_s=MOST_S)
    alone = [
        find_roster(RosterQuestion(0, {crew.id: asked.needed[crew.id]}, (crew,)))
        for crew in asked.crews[:-1]
    ]
    return {
        "outcome": found.outcome.value,
        "cost": found.cost,
        "bound": found.bound,
        "gap": found.gap,
        "elapsed_s": found.elapsed_s,
        "people": len(found.duties),
        "variables": found.variables,
        "rows": found.rows,
        "cost_without_floaters": sum(each.cost or 0.0 for each in alone),
        "is_covered": is_covered(asked, found),
    }


def examine(steps: Steps) -> Finding:
    """Three such days, one after another, since they are timed."""
    found = steps.each(["1", "2", "3"], measured, processes=1)
    passed = all(
        each["is_covered"] and each["gap"] < MOST_GAP and each["elapsed_s"] < MOST_S
        for each in found.values()
    )
    return Finding(passed=passed, figures=found)


CLAIM = Claim(
    "roster",
    "Ten stations by 96 quarter-hours with floaters are rostered to a gap under 0.1 % in under a "
    "minute.",
    examine,
)
