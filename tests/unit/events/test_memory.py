from sim.events.chain import Chain
from sim.events.log import BLOCK_ROWS, EventBlock, EventLog, EventSink
from sim.events.memory import MemorySink, NullSink, TeeSink, remember
from tests.kills import same_events
from tests.synthetic_log import STATIONS, block, blocks, tables


def test_a_sink_keeps_its_own_copy() -> None:
    """An engine may fill the same block again; what was written stays."""
    reused = block(0, rows=BLOCK_ROWS)
    sink = MemorySink(stations=STATIONS, tables=tables())

    sink.write(reused)
    reused.detail[:] = -5

    (kept,) = sink.log().blocks()
    assert same_events(kept, block(0))


def test_what_goes_onward_is_the_kept_copy() -> None:
    """Another thread may look at it while the engine fills its block again."""
    reused, seen = block(0, rows=BLOCK_ROWS), MemorySink(stations=STATIONS, tables=tables())

    class Onward:
        def write(self, block: EventBlock) -> None:
            reused.detail[:] = -5
            seen.write(block)

    MemorySink(stations=STATIONS, tables=tables(), onward=Onward()).write(reused)

    (kept,) = seen.log().blocks()
    assert same_events(kept, block(0))


def test_a_tee_gives_every_sink_the_same() -> None:
    """Observing changes nothing: with a chain beside it or not, a log is the same log."""
    sink, chain = MemorySink(stations=STATIONS, tables=tables()), Chain(STATIONS, tables())
    tee = TeeSink(sink, NullSink(), chain)

    for each in blocks(BLOCK_ROWS + 12):
        tee.write(each)

    alone = remember(blocks(BLOCK_ROWS + 12), stations=STATIONS, tables=tables())
    assert chain.head == sink.log().chain_head == alone.chain_head


def test_the_protocols_hold() -> None:
    """What type checkers are told here is what engines and projections ask for."""
    sink: EventSink = MemorySink(stations=STATIONS, tables=tables())
    null: EventSink = NullSink()
    log: EventLog = remember([], stations=STATIONS, tables=tables())
    nothing: EventBlock = block(0, rows=0)

    sink.write(nothing)
    null.write(nothing)
    assert len(log) == 0
