"""The record types of SSIM chapter 7: what stands in which column.

Positions and codes are facts of the format; they were compared with those that open-source
readers of it use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sim.scenario.schedules.ssim_fields import (
    Field,
    Wrong,
    calendar_date,
    clock_min,
    date_shift,
    days_of_week,
    fortnightly,
    last_date,
    matching,
    read_fields,
    seats_in,
    service_type,
    utc_offset_min,
    whole,
)

TITLE = "AIRLINE STANDARD SCHEDULE DATA SET"
_SERIAL = Field("serial", 195, 200, whole(1, 999_999))
_CARRIER = matching(r"[A-Z0-9]{2}[A-Z0-9 ]", "an airline code of two or three signs")
_STATION = matching(r"[A-Z]{3}", "an airport code of three letters")
_FLIGHT_KEY = (
    Field("suffix", 2, 2, matching(r"[A-Z ]", "a letter or a blank")),
    Field("carrier", 3, 5, _CARRIER),
    Field("number", 6, 9, matching(r" *\d+", "a flight number, digits to the right")),
    Field("variation", 10, 11, whole(0, 99)),
    Field("sequence", 12, 13, whole(1, 99)),
    Field("service", 14, 14, service_type),
    Field("overflow", 28, 28, matching(r"[A-Z0-9 ]", "a sign or a blank")),
)

HEADER = (
    Field("title", 2, 35, matching(TITLE, f"the title {TITLE}")),
    _SERIAL,
)
CARRIER = (
    Field("mode", 2, 2, matching(r"[UL]", "the time mode, U for UTC or L for local")),
    Field("carrier", 3, 5, _CARRIER),
    Field("valid_from", 15, 21, calendar_date),
    Field("valid_to", 22, 28, last_date),
    _SERIAL,
)
LEG = (
    *_FLIGHT_KEY[:-1],
    Field("period_from", 15, 21, calendar_date),
    Field("period_to", 22, 28, last_date),
    Field("days", 29, 35, days_of_week),
    Field("frequency", 36, 36, fortnightly),
    Field("departure_station", 37, 39, _STATION),
    Field("departure_time", 40, 43, clock_min),
    Field("departure_aircraft_time", 44, 47, clock_min),
    Field("departure_utc", 48, 52, utc_offset_min),
    Field("departure_terminal", 53, 54, matching(r"[A-Z0-9 ]{2}", "a terminal or blanks")),
    Field("arrival_station", 55, 57, _STATION),
    Field("arrival_aircraft_time", 58, 61, clock_min),
    Field("arrival_time", 62, 65, clock_min),
    Field("arrival_utc", 66, 70, utc_offset_min),
    Field("arrival_terminal", 71, 72, matching(r"[A-Z0-9 ]{2}", "a terminal or blanks")),
    Field("equipment", 73, 75, matching(r"[A-Z0-9]{3}", "an aircraft type of three signs")),
    Field("overflow", 128, 128, matching(r"[A-Z0-9 ]", "a sign or a blank")),
    Field("disclosure", 149, 149, matching(r"[A-Z0-9 ]", "a sign or a blank")),
    Field("configuration", 173, 192, matching(r".{20}", "a configuration or blanks")),
    Field("shifts", 193, 194, date_shift),
    _SERIAL,
)
SEGMENT = (
    *_FLIGHT_KEY,
    Field("board", 29, 29, matching(r"[A-Z]", "a letter for where it begins")),
    Field("off", 30, 30, matching(r"[A-Z]", "a letter for where it ends")),
    Field("element", 31, 33, whole(1, 999)),
    Field("board_station", 34, 36, _STATION),
    Field("off_station", 37, 39, _STATION),
    _SERIAL,
)
TRAILER = (
    Field("carrier", 3, 5, _CARRIER),
    Field("check", 188, 193, whole(1, 999_999)),
    Field("end", 194, 194, matching(r"[CE]", "C where a carrier follows, or E at the end")),
    _SERIAL,
)
RECORDS = {"1": HEADER, "2": CARRIER, "3": LEG, "4": SEGMENT, "5": TRAILER}
"""Fields of each record type."""

KEY_COLUMNS = ("suffix", "carrier", "number", "variation", "overflow", "sequence")
"""What a leg and its segments have in common."""

OPERATED_BY_OTHER = "L"
"""Operating airline disclosure of a code share: somebody else flies it."""

SOLD_AS_OTHER = 50
"""Data element on a leg that is sold under this number, and flown under another."""


class Call(NamedTuple):
    """A leg at one of its two airports: minutes of its time mode, days after the flight's date."""

    station: str
    terminal: str
    minutes: int
    utc_offset: int
    shift: int


