"""Tables by class: the first entry that fits decides."""

import numpy as np
import pytest

from sim.demand.classes import NO_CLASS, durations_s, first_fit, share_of_class
from sim.scenario.figures import Figure
from sim.scenario.laws import Deterministic, Exponential

BITS = {"bag": 0, "special": 1}
WORDS = np.array([0, 1, 2, 3])


def never() -> np.ndarray:
    pytest.fail("a uniform was drawn for a constant")


def test_first_entry_that_fits_wins() -> None:
    """Later entries are for those whom no earlier one fits."""
    assert first_fit(["special", "bag", ""], WORDS, BITS).tolist() == [2, 1, 0, 0]
    assert first_fit(["", "bag"], WORDS, BITS).tolist() == [0, 0, 0, 0]


def test_nobody_is_forced_into_a_class() -> None:
    """Where no entry fits there is no class, a share of nothing and no duration."""
    law = Deterministic(law="deterministic", mean_s=Figure(value=5), when="bag")

    assert first_fit(["bag"], WORDS, BITS).tolist() == [NO_CLASS, 0, NO_CLASS, 0]
    assert share_of_class([("bag", 0.3)], WORDS, BITS).tolist() == [0, 0.3, 0, 0.3]
    drawn = durations_s([law], traits=WORDS, bits=BITS, uniforms=never)
    assert np.isnan(drawn).tolist() == [True, False, True, False]


def test_a_class_changes_the_law_and_not_the_uniform() -> None:
    """Two classes with the same uniform get the same quantile of their laws."""
    laws = [
        Exponential(law="exponential", mean_s=Figure(value=10), when="bag"),
        Exponential(law="exponential", mean_s=Figure(value=1)),
    ]
    u = np.array([0.3, 0.3, 0.8, 0.8])
    drawn = durations_s(laws, traits=WORDS, bits=BITS, uniforms=lambda: u)

    assert drawn[[1, 3]] == pytest.approx(10 * drawn[[0, 2]])
