"""What became of every line of a schedule file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sim.errors import Fault
from sim.scenario.schedules.ask import Flight

OTHER_DAYS = "does not run that day"
"""Why a sound line is left out that is of other days."""

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """A day of 24 hours from when the place opens.

    Attributes
    ----------
    day : date
        Its date.
    starts : int
        Seconds since midnight at which it starts; what leaves before belongs to the day before.
    """

    day: date
    starts: int = 0

    def seconds(self, local: datetime) -> int | None:
        """Seconds since midnight of the service day, or None for an instant of another."""
        since = int((local - datetime.combine(self.day, time())).total_seconds())
        return since if self.starts <= since < self.starts + DAY_S else None

    @property
    def dates(self) -> tuple[date, ...]:
        """Calendar dates it touches."""
        return (self.day, self.day + timedelta(days=1)) if self.starts else (self.day,)


@dataclass(slots=True)
class Tally:
    """How many lines were read, and what became of each: the parts add up.

    Attributes
    ----------
    read : int
        Lines, or rows of tables.
    used : int
        Lines that gave flights of the day.
    framing : int
        Lines that describe the file: headers, segments, trailers, tables of names.
    left_out : Counter of str
        Sound lines that were not asked for, by reason.
    rejected : int
        Lines that cannot be what they should.
    """

    read: int = 0
    used: int = 0
    framing: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    rejected: int = 0

    @property
    def out_of_period(self) -> int:
        """Sound lines of other days."""
        return self.left_out[OTHER_DAYS]

    @property
    def adds_up(self) -> bool:
        """Whether every line read is one of the others."""
        return self.read == self.used + self.framing + self.left_out.total() + self.rejected

    @property
    def sentence(self) -> str:
        """The counts in words."""
        reasons = [f"{count} {reason}" for reason, count in self.left_out.most_common()]
        parts = [f"{self.used} used", *reasons, f"{self.framing} framing"]
        return f"{self.read} lines: {', '.join(parts)}, {self.rejected} rejected"


@dataclass(frozen=True, slots=True)
class Reading:
    """A schedule file as read for one day.

    Attributes
    ----------
    flights : tuple of Flight
        In order of time.
    tally : Tally
        What became of the lines.
    faults : tuple of Fault
        Every line rejected, and why; where there is any, the flights are not to be used.
    sha256 : str
        Digest of the file's bytes.
    """

    flights: tuple[Flight, ...]
    tally: Tally
    faults: tuple[Fault, ...]
    sha256: str = ""


class Sorter:
    """Puts every line in one of the boxes of a tally, and keeps why lines are rejected."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.tally = Tally()
        self.faults: list[Fault] = []
        self._flights: list[tuple[int, Flight]] = []
        self._lines: dict[str, int] = {}

    def read(self, count: int = 1) -> None:
        """So many more lines were read."""
        self.tally.read += count

    def frame(self, count: int = 1) -> None:
        """They only describe the file."""
        self.tally.framing += count

    def leave_out(self, reason: str, count: int = 1) -> None:
        """They are sound, but not asked for."""
        self.tally.left_out[reason] += count

    def reject(self, line: int, reasons: list[tuple[str, str]], path: str = "") -> None:
        """The line is wrong: fields and what is wrong with each."""
        self.tally.rejected += 1
        where = path or self.path
        self.faults += [Fault(message, path=where, line=line, key=key) for key, message in reasons]

    def use(self, line: int, flights: list[Flight], path: str = "") -> None:
        """The line gave these flights."""
        repeated = [flight.id for flight in flights if flight.id in self._lines]
        if repeated:
            first = self._lines[repeated[0]]
            message = f"{repeated[0]} runs that day by line {first} too; keep one of them"
            self.reject(line, [("", message)], path)
            return
        self._lines |= dict.fromkeys((flight.id for flight in flights), line)
        self._flights += [(flight.at, flight) for flight in flights]
        self.tally.used += 1

    def complain(self, message: str, *, line: int = 0, path: str = "", key: str = "") -> None:
        """The file as a whole is wrong."""
        self.faults.append(Fault(message, path=path or self.path, line=line, key=key))

    def reading(self, sha256: str = "") -> Reading:
        """All that was sorted."""
        assert self.tally.adds_up, self.tally
        flights = tuple(flight for _, flight in sorted(self._flights, key=lambda each: each[0]))
        faults = tuple(sorted(self.faults, key=lambda fault: (fault.path, fault.line)))
        return Reading(flights, self.tally, faults, sha256)