@dataclass(frozen=True, slots=True)
class Leg:
    """A flight leg over a period of operation.

    Attributes
    ----------
    name : str
        Carrier, number and suffix, with the number of the leg where it is not the first.
    key : tuple
        What tells legs apart, and ties segments to them.
    mode : {"U", "L"}
        Whether times and dates are in UTC.
    """

    name: str
    key: tuple[Any, ...]
    mode: str
    carrier: str
    sequence: int
    service: str
    first: date
    last: date
    days: frozenset[int]
    is_fortnightly: bool
    departure: Call
    arrival: Call
    equipment: str
    seats: int | None
    is_codeshare: bool

    def runs_on(self, day: date) -> bool:
        """Whether the flight of that date exists.

        Every second week counts in blocks of seven days from the first day of the period.
        """
        if not self.first <= day <= self.last or day.isoweekday() not in self.days:
            return False
        return not self.is_fortnightly or (day - self.first).days // 7 % 2 == 0

    def dates(self) -> list[date]:
        """Every date of the period on which it runs; a period without end, for two years."""
        last = min(self.last, self.first + timedelta(days=731))
        span = range((last - self.first).days + 1)
        return [day for day in (self.first + timedelta(n) for n in span) if self.runs_on(day)]

    def at(self, call: Call, local_date: date) -> list[datetime]:
        """Local instants of a call on a date of its airport: none, or one."""
        ahead = call.utc_offset if self.mode == "U" else 0
        found: list[datetime] = []
        for slip in (-1, 0, 1):
            day = local_date - timedelta(days=call.shift + slip)
            minutes = timedelta(days=call.shift, minutes=call.minutes + ahead)
            instant = datetime.combine(day, time()) + minutes
            if instant.date() == local_date and self.runs_on(day):
                found.append(instant)
        return found


def read_record(line: str) -> tuple[dict[str, Any], Wrong]:
    """Values of a record's fields, and what is wrong with which."""
    values, wrong = read_fields(line, RECORDS[line[0]])
    if line[0] == "3" and not wrong and values["period_to"] < values["period_from"]:
        wrong = [("period_to", "the period ends before it begins; swap its dates")]
    if line[0] == "2" and not wrong and values["valid_to"] < values["valid_from"]:
        wrong = [("valid_to", "the schedule ends before it begins; swap its dates")]
    return values, wrong


def leg_of(values: dict[str, Any], *, mode: str) -> Leg:
    """A leg from the fields of its record."""
    calls = [
        Call(
            station=values[f"{end}_station"],
            terminal=values[f"{end}_terminal"],
            minutes=values[f"{end}_time"],
            utc_offset=values[f"{end}_utc"],
            shift=values["shifts"][number],
        )
        for number, end in enumerate(("departure", "arrival"))
    ]
    name = f"{values['carrier']}{int(values['number'])}{values['suffix']}"
    return Leg(
        name=name if values["sequence"] == 1 else f"{name}-{values['sequence']}",
        key=tuple(values[column] for column in KEY_COLUMNS),
        mode=mode,
        carrier=values["carrier"],
        sequence=values["sequence"],
        service=values["service"],
        first=values["period_from"],
        last=values["period_to"],
        days=values["days"],
        is_fortnightly=values["frequency"],
        departure=calls[0],
        arrival=calls[1],
        equipment=values["equipment"],
        seats=seats_in(values["configuration"]),
        is_codeshare=values["disclosure"] == OPERATED_BY_OTHER,
    )
