"""Two laws of one day, written twice with nothing in common."""

from __future__ import annotations

import numpy as np
import pytest

from sim.queueing.steps import Steps
from sim.queueing.transient import transient
from tests.theory.dense_desk import dense_shares


@pytest.mark.parametrize("servers", [(2, 3, 1), (3, 1, 2)])
def test_dense_matrices_agree_with_uniformisation(servers: tuple[int, ...]) -> None:
    rates, period, within, mean = (0.010, 0.025, 0.012), 600.0, 90.0, 70.0

    dense = dense_shares(
        rates_per_s=rates, servers=servers, period=period, mean_service=mean, within=within,
        longest=24,
    )  # fmt: skip
    whole = transient(
        arrivals=Steps.rates(np.array(rates), period=period),
        servers=Steps.servers(servers, period=period),
        mean_service=mean,
        within=within,
        periods=period * np.arange(4),
    ).served_within

    np.testing.assert_allclose(dense, whole, atol=2e-4)
