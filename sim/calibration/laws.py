"""Laws of service, walking and patience, class by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.attribution import judge
from sim.calibration.findings import FEWEST, POOR_FIT, Study, seed_of
from sim.calibration.fit import Fitted, fit_law
from sim.calibration.profile import Bounds
from sim.calibration.sample import sample_of
from sim.scenario.figures import Figure
from sim.scenario.guards import compile_guard
from sim.scenario.laws import Law, mean_s

Rows = NDArray[np.int64]

FAR_OFF = 0.05
"""Kolmogorov-Smirnov distance beyond which a law that does not fit is not written."""

QUANTILES = 200
"""Values of an empirical law: quantiles, not the durations themselves."""


def calibrate_laws(
    study: Study,
    key: str,
    laws: Sequence[Law],
    *,
    words: Rows,
    seconds: NDArray[np.float64],
    is_whole: NDArray[np.bool_],
    resolution_s: float,
) -> list[dict[str, Any]] | None:
    """Laws of one table, those that could be estimated and the others as they stand.

    Parameters
    ----------
    key : str
        Key of the table, such as ``stations.counter.service``.
    laws : sequence of Law
        What the scenario says now.
    words : ndarray of int64
        Trait word that decides the class of each.
    seconds : ndarray of float64
        Durations.
    is_whole : ndarray of bool
        Whether each was seen to its end.
    resolution_s : float
        Unit of the log's instants.

    Returns
    -------
    list of dict or None
        The whole table for the overlay; None where nothing could be estimated.
    """
    classes, unclear = _classes(study, laws, words)
    if unclear:
        study.silent(key, f"not identifiable: the log does not tell {unclear}, on which it hangs")
        return None
    written: list[dict[str, Any]] = []
    is_any = False
    for number, law in enumerate(laws):
        own = key if len(laws) == 1 else f"{key}[{number}]"
        mine = classes == number
        whole = seconds[mine & is_whole]
        if len(whole) < FEWEST:
            study.silent(own, f"too few: {len(whole)} observations, {FEWEST} are needed")
            written.append(_kept(study, own, law))
            continue
        if resolution_s > float(whole.mean()):
            study.silent(own, f"not identifiable: the log's clock ticks every {resolution_s:g} s")
            written.append(_kept(study, own, law))
            continue
        sample = sample_of(whole, longer_than=seconds[mine & ~is_whole], resolution=resolution_s)
        fitted = fit_law(
            sample,
            own=law.law,
            tolerance=resolution_s,
            test=study.is_tested,
            seed=seed_of(own),
        )
        written.append(_written(study, own, law, fitted, whole))
        is_any = True
    return written if is_any else None


def _classes(study: Study, laws: Sequence[Law], words: Rows) -> tuple[Rows, str]:
    """Number of the law of each duration, or the traits that nobody told."""
    unknown = study.attribution.arrival_unknown
    bits = study.program.bits
    number = np.full(len(words), -1, dtype=np.int64)
    guards = [compile_guard(law.when, bits) for law in laws]
    unique, place = np.unique(words, return_inverse=True)
    for index, word in enumerate(unique.tolist()):
        for law, guard in enumerate(guards):
            verdict = judge(guard, word, unknown)
            if verdict is None:
                masks = [mask & unknown for mask, _ in guard]
                names = [name for name, bit in bits.items() if any(m >> bit & 1 for m in masks)]
                return number, " and ".join(names)
            if verdict:
                number[place == index] = law
                break
    return number, ""


def _written(
    study: Study, key: str, law: Law, fitted: Fitted, seen: NDArray[np.float64]
) -> dict[str, Any]:
    head: dict[str, Any] = {"when": law.when} if law.when else {}
    how = f"{fitted.law} by BIC" if fitted.law != "deterministic" else "no spread"
    notes = [how if fitted.law != law.law else "", fitted.note]
    if fitted.censored:
        notes.append(f"{fitted.censored} of them not seen to the end")
    is_poor = fitted.p_value is not None and fitted.p_value < POOR_FIT
    if is_poor and (fitted.distance or 0) > FAR_OFF and len(seen) >= QUANTILES:
        return {**head, **_empirical(study, key, law, fitted, seen)}
    if is_poor and fitted.distance is not None:
        notes.append(f"off by {fitted.distance:.3f} at most")
    about = ", ".join(filter(None, notes))
    facts: dict[str, Any] = {"n": fitted.n, "p_value": fitted.p_value, "about": about}
    body: dict[str, Any] = {"law": fitted.law}
    body["mean_s"] = study.found(
        f"{key}.mean_s", fitted.mean, fitted.mean_bounds, base=mean_s(law), **facts
    )
    if fitted.law in {"lognormal", "gamma", "weibull"}:
        cv = min(max(fitted.cv, 0.02), 20.0) if fitted.law == "weibull" else fitted.cv
        bounds = Bounds(max(fitted.cv_bounds.low, 0.02), min(fitted.cv_bounds.high, 20.0))
        body["cv"] = study.found(f"{key}.cv", cv, bounds, base=cv_of(law), **facts)
    if fitted.phases is not None:
        body["phases"] = fitted.phases
        body["source"] = study.source(fitted.n)
    return {**head, **body}


def _empirical(
    study: Study, key: str, law: Law, fitted: Fitted, seen: NDArray[np.float64]
) -> dict[str, Any]:
    """Quantiles, where no law that the scenario knows comes near."""
    at = (np.arange(QUANTILES) + 0.5) / QUANTILES
    values = [float(f"{value:.4g}") for value in np.quantile(seen, at)]
    about = f"empirical, {QUANTILES} quantiles: the best law is off by {fitted.distance:.3f}"
    half = 1.96 * float(seen.std()) / len(seen) ** 0.5
    mean = float(seen.mean())
    study.found(
        f"{key}.mean_s",
        mean,
        Bounds(mean - half, mean + half),
        n=len(seen),
        base=mean_s(law),
        p_value=fitted.p_value,
        about=about,
    )
    return {"law": "empirical", "values_s": values, "source": study.source(len(seen), about=about)}


def _kept(study: Study, key: str, law: Law) -> dict[str, Any]:
    """A law as the scenario has it, its figures with the sources that reach them there."""
    plain = law.model_dump(mode="json", exclude_none=True)
    kept: dict[str, Any] = {}
    for name, value in plain.items():
        figure = getattr(law, name)
        if name == "when" and not value:
            continue
        kept[name] = study.kept(f"{key}.{name}", figure) if isinstance(figure, Figure) else value
    return kept


def cv_of(law: Law) -> float | None:
    """Coefficient of variation of a law; None where it has no formula here."""
    match law.law:
        case "deterministic":
            return 0.0
        case "exponential":
            return 1.0
        case "erlang":
            return law.phases**-0.5
        case "lognormal" | "gamma" | "weibull":
            return law.cv.value
        case _:
            return None


def one_or_many(table: list[dict[str, Any]]) -> dict[str, Any] | list[dict[str, Any]]:
    """A table of laws as a file writes it: a single law stands without its array."""
    return table[0] if len(table) == 1 and "when" not in table[0] else table
