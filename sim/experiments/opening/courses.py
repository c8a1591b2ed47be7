"""How far each passenger of a log has come: the journey followed, as the log decides it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.demand.workload import SKIPS, Workload
from sim.engine.network import Network
from sim.errors import Fault, ScenarioError
from sim.events.kinds import CHOOSES_AGAIN, CODE, LEAVES, Kind
from sim.events.log import EventBlock
from sim.scenario.guards import holds
from sim.scenario.program import GO_LEAVE, GO_NEXT, Journey, Slot, Step

ARRIVED = CODE[Kind.ARRIVED]
CHOSEN = CODE[Kind.CHANNEL_CHOSEN]
BALKED, RENEGED = CODE[Kind.BALKED], CODE[Kind.RENEGED]
COMPLETED, REFERRED = CODE[Kind.SERVICE_COMPLETED], CODE[Kind.REFERRED]
ENROLLED = CODE[Kind.ENROLLED]
CARRIED_OVER = CODE[Kind.CARRIED_OVER]
ENDS_A_STAY = frozenset({BALKED, RENEGED, COMPLETED})

Fact = tuple[int, int, int, int]
"""``(kind, at_us, station, detail)``."""


@dataclass(frozen=True, slots=True)
class Leg:
    """Someone's way to a station, and the stay there.

    Attributes
    ----------
    passenger, persons, visit, slot : int
        Who, how many move together, how-many-th step, the program's slot.
    since_us : int
        When they set out for it.
    """

    passenger: int
    persons: int
    visit: int
    slot: int
    since_us: int


def way_of(network: Network, workload: Workload, passenger: int) -> Journey:
    """The journey a passenger makes: the only one, or in a world one of several."""
    return network.journeys[0 if workload.journey is None else int(workload.journey[passenger])]


@dataclass(frozen=True, slots=True)
class Carried:
    """What a log that opens in mid-day says of its opening.

    Attributes
    ----------
    at_us : int
        The instant.
    legs : dict of int to Leg
        Where each passenger stands who moves by themselves or leads.
    requests : dict of (int, int) to Leg
        The stays that sent a request which is under way, by passenger and visit.
    """

    at_us: int
    legs: dict[int, Leg]
    requests: dict[tuple[int, int], Leg]


def carried_in(events: EventBlock) -> Carried | None:
    """The opening of a log, from all its events; None where it opens with the day."""
    rows = events[events.kind == CARRIED_OVER]
    if not len(rows):
        return None
    names = ("passenger", "visit", "ref", "detail")
    told = list(zip(*(getattr(rows, name).tolist() for name in names), strict=True))
    persons = told[0][3]
    legs, lead = dict[int, Leg](), -1
    for passenger, visit, slot, since_us in told[1 : 1 + persons]:
        if visit < 0:
            legs[lead] = replace(legs[lead], persons=legs[lead].persons + 1)
        else:
            legs[passenger], lead = Leg(passenger, 1, visit, slot, since_us), passenger
    requests = {
        (passenger, visit): Leg(passenger, 1, visit, slot, since_us)
        for passenger, visit, slot, since_us in told[1 + persons :]
        if passenger >= 0
    }
    return Carried(int(rows.at_us[0]), legs, requests)


class Courses:
    """Follows journeys through a log.

    Parameters
    ----------
    network : Network
        The facility.
    workload : Workload
        The passengers.
    events : EventBlock
        All that passengers did up to an instant; who is asked about must have all their
        events, and the leads of their parties theirs.
    carried : Carried or None
        Where everybody stood as the log opened, if it opened in mid-day.
    """

    def __init__(
        self,
        network: Network,
        workload: Workload,
        events: EventBlock,
        *,
        carried: Carried | None = None,
    ) -> None:
        self._network = network
        self._workload = workload
        self._carried = carried
        self._facts: defaultdict[tuple[int, int], list[Fact]] = defaultdict(list)
        columns = ("passenger", "visit", "kind", "at_us", "station", "detail")
        rows = zip(*(getattr(events, name).tolist() for name in columns), strict=True)
        for passenger, visit, *fact in rows:
            self._facts[passenger, visit].append((fact[0], fact[1], fact[2], fact[3]))

    def of_party(self, lead: int) -> list[Leg]:
        """Every leg of a party's members, each one's last leg last."""
        size = int(self._workload.party_size[lead])
        if self._carried is not None and self._workload.arrival_us[lead] < self._carried.at_us:
            known = self._carried.legs
            members = [known[p] for p in range(lead, lead + size) if p in known]
            return [leg for each in members for leg in self._resumed(each)]
        at_us = int(self._workload.arrival_us[lead])
        if self._workload.route is not None:
            return [
                leg
                for person in range(lead, lead + size)
                for leg in self._routed(person, self._workload.route, 0, at_us)
            ]
        step = way_of(self._network, self._workload, lead).first_step
        return list(self._followed(lead, size, step=step, visit=0, at_us=at_us))

    def _resumed(self, leg: Leg) -> Iterator[Leg]:
        """A leg that the log began with, and those after it."""
        if self._workload.route is not None:
            route = self._workload.route
            yield from self._routed(leg.passenger, route, leg.visit, leg.since_us)
            return
        slot = self._network.slots[leg.slot]
        yield from self._followed(
            leg.passenger,
            leg.persons,
            step=slot.step,
            visit=leg.visit,
            at_us=leg.since_us,
            begun=slot,
        )

    def _routed(
        self, passenger: int, route: NDArray[np.int32], visit: int, at_us: int
    ) -> Iterator[Leg]:
        first, end_row = self._workload.first[passenger : passenger + 2].tolist()
        for row in range(first + visit, end_row):
            visit = row - first
            slot = self._network.slots[int(route[row])]
            yield Leg(passenger, 1, visit, slot.index, at_us)
            end = self._end(passenger, visit, slot)
            if end is None:
                return
            at_us = end[0]

    def _followed(
        self,
        passenger: int,
        persons: int,
        *,
        step: int,
        visit: int,
        at_us: int,
        begun: Slot | None = None,
    ) -> Iterator[Leg]:
        """Legs from a step on; a party's members follow where they part."""
        traits = self._traits(passenger, before=visit)
        steps, stations = self._network.steps, self._network.stations
        end_step = way_of(self._network, self._workload, passenger).end_step
        while 0 <= step < end_step:
            slot = begun or self._taken(passenger, steps[step], visit, traits)
            begun = None
            if slot is None:
                step += 1
                continue
            if persons > 1 and not stations[slot.station].per_party:
                for member in range(passenger + 1, passenger + persons):
                    yield from self._followed(member, 1, step=step, visit=visit, at_us=at_us)
                persons = 1
            yield Leg(passenger, persons, visit, slot.index, at_us)
            end = self._end(passenger, visit, slot)
            if end is None:
                return
            at_us, target = end
            traits ^= self._changed(passenger, visit)
            visit += 1
            if target == GO_LEAVE:
                return
            step = step + 1 if target == GO_NEXT else target

    def _taken(self, passenger: int, step: Step, visit: int, traits: int) -> Slot | None:
        """The option the log says was taken; None where the step was skipped."""
        if not holds(step.guard, traits):
            return None
        if not step.is_choice:
            slot = step.slots[0]
            row = int(self._workload.first[passenger]) + slot.index
            skips = self._workload.service_us[row] == SKIPS
            return slot if holds(slot.guard, traits) and not skips else None
        if not any(holds(slot.guard, traits) for slot in step.slots):
            return None
        for kind, _, _, detail in self._facts.get((passenger, visit), ()):
            if kind == CHOSEN:
                return step.slots[detail]
        text = (
            f"passenger {passenger} takes no option at step {step.index}; the log is not of "
            "this scenario's passengers"
        )
        raise ScenarioError([Fault(text)])

    def _end(self, passenger: int, visit: int, slot: Slot) -> tuple[int, int] | None:
        """When a stay ended and the step to go to; None where it has not."""
        step = self._network.steps[slot.step]
        ended = rejected = None
        for kind, at_us, station, detail in self._facts.get((passenger, visit), ()):
            if station != slot.station:
                continue
            if kind in ENDS_A_STAY and (kind == COMPLETED or detail != LEAVES):
                ended = kind, at_us, detail
            elif kind == REFERRED:
                rejected = at_us
        if ended is None:
            return None
        kind, at_us, detail = ended
        if kind == BALKED:
            return at_us, step.on_balk
        if kind == RENEGED:
            return at_us, step.index if detail == CHOOSES_AGAIN else step.on_renege
        return at_us, GO_NEXT if rejected is None else step.on_reject

    def _changed(self, passenger: int, visit: int) -> int:
        """Trait bits that changed on a visit."""
        changed = 0
        for kind, _, _, detail in self._facts.get((passenger, visit), ()):
            if kind == ENROLLED:
                changed ^= detail
        return changed

    def _traits(self, passenger: int, *, before: int) -> int:
        traits = int(self._workload.traits[passenger])
        for visit in range(before):
            traits ^= self._changed(passenger, visit)
        return traits
