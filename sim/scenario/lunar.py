"""First days of the lunar year as Vietnam keeps it."""

from __future__ import annotations

from datetime import date

TET: dict[int, date] = {
    each.year: each
    for each in (
        date(2020, 1, 25),
        date(2021, 2, 12),
        date(2022, 2, 1),
        date(2023, 1, 22),
        date(2024, 2, 10),
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
        date(2028, 1, 26),
        date(2029, 2, 13),
        date(2030, 2, 2),  # a day before the Chinese one: noon and new moon fall otherwise in Hanoi
        date(2031, 1, 23),
        date(2032, 2, 11),
        date(2033, 1, 31),
        date(2034, 2, 19),
        date(2035, 2, 8),
        date(2036, 1, 28),
        date(2037, 2, 15),
        date(2038, 2, 4),
        date(2039, 1, 24),
        date(2040, 2, 12),
    )
}
"""First day of Tet by year.

A table and not a package, so that the same scenario has the same days for ever; the tests
compare it with the `holidays` package.
"""
