"""Draws for visits: service, walk, patience, matches, retries and calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sim.demand.classes import durations_s
from sim.demand.crowd import Crowd, Group
from sim.demand.inversion import whole_us
from sim.demand.matching import accepted_on
from sim.demand.workload import FOR_EVER, NOT_SENT
from sim.errors import Fault, ScenarioError
from sim.scenario.program import Program, Slot
from sim.scenario.stations import StationSpec


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """The columns of a workload that have a row for each visit.

    Attributes
    ----------
    service_us, walk_us, patience_us : ndarray of int64, shape (rows,)
    accepted_on : ndarray of uint8, shape (rows,)
    retry_us : ndarray of int64, shape (attempts - 1, rows)
    call_us : ndarray of int64, shape (calls, rows)
    """

    service_us: NDArray[np.int64]
    walk_us: NDArray[np.int64]
    patience_us: NDArray[np.int64]
    accepted_on: NDArray[np.uint8]
    retry_us: NDArray[np.int64]
    call_us: NDArray[np.int64]

    @classmethod
    def empty(cls, program: Program, rows: int) -> Visits:
        """No service, no walk, patience for ever, as wide as the program's visits need."""
        retries = max([_attempts(slot) - 1 for slot in program.slots], default=0)
        calls = max([_attempts(slot) * len(slot.visit.calls) for slot in program.slots], default=0)
        return cls(
            service_us=np.zeros(rows, dtype=np.int64),
            walk_us=np.zeros(rows, dtype=np.int64),
            patience_us=np.full(rows, FOR_EVER, dtype=np.int64),
            accepted_on=np.zeros(rows, dtype=np.uint8),
            retry_us=np.zeros((retries, rows), dtype=np.int64),
            call_us=np.zeros((calls, rows), dtype=np.int64),
        )

    def __getitem__(self, rows: NDArray[np.int64]) -> Visits:
        return Visits(*(column[..., rows] for column in self._columns()))

    def of_people(self, people: NDArray[np.int64], *, each: int) -> Visits:
        """The visits of some people in their order, where everyone has `each` rows in a row."""
        everyone = len(self.service_us) // each

        def theirs(column: NDArray) -> NDArray:
            others = column.shape[:-1]
            taken = column.reshape(*others, everyone, each).take(people, axis=-2)
            return taken.reshape(*others, len(people) * each)

        return Visits(*map(theirs, self._columns()))

    def _columns(self) -> Iterator[NDArray]:
        return (getattr(self, field.name) for field in fields(self))

    def draw(
        self,
        rows: slice | NDArray[np.int64],
        *,
        slot: Slot,
        group: Group,
        place: str,
        stations: Mapping[str, StationSpec],
    ) -> None:
        """Fill the rows of one group's visits to one slot.

        Parameters
        ----------
        rows : slice or ndarray of int64
            Rows of the visits, one for each person of the group.
        slot : Slot
            The option visited.
        group : Group
            Who visits it.
        place : str
            What tells these visits from others in the names of streams, see `place_of`.
        stations : mapping of str to StationSpec
            Stations by id, for those that are called.

        Raises
        ------
        ScenarioError
            If no service law fits some passenger.
        """
        station = slot.spec
        self.service_us[rows] = _service_us(station, group, place=place)
        walk = slot.visit.walk or station.walk
        if walk:
            seconds = durations_s(
                walk,
                traits=group.lead_traits,
                bits=group.crowd.bits,
                uniforms=lambda: group.shared_uniforms(f"walk/{place}"),
            )
            self.walk_us[rows] = whole_us(np.nan_to_num(seconds, nan=0.0))
        if station.patience:
            seconds = durations_s(
                station.patience,
                traits=group.traits,
                bits=group.crowd.bits,
                uniforms=lambda: group.uniforms(f"patience/{place}"),
            )
            is_endless = np.isnan(seconds)
            waits_us = whole_us(np.nan_to_num(seconds, nan=0.0))
            self.patience_us[rows] = np.where(is_endless, FOR_EVER, waits_us)
        self._draw_match(rows, slot=slot, group=group, place=place)
        self._draw_calls(rows, slot=slot, group=group, place=place, stations=stations)

    def _draw_match(
        self, rows: slice | NDArray[np.int64], *, slot: Slot, group: Group, place: str
    ) -> None:
        match = slot.spec.match
        if match is None:
            return
        traits, bits = group.traits, group.crowd.bits
        u = group.uniforms(f"match/{place}")
        self.accepted_on[rows] = accepted_on(match, traits=traits, bits=bits, u=u)
        for attempt in range(1, match.attempts):
            name = f"retry/{place}/{attempt}"
            seconds = durations_s(
                (match.retry,),
                traits=traits,
                bits=bits,
                uniforms=lambda name=name: group.uniforms(name),
            )
            self.retry_us[attempt - 1, rows] = whole_us(np.nan_to_num(seconds, nan=0.0))

    def _draw_calls(
        self,
        rows: slice | NDArray[np.int64],
        *,
        slot: Slot,
        group: Group,
        place: str,
        stations: Mapping[str, StationSpec],
    ) -> None:
        calls = slot.visit.calls
        for number, call in enumerate(calls):
            same = [each.station for each in calls[:number]].count(call.station)
            which = f"{place}/{call.station}/{same}"
            is_sent = None
            if call.share.value < 1:
                is_sent = group.uniforms(f"call-share/{which}") < call.share.value
            for attempt in range(_attempts(slot)):
                answers = _service_us(
                    stations[call.station], group, place=f"{which}/{attempt}", is_call=True
                )
                column = attempt * len(calls) + number
                self.call_us[column, rows] = (
                    answers if is_sent is None else np.where(is_sent, answers, NOT_SENT)
                )


