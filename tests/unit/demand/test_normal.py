import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.demand.normal import normal_quantile

MIDDLE = np.exp(-2)


def probabilities(n: int) -> NDArray[np.float64]:
    """As streams give them: odd multiples of ``2 ** -53``."""
    words = np.random.default_rng(7).integers(0, 1 << 52, size=n)
    return (words.astype(np.float64) + 0.5) * 2.0**-52


def test_the_middle_is_scipys_bit_for_bit() -> None:
    """Three quarters of all draws are by additions, products and one quotient."""
    u = probabilities(200_000)
    middle = u[(u > MIDDLE) & (u < 1 - MIDDLE)]

    assert (normal_quantile(middle) == ndtri(middle)).all()


def test_the_tails_are_scipys_to_the_last_digits() -> None:
    """A logarithm may differ in its last bit, so a quantile in a few of its own."""
    first = (np.arange(5_000, dtype=np.float64) + 0.5) * 2.0**-52
    u = np.concatenate([probabilities(200_000), first, 1 - first])

    np.testing.assert_allclose(normal_quantile(u), ndtri(u), rtol=0, atol=4e-15)


@pytest.mark.parametrize("n", [0, 1, 8_191, 8_192, 8_193, 40_000])
def test_a_quantile_depends_on_its_own_probability_alone(n: int) -> None:
    """However many are asked for at once."""
    u = probabilities(n)
    one_by_one = [normal_quantile(u[row : row + 1])[0] for row in range(0, n, 997)]

    assert normal_quantile(u)[::997].tolist() == one_by_one
