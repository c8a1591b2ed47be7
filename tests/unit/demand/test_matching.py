"""Which attempt a match is accepted on."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.matching import accepted_on
from sim.demand.streams import Streams
from sim.scenario.stations import Match

GRID = (np.arange(100_000) + 0.5) / 100_000


def match(share: float = 0.1, **changes: Any) -> Match:
    table = {"errors": [{"share": share}], "retry": {"law": "deterministic", "mean_s": 8}}
    return Match.model_validate(table | changes)


def outcome(rule: Match, *, traits: int = 0, u: np.ndarray = GRID) -> np.ndarray:
    words = np.full(u.shape, traits, dtype=np.int64)
    return accepted_on(rule, traits=words, bits={"impostor": 0, "special": 1}, u=u)


def test_genuine_failures_are_correlated() -> None:
    """The first attempt fails with p, each next after a failure with p + r (1 - p)."""
    drawn = outcome(match(0.1, attempts=3, error_correlation=0.5))
    shares = np.bincount(drawn, minlength=4) / len(GRID)

    assert shares == pytest.approx(
        [0.1 * 0.55 * 0.55, 0.9, 0.1 * 0.45, 0.1 * 0.55 * 0.45], abs=2e-5
    )


def test_full_correlation_makes_retries_useless() -> None:
    """Who fails once with correlation 1 fails always."""
    assert set(outcome(match(0.1, error_correlation=1.0)).tolist()) == {0, 1}


def test_impostors_have_errors_of_their_own() -> None:
    """An impostor is accepted on each attempt with the false accept share."""
    drawn = outcome(match(0.1, attempts=2, false_accept=0.02), traits=1)
    shares = np.bincount(drawn, minlength=3) / len(GRID)

    assert shares == pytest.approx([0.98**2, 0.02, 0.98 * 0.02], abs=2e-5)


def test_artefacts_have_errors_of_their_own() -> None:
    """Whoever presents one is accepted as the presentation check and the comparison let it."""
    rule = match(0.1, attempts=2, false_accept=0.5, attack_accept=0.02)
    words = np.full(GRID.shape, 3, dtype=np.int64)
    bits = {"impostor": 0, "presentation_attack": 1}
    shares = np.bincount(accepted_on(rule, traits=words, bits=bits, u=GRID), minlength=3)

    assert shares / len(GRID) == pytest.approx([0.98**2, 0.02, 0.98 * 0.02], abs=2e-5)


def test_classes_have_their_own_share() -> None:
    """The first entry that fits decides; a class without one never fails."""
    rule = match(errors=[{"when": "special", "share": 0.3}], attempts=1)

    assert (outcome(rule, traits=2) == 0).mean() == pytest.approx(0.3, abs=2e-5)
    assert (outcome(rule) == 1).all()


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(1, 9))
def test_a_better_matcher_never_turns_acceptance_into_rejection(
    share: float, other: float, correlation: float, attempts: int
) -> None:
    """With a lower share of errors everyone is accepted on the same attempt or an earlier one."""
    low, high = sorted((share, other))
    u = Streams(1).uniforms("match/a/b", 200)
    worse, better = (
        outcome(match(each, attempts=attempts, error_correlation=correlation), u=u)
        for each in (high, low)
    )
    beyond = attempts + 1

    assert (np.where(better, better, beyond) <= np.where(worse, worse, beyond)).all()


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 8))
def test_another_attempt_changes_no_earlier_one(
    share: float, correlation: float, attempts: int
) -> None:
    """Allowing one attempt more only helps those who were rejected."""
    u = Streams(1).uniforms("match/a/b", 200)
    fewer, more = (
        outcome(match(share, attempts=n, error_correlation=correlation), u=u)
        for n in (attempts, attempts + 1)
    )

    assert np.array_equal(fewer[fewer > 0], more[fewer > 0])
    assert set(more[fewer == 0].tolist()) <= {0, attempts + 1}
