"""Which step of the scenario's journey each observed visit was.

A log names stations; the same counter may serve three steps. Each case is walked through
the journey again, from its traits on arrival: the next step whose condition holds and that
offers the station visited is the one. A condition on a trait that the log does not tell may
hold or not; where that leaves more than one step, the visit belongs to none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibration.observed import NONE, Ended, ObservedLog
from sim.scenario.guards import Guard
from sim.scenario.program import GO_EXIT, Program, Slot, Step

EXIT = -2
"""Step after the last visit of a case that was seen to leave."""


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """For each visit of a log, the step it was and the traits it was made with.

    Attributes
    ----------
    station : ndarray of int64
        Row of the scenario's station, or -1.
    step : ndarray of int64
        Step, or -1 where the log leaves it open.
    word, unknown : ndarray of int64
        Trait word as the visit began, and the traits the log does not tell.
    next_step : ndarray of int64
        Step of the case's next visit; -1 unknown, `EXIT` none.
    previous_us : ndarray of int64
        When the case was done before this visit, or arrived; -1 unknown.
    """

    station: NDArray[np.int64]
    step: NDArray[np.int64]
    word: NDArray[np.int64]
    unknown: NDArray[np.int64]
    next_step: NDArray[np.int64]
    previous_us: NDArray[np.int64]
    arrival_words: NDArray[np.int64]
    arrival_unknown: int


def attribute(
    log: ObservedLog,
    program: Program,
    stations: Sequence[int],
    *,
    nobodys: Collection[str] = (),
) -> Attribution:
    """Walk every case through the journey.

    Parameters
    ----------
    log : ObservedLog
        The log.
    program : Program
        The scenario's journey.
    stations : sequence of int
        For each station of the log, its row in the scenario, or -1.
    nobodys : collection of str
        Traits that nobody arrives with, since only a step sets them.
    """
    stays = log.stays
    size = len(stays)
    words, unknown = arrival_words(log, program, nobodys=nobodys)
    station = np.array([*stations, NONE], dtype=np.int64)[stays.station]
    found = Attribution(
        station=station,
        step=np.full(size, NONE, dtype=np.int64),
        word=words[stays.case],
        unknown=np.full(size, unknown, dtype=np.int64),
        next_step=np.full(size, NONE, dtype=np.int64),
        previous_us=np.full(size, NONE, dtype=np.int64),
        arrival_words=words,
        arrival_unknown=unknown,
    )
    walker = _Walker(log, program, found)
    for case, shared, own in _ways(log):
        walker.walk(case, shared, own)
    return found


def arrival_words(
    log: ObservedLog, program: Program, *, nobodys: Collection[str] = ()
) -> tuple[NDArray[np.int64], int]:
    """Trait word of each case on arrival, and the bits that the log does not tell.

    Parameters
    ----------
    nobodys : collection of str
        Traits that nobody arrives with, since only a step sets them.
    """
    words = np.zeros(len(log.cases), dtype=np.int64)
    unknown = 0
    for trait, bit in program.bits.items():
        if trait in log.cases.traits:
            words |= log.cases.traits[trait].astype(np.int64) << bit
        elif trait not in nobodys:
            unknown |= 1 << bit
    return words, unknown


def judge(guard: Guard, word: int, unknown: int) -> bool | None:
    """Whether a condition holds; None where that hangs on a trait nobody told."""
    verdict: bool | None = False
    for mask, want in guard:
        if word & mask & ~unknown == want & ~unknown:
            if not mask & unknown:
                return True
            verdict = None
    return verdict


def _ways(log: ObservedLog) -> Iterator[tuple[int, list[int], list[int]]]:
    """Each case with the visits its lead made for it, and its own."""
    stays = log.stays
    first = np.searchsorted(stays.case, np.arange(len(log.cases) + 1))
    is_call = stays.is_call
    shared: list[int] = []
    party = -1
    for case in range(len(log.cases)):
        own = [row for row in range(first[case], first[case + 1]) if not is_call[row]]
        if int(log.cases.party[case]) == party:
            yield case, shared, own
            continue
        yield case, [], own
        party = int(log.cases.party[case])
        shared = [row for row in own if stays.persons[row] > 1]


class _Walker:
    def __init__(self, log: ObservedLog, program: Program, found: Attribution) -> None:
        self._log = log
        self._program = program
        self._found = found
        self._station = found.station.tolist()
        self._ended = log.stays.ended.tolist()
        self._ended_us = log.stays.ended_us.tolist()

    def walk(self, case: int, shared: list[int], own: list[int]) -> None:
        """Follow one case; the visits of its lead count for its traits and place only."""
        found = self._found
        word, unknown = int(found.arrival_words[case]), found.arrival_unknown
        place, before = 0, NONE
        log = self._log
        done_us = int(log.cases.arrived_us[case]) if log.has_arrivals else NONE
        mine = set(own)
        for row in [*shared, *own]:
            step, place = self._step(place, before, self._station[row], word, unknown)
            if row in mine:
                found.step[row] = NONE if step is None else step.index
                found.word[row], found.unknown[row] = word, unknown
                found.previous_us[row] = done_us
            done_us = self._ended_us[row]
            if row in mine and before >= 0 and step is not None:
                found.next_step[before] = step.index
            before = row if row in mine else NONE
            if step is not None and self._ended[row] == Ended.COMPLETED:
                word, unknown = _after(self._slot(step, row), word, unknown)
        if before >= 0 and self._ended[before] == Ended.COMPLETED:
            found.next_step[before] = EXIT

    def _slot(self, step: Step, row: int) -> Slot:
        return next(slot for slot in step.slots if slot.station == self._station[row])

    def _step(
        self, place: int, before: int, station: int, word: int, unknown: int
    ) -> tuple[Step | None, int]:
        steps = self._program.steps
        if self._program.is_routed:
            return self._routed(before, station)
        possible: list[Step] = []
        for step in steps[place:]:
            offers = [slot for slot in step.slots if slot.station == station]
            if not offers:
                continue
            holds = judge(step.guard, word, unknown)
            opens = judge(offers[0].guard, word, unknown)
            if holds is False or opens is False:
                continue
            possible.append(step)
            if holds and opens:
                break
        if not possible:
            return None, place
        return (possible[0] if len(possible) == 1 else None), possible[0].index + 1

    def _routed(self, before: int, station: int) -> tuple[Step | None, int]:
        steps = self._program.steps
        last = int(self._found.step[before]) if before >= 0 else NONE
        if before < 0:
            ahead = [0]
        elif last < 0:
            return None, 0
        else:
            ahead = [to for to, _ in steps[last].branches if to != GO_EXIT]
            ahead += [last + 1] if last + 1 < len(steps) else []
        fits = sorted({each for each in ahead if steps[each].slots[0].station == station})
        return (steps[fits[0]] if len(fits) == 1 else None), 0


def _after(slot: Slot, word: int, unknown: int) -> tuple[int, int]:
    """Traits after a completed service."""
    sets = judge(slot.sets_guard, word, unknown)
    changed = slot.turns_on | slot.turns_off
    if sets is None:
        return word, unknown | changed
    if sets:
        return word & ~slot.turns_off | slot.turns_on, unknown & ~changed
    return word, unknown
