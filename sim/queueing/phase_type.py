"""Phase-type laws: times spent wandering through exponential phases."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import TheoryError
from sim.queueing.soundness import positive, refuse, whole


@dataclass(frozen=True, slots=True, eq=False)
class PhaseType:
    """A duration that begins in a phase by `initial` and moves by `generator` until it ends.

    Attributes
    ----------
    initial : ndarray of float64, shape (m,)
        Sums to 1.
    generator : ndarray of float64, shape (m, m)
        Rates between phases; a row falls short of zero by the rate of ending there.
    """

    initial: NDArray[np.float64]
    generator: NDArray[np.float64]

    def __post_init__(self) -> None:
        m = len(self.initial)
        off = self.generator - np.diag(np.diag(self.generator))
        sound = (
            self.generator.shape == (m, m)
            and abs(self.initial.sum() - 1) < 1e-9
            and (self.initial >= 0).all()
            and (off >= 0).all()
            and (self.ending > -1e-12).all()
            and np.linalg.matrix_rank(self.generator) == m
        )
        if not sound:
            message = (
                f"initial {self.initial.tolist()} and generator {self.generator.tolist()} are not "
                "a phase-type law; give shares that sum to 1, rates from 0 on, and a way to the end"
            )
            raise TheoryError(message)

    @property
    def ending(self) -> NDArray[np.float64]:
        """Rate of ending from each phase."""
        return -self.generator.sum(axis=1)

    @property
    def mean(self) -> float:
        """Mean duration."""
        return self._moment(1)

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        return self._moment(2) / self.mean**2 - 1

    def _moment(self, order: int) -> float:
        power = np.linalg.matrix_power(np.linalg.inv(-self.generator), order)
        return float(math.factorial(order) * self.initial @ power.sum(axis=1))


def erlang(*, phases: int, mean: float) -> PhaseType:
    """Sum of equal exponential phases; scv ``1 / phases``.

    Examples
    --------
    >>> round(erlang(phases=2, mean=3.0).scv, 12)
    0.5
    """
    refuse(whole(phases=phases, least=1), positive(mean=mean))
    rate = phases / mean
    generator = rate * (np.eye(phases, k=1) - np.eye(phases))
    return PhaseType(np.eye(phases)[0], generator)


def hyperexponential(*, shares: ArrayLike, means: ArrayLike) -> PhaseType:
    """A mixture of exponential laws, such as quick and slow passengers."""
    weights, times = np.asarray(shares, dtype=np.float64), np.asarray(means, dtype=np.float64)
    refuse(positive(means=times))
    return PhaseType(weights, np.diag(-1 / times))


def balanced_hyperexponential(*, mean: float, scv: float) -> PhaseType:
    """Two exponential laws that bring as much work each, with a mean and an scv from 1 on.

    Examples
    --------
    >>> round(balanced_hyperexponential(mean=1.0, scv=4.0).scv, 9)
    4.0
    """
    refuse(positive(mean=mean))
    if not 1 <= scv < math.inf:
        message = f"scv = {scv:g} is below 1; a mixture varies more than an exponential: use erlang"
        raise TheoryError(message)
    quick = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2
    shares = np.array([quick, 1 - quick])
    return hyperexponential(shares=shares, means=mean / (2 * shares))
