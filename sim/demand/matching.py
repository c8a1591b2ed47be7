"""On which attempt a biometric match is accepted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.demand.classes import share_of_class
from sim.scenario.stations import Match

IMPOSTOR = "impostor"
"""Trait of a passenger who is not the person claimed, where a scenario declares it."""

ATTACK = "presentation_attack"
"""Trait of a passenger who presents an artefact of the person claimed."""


def accepted_on(
    match: Match,
    *,
    traits: NDArray[np.int64],
    bits: Mapping[str, int],
    u: NDArray[np.float64],
) -> NDArray[np.uint8]:
    """Attempt that is accepted, from 1; 0 where all are rejected.

    One uniform decides all attempts: an attempt is the first one accepted where `u` is at
    least the probability that all up to it fail. A better matcher so never turns an
    acceptance into a rejection.

    Parameters
    ----------
    match : Match
        Error shares by class, their correlation and the number of attempts.
    traits : ndarray of int64, shape (n,)
        Trait words; `IMPOSTOR` and `ATTACK` where declared have errors of their own.
    u : ndarray of float64, shape (n,)
        Uniforms in (0, 1).

    Notes
    -----
    A genuine first attempt fails with the class's share *p*, each further one after a
    failure with *p + r (1 - p)*, *r* the correlation; a class without an entry never fails.
    An impostor's attempts are accepted independently with the share ``false_accept``, those
    with an artefact with the share ``attack_accept``, whatever else the passenger is.

    Examples
    --------
    >>> match = Match.model_validate({"errors": [{"share": 0.1}], "attempts": 2,
    ...     "retry": {"law": "deterministic", "mean_s": 8}, "error_correlation": 0.5})
    >>> u = np.array([0.054, 0.056, 0.11])
    >>> accepted_on(match, traits=np.zeros(3, dtype=np.int64), bits={}, u=u).tolist()
    [0, 2, 1]
    """
    entries = [(error.when, error.share.value) for error in match.errors]
    first = share_of_class(entries, traits, bits)
    again = first + match.error_correlation.value * (1 - first)
    for trait, accepted in ((IMPOSTOR, match.false_accept), (ATTACK, match.attack_accept)):
        if trait in bits:
            is_false = (traits >> bits[trait]) & 1 == 1
            rejected = 1 - (accepted.value if accepted else 0.0)
            first = np.where(is_false, rejected, first)
            again = np.where(is_false, rejected, again)
    all_fail = first
    failures = np.zeros(u.shape, dtype=np.uint8)
    for _ in range(match.attempts):
        failures += u < all_fail
        all_fail = all_fail * again
    return np.where(failures < match.attempts, failures + 1, 0).astype(np.uint8)
