"""Where everybody would be if nobody ever had to wait: the most plausible places to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.demand.workload import SKIPS, UNIFORM_BITS, Workload
from sim.engine.network import Network
from sim.experiments.opening.courses import way_of
from sim.scenario.guards import holds
from sim.scenario.program import GO_LEAVE, GO_NEXT, Slot, Step

Change = tuple[int, int, int, int, int]
"""Traits set on the way: instant, passenger, station, visit, bits that changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stay that somebody could be at.

    Attributes
    ----------
    passenger, persons, visit, slot, row : int
        Who, how many move together, on which step, where, and the row of the draws.
    option : int
        Index of the option within the step, or -1 where there is no choice.
    joins_us : int
        When they would join the queue.
    changes : tuple of Change
        Traits set on the way.
    """

    passenger: int
    persons: int
    visit: int
    slot: int
    row: int
    option: int
    joins_us: int
    changes: tuple[Change, ...]


def places_of(network: Network, workload: Workload, lead: int, *, at_us: int) -> list[Place]:
    """Stays of a party that begin at an instant at the latest, if nobody waits.

    At a step where passengers look at the queues every option open to them is one. Others
    choose as drawn, and matches and services end as drawn.
    """
    size, arrival_us = int(workload.party_size[lead]), int(workload.arrival_us[lead])
    walk = _Walk(network, workload, at_us)
    if workload.route is not None:
        return [
            place
            for person in range(lead, lead + size)
            for place in walk.routed(person, arrival_us)
        ]
    step = way_of(network, workload, lead).first_step
    return list(walk.followed(lead, size, step=step, visit=0, now=arrival_us, changes=()))


class _Walk:
    def __init__(self, network: Network, workload: Workload, at_us: int) -> None:
        self.network = network
        self.workload = workload
        self.at_us = at_us

    def routed(self, passenger: int, now: int) -> Iterator[Place]:
        """Stays on a route that was drawn whole."""
        work = self.workload
        assert work.route is not None
        first, end = work.first[passenger : passenger + 2].tolist()
        for row in range(first, end):
            slot = int(work.route[row])
            joins_us = now + int(work.walk_us[row])
            if joins_us >= self.at_us:
                return
            yield Place(passenger, 1, row - first, slot, row, -1, joins_us, ())
            now = joins_us + self.takes_us(slot, row)

    def followed(
        self,
        passenger: int,
        persons: int,
        *,
        step: int,
        visit: int,
        now: int,
        changes: tuple[Change, ...],
    ) -> Iterator[Place]:
        """Stays from a step on; a party's members follow where they part."""
        work, steps = self.workload, self.network.steps
        traits = int(work.traits[passenger])
        for _, person, _, _, bits in changes:
            traits ^= bits if person == passenger else 0
        end = way_of(self.network, work, passenger).end_step
        while 0 <= step < end:
            here = steps[step]
            slots = self.options(passenger, here, traits)
            if not slots:
                step += 1
                continue
            slot = slots[0]
            if persons > 1 and not self.network.stations[slot.station].per_party:
                for member in range(passenger + 1, passenger + persons):
                    yield from self.followed(
                        member, 1, step=step, visit=visit, now=now, changes=changes
                    )
                persons = 1
            for each in slots:
                row = int(work.first[passenger]) + each.index
                joins_us = now + int(work.walk_us[row])
                option = each.index - here.slots[0].index if here.is_choice else -1
                same = self.network.stations[each.station].per_party or persons == 1
                if joins_us < self.at_us and same:
                    yield Place(
                        passenger, persons, visit, each.index, row, option, joins_us, changes
                    )
            row = int(work.first[passenger]) + slot.index
            now += int(work.walk_us[row]) + self.takes_us(slot.index, row)
            if now >= self.at_us:
                return
            is_rejected = self.is_rejected(slot.index, row)
            target = here.on_reject if is_rejected else GO_NEXT
            if target == GO_LEAVE or self.network.visits[slot.index].boards:
                return
            if not is_rejected:
                fresh = tuple(
                    self.changed(slot, range(passenger, passenger + persons), visit, now, changes)
                )
                changes += fresh
                for _, person, _, _, bits in fresh:
                    traits ^= bits if person == passenger else 0
            visit += 1
            step = step + 1 if target == GO_NEXT else target

    def options(self, passenger: int, step: Step, traits: int) -> list[Slot]:
        """The options somebody may be at, the one taken to go on first."""
        if not holds(step.guard, traits):
            return []
        work = self.workload
        offered = [slot for slot in step.slots if holds(slot.guard, traits)]
        if not step.is_choice:
            rows = [int(work.first[passenger]) + slot.index for slot in offered]
            return offered if rows and work.service_us[rows[0]] != SKIPS else []
        allowed = [slot for slot in offered if holds(slot.permit, traits)] or offered
        if step.choose != "share" or not offered:
            return allowed
        slot = _by_share(offered, int(work.choice[passenger][step.index]))
        if slot not in allowed:
            slot = _by_share(allowed, int(work.second_choice[passenger][step.index]))
        return [slot]

    def changed(
        self, slot: Slot, persons: range, visit: int, now: int, changes: tuple[Change, ...]
    ) -> Iterator[Change]:
        """Traits that a completed service changes."""
        for person in persons:
            before = int(self.workload.traits[person])
            for _, other, _, _, bits in changes:
                before ^= bits if other == person else 0
            after = (before | slot.turns_on) & ~slot.turns_off
            if holds(slot.sets_guard, before) and after != before:
                yield now, person, slot.station, visit, after ^ before

    def takes_us(self, slot: int, row: int) -> int:
        """How long a service takes with all its attempts."""
        return sum(attempts_us(self.network, self.workload, slot, row))

    def is_rejected(self, slot: int, row: int) -> bool:
        """Whether no attempt is accepted."""
        attempts = self.network.visits[slot].attempts
        return attempts > 0 and not 1 <= int(self.workload.accepted_on[row]) <= attempts


def attempts_us(network: Network, workload: Workload, slot: int, row: int) -> list[int]:
    """How long each attempt of a service takes that will be made."""
    attempts = network.visits[slot].attempts
    accepted = int(workload.accepted_on[row]) if attempts else 1
    made = accepted if 1 <= accepted <= attempts else max(attempts, 1)
    retries = workload.retry_us[row].tolist() if made > 1 else []
    return [int(workload.service_us[row]), *retries[: made - 1]]


def _by_share(slots: list[Slot], uniform: int) -> Slot:
    total = sum(slot.weight for slot in slots)
    ticket = (uniform * total) >> UNIFORM_BITS
    for slot in slots:
        if ticket < slot.weight:
            return slot
        ticket -= slot.weight
    return slots[-1]
