"""Driving the compiled loop block by block."""

from __future__ import annotations

from collections.abc import Iterator

from sim.demand.workload import Workload
from sim.engine.compiled.layout import BLOCK_ROWS, DAY_OVER, NEEDS_ROOM
from sim.engine.compiled.machine import the_loop
from sim.engine.compiled.taking_up import take_up
from sim.engine.compiled.world import World
from sim.engine.network import Network
from sim.engine.opening import Opening
from sim.events.log import EventBlock


def simulate(
    network: Network,
    workload: Workload,
    *,
    opening: Opening | None = None,
    reuse: bool = False,
) -> Iterator[EventBlock]:
    """Run a day and yield its events, block by block, as the reference engine does.

    Parameters
    ----------
    network : Network
        The facility.
    workload : Workload
        The passengers and everything chance decided.
    opening : Opening or None
        Where to begin in mid-day: only what happens from then on is told.
    reuse : bool
        Whether a block's memory may be written over once the next is asked for, which
        spares the memory and the time of a day nobody keeps.

    Yields
    ------
    EventBlock
        Full blocks, the last one with what is left; none for a day without events.
    """
    loop = the_loop()
    world = World(network, workload)
    if opening is not None:
        take_up(loop, world, opening)
    why = NEEDS_ROOM
    while why != DAY_OVER:
        why = loop.run(world.address)
        if why == NEEDS_ROOM:
            world.grow()
        while world.rows >= BLOCK_ROWS or (why == DAY_OVER and world.rows > 0):
            yield world.block()
            world.next_block(reuse=reuse)