def place_of(step: str, station: str, number: int = 1) -> str:
    """Name of somebody's `number`-th visit to an option of a step, in the names of streams.

    Examples
    --------
    >>> place_of("screening", "security"), place_of("screening", "security", 2)
    ('screening/security', 'screening/security#2')
    """
    return f"{step}/{station}" + (f"#{number}" if number > 1 else "")


def draw_every_slot(crowd: Crowd, program: Program, stations: Mapping[str, StationSpec]) -> Visits:
    """Draws of everyone for every slot; row ``person * slots + slot``."""
    slots = len(program.slots)
    visits = Visits.empty(program, len(crowd) * slots)
    for slot in program.slots:
        visits.draw(
            slice(slot.index, None, slots),
            slot=slot,
            group=Group(crowd),
            place=place_of(program.steps[slot.step].id, slot.spec.id),
            stations=stations,
        )
    return visits


def _service_us(
    station: StationSpec, group: Group, *, place: str, is_call: bool = False
) -> NDArray[np.int64]:
    """Service times; the lead of a party served as one brings the time of all members."""
    if station.service is None:
        return np.zeros(len(group.traits), dtype=np.int64)
    name = f"{'call' if is_call else 'service'}/{place}"
    seconds = durations_s(
        station.service,
        traits=group.traits,
        bits=group.crowd.bits,
        uniforms=lambda: group.uniforms(name),
    )
    missing = np.count_nonzero(np.isnan(seconds))
    if missing:
        message = (
            f"no law fits {missing} of {len(seconds)} passengers; end with one that has no `when`"
        )
        raise ScenarioError([Fault(message, key=f"stations.{station.id}.service")])
    if station.per == "party" and not is_call:
        others = (group.crowd.parties.size[group.party] - 1) * group.is_lead
        seconds = seconds * (1 + station.extra_person_share.value * others)
    return whole_us(seconds)


def _attempts(slot: Slot) -> int:
    return 1 if slot.spec.match is None else slot.spec.match.attempts
