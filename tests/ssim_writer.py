"""Writes SSIM chapter 7 files, for tests and for the example among the scenarios.

It knows the columns by itself: nothing is taken from the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
SUMMER = (date(2026, 3, 29), date(2026, 10, 24))
FILLER = "0" * 200


@dataclass(frozen=True)
class WrittenLeg:
    """A flight leg as an airline would state it."""

    carrier: str
    number: int
    origin: str
    leaves: str
    target: str
    arrives: str
    days: str = "1234567"
    period: tuple[date, date | None] = SUMMER
    suffix: str = " "
    variation: int = 1
    sequence: int = 1
    service: str = "J"
    fortnightly: bool = False
    origin_utc: str = "+0700"
    target_utc: str = "+0700"
    origin_terminal: str = ""
    target_terminal: str = ""
    aircraft: str = "321"
    configuration: str = ""
    disclosure: str = " "
    shifts: str = "00"
    elements: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Block:
    """A carrier's part of a file."""

    carrier: str
    mode: str = "L"
    legs: Sequence[WrittenLeg] = field(default=())


def ssim_lines(blocks: Sequence[Block], *, fill: bool = True) -> list[str]:
    """Lines of a whole file; blocks of five records filled up with zeros where asked."""
    lines: list[str] = []
    serial = 0

    def put(kind: str, *parts: tuple[int, str]) -> None:
        nonlocal serial
        serial += 1
        lines.append(record(kind, serial, *parts))

    def fill_up() -> None:
        while fill and len(lines) % 5:
            lines.append(FILLER)

    put("1", (2, "AIRLINE STANDARD SCHEDULE DATA SET"), (41, "1"))
    fill_up()
    for number, block in enumerate(blocks):
        put(
            "2", (2, block.mode), (3, f"{block.carrier:<3}"), (11, "S26"),
            (15, ssim_date(SUMMER[0]) + ssim_date(SUMMER[1]) + "01MAR26"),
            (36, "MADE UP FOR A SIMULATION"), (65, "01MAR26C"),
        )  # fmt: skip
        fill_up()
        for leg in block.legs:
            put("3", *leg_parts(leg))
            for element, text in leg.elements:
                parts = (*key_parts(leg), (29, "AB"), (31, f"{element:03d}"), (34, leg.origin + leg.target), (40, text))  # fmt: skip  # noqa: E501
                put("4", *parts)
        fill_up()
        end = "E" if number == len(blocks) - 1 else "C"
        put("5", (3, f"{block.carrier:<3}"), (188, f"{serial:06d}"), (194, end))
        fill_up()
    return lines


def ssim_bytes(blocks: Sequence[Block], *, end: str = "\n", fill: bool = True) -> bytes:
    """The file."""
    return "".join(line + end for line in ssim_lines(blocks, fill=fill)).encode("ascii")


def key_parts(leg: WrittenLeg) -> tuple[tuple[int, str], ...]:
    return (
        (2, leg.suffix), (3, f"{leg.carrier:<3}"), (6, f"{leg.number:>4}"),
        (10, f"{leg.variation:02d}"), (12, f"{leg.sequence:02d}"), (14, leg.service),
    )  # fmt: skip


def leg_parts(leg: WrittenLeg) -> tuple[tuple[int, str], ...]:
    first, last = leg.period
    days = "".join(day if day in leg.days else " " for day in "1234567")
    return (
        *key_parts(leg),
        (15, ssim_date(first)), (22, ssim_date(last)), (29, days),
        (36, "2" if leg.fortnightly else " "),
        (37, leg.origin), (40, leg.leaves * 2), (48, leg.origin_utc),
        (53, f"{leg.origin_terminal:<2}"),
        (55, leg.target), (58, leg.arrives * 2), (66, leg.target_utc),
        (71, f"{leg.target_terminal:<2}"), (73, leg.aircraft), (149, leg.disclosure),
        (173, f"{leg.configuration:<20}"), (193, leg.shifts),
    )  # fmt: skip


def record(kind: str, serial: int, *parts: tuple[int, str]) -> str:
    """A record of a kind, with texts from their columns on."""
    cells = list(f"{kind:<194}{serial:06d}")
    for first, text in parts:
        cells[first - 1 : first - 1 + len(text)] = text
    assert len(cells) == 200, parts
    return "".join(cells)


def ssim_date(day: date | None) -> str:
    return "00XXX00" if day is None else f"{day.day:02d}{MONTHS[day.month - 1]}{day.year % 100:02d}"
