import threading

import pytest

from sim.events.background import AT_MOST, BackgroundSink
from sim.events.log import EventBlock
from sim.events.memory import MemorySink
from tests.synthetic_log import STATIONS, blocks, tables


class Slow:
    """A sink that takes a block only when it is let, and keeps count."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        self.may_go_on = threading.Semaphore(0)
        self.taken: list[int] = []
        self.fails_at = fails_at

    def write(self, block: EventBlock) -> None:
        self.may_go_on.acquire()
        if len(self.taken) == self.fails_at:
            raise OSError("the disk is full")
        self.taken.append(int(block.seq[0]))

    def let(self, count: int) -> None:
        self.may_go_on.release(count)


BLOCKS = list(blocks(1_000_000))


def test_blocks_go_on_in_order() -> None:
    """Another thread takes them, none is missing and none is early."""
    kept = MemorySink(stations=STATIONS, tables=tables())
    with BackgroundSink(kept) as sink:
        for block in BLOCKS:
            sink.write(block)

    assert [int(block.seq[0]) for block in kept.log().blocks()] == [int(b.seq[0]) for b in BLOCKS]


def test_the_engine_waits_for_a_slow_disk() -> None:
    """No more than `AT_MOST` blocks are in hand, so that memory does not fill."""
    slow, written = Slow(), 0

    def write() -> None:
        nonlocal written
        with BackgroundSink(slow) as sink:
            for block in BLOCKS:
                sink.write(block)
                written += 1

    engine = threading.Thread(target=write)
    engine.start()
    engine.join(0.2)
    assert written == AT_MOST
    slow.let(len(BLOCKS))
    engine.join()

    assert written == len(slow.taken) == len(BLOCKS)


def test_what_the_other_sink_raises_is_raised_here() -> None:
    """At the latest on the way out, and no later block follows the one that failed."""
    slow = Slow(fails_at=1)
    slow.let(len(BLOCKS))

    def write() -> None:
        with BackgroundSink(slow) as sink:
            for block in BLOCKS:
                sink.write(block)

    with pytest.raises(OSError, match="disk is full"):
        write()

    assert slow.taken == [0]


def test_an_interrupt_waits_for_the_blocks_in_hand() -> None:
    """So the other sink is at rest when it is sealed."""
    slow = Slow()
    slow.let(len(BLOCKS))

    def interrupted() -> None:
        with BackgroundSink(slow) as sink:
            sink.write(BLOCKS[0])
            sink.write(BLOCKS[1])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert len(slow.taken) == 2
    assert not [each for each in threading.enumerate() if each.name.startswith("sink")]
