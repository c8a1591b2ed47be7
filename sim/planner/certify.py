"""Certificates: fresh days, every period of every promise at once, repair and repeat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sim.experiments.tasks import Workers
from sim.planner.days import fresh_tallies
from sim.planner.exact import ExactDesk
from sim.planner.grid import Grid, Levels
from sim.planner.margin import MOST_DAYS, Margin
from sim.planner.missed import Departures
from sim.planner.outcome import PlanOutcome
from sim.planner.said import Said
from sim.planner.sweeps import Sweeps
from sim.planner.tally import Tally
from sim.planner.targets import Promise
from sim.scenario.scenario import Scenario

CONTRADICTION = 1e-4
"""Chance that simulation seems to contradict the exact law although it does not."""

THINNER = 2
"""Attempts spent on smaller plans once one is certified."""


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
        Which attempt it was; each had half the error that was left.
    """

    days: int
    confidence: float
    simultaneous: int
    doubt: float
    seed: int
    first_replication: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What fresh days said of a plan."""

    plan: dict[str, Levels]
    tallies: list[Tally]
    certificate: Certificate

    @property
    def server_periods(self) -> int:
        """Server-periods in all."""
        return sum(map(sum, self.plan.values()))


@dataclass(frozen=True, slots=True)
class Fresh:
    """Where fresh days come from, and what is counted on them.

    Attributes
    ----------
    days : int
        Days of an attempt.
    first : int
        Replication that the first attempt begins with.
    on : date or None
        Date whose policies hold.
    """

    scenario: Scenario
    grid: Grid
    promises: Sequence[Promise]
    cells: dict[str, int]
    seed: int
    jobs: int
    confidence: float
    days: int
    first: int
    on: date | None = None

    def margin(self, attempt: int) -> Margin:
        """What an attempt asks: attempts may err with half the chance that is left, in all."""
        return Margin((1 - self.confidence) / 2**attempt / sum(self.cells.values()), self.days)

    def trial(
        self,
        plan: dict[str, Levels],
        *,
        attempt: int,
        workers: Workers,
        progress: Callable[[str], None],
    ) -> Trial:
        """Simulate an attempt's days under a plan."""
        begin = self.first * attempt
        found = fresh_tallies(
            self.scenario, grid=self.grid, plan=plan, promises=self.promises, cells=self.cells,
            on=self.on, seed=self.seed, replications=range(begin, begin + self.days),
            workers=workers,
            progress=lambda done: progress(
                f"certificate {attempt}: {done} of {self.days} fresh days"
            ),
        )  # fmt: skip
        judged = sum(int(each.is_judged.sum()) for each in found)
        doubt = self.margin(attempt).doubt
        stamp = Certificate(
            self.days, self.confidence, judged, doubt, self.seed, begin, attempt
        )  # fmt: skip
        return Trial(plan, found, stamp)


def certified(
    fresh: Fresh,
    plan: dict[str, Levels],
    *,
    desks: dict[str, ExactDesk],
    sweeps: Sweeps,
    departures: Departures,
    rounds: int,
    progress: Callable[[str], None],
) -> tuple[PlanOutcome, Trial, list[Said]]:
    """Certify a plan: servers more where fresh days refuse it, then less, on ever new days.

    Parameters
    ----------
    rounds : int
        Attempts at most.

    Returns
    -------
    outcome, trial, says
        The last is what stands in the way, in words.

    Notes
    -----
    Attempt *r* may err with probability ``(1 - confidence) / 2 ** r`` in all, divided over the
    periods (Bonferroni), so that all attempts together err with ``1 - confidence`` at most,
    whatever was made of those before. The first plan that is certified is not the last: its days
    are spent, they tell where servers can be spared, and new days judge that smaller plan. Desks
    with an exact law keep their promise by that law; days only must not contradict it.
    """
    assert rounds >= 1, "no certificate is tried"
    trial, best, thinner = None, None, THINNER
    with Workers(fresh.jobs) as workers:
        for attempt in range(1, rounds + 1):
            trial = fresh.trial(plan, attempt=attempt, workers=workers, progress=progress)
            says = _contradictions(trial, desks, family=sum(fresh.cells.values()))
            if says:
                return PlanOutcome.NOT_CERTIFIED, trial, says
            total = trial.server_periods
            short = _short(trial, desks)
            if not short:
                best = trial
                progress(f"attempt {attempt}: {total} server-periods are certain")
            else:
                progress(f"attempt {attempt}: {total} server-periods leave {short} uncertain")
            if attempt == rounds or (best is not None and thinner == 0):
                break
            thinner -= best is not None
            change = sweeps.mended if short else sweeps.thinned
            better = change(plan, trial.tallies, fresh.margin(attempt + 1))
            if short:
                better = departures.mended(better, trial.tallies, doubt=trial.certificate.doubt)
            else:
                better = departures.kept(better, fresh.margin(attempt + 1))
            less = best is None or sum(map(sum, better.values())) < best.server_periods
            if best is None and better == plan and fresh.days < MOST_DAYS:
                fresh = replace(fresh, days=min(2 * fresh.days, MOST_DAYS))
            elif better == plan or not less:
                break
            plan = better
    if best is not None:
        return PlanOutcome.CERTIFIED, best, []
    assert trial is not None
    return PlanOutcome.NOT_CERTIFIED, trial, _in_words(trial, desks)


def _short(trial: Trial, desks: dict[str, ExactDesk]) -> int:
    """Periods not certain to keep their promise, desks with an exact law left out."""
    doubt = trial.certificate.doubt
    return sum(
        int((each.is_judged & (each.low(doubt) < each.promise.asked)).sum())
        for each in trial.tallies
        if each.promise.station not in desks
    )


def _contradictions(trial: Trial, desks: dict[str, ExactDesk], *, family: int) -> list[Said]:
    """Periods in which days and the exact law cannot both be right."""
    says = []
    for name, desk in desks.items():
        shares = dict(
            zip((p.id for p in desk.promises), desk.shares(trial.plan[name]), strict=True)
        )
        for each in trial.tallies:
            if each.promise.station != name:
                continue
            exact = shares[each.promise.id]
            low, high = each.low(CONTRADICTION / family), each.high(CONTRADICTION / family)
            wrong = each.is_judged & ((exact < low) | (exact > high))
            says += [
                Said.of(
                    "law_contradicted",
                    station=name,
                    period=cell,
                    estimate=float(each.estimate[cell]),
                    exact=float(exact[cell]),
                )
                for cell in np.flatnonzero(wrong).tolist()
            ]
    return says


def _in_words(trial: Trial, desks: dict[str, ExactDesk]) -> list[Said]:
    says = []
    for each in trial.tallies:
        if each.promise.station in desks:
            continue
        low = each.low(trial.certificate.doubt)
        for cell in np.flatnonzero(each.is_judged & (low < each.promise.asked)).tolist():
            minutes = cell * each.promise.per_us // 60_000_000
            says.append(
                Said.of(
                    "not_shown",
                    station=each.promise.station,
                    promise=each.promise.id,
                    at=f"{minutes // 60:02d}:{minutes % 60:02d}",
                    estimate=float(each.estimate[cell]),
                    low=float(low[cell]),
                    asked=each.promise.asked,
                )
            )
    return says
