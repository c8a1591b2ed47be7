"""Departures come from a table by the names of its columns."""

from pathlib import Path

import pytest

from sim.scenario.demand import DepartureRow
from sim.scenario.departures import read_departures
from tests.unit.scenario.cases import faults_when, texts


def read(path: Path, content: str | bytes) -> tuple[DepartureRow, ...]:
    """Departures in a file of this content."""
    file = path / "case.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_departures(file)


def test_columns_are_known_by_name(tmp_path: Path) -> None:
    """Any order, any of the optional ones, blanks for what is not known."""
    rows = read(
        tmp_path,
        "persons,at,id,gate,international,carrier\n"
        '120,05:30,VN1,,true,"Vietnam Airlines, JSC"\n'
        "90,25:10:30,VJ2,3,,\n",
    )

    assert [row.model_dump(exclude_defaults=True) for row in rows] == [
        {
            "id": "VN1",
            "at": 19_800,
            "persons": 120,
            "international": True,
            "carrier": "Vietnam Airlines, JSC",
        },
        {"id": "VJ2", "at": 90_630, "persons": 90, "gate": 3},
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfid,at,persons\nVN1,05:30,120\n",
        b"id,at,persons\r\nVN1,05:30,120\r\n",
        b"id, at ,persons\n VN1 ,05:30, 120",
        b'"id","at","persons"\n"VN1","05:30","120"\n',
    ],
)
def test_ways_of_writing_do_not_matter(tmp_path: Path, content: bytes) -> None:
    """A mark, Windows line ends, spaces and quotes change nothing."""
    (row,) = read(tmp_path, content)

    assert (row.id, row.at, row.persons) == ("VN1", 19_800, 120)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("id,at,persons\n", [":1: has a header, but no departures"]),
        ("", [":1: is empty"]),
        ("id,at\nVN1,05:30\n", [":1: header lacks persons"]),
        (
            "id,at,persons,gates,id\nVN1,05:30,1,2,VN2\n",
            [
                ':1: header has no use for "gates"; did you mean gate?',
                ":1: header names id twice",
            ],
        ),
        (
            "id,at,persons\nVN1,5h30,6000\n,05:30,x\nVN1,05:30\n",
            [
                ":2: at: '5h30' is not a time of day",
                ":2: persons: got 6000; give at most 5000",
                ":3: id: missing",
                ':3: persons: got "x"; give a whole number',
                ':4: got "VN1,05:30"; the header has 3 cells, this row 2',
            ],
        ),
        (
            "id,at,persons\nVN1,05:30,1\nVN1,06:30,1\n",
            [":3: id: VN1 stands on line 2 too"],
        ),
        ('id,at,persons\nVN1,"05:30,1\n', [":2: is not CSV"]),
        (b"id,at,persons\nVN1,05:30,\xff\n", [":2: byte 0xff is not UTF-8"]),
        (b"id,at,persons\n\x00", [":2: holds binary data"]),
        ("id,at,persons\n" + "x" * 200_000, [":2: is not CSV"]),
    ],
)
def test_every_fault_has_its_line(tmp_path: Path, content: str | bytes, wanted: list[str]) -> None:
    """All rows are looked at, and each fault names line and column."""
    faults = texts(faults_when(lambda: read(tmp_path, content)))

    assert len(faults) == len(wanted)
    for fault, part in zip(faults, wanted, strict=True):
        assert part in fault
