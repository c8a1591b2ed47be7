"""The reference engine stopped in mid-day: who waits, who is served, what is open, as it knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.demand.workload import Workload
from sim.engine.bank import WHOLE_BANK, Bank
from sim.engine.batches import BatchBank
from sim.engine.calendar import FIRST_RANK
from sim.engine.network import Network
from sim.engine.reference import World
from sim.events.log import EventBlock, block_from_rows
from sim.events.state import StationState

Customer = tuple[int, int, int]
"""Passenger, visit, persons."""


@dataclass(frozen=True, slots=True)
class Place:
    """A station: servers open and down, who waits in order of joining, who is served where."""

    open: int
    down: tuple[int, ...]
    waiting: tuple[Customer, ...]
    serving: tuple[tuple[int, bool, Customer], ...]

    @classmethod
    def live(cls, bank: Bank) -> Place:
        """A station of the engine."""
        waiting = [c for lane in bank.lanes for _, c in lane if c.is_waiting]
        waiting.sort(key=lambda customer: customer.place[1])
        if isinstance(bank, BatchBank):
            served = [(n, each) for n, (_, batch) in bank.batches.items() for each in batch]
        else:
            served = [(n, each) for n, each in enumerate(bank.serving) if each is not None]
        return cls(
            open=bank.open_servers,
            down=tuple(sorted([*bank.down, *([WHOLE_BANK] if bank.is_down else [])])),
            waiting=tuple((c.passenger, c.visit, c.persons) for c in waiting),
            serving=tuple(
                sorted((n, n in bank.paused, (c.passenger, c.visit, c.persons)) for n, c in served)
            ),
        )

    @classmethod
    def told(cls, state: StationState) -> Place:
        """A station as a fold of the log has it."""
        return cls(
            open=state.open,
            down=state.down,
            waiting=tuple((c.passenger, c.visit, c.persons) for c in state.waiting),
            serving=tuple(
                sorted(
                    (c.server, c.is_paused, (c.passenger, c.visit, c.persons))
                    for c in state.in_service
                )
            ),
        )


@dataclass(frozen=True, slots=True)
class Probe:
    """How everything stands between two turns.

    Attributes
    ----------
    events : int
        Events so far.
    places : tuple of Place
        Every station.
    """

    events: int
    places: tuple[Place, ...]


def probes(
    network: Network, workload: Workload, *, every: int
) -> Iterator[tuple[Probe, EventBlock]]:
    """Stop after turns, whenever so many more events are there; with the events since then."""
    world = World(network, workload)
    done, wanted, goes_on = 0, every, True
    while goes_on:
        goes_on = world.calendar.advance(network.cut_us)
        is_due = len(world.rows) >= wanted and _is_between_turns(world)
        if is_due or not goes_on:
            fresh = block_from_rows(world.rows[done:], first_seq=done)
            done = len(world.rows)
            wanted = (done // every + 1) * every
            yield Probe(done, tuple(map(Place.live, world.banks))), fresh


def _is_between_turns(world: World) -> bool:
    queue = world.env._queue  # SimPy has no other way to look ahead
    return not queue or queue[0][0] > world.env.now or queue[0][1] >= FIRST_RANK
