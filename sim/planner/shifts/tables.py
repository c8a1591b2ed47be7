"""A roster as rows: shift by shift, person by person, period by period."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sim.planner.shifts.outcome import Duty, Lack, Roster
from sim.planner.shifts.question import RosterQuestion
from sim.scenario.clock import clock_text

SHIFT_COLUMNS = ("team", "start", "end", "rest_start", "rest_end", "people")
DUTY_COLUMNS = ("person", "team", "start", "end", "rest_start", "rest_end", "stations")
STAFF_COLUMNS = ("start", "station", "needed", "rostered", "over")

Row = tuple[str | int, ...]


def clock(period: int, period_min: int) -> str:
    """When a period begins, ``HH:MM``; hours may pass 24."""
    return clock_text(period * period_min * 60)


def shift_rows(found: Roster, period_min: int) -> list[Row]:
    """Shift by shift: how many people have the same, with the same rest."""
    counts = Counter((duty.crew, *_times(duty, period_min)) for duty in found.duties)
    return [(*shift, people) for shift, people in counts.items()]


def duty_rows(found: Roster, period_min: int) -> list[Row]:
    """Person by person, numbered within the team, with the stations in order of time."""
    numbers: Counter[str] = Counter()
    rows: list[Row] = []
    for duty in found.duties:
        numbers[duty.crew] += 1
        name = f"{duty.crew}-{numbers[duty.crew]:03d}"
        places = " ".join(_stretches(duty, period_min))
        rows.append((name, duty.crew, *_times(duty, period_min), places))
    return rows


def staff_rows(question: RosterQuestion, found: Roster) -> list[Row]:
    """Period by period: who is needed at each station, and who is there."""
    there: Counter[tuple[str, int]] = Counter(
        (station, duty.start + place)
        for duty in found.duties
        for place, station in enumerate(duty.stations)
        if station
    )
    rows: list[Row] = []
    for number in range(question.periods):
        period = question.first + number
        for station, levels in found.needed.items():
            needed, rostered = levels[number], there[station, period]
            if needed or rostered:
                at = clock(period, question.period_min)
                rows.append((at, station, needed, rostered, rostered - needed))
    return rows


def csv_text(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Rows as CSV with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def roster_document(question: RosterQuestion, found: Roster) -> dict[str, Any]:
    """A roster as plain JSON, as ``sim roster --json`` and the plan hold it."""
    minutes = question.period_min
    worked = sum(bool(station) for duty in found.duties for station in duty.stations)
    needed = sum(sum(levels) for levels in found.needed.values())
    hours = sum(duty.end - duty.start for duty in found.duties) * minutes / 60
    return {
        "outcome": found.outcome.value,
        "remedy": found.outcome.remedy,
        "cost": found.cost,
        "bound": found.bound,
        "gap": found.gap,
        "elapsed_s": found.elapsed_s,
        "period_min": minutes,
        "people": len(found.duties),
        "hours": hours,
        "hours_at_work": worked * minutes / 60,
        "hours_needed": needed * minutes / 60,
        "teams": dict(Counter(duty.crew for duty in found.duties)),
        "shifts": [
            dict(zip(SHIFT_COLUMNS, row, strict=True)) for row in shift_rows(found, minutes)
        ],
        "lacks": [_lack(each, minutes) for each in found.lacks],
    }


def lack_text(lack: Lack, period_min: int) -> str:
    """Where people are missing and what would help, in a sentence."""
    begin, end = clock(lack.first, period_min), clock(lack.last + 1, period_min)
    where = f"{lack.station} from {begin} to {end}: up to {lack.people} people are missing"
    if not lack.crews:
        return f"{where}; no team has that skill, add {lack.station} to one"
    names = ", ".join(lack.crews)
    if lack.is_uncovered:
        return f"{where}; no shift of {names} reaches it, let one start earlier or last longer"
    return f"{where}; everyone of {names} is at work elsewhere, resting or off, engage more"


def _lack(lack: Lack, minutes: int) -> dict[str, Any]:
    return {
        "station": lack.station,
        "from": clock(lack.first, minutes),
        "until": clock(lack.last + 1, minutes),
        "people": lack.people,
        "teams": list(lack.crews),
        "message": lack_text(lack, minutes),
    }


def _times(duty: Duty, minutes: int) -> tuple[str, str, str, str]:
    rest = ("", "") if duty.rest is None else tuple(clock(each, minutes) for each in duty.rest)
    return clock(duty.start, minutes), clock(duty.end, minutes), rest[0], rest[1]


def _stretches(duty: Duty, minutes: int) -> list[str]:
    """Where a person is from when on: ``04:00=counter``."""
    found: list[str] = []
    last = ""
    for place, station in enumerate(duty.stations):
        if station and station != last:
            found.append(f"{clock(duty.start + place, minutes)}={station}")
            last = station
    return found
