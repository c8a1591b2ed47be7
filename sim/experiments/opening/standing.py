"""From the opening section of a log to what an engine takes up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from sim.demand.workload import FOR_EVER, Workload
from sim.engine.network import NEVER, Network, Station, Visit
from sim.engine.opening import Coming, Opening, Staying, Work
from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock
from sim.experiments.opening.attempts import Attempts, Happening, happenings
from sim.experiments.opening.section import row_of
from sim.experiments.opening.stretches import Stretch, Thread, has_timed_out
from sim.experiments.opening.underway import under_way
from sim.projections.threads import Threads
from sim.scenario.guards import holds

CARRIED_OVER = CODE[Kind.CARRIED_OVER]
JOINED, BALKED = CODE[Kind.QUEUE_JOINED], CODE[Kind.BALKED]
STARTED, COMPLETED = CODE[Kind.SERVICE_STARTED], CODE[Kind.SERVICE_COMPLETED]
PAUSED, RESUMED = CODE[Kind.SERVICE_PAUSED], CODE[Kind.SERVICE_RESUMED]
INTERRUPTED = CODE[Kind.SERVICE_INTERRUPTED]
MATCH_REJECTED = CODE[Kind.MATCH_REJECTED]

Name = tuple[int, int]
"""Passenger and visit."""


def opening_of(section: EventBlock, network: Network, workload: Workload) -> Opening:
    """What an engine takes up where a log opens in mid-day.

    Parameters
    ----------
    section : EventBlock
        The opening of a log, up to its last ``carried_over``.
    network, workload : Network, Workload
        What the run is made from.
    """
    return _Standing(section, network, workload).opening()


class _Standing:
    def __init__(self, section: EventBlock, network: Network, workload: Workload) -> None:
        self.network = network
        self.workload = workload
        carried = np.flatnonzero(section.kind == CARRIED_OVER)
        rows = section[carried]
        persons = int(rows.detail[0])
        self.at_us = int(rows.at_us[0])
        self.people, rest = rows[1 : 1 + persons], rows[1 + persons :]
        self.requests, self.batched = rest[rest.passenger >= 0], rest[rest.passenger < 0]
        self.past = section[: int(carried[0])]
        self.attempts = Attempts(network, workload, self.past)
        self.traits = dict[int, int]()
        changes = self.past[self.past.kind == CODE[Kind.ENROLLED]]
        for person, bits in zip(changes.passenger.tolist(), changes.detail.tolist(), strict=True):
            known = self.traits.get(person, int(workload.traits[person]))
            self.traits[person] = known ^ bits
        self.stays, self.calls, self.joined = self._threads()
        self.events = self._events()

    def opening(self) -> Opening:
        """All of it."""
        coming, staying = list[Coming](), list[Staying]()
        heeded = set[int]()
        for leg in self._legs():
            thread = self.stays.get((leg.passenger, leg.visit))
            if thread is None:
                coming.append(leg)
            else:
                stay, awaited = self._staying(leg, thread)
                staying.append(stay)
                heeded |= awaited
        asking, batches = under_way(
            self.calls, self.requests, network=self.network, workload=self.workload, heeded=heeded
        )
        walking = [each for each in coming if each.reaches_us >= self.at_us]
        held = sorted(
            (each for each in coming if each.reaches_us < self.at_us),
            key=lambda each: (
                each.reaches_us,
                self.network.slots[each.slot].station,
                each.passenger,
                each.visit,
            ),
        )
        walking += [_held(each) for each in held]
        return Opening(
            at_us=self.at_us,
            traits=tuple(self.traits.items()),
            coming=tuple(walking),
            staying=tuple(sorted(staying, key=lambda each: each.place)),
            asking=asking,
            batches=batches,
            joined=self.joined,
            formed=self._formed(),
        )

    # -- reading ---------------------------------------------------------------------------

    def _threads(self) -> tuple[dict[Name, Thread], list[Thread], tuple[int, ...]]:
        """Visits that have not ended, requests that have not, the last place at each station."""
        fold = Threads(with_matches=True)
        fold.update(self.past)
        still_open = fold.open
        stays, calls = dict[Name, Thread](), list[Thread]()
        joined = [0] * len(self.network.stations)
        heads = still_open.events[still_open.first[:-1]]
        events = happenings(still_open.events)
        bounds = still_open.first.tolist()
        for row in np.argsort(heads.seq).tolist():
            thread = Thread(events[bounds[row] : bounds[row + 1]])
            joined[thread.head.station] += 1
            thread.place = joined[thread.head.station]
            if still_open.is_call[row]:
                calls.append(thread)
            else:
                stays[int(heads.passenger[row]), int(heads.visit[row])] = thread
        return stays, calls, tuple(joined)

    def _events(self) -> dict[Name, list[Happening]]:
        """All that is told of each stay with calls, its requests' events included."""
        wanted = set(self.stays)
        found = defaultdict[Name, list[Happening]](list)
        rows = np.flatnonzero((self.past.visit >= 0) & (self.past.passenger >= 0))
        events = self.past[rows]
        names = zip(events.passenger.tolist(), events.visit.tolist(), strict=True)
        for name, event in zip(names, happenings(events), strict=True):
            if name in wanted:
                found[name].append(event)
        return found

    def _legs(self) -> list[Coming]:
        """Everyone who moves, as if all were on the way."""
        legs = list[Coming]()
        names = ("passenger", "visit", "ref", "detail")
        columns = (getattr(self.people, name).tolist() for name in names)
        for passenger, visit, slot, since_us in zip(*columns, strict=True):
            if visit < 0:
                legs[-1] = _joined_by_one(legs[-1])
                continue
            row = row_of(self.workload, passenger, visit, slot)
            reaches_us = since_us + int(self.workload.walk_us[row])
            legs.append(Coming(passenger, 1, visit, slot, row, reaches_us))
        return legs

    def _formed(self) -> tuple[int, ...]:
        """Batches formed so far by station."""
        formed = dict(zip(self.batched.station.tolist(), self.batched.detail.tolist(), strict=True))
        return tuple(formed.get(station, 0) for station in range(len(self.network.stations)))

    # -- at a station ----------------------------------------------------------------------

    def _staying(self, leg: Coming, thread: Thread) -> tuple[Staying, set[int]]:
        """Somebody at a station, and the requests whose answers they wait for."""
        what = self.network.visits[leg.slot]
        station = self.network.stations[what.station]
        joined_us = thread.head.at_us
        patience_us = int(self.workload.patience_us[leg.row])
        run, attempt, server, has_started = Stretch(), 0, -1, False
        for event in thread.events:
            match event.kind:
                case kind if kind == STARTED:
                    attempt, server, has_started = 1, event.server, True
                    run = self._attempt(leg.row, 1, what, event)
                case kind if kind == MATCH_REJECTED:
                    attempt = event.detail + 1
                    run = self._attempt(leg.row, attempt, what, event)
                case kind if kind == PAUSED:
                    run.pause(event.at_us)
                case kind if kind == RESUMED:
                    run.resume(event.at_us, event.seq)
                case kind if kind == INTERRUPTED:
                    server, attempt = -1, 0
                case _:
                    pass
        waits = server < 0
        may_give_up = waits and patience_us != FOR_EVER and not has_started
        stay = Staying(
            passenger=leg.passenger,
            persons=thread.head.detail,
            visit=leg.visit,
            slot=leg.slot,
            row=leg.row,
            priority=self._priority(leg.passenger, station, joined_us),
            place=thread.place,
            has_started=has_started,
            gives_up_us=joined_us + patience_us if may_give_up else NEVER,
            work=None,
        )
        if waits:
            return stay, set()
        unsent, heeded, is_refused, is_asked = self._sent(leg, what, run, attempt)
        is_working, due_us = run.is_paused or run.due_us >= self.at_us, run.due_us
        if not (is_working or unsent or heeded):  # counted, and done had it begun as told
            is_working, due_us = True, self.at_us
        stay = replace(
            stay,
            work=Work(server, run.since, due_us, run.is_paused),
            attempt=attempt,
            is_working=is_working,
            is_refused=is_refused,
            is_asked=is_asked,
            unsent=unsent,
        )
        return stay, heeded

    def _attempt(self, row: int, attempt: int, what: Visit, begun: Happening) -> Stretch:
        duration = self.attempts.lasts_us(row, attempt, what, begun.seq)
        return Stretch(
            since=begun.seq,
            due_us=begun.at_us + duration,
            sends={
                number: begun.at_us + duration * what.calls[number].after_ppm // 1_000_000
                for number in sorted(self.attempts.calls(row, attempt, what, begun.seq))
            },
        )

    def _priority(self, passenger: int, station: Station, now: int) -> int:
        departure = int(self.workload.departure[passenger])
        traits = self.traits.get(passenger, int(self.workload.traits[passenger]))
        for number, (guard, late_us) in enumerate(station.rules):
            if holds(guard, traits) and (
                late_us == NEVER
                or (departure >= 0 and self.workload.departure_us[departure] - now <= late_us)
            ):
                return number
        return len(station.rules)

    def _sent(
        self, leg: Coming, what: Visit, run: Stretch, attempt: int
    ) -> tuple[tuple[tuple[int, int], ...], set[int], bool, bool]:
        """What became of the calls of an attempt.

        Returned are those still to be sent, the requests awaited, whether one was refused, and
        whether the match was asked for. What was due before but is not told of is sent as soon
        as may be: somebody counted
        at a desk has requests under way that nobody counted.
        """
        events = self.events[leg.passenger, leg.visit]
        sent = self.attempts.sent(events, leg.row, what)
        starts = sum(each.kind == STARTED and each.station == what.station for each in events)
        mine = {
            each.number: seq
            for seq, each in sent.items()
            if each.trial == starts and each.attempt == attempt
        }
        earliest = 0 if run.is_paused else self.at_us
        unsent = tuple(
            (number, max(at_us, earliest))
            for number, at_us in run.sends.items()
            if number not in mine
        )
        still_open = {thread.head.seq: thread for thread in self.calls}
        heeded, is_refused = set[int](), False
        for number, seq in mine.items():
            call = what.calls[number]
            head = next(event for event in events if event.seq == seq)
            given_up = head.kind == BALKED
            if not given_up and call.timeout_us >= 0:
                given_up = has_timed_out(events, head, head.at_us + call.timeout_us, self.at_us)
            if given_up:
                is_refused |= call.refers
            elif seq in still_open:
                heeded.add(seq)
        return unsent, heeded, is_refused, 0 in mine


def _joined_by_one(leg: Coming) -> Coming:
    return Coming(leg.passenger, leg.persons + 1, leg.visit, leg.slot, leg.row, leg.reaches_us)


def _held(leg: Coming) -> Coming:
    return Coming(leg.passenger, leg.persons, leg.visit, leg.slot, leg.row, NEVER)
