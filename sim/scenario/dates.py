"""Dates as a scenario file writes them: a TOML date, or the same as text."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator


def _date_from_text(data: Any) -> Any:
    if isinstance(data, str):
        try:
            return date.fromisoformat(data)
        except ValueError:
            msg = f"{data!r} is not a date; write 2025-12-01"
            raise ValueError(msg) from None
    return data


Day = Annotated[date, BeforeValidator(_date_from_text)]
"""A day of the calendar."""
