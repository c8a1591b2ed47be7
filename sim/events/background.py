"""A sink with a thread of its own: blocks are sealed while the engine makes the next ones."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from sim.events.log import EventBlock, EventSink

AT_MOST = 2
"""Blocks that may wait for their turn; the engine waits before there are more."""


class BackgroundSink:
    """A sink that hands blocks on to another from a thread, one by one and in order.

    As a context manager it leaves when the other sink is done with every block.

    Parameters
    ----------
    sink : EventSink
        Where the blocks go; nobody else may write to it meanwhile.

    Notes
    -----
    Blocks are not copied: nobody may write over them. What the other sink raises is raised
    by the next `write` or `flush`; the blocks after that one are dropped. Compressing, hashing
    and writing to disk leave the interpreter free, so a second processor is put to use.
    """

    def __init__(self, sink: EventSink) -> None:
        self._sink = sink
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sink")
        self._waiting: deque[Future[None]] = deque()
        self._has_failed = False

    def write(self, block: EventBlock) -> None:
        """Take the next block; waits where `AT_MOST` are still in hand."""
        while self._waiting and (len(self._waiting) >= AT_MOST or self._waiting[0].done()):
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(self._hand_on, block))

    def flush(self) -> None:
        """Wait until the other sink has taken every block."""
        while self._waiting:
            self._waiting.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self._thread.shutdown(wait=True)

    def _hand_on(self, block: EventBlock) -> None:
        if self._has_failed:
            return
        self._has_failed = True
        self._sink.write(block)
        self._has_failed = False
