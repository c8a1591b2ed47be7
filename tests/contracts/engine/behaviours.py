"""What happened on a day, in the words of the model: which of its rules the day exercised.

`behaviours` reads a log as `tests.contracts.engine.invariants` does, and says which of the
rules below were at work. A generator of days is judged by how many of its days have each.
"""

from __future__ import annotations

from itertools import pairwise

from sim.demand.workload import SKIPS, UNIFORM_BITS
from sim.engine.network import NEVER
from sim.events.kinds import FINAL_KINDS, LEAVES, Kind
from sim.events.log import EventBlock
from sim.scenario.guards import holds
from tests.contracts.engine.cases import Case
from tests.contracts.engine.event import Event, events_of
from tests.contracts.engine.hall import Hall


def behaviours(case: Case, block: EventBlock) -> set[str]:
    """Names of the rules that a day exercised."""
    return _Listener(case.network(), case.workload()).hear(events_of(block))


class _Listener(Hall):
    """Replays a log and notes what it sees."""

    def hear(self, log: list[Event]) -> set[str]:
        """The whole log."""
        self._the_day(log)
        for event in log:
            getattr(self, f"_{event.kind.value}", self._nothing)(event)
            if event.kind in FINAL_KINDS or (event.detail == LEAVES and event.kind in _GIVING_UP):
                self.over[event.passenger] = event.kind
        if len(self.over) < len(self.traits):
            self._note("somebody is still present at the end")
            self._note("a cut finds somebody present", if_=self.network.cut_us != NEVER)
        return self.found

    def _nothing(self, event: Event) -> None:
        """Kinds that tell of no rule by themselves."""

    # -- the day as a whole ----------------------------------------------------------------

    def _the_day(self, log: list[Event]) -> None:
        sizes = self.work.party_size[self.work.is_lead]
        routed = self.work.route is not None
        self._note("routes are drawn", if_=routed)
        self._note("a party on drawn routes", if_=routed and bool((sizes > 1).any()))
        self._note("a blank in a trace", if_=bool((self.work.service_us == SKIPS).any()))
        self._note("a day that starts after midnight", if_=self.network.start_us > 0)
        if routed:
            route, first = self.work.route, self.work.first
            ways = [route[a:b].tolist() for a, b in pairwise(first.tolist())]  # type: ignore[index]
            feeds_back = any(len(set(way)) < len(way) for way in ways)
            self._note("feedback to a station", if_=feeds_back)
        changes = [
            (event.at_us, event.station)
            for event in log
            if event.kind in {Kind.SERVERS_CHANGED, Kind.OUTAGE_STARTED, Kind.OUTAGE_ENDED}
        ]
        self._note("two changes at one instant", if_=len(set(changes)) < len(changes))

    def _arrived(self, event: Event) -> None:
        assert event.detail == self.traits[event.passenger]

    # -- choosing --------------------------------------------------------------------------

    def _channel_chosen(self, event: Event) -> None:
        step = self._step_of(event)
        if step is None:
            return
        traits = self.traits[event.passenger]
        offered = [slot for slot in step.slots if holds(slot.guard, traits)]
        permitted = [slot for slot in offered if holds(slot.permit, traits)]
        self._note("a policy forbids an option", if_=0 < len(permitted) < len(offered))
        self._note("a policy forbids every option", if_=not permitted)
        allowed = permitted or offered
        place = [slot.station for slot in allowed].index(event.station)
        if step.choose == "shortest":
            self._note("the shortest queue is not the first", if_=place > 0)
            everywhere = all(self.places[slot.station].is_closed for slot in allowed)
            self._note("every option is closed", if_=everywhere and len(allowed) > 1)
        elif step.choose == "prefer":
            self._note("the preferred is taken" if place == 0 else "the preferred is left")
        else:
            uniform = int(self.work.choice[event.passenger, step.index])
            ticket = (uniform * sum(slot.weight for slot in offered)) >> UNIFORM_BITS
            drawn = offered[-1]
            for slot in offered:
                if ticket < slot.weight:
                    drawn = slot
                    break
                ticket -= slot.weight
            self._note("a second choice", if_=drawn not in allowed)
            self._note("a choice by share", if_=len(allowed) > 1)

    # -- the queue -------------------------------------------------------------------------

    def _queue_joined(self, event: Event) -> None:
        who, place = (event.passenger, event.visit), self.places[event.station]
        if who in self.here:
            self._note("a call")
            self.open_calls[who].add(event.station)
            self._note("two calls at once", if_=len(self.open_calls[who]) > 1)
            place.line.append((who, 0))
            return
        self._note("a party is served as one", if_=event.detail > 1)
        party = int(self.work.party_size[event.passenger])
        self._note("a party has parted", if_=party > 1 and event.detail == 1)
        self._note("lanes by departure", if_=place.plan.by_departure)
        priority = self._priority(place.plan, event)
        self._note("somebody is overtaken", if_=any(rank > priority for _, rank in place.line))
        place.line.append((who, priority))
        place.joined_at[who] = event.at_us
        self._held(event, event.at_us)

    def _held(self, event: Event, at_us: int) -> None:
        if event.station not in self.boards:
            return
        opened = self.opened_at.get(self.departure[event.passenger])
        if opened == at_us and self.work.arrival_us[event.passenger] < at_us:
            self._note("held until boarding opens")
            is_refused = event.kind is Kind.BALKED
            self._note("let in to a full queue", if_=is_refused)
            self._note("a party is held", if_=not is_refused and event.detail > 1)

    def _balked(self, event: Event) -> None:
        self._note("balks for good" if event.detail == LEAVES else "balks and goes on")
        self._note("a party balks for good", if_=event.visit < 0)
        self._note("a queue without places", if_=self.places[event.station].plan.queue_limit == 0)
        self._held(event, event.at_us)

    def _reneged(self, event: Event) -> None:
        self._note("reneges for good" if event.detail == LEAVES else "reneges and goes on")
        self._note("a party reneges for good", if_=event.visit < 0)
        self._unqueue(event)

    # -- service ---------------------------------------------------------------------------

    def _service_started(self, event: Event) -> None:
        who, place = (event.passenger, event.visit), self.places[event.station]
        self._unqueue(event)
        together = place.serving.setdefault(event.server, [])
        together.append(who)
        self._note("a batch of several", if_=len(together) > 1)
        self._note(
            "begins anew on another server", if_=place.rested.get(who, -1) not in {-1, event.server}
        )
        is_old = place.joined_at.get(who, event.at_us) < event.at_us != place.changed_at
        came_over = place.plan.by_departure and place.freed_at.get(event.server) != event.at_us
        self._note("staff go over to another gate", if_=is_old and came_over)
        if not self._is_request(event):
            self.here[who] = event.station
        elif (event.station, who) in self.orphans:
            self._note("an orphaned request is served")

    def _service_completed(self, event: Event) -> None:
        who = (event.passenger, event.visit)
        self._stop(event)
        if self.here.get(who) == event.station:
            del self.here[who]
            self.open_calls.pop(who, None)
            return
        self._note("a request outlives its service", if_=who not in self.here)
        self._note("a request outlives its passenger", if_=event.passenger in self.over)
        self.open_calls[who].discard(event.station)

    def _service_interrupted(self, event: Event) -> None:
        who, place = (event.passenger, event.visit), self.places[event.station]
        of = "the bank" if place.is_down else "a server"
        self._note(f"{of} fails at work: {place.plan.closing}")
        self._note("interrupted while paused", if_=event.server in place.paused)
        self._note("a gate of its own fails at work", if_=place.plan.by_departure)
        self._note("a party is interrupted", if_=event.detail > 1)
        if event.ref >= 0:
            self._note("a batch is interrupted")
            self._note(
                "a batch of several is interrupted", if_=len(place.serving[event.server]) > 1
            )
        elif self._is_request(event):
            self._note("a request is interrupted")
        else:
            for station in self.open_calls.pop(who, ()):
                self._note("a caller is interrupted")
                self.orphans.add((station, who))
        self._stop(event)
        place.rested[who] = event.server
        place.line.append((who, 0))

    def _service_paused(self, event: Event) -> None:
        who = (event.passenger, event.visit)
        self.places[event.station].paused.add(event.server)
        if self._is_request(event):
            self._note("a request is paused")
            return
        self._note("a service is paused")
        self._note("paused while an answer is awaited", if_=bool(self.open_calls.get(who)))
        self._note("paused at a station that calls", if_=event.station in self.callers)

    def _service_resumed(self, event: Event) -> None:
        self.places[event.station].paused.discard(event.server)
        self._note("a service is resumed")

    # -- matches, calls, the end -----------------------------------------------------------

    def _match_requested(self, event: Event) -> None:
        self._note("a further attempt", if_=event.detail > 1)
        calls = event.station in self.callers
        self._note("a further attempt calls anew", if_=event.detail > 1 and calls)

    def _match_accepted(self, event: Event) -> None:
        self._note("a match is accepted")
        many = {
            slot.station
            for slot in self.network.slots
            if self.work.gallery_per_departure[slot.index]
        }
        self._note("a gallery of a departure", if_=event.station in many)

    def _call_timed_out(self, event: Event) -> None:
        who, place = (event.passenger, event.visit), self.places[event.station]
        refers = {
            call.refers
            for visit in self.network.visits
            for call in visit.calls
            if call.station == event.station and call.timeout_us >= 0
        }
        if len(refers) == 1:
            self._note("a timeout refers" if refers == {True} else "a timeout counts as an answer")
        if any(who in some for some in place.serving.values()):
            self._note("a request times out in service")
        else:
            self._note("a request times out in line")
            self._unqueue(event)
        self.open_calls[who].discard(event.station)

    def _referred(self, event: Event) -> None:
        self._note("rejected at last" if event.detail > 1 else "referred")

    def _enrolled(self, event: Event) -> None:
        self.traits[event.passenger] ^= event.detail
        self._note("a service sets traits")

    def _missed_departure(self, event: Event) -> None:
        who = (event.passenger, event.visit)
        if event.station < 0:
            self._note("misses as the journey ends")
            return
        line = self.places[event.station].line
        if event.visit < 0:
            self._note("a party misses together")
        elif any(each[0] == who for each in line):
            rested = self.places[event.station].rested
            self._note("interrupted after the departure" if who in rested else "left in line")
            self._unqueue(event)
        else:
            self._note("too late at a station")

    def _boarding_opened(self, event: Event) -> None:
        self.opened_at[event.ref] = event.at_us

    def _boarded(self, event: Event) -> None:
        self._note("boards")
        self._note("boards after the departure", if_=event.at_us > self.departure_us[event.ref])

    # -- the facility ----------------------------------------------------------------------

    def _servers_changed(self, event: Event) -> None:
        place = self.places[event.station]
        place.level = dict(place.plan.levels)[event.at_us]
        busy = [server for server in place.serving if server not in place.paused]
        if place.plan.closing == "idle_first":
            self._note("a level falls below the busy: idle_first", if_=len(busy) > place.level)
        else:
            over = [server for server in place.serving if server >= place.level]
            self._note(f"a level falls below the busy: {place.plan.closing}", if_=bool(over))
        place.changed_at = event.at_us

    def _outage_started(self, event: Event) -> None:
        place = self.places[event.station]
        place.changed_at = event.at_us
        if event.server < 0:
            place.is_down = True
            return
        place.down.add(event.server)
        self._note("a server fails while the bank is down", if_=place.is_down)
        self._note("an idle server fails", if_=event.server not in place.serving)

    def _outage_ended(self, event: Event) -> None:
        place = self.places[event.station]
        place.changed_at = event.at_us
        if event.server < 0:
            place.is_down = False
            self._note("the bank is back without a server", if_=bool(place.down))
        else:
            place.down.discard(event.server)


_GIVING_UP = {Kind.BALKED, Kind.RENEGED}
