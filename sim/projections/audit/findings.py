"""Contradictions found in a log, in words, a readable number of each sort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHOWN = 20
"""Contradictions of one rule that are spelt out; the rest is counted."""


@dataclass(frozen=True, slots=True, order=True)
class Contradiction:
    """Two things in a log that cannot both be true.

    Attributes
    ----------
    seq : int
        The event at which it shows.
    rule : str
        The rule that is broken.
    message : str
        What is wrong, in words.
    """

    seq: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"event {self.seq}: {self.message}"


class Findings:
    """Collects contradictions, rule by rule."""

    def __init__(self) -> None:
        self._shown: dict[str, list[Contradiction]] = {}
        self._more: dict[str, list[int]] = {}

    def copy(self) -> Findings:
        """The same findings, to which more can be added apart."""
        other = Findings()
        other._shown = {rule: list(shown) for rule, shown in self._shown.items()}
        other._more = {rule: list(rest) for rule, rest in self._more.items()}
        return other

    def add(self, rule: str, seq: NDArray, words: Callable[[int], str]) -> None:
        """Take note of contradictions.

        Parameters
        ----------
        rule : str
            The rule they break.
        seq : ndarray of int64, shape (n,)
            The events at which they show.
        words : callable
            Message of the *i*-th.
        """
        shown = self._shown.setdefault(rule, [])
        room = SHOWN - len(shown)
        places = seq.tolist()
        shown += [Contradiction(at, rule, words(i)) for i, at in enumerate(places[:room])]
        if len(places) > room:
            self._more.setdefault(rule, []).extend(places[room:])

    def add_where(
        self, rule: str, is_wrong: NDArray[np.bool_], seq: NDArray, words: Callable[[int], str]
    ) -> None:
        """Take note of the rows that are wrong; `words` is given the row."""
        rows = np.flatnonzero(is_wrong)
        self.add(rule, seq[rows], lambda i: words(int(rows[i])))

    def listed(self) -> list[Contradiction]:
        """All of them in the order of the log, each rule's surplus as one."""
        found = [each for shown in self._shown.values() for each in shown]
        found += [
            Contradiction(min(rest), rule, f"and {len(rest)} more: {self._shown[rule][-1].message}")
            for rule, rest in self._more.items()
        ]
        return sorted(found)
