"""Instants of arrival by law: Poisson, by periods, in batches, in platoons."""

from __future__ import annotations

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from sim.demand.inversion import whole_us
from sim.demand.streams import Streams
from sim.errors import Fault, ScenarioError
from sim.scenario.clock import US_PER_S, to_us
from sim.scenario.demand import Arrivals, PlatoonArrivals, PoissonArrivals
from sim.scenario.spec import ScenarioSpec

STREAM = "arrivals"


def arrivals_us(spec: ScenarioSpec, streams: Streams) -> NDArray[np.int64]:
    """Instants of arrival in the order in which they are made.

    A later horizon only adds instants. Platoons overlap, so these need not be in order of
    time, and may go beyond the horizon; `horizon_us` tells who still comes.

    Parameters
    ----------
    spec : ScenarioSpec
        A scenario whose demand is by law.
    streams : Streams
        Gives the uniforms of ``arrivals``.

    Raises
    ------
    ScenarioError
        If Poisson arrivals have no horizon.
    """
    arrivals = _law(spec)
    match arrivals:
        case PoissonArrivals():
            instants = _poisson_us(arrivals, spec=spec, streams=streams)
            return np.repeat(instants, arrivals.batch)
        case PlatoonArrivals():
            at_s = np.repeat([at.value for at in arrivals.at_s], arrivals.size)
            spread = arrivals.spread_s.value
            if spread == 0:
                return whole_us(at_s)
            return whole_us(at_s + spread * streams.uniforms(STREAM, len(at_s)))
        case _:
            assert_never(arrivals)


def expected_arrivals(spec: ScenarioSpec) -> float:
    """Mean number of arrivals by law, each batch counted with all its members."""
    arrivals = _law(spec)
    match arrivals:
        case PoissonArrivals():
            edges, rates = _levels(arrivals, start=float(spec.day_starts))
            return arrivals.batch * _mean_until(_horizon_s(spec), edges=edges, rates=rates)
        case PlatoonArrivals():
            return float(len(arrivals.at_s) * arrivals.size)
        case _:
            assert_never(arrivals)


def horizon_us(spec: ScenarioSpec) -> int | None:
    """Instant from which nobody arrives by law any more; None where there is none."""
    if spec.horizon_s is None or spec.demand.arrivals is None:
        return None
    return to_us(spec.horizon_s.value)


def _law(spec: ScenarioSpec) -> Arrivals:
    assert spec.demand.arrivals is not None, "demand is not by law"
    return spec.demand.arrivals


def _horizon_s(spec: ScenarioSpec) -> float:
    if spec.horizon_s is None:
        message = "arrivals by law need to know when they stop; give horizon_s in seconds"
        raise ScenarioError([Fault(message, key="horizon_s")])
    return spec.horizon_s.value


def _poisson_us(
    arrivals: PoissonArrivals, *, spec: ScenarioSpec, streams: Streams
) -> NDArray[np.int64]:
    """Instants at which the cumulative rate passes those of a unit-rate process."""
    horizon = _horizon_s(spec)
    edges, rates = _levels(arrivals, start=float(spec.day_starts))
    end = _mean_until(horizon, edges=edges, rates=rates)
    passed = _unit_rate_until(end, streams)
    heights = np.concatenate(([0.0], np.cumsum(np.diff(edges) * rates[:-1])))
    level = np.searchsorted(heights, passed, side="left") - 1
    instants = whole_us(edges[level] + (passed - heights[level]) / rates[level])
    return instants[instants < horizon * US_PER_S]


def _unit_rate_until(end: float, streams: Streams) -> NDArray[np.float64]:
    n = int(end + 6 * end**0.5) + 16
    while True:
        passed = np.cumsum(-np.log1p(-streams.uniforms(STREAM, n)))
        if passed[-1] >= end:
            return passed[passed < end]
        n *= 2


def _levels(
    arrivals: PoissonArrivals, *, start: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Instants at which the rate changes and the rate per second from there on."""
    if arrivals.rate_per_s is not None:
        return np.array([start]), np.array([arrivals.rate_per_s.value])
    assert arrivals.period_min is not None
    assert arrivals.rate_per_min is not None
    rates = np.array([rate.value for rate in arrivals.rate_per_min]) / 60
    edges = np.arange(len(rates)) * (arrivals.period_min.value * 60)
    return np.maximum(edges, start), rates  # periods count from midnight, as those of servers do


def _mean_until(horizon: float, *, edges: NDArray[np.float64], rates: NDArray[np.float64]) -> float:
    ends = np.minimum(np.append(edges[1:], np.inf), horizon)
    return float((rates * np.maximum(ends - edges, 0.0)).sum())
