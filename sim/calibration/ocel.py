"""Logs as OCEL 2.0: which of the objects is the passenger, which the departure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from sim.calibration.gathering import Gathering, whole
from sim.calibration.mapping import ALIASES
from sim.calibration.words import WORDS, Word

CASES = ("passenger", "case", "customer", "traveller", "person", "patient")
"""Object types that are the case, the first that is there; ``--map case=TYPE`` names another."""

DEPARTURES = ("departure", "flight", "train")
PARTIES = ("party", "group", "booking")
SERVERS = ("server", "resource", "desk", "kiosk", "e-gate", "lane")


@dataclass(frozen=True, slots=True)
class Thing:
    """An object, or an event.

    Attributes
    ----------
    id, type : str
        As in the file.
    time : str
        Of an event.
    values : dict of str to str
        Attributes.
    related : list of str
        Ids of objects.
    place : str
        Where it stands, for faults.
    """

    id: str
    type: str
    time: str = ""
    values: dict[str, str] = field(default_factory=dict)
    related: list[str] = field(default_factory=list)
    place: str = ""


def gather_ocel(gathering: Gathering, objects: Table[str, Thing], events: Iterable[Thing]) -> None:
    """Events of the objects that are cases.

    Parameters
    ----------
    gathering : Gathering
        Takes the events.
    objects : mapping of str to Thing
        Every object by its id.
    events : iterable of Thing
        Every event.
    """
    reader = _Reader(gathering, objects)
    if not reader.case_type:
        types = ", ".join(sorted({each.type for each in objects.values()})[:12]) or "none"
        gathering.fault(
            f"no type of object is the case; say which with --map case=TYPE (there are {types})"
        )
        return
    for event in events:
        reader.take(event)
    gathering.drop(reader.left_out())


class _Reader:
    def __init__(self, gathering: Gathering, objects: Table[str, Thing]) -> None:
        self._to = gathering
        self._objects = objects
        types = {each.type.casefold(): each.type for each in objects.values()}
        named = gathering.names.columns.get("case")
        wanted = (named,) if named else CASES
        self.case_type = next((types[n.casefold()] for n in wanted if n.casefold() in types), "")
        self._done: set[str] = set()
        self._seen: set[str] = set()
        self._used: set[str] = set()

    def take(self, event: Thing) -> None:
        """One event: of the first of its cases, as many persons as it has cases."""
        mine = [
            each
            for each in event.related
            if each in self._objects and self._objects[each].type == self.case_type
        ]
        if not mine:
            return
        case = min(mine, key=lambda each: (len(each), each))
        word, station = self._said(event)
        us = self._to.instant(event.time, line=0, key=event.place)
        if us is None or word is None:
            return
        row = self._to.event(
            case=case,
            station=station,
            word=word,
            us=us,
            key=event.place,
            persons=self._number(event, "persons", len(mine)),
            attempt=self._number(event, "attempt", 0),
            resource=self._one_of(event, SERVERS),
        )
        if case not in self._done:
            self._done.add(case)
            self._to.about(row, self._about(self._objects[case], event), key=event.place)

    def left_out(self) -> list[str]:
        """Attributes of cases and events that were not used."""
        return sorted(self._seen - self._used)

    def _said(self, event: Thing) -> tuple[Word | None, str]:
        """The word and the station of an event: from its attributes, else from its type."""
        names = self._to.names
        self._seen |= event.values.keys()
        place = names.find("station", event.values)
        life = names.find("lifecycle", event.values)
        self._used |= {key for key in (place, life) if key is not None}
        kind = event.type.strip().casefold()
        known = kind in WORDS or kind in names.words
        text = event.type if known else "completed"
        if life is not None:
            text = event.values[life]
        station = event.values[place] if place is not None else "" if known else event.type
        return self._to.word(text, line=0, key=event.place), station

    def _number(self, event: Thing, what: str, default: int) -> int:
        key = self._to.names.find(what, event.values) if what in ALIASES else what
        text = event.values.get(key, "") if key else ""
        self._used.add(key or "")
        return whole(text, default)

    def _one_of(self, thing: Thing, types: tuple[str, ...]) -> str:
        """The first related object of some types."""
        return next(
            (
                each
                for each in thing.related
                if each in self._objects and self._objects[each].type.casefold() in types
            ),
            "",
        )

    def _about(self, case: Thing, event: Thing) -> dict[str, str]:
        names = self._to.names
        self._seen |= case.values.keys()
        about: dict[str, str] = {}
        party = self._one_of(case, PARTIES) or self._one_of(event, PARTIES)
        if party:
            about["party"] = party
        leaves = self._one_of(case, DEPARTURES) or self._one_of(event, DEPARTURES)
        if leaves:
            values = self._objects[leaves].values
            key = names.find("departure", values) or names.find("at", values)
            if key is not None:
                about["departure"] = values[key]
        for trait, key in names.trait_columns(case.values).items():
            about[trait] = case.values[key]
            self._used.add(key)
        return about
