"""Templates: what is accepted, and that eight bits lose nothing that matters."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import UsageError
from sim.matcher.templates import (
    COSINE_ONE,
    DIMENSIONS,
    least_score,
    quantised,
    require_templates,
    sign_codes,
)


def unit(people: int, *, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((people, DIMENSIONS))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


WRONG = {
    "dtype": (unit(2).astype(np.float64), "expected float32, got float64"),
    "integers": (np.ones((2, DIMENSIONS), dtype=np.int8), "expected float32, got int8"),
    "dimension": (
        unit(2)[:, :256],
        r"expected shape \(n, 512\), one template a row, got \(2, 256\)",
    ),
    "one template": (unit(1)[0], r"got \(512,\)"),
    "no array": ([[1.0]], "expected an array of float32, got list"),
    "not unit": (unit(3) * np.float32(1.01), "row 0 has length 1.01, not 1"),
    "zero": (np.zeros((1, DIMENSIONS), dtype=np.float32), "row 0 has length 0, not 1"),
    "nan": (
        np.where(np.arange(2)[:, None] == 1, np.nan, unit(2)).astype(np.float32),
        "row 1 holds NaN",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_template_is_refused(case: str) -> None:
    """Type, shape, length and missing values, with the first row at fault."""
    array, message = WRONG[case]
    with pytest.raises(UsageError, match=message):
        require_templates(array, what="probes")


def test_templates_pass() -> None:
    """Also none at all."""
    assert len(require_templates(unit(3), what="gallery")) == 3
    assert len(require_templates(unit(3)[:0], what="gallery")) == 0


def test_eight_bits_keep_the_cosine() -> None:
    """To less than the noise of a capture: a standard deviation below 0.001."""
    rows = unit(400)
    exact = rows[:200] @ rows[200:].T
    scores = quantised(rows[:200]).astype(np.int64) @ quantised(rows[200:]).astype(np.int64).T
    assert np.std(scores / COSINE_ONE - exact) < 0.001


def test_rows_are_aligned() -> None:
    """Every row starts on a boundary of 64 bytes."""
    assert quantised(unit(5)).ctypes.data % 64 == 0


def test_sign_codes_are_signs() -> None:
    """Bit k of word w is the sign of coordinate 64 w + k about the centre."""
    rows = quantised(unit(4))
    centre = np.linspace(-9, 9, DIMENSIONS, dtype=np.float32)
    codes = sign_codes(rows, centre)
    bits = (codes[:, :, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    np.testing.assert_array_equal(bits.reshape(4, DIMENSIONS).astype(bool), rows > centre)


@pytest.mark.parametrize("threshold", [-1.5, 1.0001, math.nan, math.inf])
def test_a_threshold_is_a_cosine(threshold: float) -> None:
    """Anything else is refused."""
    with pytest.raises(UsageError, match="threshold: expected a cosine"):
        least_score(threshold)
