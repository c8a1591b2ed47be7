"""SSIM files: which flights leave an airport on a day."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.ssim_writer import Block, WrittenLeg, ssim_bytes
from tests.unit.scenario.schedules.files import (
    BLOCKS,
    FRIDAY,
    asked_ssim,
    departures,
    made_up_ssim,
    read,
)


def test_the_flights_of_a_day(tmp_path: Path) -> None:
    """Local and UTC blocks, later legs, open periods; no cargo, no code share, no other day."""
    found = departures(read(tmp_path, made_up_ssim(), asked_ssim()))

    assert found == {
        "VJ120": "06:00",  # Thursday 23:00 UTC
        "VJ162": "08:00",
        "VN218": "09:05",
        "VJ99": "11:00",
        "VN122": "23:30",
    }


def test_the_night_belongs_to_the_day_before(tmp_path: Path) -> None:
    """With a service day from 02:00 the flights after midnight come at 24:30 and 25:10."""
    found = departures(read(tmp_path, made_up_ssim(), asked_ssim(), starts=7200))

    assert {name: at for name, at in found.items() if at > "24"} == {
        "VN591": "24:30",
        "VJ84-2": "25:10",
    }


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("fill", [True, False])
def test_ways_of_writing_do_not_matter(tmp_path: Path, end: str, fill: bool) -> None:
    """Windows line ends and blocks without filling lines are read the same."""
    reading = read(tmp_path, made_up_ssim(end=end, fill=fill), asked_ssim())

    assert departures(reading) == departures(read(tmp_path, made_up_ssim(), asked_ssim()))


@pytest.mark.parametrize(
    ("asked", "flights"),
    [
        ({"terminal": "3"}, ["VN218", "VN122"]),
        ({"terminal": "1", "only": ["VJ"]}, ["VJ120", "VJ162"]),
        ({"only": ["VN"]}, ["VN218", "VN122"]),
        ({"direction": "arrivals"}, ["VN217"]),
        ({"airport": "HAN"}, ["VN217", "VJ84"]),
        ({"airport": "DAD", "direction": "arrivals", "day": date(2026, 6, 13)}, ["VN122"]),
        ({"domestic": ["HAN", "DAD", "DLI"], "scope": "international", "day": date(2026, 6, 13)},
         ["VN591", "VJ84-2"]),
    ],
)  # fmt: skip
def test_what_is_asked_for(tmp_path: Path, asked: dict[str, Any], flights: list[str]) -> None:
    """Airport, direction, terminal, carriers and what is domestic choose the flights."""
    day = asked.pop("day", FRIDAY)

    assert list(departures(read(tmp_path, made_up_ssim(), asked_ssim(**asked), day=day))) == flights


def test_every_second_week(tmp_path: Path) -> None:
    """Fortnightly flights skip the weeks between, counted from the first day of the period."""
    days = [date(2026, 6, n) for n in (1, 3, 8, 10, 15, 17)]
    found = [
        "VN1340" in departures(read(tmp_path, made_up_ssim(), asked_ssim(), day=day))
        for day in days
    ]

    assert found == [True, True, False, False, True, True]


def test_lines_add_up(tmp_path: Path) -> None:
    """Each line is used, left out for a reason, or framing; none is dropped."""
    tally = read(tmp_path, made_up_ssim(), asked_ssim(terminal="3")).tally

    assert tally.read == len(made_up_ssim().splitlines())
    assert tally.adds_up
    assert (tally.used, tally.rejected, tally.out_of_period) == (2, 0, 1)
    assert dict(tally.left_out) == {
        "at other airports": 2, "at other terminals": 6, "flown under another number": 1,
        "does not run that day": 1,
    }  # fmt: skip


def test_seats_come_from_the_configuration(tmp_path: Path) -> None:
    """C16Y187 is 203 seats; without a configuration the file does not tell."""
    reading = read(tmp_path, made_up_ssim(), asked_ssim(only=["VN"]))

    assert [flight.seats for flight in reading.flights] == [203, None]


@pytest.mark.parametrize("disclosure", ["L", " "])
def test_a_code_share_is_not_a_second_flight(tmp_path: Path, disclosure: str) -> None:
    """A leg that another airline flies is left out, by its disclosure or by data element 50."""
    elements = ((50, "0V 8201"),) if disclosure == " " else ()
    leg = WrittenLeg("VN", 8201, "SGN", "1200", "PQC", "1305", disclosure=disclosure,
                     elements=elements)  # fmt: skip
    reading = read(tmp_path, ssim_bytes([Block("VN", "L", [leg])]), asked_ssim())

    assert not reading.flights
    assert reading.tally.left_out == {"flown under another number": 1}


def put(line: int, column: int, text: str) -> Any:
    """A file with other text somewhere."""

    def change(lines: list[str]) -> list[str]:
        old = lines[line - 1]
        changed = old[: column - 1] + text + old[column - 1 + len(text) :]
        return [*lines[: line - 1], changed, *lines[line:]]

    return change


def without(line: int) -> Any:
    return lambda lines: [*lines[: line - 1], *lines[line:]]


def twice(line: int) -> Any:
    return lambda lines: [*lines[:line], lines[line - 1], *lines[line:]]


def instead(line: int, text: str) -> Any:
    return lambda lines: [*lines[: line - 1], text, *lines[line:]]


# Without filling lines: 1 header, 2 VN, 3 to 8 legs, 9 segment, 10 leg, 11 trailer, 12 VJ,
# 13 to 17 legs (16 is the second leg of 15), 18 trailer.
MALFORMED = {
    "header title": (put(1, 2, "Airline"), 1, "AIRLINE STANDARD SCHEDULE DATA SET"),
    "header serial": (put(1, 195, "000002"), 1, "lines are missing or were moved"),
    "header twice": (twice(1), 2, "a record of type 1 after a record of type 1"),
    "no header": (without(1), 1, "a record of type 2 after nothing"),
    "no carrier": (without(2), 2, "a record of type 3 after a record of type 1"),
    "no trailer between": (without(11), 11, "a record of type 2 after a record of type 3"),
    "no end": (put(18, 194, "C"), 18, "ends without a trailer that says E"),
    "nothing after the end": (put(11, 194, "E"), 12, "stands after the end"),
    "cut short": (lambda lines: lines[:-1], 17, "ends without a trailer"),
    "lost line": (without(5), 5, "got 000006 after 000004; lines are missing"),
    "double line": (twice(5), 6, "got 000005 after 000005"),
    "empty line": (instead(5, ""), 5, "is empty"),
    "blank line": (instead(5, " " * 200), 5, "is empty"),
    "short line": (instead(5, "3 VN  218"), 5, "has 9 columns; every record has 200"),
    "long line": (lambda lines: [*lines[:4], lines[4] + " ", *lines[5:]], 5, "has 201 columns"),
    "tabs": (put(5, 60, "\t"), 5, "holds signs that SSIM does not have"),
    "not ascii": (put(5, 60, "é"), 5, "holds signs that SSIM does not have"),
    "record type 6": (put(5, 1, "6"), 5, 'got "6" in column 1'),
    "record type 0": (put(5, 1, "0"), 5, 'got "0" in column 1'),
    "serial of letters": (put(5, 195, "00000A"), 5, "serial"),
    "time mode": (put(2, 2, "X"), 2, "the time mode, U for UTC or L for local"),
    "validity": (put(2, 15, "24OCT2629MAR26"), 2, "ends before it begins"),
    "carrier in lower case": (put(2, 3, "vn"), 2, "an airline code"),
    "another carrier's leg": (put(5, 3, "QH"), 5, 'got "QH" among the flights of VN'),
    "flight number": (put(5, 6, "12A4"), 5, "a flight number"),
    "no flight number": (put(5, 6, "    "), 5, "a flight number"),
    "suffix": (put(5, 2, "1"), 5, "suffix"),
    "variation": (put(5, 10, "A1"), 5, "variation"),
    "sequence 0": (put(5, 12, "00"), 5, "give 01 to 99"),
    "sequence with a gap": (put(16, 12, "03"), 16, "leg 3 without leg 2 above it"),
    "later leg first": (put(3, 12, "02"), 3, "leg 2 comes first"),
    "leg from elsewhere": (put(16, 37, "DAD"), 16, "got DAD, but the leg before it goes to SGN"),
    "service type": (put(5, 14, "1"), 5, "give a service type"),
    "no service type": (put(5, 14, " "), 5, "give a service type"),
    "31 June": (put(5, 15, "31JUN26"), 5, "give a date such as 29MAR26"),
    "month in lower case": (put(5, 15, "29mar26"), 5, "give a date such as"),
    "month of another language": (put(5, 15, "29MAI26"), 5, "give a date such as"),
    "open begin": (put(5, 15, "00XXX00"), 5, "period_from"),
    "period backwards": (put(5, 15, "24OCT2629MAR26"), 5, "the period ends before it begins"),
    "no days": (put(5, 29, "       "), 5, "at least one"),
    "days to the left": (put(5, 29, "135    "), 5, "each day in its own place"),
    "day 8": (put(5, 29, "1234568"), 5, "each day in its own place"),
    "frequency": (put(5, 36, "3"), 5, "give 2 for every second"),
    "airport in lower case": (put(5, 37, "sgn"), 5, "an airport code"),
    "no arrival airport": (put(5, 55, "   "), 5, "an airport code"),
    "25 o'clock": (put(5, 40, "2500"), 5, "give a time HHMM"),
    "minute 60": (put(5, 40, "0960"), 5, "give a time HHMM"),
    "no time": (put(5, 40, "    "), 5, "give digits"),
    "aircraft time": (put(5, 44, "9:05"), 5, "give digits"),
    "arrival time": (put(5, 62, "XXXX"), 5, "arrival_time"),
    "no utc variation": (put(5, 48, "     "), 5, "the variation from UTC"),
    "utc variation without sign": (put(5, 48, "00700"), 5, "the variation from UTC"),
    "utc variation of 15 hours": (put(5, 48, "+1500"), 5, "the variation from UTC"),
    "utc variation of 75 minutes": (put(5, 66, "+0675"), 5, "arrival_utc"),
    "terminal": (put(5, 53, "t3"), 5, "a terminal or blanks"),
    "aircraft type": (put(5, 73, "3 1"), 5, "an aircraft type"),
    "date variation": (put(5, 193, "X0"), 5, "J for the day before"),
    "segment of another leg": (put(9, 6, "8202"), 9, "belongs to another leg"),
    "segment with other letters": (put(9, 29, "12"), 9, "where it begins"),
    "segment element": (put(9, 31, "ABC"), 9, "give 001 to 999"),
    "segment airports": (put(9, 34, "sgn"), 9, "board_station"),
    "segment under a carrier": (lambda lines: [*lines[:2], lines[8], *lines[2:]], 3,
                                "a record of type 4 after a record of type 2"),
    "trailer's check": (put(11, 188, "000099"), 11, "give 000010, the serial before"),
    "trailer's end code": (put(11, 194, " "), 11, "C where a carrier follows"),
    "trailer of another carrier": (put(18, 3, "VN"), 18, 'got "VN" among the flights of VJ'),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_line_is_refused(tmp_path: Path, case: str) -> None:
    """With its number and the reason; and the lines add up all the same."""
    change, line, words = MALFORMED[case]
    lines = made_up_ssim(fill=False).decode().splitlines()
    data = "".join(each + "\n" for each in change(lines)).encode()
    reading = read(tmp_path, data, asked_ssim())
    told = [f"{fault.line}: {fault.key}: {fault.message}" for fault in reading.faults]

    assert any(each.startswith(f"{line}: ") and words in each for each in told), told
    assert reading.tally.adds_up
    assert reading.tally.read == len(data.splitlines())


def test_there_are_many_malformed_lines() -> None:
    """As many ways to be wrong as were promised, in this format alone."""
    assert len(MALFORMED) >= 60


def test_one_wrong_line_does_not_drag_others_along(tmp_path: Path) -> None:
    """A wrong field of a leg is one rejected line: its segments and neighbours are not blamed."""
    lines = made_up_ssim(fill=False).decode().splitlines()
    lines = put(8, 40, "XXXX")(put(5, 29, "1234568")(lines))
    reading = read(tmp_path, "\n".join(lines).encode(), asked_ssim())

    assert [fault.line for fault in reading.faults] == [5, 8]
    assert reading.tally.rejected == 2


def test_a_flight_stands_once(tmp_path: Path) -> None:
    """Two lines that both give a flight on the day are a fault of the second."""
    leg = WrittenLeg("VN", 218, "SGN", "0905", "HAN", "1115")
    again = WrittenLeg("VN", 218, "SGN", "0910", "HAN", "1120", days="5", variation=2)
    reading = read(tmp_path, ssim_bytes([Block("VN", "L", [leg, again])], fill=False), asked_ssim())

    assert [(fault.line, fault.message) for fault in reading.faults] == [
        (4, "VN218 runs that day by line 3 too; keep one of them")
    ]


def test_an_empty_file(tmp_path: Path) -> None:
    """It has no header."""
    assert "begins with a header" in str(read(tmp_path, b"", asked_ssim()).faults[0])


def test_nothing_that_day(tmp_path: Path) -> None:
    """A day without flights is told with what became of the lines."""
    reading = read(tmp_path, made_up_ssim(), asked_ssim(only=["VN"]), day=date(2027, 1, 1))

    assert "nothing that is asked for on 2027-01-01" in str(reading.faults[0])


def test_blocks_are_the_fixture() -> None:
    """Both time modes are in the made-up file."""
    assert [block.mode for block in BLOCKS] == ["L", "U"]
