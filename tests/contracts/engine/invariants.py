"""What holds in every log, checked by an auditor that knows the rules but not the engine.

It replays the events, keeps who waits, who is served and which servers are open, and at the
end of each instant asks whether anybody waits whom somebody could serve.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from sim.engine.network import NEVER, Network, Station
from sim.engine.outlook import outlook_of
from sim.events.kinds import FINAL_KINDS, LEAVES, Kind
from sim.events.log import EventBlock
from sim.scenario.clock import US_PER_S
from sim.scenario.guards import holds
from tests.contracts.engine.cases import Case
from tests.contracts.engine.event import Event, events_of

Who = tuple[int, int]
"""Passenger and visit: a customer of a station, or a request of theirs."""


@dataclass(slots=True)
class Customer:
    """Someone in line or at a server: priority and order of joining, batch if in one."""

    who: Who
    place: tuple[int, int]
    lane: int
    joined_us: int
    ref: int = -1


@dataclass(slots=True)
class Line:
    """A station as its events tell of it.

    It is `unclear` once a request timed out of which the log does not say which one it was.
    """

    plan: Station
    level: int = 0
    is_down: bool = False
    down: set[int] = field(default_factory=set)
    paused: set[int] = field(default_factory=set)
    waiting: list[Customer] = field(default_factory=list)
    serving: dict[int, list[Customer]] = field(default_factory=dict)
    joined: int = 0
    unclear: bool = False

    @property
    def open_servers(self) -> int:
        """Servers staffed and working."""
        if self.is_down:
            return 0
        if self.plan.closing == "idle_first":
            return min(self.level, self.plan.installed - len(self.down))
        return len(set(range(self.level)) - self.down)

    def may_start(self, server: int) -> bool:
        """Whether an idle server may take somebody."""
        if self.is_down or server in self.down or server in self.serving:
            return False
        if self.plan.closing == "idle_first":
            return len(self.serving) < self.open_servers
        return server < self.level

    def first_server(self, lane: int) -> int:
        """The server that takes the next of a lane, or -1."""
        servers = [lane] if self.plan.by_departure else range(self.plan.installed)
        return next((server for server in servers if self.may_start(server)), -1)


class Audit:
    """Replays a log of a case and asserts that each event may happen where it stands."""

    def __init__(self, case: Case) -> None:
        work = case.workload()
        self.network: Network = outlook_of(case.network(), work).network
        self.arrival = work.arrival_us.tolist()
        self.departure = work.departure.tolist()
        self.departure_us = work.departure_us.tolist()
        self.gate = work.departure_gate.tolist()
        self.traits = work.traits.tolist()
        self.lines = [Line(plan) for plan in self.network.stations]
        self.seen: Counter[int] = Counter()
        self.final: dict[int, Event] = {}

    def replay(self, block: EventBlock) -> None:
        """Go through the whole log."""
        log = events_of(block)
        assert [event.seq for event in log] == list(range(len(log)))
        assert all(a.at_us <= b.at_us for a, b in pairwise(log)), "time runs back"
        assert not log or log[0].at_us >= self.network.start_us
        assert self.network.cut_us == NEVER or not log or log[-1].at_us < self.network.cut_us
        for at_us, instant in groupby(log, key=lambda event: event.at_us):
            for event in instant:
                self._see(event)
            for line in self.lines:
                self._nobody_waits_in_vain(line, at_us)

    def everybody_got_away(self) -> None:
        """Each passenger has one last event, and no line holds anybody."""
        assert sorted(self.final) == list(range(len(self.arrival)))
        for line in self.lines:
            if line.unclear:
                continue
            assert not line.waiting, f"{line.plan.id}: {line.waiting}"
            assert not line.serving, f"{line.plan.id}: {line.serving}"

    # -- one event -------------------------------------------------------------------------

    def _see(self, event: Event) -> None:
        who = (event.passenger, event.visit)
        if event.passenger >= 0:
            self._is_present(event)
        if event.station >= 0 and not self.lines[event.station].unclear:
            self._see_at(self.lines[event.station], event, who)
        match event.kind:
            case Kind.ARRIVED:
                self.seen[event.passenger] += 1
                assert event.at_us == self.arrival[event.passenger]
                assert event.ref == self.departure[event.passenger]
                assert event.detail == self.traits[event.passenger]
            case Kind.ENROLLED:
                self.traits[event.passenger] ^= event.detail
            case _:
                pass
        if event.kind in FINAL_KINDS or (
            event.kind in {Kind.BALKED, Kind.RENEGED} and event.detail == LEAVES
        ):
            self.final[event.passenger] = event

    def _see_at(self, line: Line, event: Event, who: Who) -> None:
        match event.kind:
            case Kind.QUEUE_JOINED:
                self._join(line, event, who)
            case Kind.SERVICE_STARTED:
                self._start(line, event, who)
            case Kind.SERVICE_COMPLETED | Kind.SERVICE_INTERRUPTED:
                self._stop(line, event, who)
            case Kind.SERVICE_PAUSED | Kind.SERVICE_RESUMED:
                assert [each.who for each in line.serving[event.server]] == [who]
                assert (event.server in line.paused) == (event.kind is Kind.SERVICE_RESUMED)
                line.paused ^= {event.server}
            case Kind.RENEGED | Kind.MISSED_DEPARTURE:
                self._leave(line, event, who)
            case Kind.CALL_TIMED_OUT:
                self._time_out(line, event, who)
            case Kind.SERVERS_CHANGED | Kind.OUTAGE_STARTED | Kind.OUTAGE_ENDED:
                self._change(line, event)
            case _:
                pass

    def _is_present(self, event: Event) -> None:
        """Between one arrival and one last event; only old requests outlive their passenger."""
        if event.kind is Kind.ARRIVED:
            assert self.seen[event.passenger] == 0, event
            return
        assert self.seen[event.passenger] == 1, f"before its arrival: {event}"
        if event.passenger in self.final:
            assert event.kind in {
                Kind.SERVICE_STARTED,
                Kind.SERVICE_COMPLETED,
                Kind.SERVICE_INTERRUPTED,
                Kind.SERVICE_PAUSED,
                Kind.SERVICE_RESUMED,
            }, f"after {self.final[event.passenger]}: {event}"

    def _join(self, line: Line, event: Event, who: Who) -> None:
        line.joined += 1
        lane = self.gate[self.departure[event.passenger]] if line.plan.by_departure else 0
        waiting = sum(each.lane == lane for each in line.waiting)
        if 0 <= line.plan.queue_limit <= waiting:
            assert line.first_server(lane) >= 0, f"joined a full queue: {event}"
        place = (self._priority(line.plan, event), line.joined)
        line.waiting.append(Customer(who, place, lane, event.at_us))

    def _priority(self, plan: Station, event: Event) -> int:
        if self._is_request(plan.index, event):
            return 0
        departure = self.departure[event.passenger]
        for number, (guard, late_us) in enumerate(plan.rules):
            if holds(guard, self.traits[event.passenger]) and (
                late_us == NEVER
                or (departure >= 0 and self.departure_us[departure] - event.at_us <= late_us)
            ):
                return number
        return len(plan.rules)

    def _is_request(self, station: int, event: Event) -> bool:
        """Whether who joins is being served elsewhere on the same visit."""
        who = (event.passenger, event.visit)
        return any(
            each.who == who
            for line in self.lines
            if line.plan.index != station
            for some in line.serving.values()
            for each in some
        )

    def _start(self, line: Line, event: Event, who: Who) -> None:
        mine = min((w for w in line.waiting if w.who == who), key=lambda each: each.place)
        ahead = [w for w in line.waiting if w.lane == mine.lane and w.place < mine.place]
        assert not ahead, f"{event} before {ahead}"
        cap = len(line.plan.batch_us)
        together = line.serving.get(event.server, [])
        if together:
            assert cap, f"server with two customers: {event}"
            assert len(together) < cap, f"batch above its cap: {event}"
            assert together[0].ref == event.ref
        else:
            assert line.first_server(mine.lane) == event.server, f"not the idle server: {event}"
        line.waiting.remove(mine)
        mine.ref = event.ref
        line.serving.setdefault(event.server, []).append(mine)

    def _stop(self, line: Line, event: Event, who: Who) -> None:
        mine = next(s for s in line.serving[event.server] if s.who == who and s.ref == event.ref)
        line.serving[event.server].remove(mine)
        if not line.serving[event.server]:
            del line.serving[event.server]
            if event.kind is Kind.SERVICE_COMPLETED:
                assert event.server not in line.paused, f"completed while paused: {event}"
            line.paused.discard(event.server)
        if event.kind is Kind.SERVICE_INTERRUPTED:
            assert line.is_down or event.server in line.down, f"nothing failed: {event}"
            line.waiting.append(mine)

    def _leave(self, line: Line, event: Event, who: Who) -> None:
        if event.visit < 0:
            return
        mine = [each for each in line.waiting if each.who == who]
        assert mine or event.kind is Kind.MISSED_DEPARTURE, f"did not wait: {event}"
        for each in mine[:1]:
            line.waiting.remove(each)

    def _time_out(self, line: Line, event: Event, who: Who) -> None:
        """A request leaves the line; one at a server stays there."""
        calls = [call for visit in self.network.visits for call in visit.calls]
        instants = {
            event.at_us - call.timeout_us for call in calls if call.station == event.station
        }
        served = [each for some in line.serving.values() for each in some]
        due = [
            each
            for each in [*line.waiting, *served]
            if each.who == who and each.joined_us in instants
        ]
        assert due, f"no such request: {event}"
        in_line = [each for each in due if each in line.waiting]
        if len(due) == len(in_line) == 1:
            line.waiting.remove(due[0])
        elif in_line:
            line.unclear = True

    def _change(self, line: Line, event: Event) -> None:
        is_start = event.kind is Kind.OUTAGE_STARTED
        if event.kind is Kind.SERVERS_CHANGED:
            levels = dict(line.plan.levels)
            line.level = levels[event.at_us]
        elif event.server < 0:
            line.is_down = is_start
        else:
            line.down ^= {event.server}
            assert (event.server in line.down) == is_start
        assert event.detail == line.open_servers, event

    def _nobody_waits_in_vain(self, line: Line, at_us: int) -> None:
        """At the end of an instant no idle server could serve somebody in line."""
        if line.unclear:
            return
        for lane in {each.lane for each in line.waiting}:
            assert line.first_server(lane) < 0, (
                f"at {at_us / US_PER_S:g} s {line.plan.id} lets {line.waiting} wait "
                f"with an idle server"
            )
        if line.plan.closing == "pause":
            late = {server for server in line.serving if server >= line.level}
            assert line.paused == late, f"{line.plan.id} works while closed: {late}"
        for server in line.serving:
            is_down = line.is_down or server in line.down
            assert not is_down, f"{line.plan.id} works while down"
