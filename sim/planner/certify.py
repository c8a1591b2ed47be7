"""Certificates: fresh days, every period of every promise at once, repair and repeat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.planner.days import fresh_tallies
from sim.planner.exact import ExactDesk
from sim.planner.grid import Grid, Levels
from sim.planner.outcome import PlanOutcome
from sim.planner.sweeps import Sweeps
from sim.planner.tally import Tally
from sim.planner.targets import Promise
from sim.scenario.scenario import Scenario

CONTRADICTION = 1e-4
"""Chance that simulation seems to contradict the exact law although it does not."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the plan was certified by.

    Attributes
    ----------
    days : int
        Fresh days, none of which the search has seen.
    confidence : float
        With which all periods keep their promises at once, over all attempts.
    simultaneous : int
        Periods judged at once.
    doubt : float
        Chance of error each of them was given.
    seed, first_replication : int
        What the days were drawn from.
    attempts : int
        Certificates tried; each had half the error that was left.
    """

    days: int
    confidence: float
    simultaneous: int
    doubt: float
    seed: int
    first_replication: int
    attempts: int


def certified(
    scenario: Scenario,
    *,
    asked_days: int,
    plan: dict[str, Levels],
    grid: Grid,
    promises: Sequence[Promise],
    cells: dict[str, int],
    seed: int,
    jobs: int,
    confidence: float,
    desks: dict[str, ExactDesk],
    sweeps: Sweeps,
    first: int,
    rounds: int,
    progress: Callable[[str], None],
) -> tuple[PlanOutcome, dict[str, Levels], list[Tally], Certificate, list[str]]:
    """Certify a plan, adding servers where fresh days refuse it, on ever new days.

    Parameters
    ----------
    asked_days : int
        Days of each attempt.
    first : int
        Replication that the first attempt begins with.

    Returns
    -------
    outcome, plan, tallies, certificate, says
        The last is what stands in the way, in words.

    Notes
    -----
    Attempt *r* may err with probability ``(1 - confidence) / 2 ** r`` in all, divided over the
    periods (Bonferroni), so that the whole procedure errs with ``1 - confidence`` at most. Desks
    with an exact law keep their promise by that law; days only must not contradict it.
    """
    assert rounds >= 1, "no certificate is tried"
    family = sum(cells.values())
    found, certificate, doubt = list[Tally](), None, 1.0
    for attempt in range(1, rounds + 1):
        doubt = (1 - confidence) / 2**attempt / family
        begin = first * attempt

        def told(done: int, attempt: int = attempt) -> None:
            progress(f"certificate {attempt}: {done} of {asked_days} fresh days")

        found = fresh_tallies(
            scenario, grid=grid, plan=plan, promises=promises, cells=cells, seed=seed,
            replications=range(begin, begin + asked_days), jobs=jobs, progress=told,
        )  # fmt: skip
        judged = sum(int(each.is_judged.sum()) for each in found)
        certificate = Certificate(asked_days, confidence, judged, doubt, seed, begin, attempt)
        says = _contradictions(found, plan, desks, family)
        if says:
            return PlanOutcome.NOT_CERTIFIED, plan, found, certificate, says
        broken = {
            name: _slack(found, name, doubt)
            for name in plan
            if name not in desks and (_slack(found, name, doubt) < 0).any()
        }
        if not broken:
            return PlanOutcome.CERTIFIED, plan, found, certificate, []
        short = sum(int((slack < 0).sum()) for slack in broken.values())
        progress(f"certificate {attempt}: {short} periods not certain; adding servers")
        better = sweeps.repaired(plan, broken)
        if better == plan or attempt == rounds:
            break
        plan = better
    assert certificate is not None
    says = _in_words(found, desks, doubt)
    return PlanOutcome.NOT_CERTIFIED, plan, found, certificate, says


def _slack(found: Sequence[Tally], station: str, doubt: float) -> np.ndarray:
    parts = [
        np.where(each.is_judged, each.low(doubt) - each.promise.asked, np.inf)
        for each in found
        if each.promise.station == station
    ]
    return np.concatenate(parts)


def _contradictions(
    found: Sequence[Tally], plan: dict[str, Levels], desks: dict[str, ExactDesk], family: int
) -> list[str]:
    """Periods in which days and the exact law cannot both be right."""
    says = []
    for name, desk in desks.items():
        shares = dict(zip((p.id for p in desk.promises), desk.shares(plan[name]), strict=True))
        for each in found:
            if each.promise.station != name:
                continue
            exact = shares[each.promise.id]
            low, high = each.low(CONTRADICTION / family), each.high(CONTRADICTION / family)
            wrong = each.is_judged & ((exact < low) | (exact > high))
            says += [
                f"{name}, period {cell}: days say {each.estimate[cell]:.4f}, the exact law "
                f"{exact[cell]:.4f}; the law does not hold of this station"
                for cell in np.flatnonzero(wrong).tolist()
            ]
    return says


def _in_words(found: Sequence[Tally], desks: dict[str, ExactDesk], doubt: float) -> list[str]:
    says = []
    for each in found:
        if each.promise.station in desks:
            continue
        low = each.low(doubt)
        for cell in np.flatnonzero(each.is_judged & (low < each.promise.asked)).tolist():
            minutes = cell * each.promise.per_us // 60_000_000
            says.append(
                f"{each.promise.station}, promise {each.promise.id}, period from "
                f"{minutes // 60:02d}:{minutes % 60:02d}: {each.estimate[cell]:.4f}, at least "
                f"{low[cell]:.4f} for certain, {each.promise.asked:g} is promised"
            )
    return says
