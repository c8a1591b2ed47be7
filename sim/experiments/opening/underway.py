"""Requests that are under way as a run begins: waiting, worked on, or in a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sim.demand.workload import Workload
from sim.engine.network import NEVER, Network
from sim.engine.opening import Asking, Together, Work
from sim.engine.outlook import outlook_of
from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock
from sim.experiments.opening.attempts import Happening
from sim.experiments.opening.section import row_of
from sim.experiments.opening.stretches import Stretch, Thread
from sim.scenario.clock import US_PER_S

STARTED, INTERRUPTED = CODE[Kind.SERVICE_STARTED], CODE[Kind.SERVICE_INTERRUPTED]
PAUSED, RESUMED = CODE[Kind.SERVICE_PAUSED], CODE[Kind.SERVICE_RESUMED]


def under_way(
    calls: Sequence[Thread],
    requests: EventBlock,
    *,
    network: Network,
    workload: Workload,
    heeded: Collection[int],
) -> tuple[tuple[Asking, ...], tuple[Together, ...]]:
    """Requests under way, and the batches they are in.

    Parameters
    ----------
    calls : sequence of Thread
        Their events, in the order in which they were sent.
    requests : EventBlock
        The ``carried_over`` of each.
    network, workload : Network, Workload
        What the run is made from.
    heeded : collection of int
        Positions of the first events of those whose answer is waited for.
    """
    return _UnderWay(network, workload, calls, requests).told(heeded)


class _UnderWay:
    def __init__(
        self,
        network: Network,
        workload: Workload,
        calls: Sequence[Thread],
        requests: EventBlock,
    ) -> None:
        self.network = network
        self.workload = workload
        self.calls = calls
        self.requests = requests
        self.delays = outlook_of(network, workload).delay_us if calls else {}

    def told(self, heeded: Collection[int]) -> tuple[tuple[Asking, ...], tuple[Together, ...]]:
        """All of them, and the batches."""
        asking = list[Asking]()
        batches = defaultdict[tuple[int, int, int], list[tuple[int, int, int]]](list)
        names = ("passenger", "visit", "ref", "detail")
        columns = (getattr(self.requests, name).tolist() for name in names)
        rows = zip(self.calls, zip(*columns, strict=True), strict=True)
        for thread, (passenger, visit, slot, column) in rows:
            what = self.network.visits[slot]
            row = row_of(self.workload, passenger, visit, slot)
            number, attempt = column % len(what.calls), column // len(what.calls) + 1
            call = what.calls[number]
            takes_us = int(self.workload.call_us[row][column])
            work, batch = self._request_work(thread, takes_us)
            is_heeded = thread.head.seq in heeded
            has_limit = is_heeded and call.timeout_us >= 0
            if batch is not None:
                server, seq = batch.server, batch.seq
                key = (call.station, server, batch.ref)
                batches[key].append((seq, batch.at_us, len(asking)))
            asking.append(
                Asking(
                    passenger=passenger,
                    visit=visit,
                    slot=slot,
                    row=row,
                    number=number,
                    attempt=attempt,
                    place=thread.place,
                    is_heeded=is_heeded,
                    gives_up_us=thread.head.at_us + call.timeout_us if has_limit else NEVER,
                    has_started=any(event.kind == STARTED for event in thread.events),
                    is_batched=batch is not None,
                    work=work,
                )
            )
        together = [
            Together(
                station=station,
                server=server,
                number=number,
                done_us=members[0][1]
                + self.network.stations[station].batch_us[len(members) - 1]
                + self._delay_us(station, members[0][1]),
                members=tuple(row for _, _, row in sorted(members)),
            )
            for (station, server, number), members in sorted(batches.items(), key=_by_forming)
        ]
        return tuple(asking), tuple(together)

    def _delay_us(self, station: int, now: int) -> int:
        """What background traffic adds to a service that starts at an instant."""
        delays = self.delays.get(station)
        if delays is None:
            return 0
        second = (now - self.network.start_us) // US_PER_S
        return int(delays[min(second, len(delays) - 1)])

    def _request_work(self, thread: Thread, takes_us: int) -> tuple[Work | None, Happening | None]:
        """The work on a request, or the start of the batch it is in; neither where it waits."""
        run, start = Stretch(), None
        for event in thread.events:
            if event.kind == STARTED:
                start = event
                due_us = event.at_us + takes_us + self._delay_us(event.station, event.at_us)
                run = Stretch(since=event.seq, due_us=due_us)
            elif event.kind == PAUSED:
                run.pause(event.at_us)
            elif event.kind == RESUMED:
                run.resume(event.at_us, event.seq)
            elif event.kind == INTERRUPTED:
                start = None
        if start is None:
            return None, None
        if self.network.stations[thread.head.station].batch_us:
            return None, start
        return Work(start.server, run.since, run.due_us, run.is_paused), None


def _by_forming(item: tuple[tuple[int, int, int], list[tuple[int, int, int]]]) -> int:
    return min(item[1])[0]
