"""Figures as each language writes them."""

from datetime import date

import pytest

from dashboard.i18n.catalogue import words
from dashboard.i18n.formats import NOTHING, Formats

VI, EN = Formats(words("vi")), Formats(words("en"))


def test_numbers_take_the_separators_of_the_language() -> None:
    """1.234,5 in Vietnamese is 1,234.5 in English."""
    assert (VI.number(1234.5, 1), EN.number(1234.5, 1)) == ("1.234,5", "1,234.5")
    assert VI.number(41_831) == "41.831"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (0.00001, "<0,1%"),
        (0.004, "0,4%"),
        (0.5, "50%"),
        (0.996, "99,6%"),
        (0.99999, ">99,9%"),
        (1.0, "100%"),
        (None, NOTHING),
    ],
)
def test_shares_are_never_rounded_to_all_or_nothing(share: float | None, text: str) -> None:
    """Only a share of exactly 0 or 1 reads 0% or 100%."""
    assert VI.percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (0, "0 giây", "0 s"),
        (59.4, "59 giây", "59 s"),
        (59.6, "1,0 phút", "1.0 min"),
        (444, "7,4 phút", "7.4 min"),
        (596, "9,9 phút", "9.9 min"),
        (598, "10 phút", "10 min"),
        (3900, "65 phút", "65 min"),
        (None, NOTHING, NOTHING),
    ],
)
def test_waits_are_as_exact_as_they_are_short(seconds: float | None, vi: str, en: str) -> None:
    """Seconds below a minute, tenths of minutes below ten, whole minutes above."""
    assert (VI.wait(seconds), EN.wait(seconds)) == (vi, en)


def test_clock_passes_midnight() -> None:
    """An instant after midnight of the service day reads as on the clock, with its day."""
    assert VI.clock(9.5 * 3600) == "09:30"
    assert VI.half_hour(9.5 * 3600) == "09:30–10:00"
    assert EN.half_hour(24.5 * 3600) == "00:30–01:00 next day"
    assert EN.half_hour(23.5 * 3600) == "23:30–00:00 next day"


def test_dates_follow_the_language() -> None:
    """Day before month in both, in figures or in words."""
    day = date(2026, 2, 10)

    assert VI.long_date(day) == "Thứ Ba, 10/2/2026"
    assert EN.long_date(day) == "Tuesday, 10 February 2026"
    assert (VI.date(None), VI.long_date(None), VI.clock(None)) == (NOTHING, NOTHING, NOTHING)


def test_charts_take_the_same_separators() -> None:
    """The locale of the charts has the language's point and comma."""
    assert (VI.locale["decimal"], VI.locale["thousands"]) == (",", ".")
