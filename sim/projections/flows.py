"""How many persons moved from where to where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE
from sim.projections.ordering import stable_order, starts_of_runs
from sim.projections.outcomes import OUTCOMES, People
from sim.projections.parties import Parties
from sim.projections.visit_table import VisitTable, select

IN = "in"
"""Where everyone comes from: the door."""

PRESENT = "present"
"""Where those go who were still there at the end."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Persons who went from one place to another.

    Attributes
    ----------
    source, target : str
        Station ids; the source may be ``in``, the target an outcome.
    persons : int
        How many, each time they went.
    """

    source: str
    target: str
    persons: int


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Every way of a person from one place to the next.

    Attributes
    ----------
    names : tuple of str
        The places: the stations, the outcomes, ``present`` and ``in``.
    source, target : ndarray of int64, shape (moves,)
        From where to where, as rows of `names`.
    at_us : ndarray of int64, shape (moves,)
        When they came to the target: joined its queue or balked, or reached their outcome;
        -1 for those still there at the end.
    """

    names: tuple[str, ...]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    at_us: NDArray[np.int64]


def flows(
    visits: VisitTable, people: People, parties: Parties, *, stations: Sequence[str]
) -> tuple[Flow, ...]:
    """Persons by origin and destination, in the order of the station list.

    Parameters
    ----------
    visits : VisitTable
        All visits; requests to other stations are no journeys of persons.
    people : People
        What became of everyone.
    parties : Parties
        Who walks with a lead who queues for all.
    stations : sequence of str
        Station ids by row.

    Notes
    -----
    Everybody's way is ``in``, the stations where they queued or balked, an outcome. So as
    many leave ``in`` as arrived, and as many leave a station as came to it.
    """
    found = moves(visits, people, parties, stations=stations)
    names = found.names
    pairs = found.source * len(names) + found.target
    counts = np.bincount(pairs, minlength=len(names) ** 2).reshape(len(names), len(names))
    counts = np.roll(counts, 1, axis=0)  # the door first
    sources = [names[-1], *names[:-1]]
    return tuple(
        Flow(sources[source], names[target], int(counts[source, target]))
        for source, target in np.argwhere(counts).tolist()
    )


def moves(
    visits: VisitTable, people: People, parties: Parties, *, stations: Sequence[str]
) -> Moves:
    """Every way from place to place, each person's in order; parameters as of `flows`."""
    person, station, joined_us = _footsteps(visits, parties, people)
    ends = {CODE[kind]: len(stations) + n for n, kind in enumerate(OUTCOMES.values())}
    names = (*stations, *OUTCOMES, PRESENT, IN)
    door, present = len(names) - 1, len(names) - 2
    arrived = np.flatnonzero(people.has_arrived)
    end_of = np.full(256, present)
    end_of[list(ends)] = list(ends.values())
    end = end_of[people.final_kind[arrived]]

    whose = np.concatenate([arrived, person, arrived])
    where = np.concatenate([np.full(len(arrived), door), station, end])
    when = np.concatenate([people.arrived_us[arrived], joined_us, people.final_us[arrived]])
    order = stable_order(whose)
    whose, where, when = whose[order], where[order], when[order]
    goes_on = ~starts_of_runs(whose)[1:]
    return Moves(names, where[:-1][goes_on], where[1:][goes_on], when[1:][goes_on])


def _footsteps(
    visits: VisitTable, parties: Parties, people: People
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Person, station and instant of every stop of everyone, each person's in order."""
    rows = select(visits.rows, ~visits.rows.is_call)
    lead, persons = rows.passenger.astype(np.int64), rows.persons.astype(np.int64)
    whose = np.repeat(lead, persons)
    place = np.arange(len(whose)) - np.repeat(np.cumsum(persons) - persons, persons)
    person, station = whose + place, np.repeat(rows.station, persons).astype(np.int64)
    exists = person < len(people.has_arrived)
    exists[exists] &= people.has_arrived[person[exists]]
    return person[exists], station[exists], np.repeat(rows.joined_us, persons)[exists]
