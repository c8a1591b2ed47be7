"""Figures by class of passenger: the first entry whose condition holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.demand.inversion import quantile_s
from sim.scenario.guards import compile_guard, holds_for
from sim.scenario.laws import Deterministic, Law

NO_CLASS = -1
"""Entry of a passenger whom no condition of the table fits."""


def first_fit(
    conditions: Sequence[str], traits: NDArray[np.int64], bits: Mapping[str, int]
) -> NDArray[np.int64]:
    """Number of the first condition that holds for each trait word, or `NO_CLASS`.

    Examples
    --------
    >>> first_fit(["bag", ""], np.array([0, 1]), {"bag": 0}).tolist()
    [1, 0]
    """
    entry = np.full(traits.shape, NO_CLASS, dtype=np.int64)
    for number in reversed(range(len(conditions))):
        if not conditions[number].strip():
            entry[:] = number
        else:
            entry[holds_for(compile_guard(conditions[number], bits), traits)] = number
    return entry


def share_of_class(
    entries: Sequence[tuple[str, float]], traits: NDArray[np.int64], bits: Mapping[str, int]
) -> NDArray[np.float64]:
    """Share of each passenger's class; nothing where no ``(condition, share)`` fits."""
    shares = np.array([share for _, share in entries] + [0.0])
    return shares[first_fit([condition for condition, _ in entries], traits, bits)]


def durations_s(
    laws: Sequence[Law],
    *,
    traits: NDArray[np.int64],
    bits: Mapping[str, int],
    uniforms: Callable[[], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Durations by class, one uniform each whatever the class.

    Parameters
    ----------
    laws : sequence of Law
        Class table.
    traits : ndarray of int64, shape (n,)
        Trait words.
    uniforms : callable
        Gives the `n` uniforms; not called where every law is constant.

    Returns
    -------
    ndarray of float64, shape (n,)
        Seconds; NaN where no class fits.
    """
    is_constant = all(isinstance(law, Deterministic) for law in laws)
    u = np.full(traits.shape, 0.5) if is_constant else uniforms()
    if not laws[0].when.strip():
        return quantile_s(laws[0], u)
    entry = first_fit([law.when for law in laws], traits, bits)
    seconds = np.full(traits.shape, np.nan)
    for number, law in enumerate(laws):
        mine = entry == number
        seconds[mine] = quantile_s(law, u[mine])
    return seconds
