"""Events gathered from a file, whatever its format, with every fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sim.calibration.instants import NEVER, Instant, read_instant
from sim.calibration.mapping import Mapping as Names
from sim.calibration.privacy import Pseudonyms
from sim.calibration.words import WORDS, Word
from sim.errors import Fault, InvalidInputError
from sim.scenario.reading import MAX_PLACES, MORE

MAX_EVENTS = 5_000_000
"""Most events read from one file."""

MAX_STATIONS = 1_000
"""Most names of stations: more is a column of something else."""

_YES = frozenset({"true", "1", "yes", "y", "có", "x"})
_NO = frozenset({"false", "0", "no", "n", "không", ""})


def whole(text: str, default: int) -> int:
    """A whole number up to 1,000, or the default where it is none.

    Examples
    --------
    >>> whole(" 3 ", 1), whole("three", 1)
    (3, 1)
    """
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= 3 else default


@dataclass(frozen=True, slots=True)
class Seen:
    """One event of one case.

    Attributes
    ----------
    persons, attempt : int
        Persons served as one; number of a biometric attempt, 0 where not said.
    """

    case: int
    us: int
    station: int
    word: Word
    persons: int = 1
    attempt: int = 0
    resource: str = ""


@dataclass(slots=True)
class Gathering:
    """What has been read of one file.

    Attributes
    ----------
    path : str
        The file, as faults name it.
    names : Names
        What its columns are.
    """

    path: str
    names: Names
    seen: list[Seen] = field(default_factory=list)
    stations: dict[str, int] = field(default_factory=dict)
    cases: Pseudonyms = field(default_factory=Pseudonyms)
    parties: Pseudonyms = field(default_factory=Pseudonyms)
    departure_us: dict[int, int] = field(default_factory=dict)
    party: dict[int, int] = field(default_factory=dict)
    traits: dict[str, dict[int, bool]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    is_dated: bool | None = None
    offset_s: int | None = None
    dropped: dict[str, None] = field(default_factory=dict)
    others: int = 0
    remarks: list[str] = field(default_factory=list)

    def fault(self, message: str, *, line: int = 0, key: str = "") -> None:
        """Note a fault; after `MAX_PLACES` they are only counted."""
        if len(self.faults) < MAX_PLACES:
            self.faults.append(Fault(message, path=self.path, line=line, key=key))
        else:
            self.more_faults += 1

    def drop(self, columns: Iterable[str]) -> None:
        """Note columns that are left out."""
        self.dropped.update(dict.fromkeys(columns))

    def stop_if_faulty(self) -> None:
        """Raise every fault found.

        Raises
        ------
        InvalidInputError
            If there is any.
        """
        if not self.faults:
            return
        if self.more_faults:
            self.faults.append(Fault(f"and {self.more_faults} {MORE}", path=self.path))
        raise InvalidInputError(self.faults)

    def instant(self, text: str, *, line: int, key: str = "", in_us: bool = False) -> int | None:
        """Microseconds of an instant, or None with a fault noted."""
        read = read_instant(text, in_us=in_us)
        if isinstance(read, str):
            self.fault(read, line=line, key=key)
            return None
        return self._of_one_clock(read, line=line, key=key)

    def word(self, text: str, *, line: int, key: str = "") -> Word | None:
        """What an event says, or None with a fault noted."""
        plain = text.strip().casefold()
        mapped = self.names.words.get(plain, plain)
        found = WORDS.get(mapped)
        if found is None:
            shown = repr(text if len(text) <= 40 else f"{text[:40]}…")
            known = "joined, started, completed, reneged"
            self.fault(
                f"lifecycle {shown} is not known; use {known}, or say which it is with "
                f"--map lifecycle.started={text[:20]}",
                line=line,
                key=key,
            )
        return found

    def event(
        self,
        *,
        case: str,
        station: str,
        word: Word,
        us: int,
        line: int = 0,
        key: str = "",
        persons: int = 1,
        attempt: int = 0,
        resource: str = "",
    ) -> int:
        """Take an event; the row of its case."""
        row = self.cases.row(case)
        if word is Word.OTHER:
            self.others += 1
            return row
        place = self.stations.setdefault(station.strip(), len(self.stations))
        if len(self.stations) == MAX_STATIONS + 1:
            self.fault(
                f"more than {MAX_STATIONS} stations; is that column the station? "
                "Name another with --map station=COLUMN",
                line=line,
                key=key,
            )
        if len(self.seen) >= MAX_EVENTS:
            self.fault(f"more than {MAX_EVENTS} events; split the log", line=line, key=key)
            self.stop_if_faulty()
        self.seen.append(Seen(row, us, place, word, persons, attempt, resource))
        return row

    def about(self, row: int, told: Mapping[str, str], *, line: int = 0, key: str = "") -> None:
        """Take what a file tells of a case: departure, party, traits by their id."""
        for what, text in told.items():
            if what == "departure":
                if text.strip() and not text.startswith(NEVER):
                    us = self.instant(text, line=line, key=key)
                    if us is not None:
                        self.departure_us[row] = us
            elif what == "party":
                if text.strip():
                    self.party[row] = self.parties.row(text)
            else:
                self._trait(row, what, text, line=line, key=key)

    def _trait(self, row: int, trait: str, text: str, *, line: int, key: str) -> None:
        plain = text.strip().casefold()
        if plain not in _YES | _NO:
            self.fault(
                f"trait {trait}: a cell is neither true nor false; write true or false",
                line=line,
                key=key,
            )
            return
        known = self.traits.setdefault(trait, {})
        known[row] = known.get(row, False) or plain in _YES

    def _of_one_clock(self, read: Instant, *, line: int, key: str) -> int | None:
        if self.is_dated is None:
            self.is_dated, self.offset_s = read.is_dated, read.offset_s
        elif self.is_dated != read.is_dated:
            self.fault(
                "mixes instants with and without a date; give all of them one", line=line, key=key
            )
            return None
        elif self.offset_s != read.offset_s:
            self.fault(
                "mixes distances from UTC; write all instants by the same clock",
                line=line,
                key=key,
            )
            return None
        return read.us
