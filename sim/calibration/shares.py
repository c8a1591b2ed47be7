"""Shares: traits, channels, routes, refused faces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.calibration.attribution import EXIT, judge
from sim.calibration.findings import FEWEST, Study
from sim.calibration.intervals import wilson
from sim.scenario.guards import ALWAYS, compile_guard, holds_for, names_in
from sim.scenario.journey import EXIT as EXIT_NAME
from sim.scenario.journey import Option
from sim.scenario.program import GO_EXIT, Step


def trait_shares(study: Study) -> None:
    """Share of parties, or of persons, with each trait that the log tells."""
    cases, bits = study.log.cases, study.program.bits
    words, unknown = study.attribution.arrival_words, study.attribution.arrival_unknown
    for trait in study.scenario.spec.traits:
        key = f"traits.{trait.id}"
        entries = trait.shares or ((trait,) if trait.share is not None else ())
        if not entries:
            continue
        if trait.id not in cases.traits:
            study.silent(key, "not identifiable: the log does not tell it")
            continue
        if trait.spread != "none":
            study.silent(key, "not identifiable: one member's trait is given to the whole party")
            continue
        base = compile_guard(trait.when, bits)
        conditions = [compile_guard(each.when, bits) for each in trait.shares] or [ALWAYS]
        if any(mask & unknown for guard in (base, *conditions) for mask, _ in guard):
            study.silent(key, "not identifiable: the log does not tell the traits it depends on")
            continue
        people = cases.is_lead if trait.per == "party" else np.ones(len(cases), dtype=bool)
        people &= holds_for(base, words)
        has = cases.traits[trait.id]
        table = study.overlay.traits.setdefault(trait.id, {})
        shares = []
        for number, (entry, guard) in enumerate(zip(entries, conditions, strict=True)):
            own = f"{key}.share" if not trait.shares else f"{key}.shares[{number}].share"
            mine = people & holds_for(guard, words)
            people &= ~mine
            n, k = int(np.count_nonzero(mine)), int(np.count_nonzero(mine & has))
            assert entry.share is not None
            if n < FEWEST:
                study.silent(own, f"too few: {n} observations, {FEWEST} are needed")
                figure = study.kept(own, entry.share)
            else:
                figure = study.found(own, k / n, wilson(k, n), n=n, base=entry.share.value)
            shares.append(
                {**({"when": entry.when} if trait.shares and entry.when else {}), "share": figure}
            )
        if trait.shares:
            table["shares"] = shares
        else:
            table["share"] = shares[0]["share"]


def channel_shares(study: Study) -> None:
    """Who took which option of a step, among those who had all of them open."""
    for step in study.program.steps:
        if not step.is_choice:
            continue
        key = f"journey.{step.id}.options"
        if step.choose != "share":
            reason = f'not a share: the option depends on the queue (choose = "{step.choose}")'
            study.silent(key, f"{reason}; kept")
            continue
        rows = np.flatnonzero(study.attribution.step == step.index)
        if not len(rows):
            study.silent(key, _unseen(study, step))
            continue
        rows = rows[_had_all(study, step, rows)]
        _, first = np.unique(study.log.cases.party[study.log.stays.case[rows]], return_index=True)
        rows = rows[first]
        n = len(rows)
        if n < FEWEST:
            study.silent(
                key, f"not identifiable: {n} parties had every option open, {FEWEST} are needed"
            )
            continue
        taken = study.attribution.station[rows]
        shares = [slot.visit.share for slot in step.slots if isinstance(slot.visit, Option)]
        weights = [1.0 if share is None else share.value for share in shares]
        options = []
        for slot, weight in zip(step.slots, weights, strict=True):
            k = int(np.count_nonzero(taken == slot.station))
            figure = study.found(
                f"{key}.{slot.spec.id}.share",
                k / n,
                wilson(k, n),
                n=n,
                base=weight / sum(weights),
                about="" if study.log.has_parties else "each case taken as a party of its own",
            )
            options.append({"station": slot.spec.id, "share": figure})
        study.overlay.journey.setdefault(step.id, {})["options"] = options


def routes(study: Study) -> None:
    """Where people go from each step of a journey with random routes."""
    if not study.program.is_routed:
        return
    steps = study.program.steps
    for step in steps:
        if not step.branches:
            continue
        key = f"journey.{step.id}.next"
        here = study.attribution.step == step.index
        after = study.attribution.next_step[here]
        after = after[after != -1]
        n = len(after)
        if n < FEWEST:
            study.silent(key, f"too few: {n} onward moves, {FEWEST} are needed")
            continue
        branches, left = [], 1.0
        for number, (to, share) in enumerate(step.branches):
            k = int(np.count_nonzero(after == (EXIT if to == GO_EXIT else to)))
            name = EXIT_NAME if to == GO_EXIT else steps[to].id
            figure = study.found(f"{key}[{number}].share", k / n, wilson(k, n), n=n, base=share)
            figure["value"] = min(figure["value"], left)  # rounded, they must not pass one
            figure["low"] = min(figure["low"], figure["value"])
            left = round(left - figure["value"], 12)
            branches.append({"to": name, "share": figure})
        _fill(branches, left, is_whole=abs(sum(s for _, s in step.branches) - 1) < 1e-9)
        study.overlay.journey.setdefault(step.id, {})["next"] = branches


def refusals(study: Study) -> None:
    """Share of first biometric attempts that fail, by class."""
    stays, found, bits = study.log.stays, study.attribution, study.program.bits
    for number, station in enumerate(study.scenario.spec.stations):
        if station.match is None:
            continue
        key = f"stations.{station.id}.match.errors"
        tried = np.flatnonzero((found.station == number) & (stays.tried_us >= 0))
        if not len(tried):
            study.silent(key, "not identifiable: the log does not tell attempts")
            continue
        guards = [compile_guard(each.when, bits) for each in station.match.errors]
        words = found.arrival_words[stays.case[tried]]
        if any(mask & found.arrival_unknown for guard in guards for mask, _ in guard):
            study.silent(key, "not identifiable: the log does not tell the traits it depends on")
            continue
        free, table, is_any = np.ones(len(tried), dtype=bool), [], False
        for index, (entry, guard) in enumerate(zip(station.match.errors, guards, strict=True)):
            own = f"{key}[{index}].share" if len(guards) > 1 else f"{key}[0].share"
            mine = free & holds_for(guard, words)
            free &= ~mine
            n, k = int(np.count_nonzero(mine)), int(np.count_nonzero(stays.is_refused[tried[mine]]))
            figure = study.kept(own, entry.share)
            if n < FEWEST:
                study.silent(own, f"too few: {n} first attempts, {FEWEST} are needed")
            else:
                figure = study.found(own, k / n, wilson(k, n), n=n, base=entry.share.value)
                is_any = True
            table.append({**({"when": entry.when} if entry.when else {}), "share": figure})
        if is_any:
            study.overlay.station(station.id)["match"] = {"errors": table}


def _fill(branches: list[dict], left: float, *, is_whole: bool) -> None:
    """Give what rounding left over to the last branch, where the shares sum to one."""
    if is_whole and branches and left > 0:
        figure = branches[-1]["share"]
        figure["value"] = round(figure["value"] + left, 12)
        figure["high"] = max(figure["high"], figure["value"])


def _had_all(study: Study, step: Step, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each visitor of a step had every option open and allowed."""
    word, unknown = study.attribution.word[rows], study.attribution.unknown[rows]
    pairs = np.stack([word, unknown], axis=1)
    unique, place = np.unique(pairs, axis=0, return_inverse=True)
    verdict = [
        all(judge(slot.guard, w, u) and judge(slot.permit, w, u) for slot in step.slots)
        for w, u in unique.tolist()
    ]
    return np.array(verdict, dtype=bool)[place.ravel()]


def _unseen(study: Study, step: Step) -> str:
    told = study.log.cases.traits
    wanted = sorted(name for name in names_in(step.spec.when) if name not in told)
    if wanted:
        return f"not identifiable: the log does not tell {', '.join(wanted)}"
    return "the log has no visits that were surely this step"
