"""The shape of every projection: a state, blocks that change it, a result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from sim.events.log import EventBlock

Result_co = TypeVar("Result_co", covariant=True)
Result = TypeVar("Result")


class Fold(Protocol[Result_co]):
    """Takes blocks in the order of the log; blocks of any size give the same result."""

    def update(self, block: EventBlock) -> object:
        """Take the next events."""
        ...

    def result(self) -> Result_co:
        """What the events so far amount to; may be asked at any time, and again."""
        ...


def run_fold(fold: Fold[Result], blocks: Iterable[EventBlock]) -> Result:
    """Feed every block to a fold and ask for its result."""
    for block in blocks:
        fold.update(block)
    return fold.result()
