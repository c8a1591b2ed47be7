"""Numbers as people read them in the terminal."""

from __future__ import annotations

from sim.scenario.clock import clock_text

ABSENT = "–"


def minutes(seconds: float | None) -> str:
    """Minutes with one decimal.

    Examples
    --------
    >>> minutes(95.0)
    '1.6'
    """
    return ABSENT if seconds is None else f"{seconds / 60:.1f}"


def seconds(value: float | None) -> str:
    """Seconds with two decimals.

    Examples
    --------
    >>> seconds(0.444)
    '0.44'
    """
    return ABSENT if value is None else f"{value:.2f}"


def number(value: float | None) -> str:
    """A count with thousands apart; means over days with one decimal.

    Examples
    --------
    >>> number(41831)
    '41,831'
    """
    if value is None:
        return ABSENT
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def share(value: float | None) -> str:
    """A share in per cent.

    Examples
    --------
    >>> share(0.957)
    '95.7 %'
    """
    return ABSENT if value is None else f"{100 * value:.1f} %"


def clock(seconds: float | None) -> str:
    """Time of day of an instant."""
    return ABSENT if seconds is None else clock_text(seconds)
