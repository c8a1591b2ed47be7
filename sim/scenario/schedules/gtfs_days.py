"""On which dates the services of a GTFS feed run: its weekly calendar, and exceptions from it."""

from __future__ import annotations

import re
from datetime import date

from sim.scenario.schedules.found import Sorter
from sim.scenario.schedules.tables import Table
from sim.scenario.wording import quoted

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_DATE = re.compile(r"\d{8}", re.ASCII)


class Services:
    """Which services run on which dates.

    Attributes
    ----------
    ids : set of str
        Every service the feed knows.
    """

    def __init__(self, texts: dict[str, str], *, path: str, sorter: Sorter) -> None:
        self.ids: set[str] = set()
        self._weeks: dict[str, tuple[date, date, frozenset[int]]] = {}
        self._exceptions: dict[tuple[str, date], bool] = {}
        for name, take in (("calendar.txt", self._week), ("calendar_dates.txt", self._exception)):
            if name not in texts:
                continue
            table = Table(texts[name], path=f"{path}/{name}", sorter=sorter)
            needed = ("start_date", "end_date", *WEEKDAYS) if name == "calendar.txt" else (
                "date", "exception_type")  # fmt: skip
            if table.lacks("service_id", *needed):
                continue
            for line, row in table:
                wrong = take(row)
                self.ids.add(row["service_id"])
                if wrong:
                    sorter.reject(line, wrong, table.path)
                else:
                    sorter.frame()

    def runs(self, service: str, day: date) -> bool:
        """Whether a service runs on a date."""
        exception = self._exceptions.get((service, day))
        if exception is not None or service not in self._weeks:
            return bool(exception)
        first, last, days = self._weeks[service]
        return first <= day <= last and day.weekday() in days

    def _week(self, row: dict[str, str]) -> list[tuple[str, str]]:
        wrong = _unnamed(row)
        first, last = (read_date(row[key], key, wrong) for key in ("start_date", "end_date"))
        for name in WEEKDAYS:
            if row[name] not in {"0", "1"}:
                wrong.append((name, f"got {quoted(row[name])}; give 1 where it runs, else 0"))
        if first and last and last < first:
            wrong.append(("end_date", f"{last} is before start_date {first}; swap them"))
        if row["service_id"] in self._weeks:
            wrong.append(("service_id", f"{quoted(row['service_id'])} stands twice; keep one"))
        if not wrong and first and last:
            days = frozenset(n for n, name in enumerate(WEEKDAYS) if row[name] == "1")
            self._weeks[row["service_id"]] = (first, last, days)
        return wrong

    def _exception(self, row: dict[str, str]) -> list[tuple[str, str]]:
        wrong = _unnamed(row)
        day = read_date(row["date"], "date", wrong)
        if row["exception_type"] not in {"1", "2"}:
            message = f"got {quoted(row['exception_type'])}; give 1 for added, 2 for removed"
            wrong.append(("exception_type", message))
        if day and (row["service_id"], day) in self._exceptions:
            wrong.append(("date", f"{row['service_id']} has an exception on {day} already"))
        if not wrong and day:
            self._exceptions[row["service_id"], day] = row["exception_type"] == "1"
        return wrong


def read_date(text: str, key: str, wrong: list[tuple[str, str]]) -> date | None:
    """A date such as 20260601; what is wrong with it goes to the list."""
    try:
        if _DATE.fullmatch(text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        pass
    wrong.append((key, f"got {quoted(text)}; give a date such as 20260601"))
    return None


def _unnamed(row: dict[str, str]) -> list[tuple[str, str]]:
    return [] if row["service_id"] else [("service_id", "missing; name the service")]
