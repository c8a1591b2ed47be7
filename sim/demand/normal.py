"""Quantiles of the normal law in NumPy alone: SciPy takes longer to import than a day to draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Polynomial = tuple[float, ...]  # coefficients, the highest power first

_EXP_MINUS_2 = 0.13533528323661269189
_SQRT_2_PI = 2.50662827463100050242

# Probabilities from exp(-2) to 1 - exp(-2), by the square of their distance from one half.
_MIDDLE: tuple[_Polynomial, _Polynomial] = (
    (
        -5.99633501014107895267e1,
        9.80010754185999661536e1,
        -5.66762857469070293439e1,
        1.39312609387279679503e1,
        -1.23916583867381258016e0,
    ),
    (
        1.0,
        1.95448858338141759834e0,
        4.67627912898881538453e0,
        8.63602421390890590575e1,
        -2.25462687854119370527e2,
        2.00260212380060660359e2,
        -8.20372256168333339912e1,
        1.59056225126211695515e1,
        -1.18331621121330003142e0,
    ),
)
# Those beyond, by z = 1 / sqrt(-2 ln p): first where 1 / z is below 8, then the last 1e-14.
_TAIL: tuple[_Polynomial, _Polynomial] = (
    (
        4.05544892305962419923e0,
        3.15251094599893866154e1,
        5.71628192246421288162e1,
        4.40805073893200834700e1,
        1.46849561928858024014e1,
        2.18663306850790267539e0,
        -1.40256079171354495875e-1,
        -3.50424626827848203418e-2,
        -8.57456785154685413611e-4,
    ),
    (
        1.0,
        1.57799883256466749731e1,
        4.53907635128879210584e1,
        4.13172038254672030440e1,
        1.50425385692907503408e1,
        2.50464946208309415979e0,
        -1.42182922854787788574e-1,
        -3.80806407691578277194e-2,
        -9.33259480895457427372e-4,
    ),
)
_END: tuple[_Polynomial, _Polynomial] = (
    (
        3.23774891776946035970e0,
        6.91522889068984211695e0,
        3.93881025292474443415e0,
        1.33303460815807542389e0,
        2.01485389549179081538e-1,
        1.23716634817820021358e-2,
        3.01581553508235416007e-4,
        2.65806974686737550832e-6,
        6.23974539184983293730e-9,
    ),
    (
        1.0,
        6.02427039364742014255e0,
        3.67983563856160859403e0,
        1.37702099489081330271e0,
        2.16236993594496635890e-1,
        1.34204006088543189037e-2,
        3.28014464682127739104e-4,
        2.89247864745380683936e-6,
        6.79019408009981274425e-9,
    ),
)
_AT_ONCE = 8_192  # that many numbers and what is made of them stay in the processor's cache


def normal_quantile(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal quantiles.

    Parameters
    ----------
    u : ndarray of float64, shape (n,)
        Probabilities in the open interval (0, 1).

    Returns
    -------
    ndarray of float64, shape (n,)
        Within one part in 10¹⁵ of the quantile.

    Notes
    -----
    The operations of ``scipy.special.ndtri`` in the same order: the same bits in the middle,
    and in the tails but for the last bit of a logarithm.

    References
    ----------
    Moshier (1989), Methods and Programs for Mathematical Functions (the Cephes library).

    Examples
    --------
    >>> normal_quantile(np.array([0.025, 0.5, 0.975])).round(6).tolist()
    [-1.959964, 0.0, 1.959964]
    """
    quantiles = np.empty(u.shape)
    for first in range(0, len(u), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        quantiles[some] = _middle(u[some])
    tails = np.flatnonzero((u <= _EXP_MINUS_2) | (u > 1 - _EXP_MINUS_2))
    for first in range(0, len(tails), _AT_ONCE):
        some = tails[first : first + _AT_ONCE]
        quantiles[some] = _tails(u[some])
    return quantiles


def _middle(u: NDArray[np.float64]) -> NDArray[np.float64]:
    y = u - 0.5
    square = y * y
    return (y + y * (square * _at(_MIDDLE[0], square) / _at(_MIDDLE[1], square))) * _SQRT_2_PI


def _tails(u: NDArray[np.float64]) -> NDArray[np.float64]:
    is_upper = u > 0.5
    x = np.sqrt(-2.0 * np.log(np.where(is_upper, 1.0 - u, u)))
    z = 1.0 / x
    part = z * _at(_TAIL[0], z) / _at(_TAIL[1], z)
    is_last = x >= 8.0
    if is_last.any():
        z = z[is_last]
        part[is_last] = z * _at(_END[0], z) / _at(_END[1], z)
    distance = x - np.log(x) / x - part
    return np.where(is_upper, distance, -distance)


def _at(polynomial: _Polynomial, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """A polynomial's values, by Horner's rule."""
    value = polynomial[0] * x
    value += polynomial[1]
    for coefficient in polynomial[2:]:
        value *= x
        value += coefficient
    return value
