"""A batch station and virtual time are the same discipline."""

from __future__ import annotations

import numpy as np
import pytest

from sim.evidence.matching.simulated import simulated_latency
from sim.experiments.day import Engine
from sim.matcher.trace.service import BUCKETS, ServiceTable
from sim.matcher.trace.virtual import served


@pytest.mark.parametrize("engine", ["compiled", "reference"])
@pytest.mark.parametrize(("servers", "rate"), [(1, 30.0), (1, 400.0), (3, 600.0)])
def test_the_engine_waits_as_virtual_time_does(engine: Engine, servers: int, rate: float) -> None:
    """Request by request, to the microsecond, on Poisson arrivals."""
    seconds = tuple(0.01 + 0.0015 * (bucket - 1) for bucket in BUCKETS)
    table = ServiceTable("gemm", "a test", 1000, 0.4, seconds)
    gaps = np.random.Generator(np.random.Philox(7)).exponential(1 / rate, 800)
    at_s = np.round(np.cumsum(gaps), 6)

    simulated = simulated_latency(at_s, table, servers=servers, engine=engine)

    assert simulated == pytest.approx(served(at_s, table, servers=servers).latency_s, abs=2e-6)
