"""Flights of an airport on a day from an SSIM chapter 7 file, line by line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from sim.scenario.schedules.ask import Flight, SsimFile
from sim.scenario.schedules.found import OTHER_DAYS, Reading, ServiceDay, Sorter
from sim.scenario.schedules.ssim_fields import CARRYING, WIDTH, Wrong
from sim.scenario.schedules.ssim_records import (
    RECORDS,
    SOLD_AS_OTHER,
    Leg,
    leg_of,
    read_record,
)
from sim.scenario.wording import quoted

FILLER = "0" * WIDTH
"""A line that only fills a block of records."""

UNKNOWN = "?"
"""Type of the record before where that line could not be read."""


@dataclass(frozen=True, slots=True)
class LegAt:
    """A leg and the line of its record."""

    line: int
    leg: Leg


def read_ssim(data: bytes, *, path: str, asked: SsimFile, day: ServiceDay) -> Reading:
    """Flights of the airport that a scenario asks for, on one day.

    Every line is a record of a known type, in a file that is complete: serial numbers
    without a gap, trailers that agree, legs that follow each other. What is not so is
    rejected.

    Parameters
    ----------
    data : bytes
        The file.
    path : str
        Its name, for messages.
    asked : SsimFile
        Airport, terminal, carriers.
    day : ServiceDay
        The day.
    """
    sorter = Sorter(path)
    for each in read_legs(data, sorter):
        leg = each.leg
        reason = _not_asked(leg, asked)
        if reason:
            sorter.leave_out(reason)
            continue
        flights = _flights(leg, asked, day)
        if flights:
            sorter.use(each.line, flights)
        else:
            sorter.leave_out(OTHER_DAYS)
    return sorter.reading()


def read_legs(data: bytes, sorter: Sorter) -> list[LegAt]:
    """The sound legs of a file; every other line goes to the sorter."""
    lines = data.split(b"\n")
    if lines and not lines[-1].strip(b"\r"):
        lines.pop()
    if not lines:
        sorter.complain("is empty; an SSIM file begins with a header record", line=1)
        return []
    file = _File(sorter)
    for number, raw in enumerate(lines, start=1):
        sorter.read()
        file.take(number, raw.removesuffix(b"\r"))
    file.close(len(lines))
    return file.legs()


def _not_asked(leg: Leg, asked: SsimFile) -> str:
    here, there = leg.departure, leg.arrival
    if asked.direction == "arrivals":
        here, there = there, here
    is_domestic = asked.domestic is None or there.station in asked.domestic
    reasons = (
        (here.station != asked.airport, "at other airports"),
        (asked.terminal is not None and here.terminal != asked.terminal, "at other terminals"),
        (bool(asked.only) and leg.carrier not in asked.only, "of other carriers"),
        (leg.service not in CARRYING, "without passengers"),
        (leg.is_codeshare, "flown under another number"),
        (asked.scope == "domestic" and not is_domestic, "international"),
        (asked.scope == "international" and is_domestic, "domestic"),
    )
    return next((reason for applies, reason in reasons if applies), "")


def _flights(leg: Leg, asked: SsimFile, day: ServiceDay) -> list[Flight]:
    call, other = leg.departure, leg.arrival
    if asked.direction == "arrivals":
        call, other = other, call
    found = [day.seconds(at) for date in day.dates for at in leg.at(call, date)]
    domestic = asked.domestic
    return [
        Flight(
            id=leg.name,
            at=at,
            carrier=leg.carrier,
            aircraft=leg.equipment,
            seats=leg.seats,
            international=domestic is not None and other.station not in domestic,
        )
        for at in found
        if at is not None
    ]


class _File:
    """The records of a file in order: header, then carrier, legs and trailer by turns."""

    def __init__(self, sorter: Sorter) -> None:
        self._sorter = sorter
        self._serial: int | None = 0
        self._previous = ""  # type of the last record that was one
        self._mode = "L"
        self._carrier: str | None = None
        self._has_ended = False
        self._legs: list[LegAt] = []
        self._elements: defaultdict[int, set[int]] = defaultdict(set)
        self._last: dict[str, Any] | None = None  # fields of the last leg, None if it was wrong

    def take(self, number: int, raw: bytes) -> None:
        """Sort one line."""
        wrong = _form(raw)
        line = raw.decode("ascii", "replace")
        if not wrong and line == FILLER:
            self._sorter.frame()
            return
        values: dict[str, Any] = {}
        if not wrong:
            values, wrong = read_record(line)
            wrong = wrong + self._out_of_order(line[0], values)
            self._follow(line[0], values)
        else:
            self._serial, self._previous, self._last = None, UNKNOWN, None
        if wrong:
            self._sorter.reject(number, wrong)
            if line[:1] == "3":
                self._last = None
        elif line[0] == "3":
            self._legs.append(LegAt(number, leg_of(values, mode=self._mode)))
            self._last = values
        else:
            self._sorter.frame()
            if line[0] == "4":
                self._elements[len(self._legs) - 1].add(values["element"])

    def close(self, lines: int) -> None:
        """Tell whether something is missing at the end."""
        if not self._has_ended:
            message = "ends without a trailer that says E; the rest of it is missing"
            self._sorter.complain(message, line=lines)

    def legs(self) -> list[LegAt]:
        """All legs, those sold under another number marked."""
        return [
            LegAt(each.line, replace(each.leg, is_codeshare=True))
            if SOLD_AS_OTHER in self._elements[place]
            else each
            for place, each in enumerate(self._legs)
        ]

    def _out_of_order(self, kind: str, values: dict[str, Any]) -> Wrong:
        """What is wrong with a record where it stands."""
        wrong: Wrong = []
        after = {"1": ("",), "2": ("1", "5"), "3": ("2", "3", "4"), "4": ("3", "4"),
                 "5": ("2", "3", "4")}  # fmt: skip
        if self._has_ended:
            wrong.append(("", "stands after the end; the trailer before it says E"))
        elif self._previous not in after[kind] and self._previous != UNKNOWN:
            before = f"a record of type {self._previous}" if self._previous else "nothing"
            wrong.append(("", f"a record of type {kind} after {before}; one of them is missing"))
        serial = values.get("serial")
        if serial is not None and self._serial is not None and serial != self._serial % 999_999 + 1:
            message = f"got {serial:06d} after {self._serial:06d}; lines are missing or were moved"
            wrong.append(("serial", message))
        carrier = values.get("carrier")
        if kind in "345" and carrier and self._carrier and carrier != self._carrier:
            message = f"got {quoted(carrier)} among the flights of {self._carrier}"
            wrong.append(("carrier", message))
        if kind == "3":
            wrong += self._leg_amiss(values)
        if kind == "4" and self._last is not None and not _same_leg(values, self._last):
            wrong.append(("", "belongs to another leg than the one above; put it below its own"))
        above = values.get("serial", 0) - 1
        if kind == "5" and above >= 0 and values.get("check", above) != above:
            message = f"got {values['check']:06d}; give {above:06d}, the serial before"
            wrong.append(("check", message))
        return wrong

    def _leg_amiss(self, values: dict[str, Any]) -> Wrong:
        """A later leg follows the one before it, from where that one went."""
        sequence, last = values.get("sequence", 1), self._last
        if sequence == 1 or self._previous == UNKNOWN:
            return []
        if last is None:
            return [] if self._previous != "2" else [("sequence", f"leg {sequence} comes first")]
        flight = ("suffix", "carrier", "number", "variation", "overflow")
        is_next = last["sequence"] == sequence - 1
        if not is_next or any(values.get(each) != last[each] for each in flight):
            return [("sequence", f"leg {sequence} without leg {sequence - 1} above it")]
        came, goes = last["arrival_station"], values.get("departure_station")
        if goes is not None and goes != came:
            return [("departure_station", f"got {goes}, but the leg before it goes to {came}")]
        return []

    def _follow(self, kind: str, values: dict[str, Any]) -> None:
        self._previous = kind
        self._serial = values.get("serial")
        if kind == "2":
            self._mode, self._carrier = values.get("mode", "L"), values.get("carrier")
            self._last = None
        if kind == "5":
            self._has_ended = values.get("end") == "E"


def _form(raw: bytes) -> Wrong:
    """What is wrong with a line before its fields are looked at."""
    if not raw.strip():
        return [("", "is empty; take it out")]
    if not raw.isascii() or any(each < 32 for each in raw):
        return [("", "holds signs that SSIM does not have; write it in ASCII capitals")]
    text = raw.decode("ascii")
    if len(text) != WIDTH:
        return [("", f"has {len(text)} columns; every record has {WIDTH}, blanks included")]
    if text[0] not in RECORDS and text != FILLER:
        return [("", f"got {quoted(text[0])} in column 1; give a record type, 1 to 5")]
    return []


def _same_leg(values: dict[str, Any], leg: dict[str, Any]) -> bool:
    columns = ("suffix", "carrier", "number", "variation", "overflow", "sequence")
    return all(values.get(column, leg[column]) == leg[column] for column in columns)
