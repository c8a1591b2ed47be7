"""Which column of a log is what: names known by themselves, and names given by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from sim.errors import Fault, InvalidInputError
from sim.scenario.suggestions import advice

ALIASES: dict[str, tuple[str, ...]] = {
    "case": ("case", "case_id", "caseid", "case:concept:name", "passenger", "trace"),
    "station": ("station", "activity", "concept:name", "step"),
    "lifecycle": ("lifecycle", "lifecycle:transition", "kind", "transition", "event"),
    "at": ("at", "time:timestamp", "timestamp", "time", "at_s", "at_us"),
    "joined": ("joined", "joined_at", "queue_joined"),
    "started": ("started", "started_at", "start", "start_timestamp", "service_started"),
    "completed": ("completed", "completed_at", "complete", "end", "service_completed"),
    "resource": ("resource", "org:resource", "server"),
    "departure": ("departure", "departure_at", "departure_time", "leaves_at", "std"),
    "party": ("party", "party_id", "booking"),
    "persons": ("persons", "party_size"),
}
"""What a log may tell, and the names under which it is found without ``--map``."""

TRAIT = "trait."
STATION = "station."
LIFECYCLE = "lifecycle."


@dataclass(frozen=True, slots=True)
class Mapping:
    """Names of a log in the words of the scenario.

    Attributes
    ----------
    columns : dict of str to str
        Column of the log by what it is, see `ALIASES`.
    traits : dict of str to str
        Column of the log by trait.
    stations : dict of str to str
        Station of the scenario by what the log calls it.
    words : dict of str to str
        Lifecycle word of ours by what the log calls it.
    trait_ids : tuple of str
        Traits of the scenario: a column of that very name is one.
    """

    columns: dict[str, str] = field(default_factory=dict)
    traits: dict[str, str] = field(default_factory=dict)
    stations: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    trait_ids: tuple[str, ...] = ()

    def names_of(self, what: str) -> tuple[str, ...]:
        """Names under which something may stand, the first that is there counts."""
        given = self.columns.get(what)
        return ALIASES[what] if given is None else (given,)

    def find(self, what: str, header: Iterable[str]) -> str | None:
        """The name in a header that is `what`; None where there is none."""
        return _first_of(self.names_of(what), tuple(header))

    def trait_columns(self, header: Iterable[str]) -> Table[str, str]:
        """Column of each trait: as given, or one called ``trait.<id>``, or by its bare id."""
        return _traits_in(self.trait_ids, tuple(self.traits.items()), tuple(header))


def read_mapping(given: Sequence[str], *, trait_ids: Sequence[str] = ()) -> Mapping:
    """The mapping that ``--map OURS=THEIRS`` options give.

    Parameters
    ----------
    given : sequence of str
        Such as ``case=PaxNo``, ``trait.checked_bag=Bag``, ``station.security=Soi chiếu``,
        ``lifecycle.started=begin``.
    trait_ids : sequence of str
        Traits of the scenario.

    Raises
    ------
    InvalidInputError
        With every option that cannot be read.
    """
    mapping = Mapping(trait_ids=tuple(trait_ids))
    faults: list[Fault] = []
    for text in given:
        ours, sign, theirs = (part.strip() for part in text.partition("="))
        if not (sign and ours and theirs):
            faults.append(Fault(f"--map {text!r} is not NAME=COLUMN; write case=PaxNo"))
        elif ours.startswith(TRAIT):
            trait = ours.removeprefix(TRAIT)
            if trait not in trait_ids:
                faults.append(Fault(f"--map {ours!r}: {advice(trait, trait_ids)}"))
            mapping.traits[trait] = theirs
        elif ours.startswith(STATION):
            mapping.stations[theirs] = ours.removeprefix(STATION)
        elif ours.startswith(LIFECYCLE):
            mapping.words[theirs.casefold()] = ours.removeprefix(LIFECYCLE)
        elif ours in ALIASES:
            mapping.columns[ours] = theirs
        else:
            names = ", ".join([*ALIASES, "trait.<id>", "station.<id>", "lifecycle.<word>"])
            faults.append(Fault(f"--map {ours!r} is nothing a log tells; there are {names}"))
    if faults:
        raise InvalidInputError(faults)
    return mapping


@lru_cache(maxsize=4096)  # XES and OCEL ask at every event, of the same few headers
def _first_of(names: tuple[str, ...], header: tuple[str, ...]) -> str | None:
    plain = {name.strip().casefold(): name for name in header}
    found = (plain.get(name.strip().casefold()) for name in names)
    return next((name for name in found if name is not None), None)


@lru_cache(maxsize=4096)
def _traits_in(
    ids: tuple[str, ...], given: tuple[tuple[str, str], ...], header: tuple[str, ...]
) -> Table[str, str]:
    there = {name.strip().casefold(): name for name in header}
    own = {
        trait: there[called]
        for trait in ids
        for called in (trait, f"trait_{trait}", f"{TRAIT}{trait}")
        if called in there
    }
    named = {
        trait: there[column.casefold()] for trait, column in given if column.casefold() in there
    }
    return MappingProxyType(own | named)
