"""How long an attempt takes, what calls it makes, and which request of a log was which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sim.demand.workload import NOT_SENT, Workload
from sim.engine.background import Degradation
from sim.engine.network import Network, Visit
from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock

JOINED, BALKED = CODE[Kind.QUEUE_JOINED], CODE[Kind.BALKED]
STARTED = CODE[Kind.SERVICE_STARTED]
MATCH_REJECTED = CODE[Kind.MATCH_REJECTED]
MODE_BEGINS, MODE_ENDS = CODE[Kind.DEGRADED_STARTED], CODE[Kind.DEGRADED_ENDED]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a stay, or of a request that it sent, as plain numbers."""

    seq: int
    at_us: int
    kind: int
    station: int
    server: int
    ref: int
    detail: int


def happenings(events: EventBlock) -> list[Happening]:
    """Events as records."""
    names = ("seq", "at_us", "kind", "station", "server", "ref", "detail")
    columns = (getattr(events, name).tolist() for name in names)
    return [Happening(*row) for row in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it was sent: which call, on which attempt, of which start of the service."""

    number: int
    attempt: int
    trial: int


class Attempts:
    """What attempts are made of, given the draws and the degraded modes a log tells of.

    Parameters
    ----------
    network, workload : Network, Workload
        What the run is made from.
    events : EventBlock
        Events with everything that the facility did.
    """

    def __init__(self, network: Network, workload: Workload, events: EventBlock) -> None:
        self._workload = workload
        self._modes: defaultdict[int, list[tuple[int, Degradation | None]]] = defaultdict(list)
        for number, begins in ((MODE_BEGINS, True), (MODE_ENDS, False)):
            for event in happenings(events[events.kind == number]):
                mode = network.degradations[event.detail] if begins else None
                self._modes[event.station].append((event.seq, mode))

    def lasts_us(self, row: int, attempt: int, what: Visit, seq: int) -> int:
        """How long the server's own part of an attempt takes that begins with an event."""
        work = self._workload
        took = work.service_us[row] if attempt == 1 else work.retry_us[row][attempt - 2]
        mode = self._mode(what.station, seq)
        return int(took) if mode is None else int(took) * mode.stretch_ppm // 1_000_000

    def calls(self, row: int, attempt: int, what: Visit, seq: int) -> list[int]:
        """The calls that such an attempt makes, in the order in which they are sent.

        They are sent in the order of their shares, equal ones in that of the file.
        """
        mode, every = self._mode(what.station, seq), len(what.calls)
        made = [
            number
            for number, call in enumerate(what.calls)
            if (mode is None or mode.service != call.station)
            and self._workload.call_us[row][(attempt - 1) * every + number] != NOT_SENT
        ]
        return sorted(made, key=lambda number: (what.calls[number].after_ppm, number))

    def sent(self, events: Iterable[Happening], row: int, what: Visit) -> dict[int, Sent]:
        """What each request of a stay was, by the position of its first event.

        Parameters
        ----------
        events : iterable of Happening
            All events of one passenger's visit, in order.
        row : int
            Row of the draws.
        what : Visit
            The slot it was at.
        """
        found = dict[int, Sent]()
        attempt = trial = 0
        left = list[int]()
        for event in events:
            if event.station == what.station:
                if event.kind == STARTED:
                    attempt, trial = 1, trial + 1
                    left = self.calls(row, attempt, what, event.seq)
                elif event.kind == MATCH_REJECTED and event.detail < what.attempts:
                    attempt = event.detail + 1
                    left = self.calls(row, attempt, what, event.seq)
            elif event.kind in (JOINED, BALKED):
                number = next((n for n in left if what.calls[n].station == event.station), None)
                if number is not None:
                    left.remove(number)
                    found[event.seq] = Sent(number, attempt, trial)
        return found

    def _mode(self, station: int, seq: int) -> Degradation | None:
        """The degraded mode without calls that a station is in, if it is in one."""
        earlier = [each for each in self._modes.get(station, ()) if each[0] < seq]
        mode = max(earlier, key=lambda each: each[0])[1] if earlier else None
        return mode if mode is not None and mode.skips else None
