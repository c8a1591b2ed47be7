"""Tables of flights by the names of their columns."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.scenario.schedules.files import asked_csv, departures, read

AODB = (
    "FLT;TYPE;TER;DIR;SDT;STD;SEATS;PAX;GATE;D/I\n"
    "VN218;321;T3;D;12/06/2026;09:05;203;180;4;D\n"
    "VN591;333;T2;D;12/06/2026;00:30;;;;I\n"
    "VJ120;321;T1;D;12/06/2026;06:00;;201;;D\n"
    "VN217;321;T3;A;12/06/2026;08:10;203;150;;D\n"
    "VN122;321;T3;D;13/06/2026;23:30;184;170;;D\n"
)
COLUMNS = {
    "date": "SDT", "aircraft": "TYPE", "seats": "SEATS", "persons": "PAX", "gate": "GATE",
    "international": "D/I",
}  # fmt: skip
FORM: dict[str, Any] = {"separator": ";", "date_format": "%d/%m/%Y", "where": {"DIR": "D"}}


def test_columns_and_cells_wanted(tmp_path: Path) -> None:
    """Rows of the day that are wanted, each cell where its column says."""
    reading = read(tmp_path, AODB.encode(), asked_csv(COLUMNS, **FORM))

    assert departures(reading) == {"VN591": "00:30", "VJ120": "06:00", "VN218": "09:05"}
    assert [f.model_dump(exclude_defaults=True) for f in reading.flights[:2]] == [
        {"id": "VN591", "at": 1_800, "aircraft": "333", "international": True},
        {"id": "VJ120", "at": 21_600, "aircraft": "321", "persons": 201},
    ]
    assert reading.flights[2].gate == 4


def test_several_cells_may_be_wanted(tmp_path: Path) -> None:
    """`where` takes one cell or a list of them, of several columns."""
    form = FORM | {"where": {"DIR": "D", "TER": ["T1", "T3"]}}
    reading = read(tmp_path, AODB.encode(), asked_csv(COLUMNS, **form))

    assert list(departures(reading)) == ["VJ120", "VN218"]
    assert reading.tally.left_out == {"of other kinds": 2, "does not run that day": 1}
    assert reading.tally.adds_up


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("FLT,STD\nVN218,2026-06-12T09:05\n", {"time_format": "%Y-%m-%dT%H:%M"}),
        ("FLT,STD\nVN218,9.05 AM\n", {"time_format": "%I.%M %p"}),
        ("\ufeffFLT, STD\n VN218 ,09:05\n", {}),
        ('"FLT"\t"STD"\r\n"VN218"\t"09:05"\r\n', {"separator": "\t"}),
        ("FLT,STD\nVN218,09:05\n", {"encoding": "utf-16"}),
        ("FLT,STD,Hãng\nVN218,09:05,Đ\n", {"encoding": "windows-1258"}),
    ],
)
def test_ways_of_writing(tmp_path: Path, content: str, form: dict[str, Any]) -> None:
    """Times with the date, in halves of the day; marks, tabs, line ends, encodings."""
    encoded = content.encode(form.get("encoding", "utf-8"), "replace")

    assert departures(read(tmp_path, encoded, asked_csv(**form))) == {"VN218": "09:05"}


def test_a_table_of_one_day_keeps_its_night(tmp_path: Path) -> None:
    """Without dates, what leaves before the day starts belongs to its end."""
    content = b"FLT,STD\nVN1,01:10\nVN2,02:00\n"

    assert departures(read(tmp_path, content, asked_csv(), starts=7200)) == {
        "VN2": "02:00",
        "VN1": "25:10",
    }


ROW = "VN218;321;T3;D;12/06/2026;09:05;203;180;4;D"
MALFORMED = {
    "no name": (ROW.replace("VN218", ""), "name the flight"),
    "time": (ROW.replace("09:05", "9h05"), "give it as %H:%M says"),
    "no time": (ROW.replace("09:05", ""), "give it as %H:%M says"),
    "25 o'clock": (ROW.replace("09:05", "25:05"), "give it as %H:%M says"),
    "date": (ROW.replace("12/06/2026", "2026-06-12"), "give it as %d/%m/%Y says"),
    "no such date": (ROW.replace("12/06/2026", "31/06/2026"), "give it as %d/%m/%Y says"),
    "seats": (ROW.replace("203", "many"), "a whole number 1 to 5000"),
    "no seats": (ROW.replace("203", "0"), "a whole number 1 to 5000"),
    "persons": (ROW.replace("180", "-5"), "a whole number 0 to 5000"),
    "half a person": (ROW.replace("180", "180.5"), "a whole number 0 to 5000"),
    "gate": (ROW.replace(";4;", ";A4;"), "a whole number -1 to 10000"),
    "neither domestic nor not": (ROW.removesuffix("D") + "X", "give one of true, I, false, D"),
    "a cell more": (ROW + ";", "has 11 cells, the header 10"),
    "a cell less": (ROW.removesuffix(";D"), "has 9 cells, the header 10"),
    "quotes": (f'"{ROW}', "mend the quotes"),
    "twice": (f"{ROW}\n{ROW}", "runs that day by line 7 too"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_row_is_refused(tmp_path: Path, case: str) -> None:
    """With its line, the column's own name and the reason."""
    row, words = MALFORMED[case]
    content = AODB.replace(AODB.splitlines()[1] + "\n", "") + f"\n{row}\n"
    reading = read(tmp_path, content.encode(), asked_csv(COLUMNS, **FORM))

    assert len(reading.faults) == 1, reading.faults
    assert reading.faults[0].line == (8 if case == "twice" else 7)
    assert words in str(reading.faults[0])
    assert reading.tally.rejected == 1
    assert reading.tally.adds_up


@pytest.mark.parametrize(
    ("content", "asked", "words"),
    [
        (b"", {}, "is empty"),
        (b"FLIGHT,STD\nVN1,05:00\n", {}, "has no column FLT; did you mean FLIGHT?"),
        (b"FLT,STD\nVN1,05:00\n", {"where": {"TERM": "3"}}, "has no column TERM"),
        (b"FLT,STD,STD\nVN1,05:00,06:00\n", {}, "names the column STD twice"),
        (b"FLT,STD\nVN\xff,05:00\n", {}, "is not UTF-8"),
        (b"FLT,STD\nVN\xd2,05:00\x81\n", {"encoding": "windows-1252"}, "is not windows-1252 text"),
        (b"FLT,STD\nVN1,05:00\n", {"time_format": "%Q"}, "give signs of strptime"),
    ],
)
def test_a_table_that_is_none(
    tmp_path: Path, content: bytes, asked: dict[str, Any], words: str
) -> None:
    """What is wrong with the whole is told once."""
    told = [str(fault) for fault in read(tmp_path, content, asked_csv(**asked)).faults]

    assert len(told) == 1
    assert words in told[0]
