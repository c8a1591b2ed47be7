"""Instants of arrival by law: Poisson, by periods, in batches, in platoons."""

from __future__ import annotations

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from sim.demand.inversion import poisson_quantile, whole_us
from sim.demand.streams import Streams
from sim.errors import Fault, ScenarioError
from sim.scenario.arrivals import (
    Arrivals,
    PlatoonArrivals,
    PoissonArrivals,
    mean_arrivals,
    platoons_of,
    rates_by_period,
)
from sim.scenario.clock import US_PER_S, to_us
from sim.scenario.spec import ScenarioSpec

STREAM = "arrivals"


def arrivals_us(spec: ScenarioSpec, streams: Streams, *, factor: float = 1.0) -> NDArray[np.int64]:
    """Instants of the arrivals of `demand.arrivals`, in the order in which they are made.

    See `instants_of`.
    """
    assert spec.demand.arrivals is not None, "demand is not by law"
    return instants_of(spec.demand.arrivals, spec=spec, streams=streams, factor=factor)


def instants_of(
    arrivals: Arrivals,
    *,
    spec: ScenarioSpec,
    streams: Streams,
    flow: str = "",
    factor: float = 1.0,
) -> NDArray[np.int64]:
    """Instants of arrival by a law in the order in which they are made.

    A later horizon only adds instants. Platoons overlap, so these need not be in order of
    time, and may go beyond the horizon; `horizon_us` tells who still comes.

    Parameters
    ----------
    arrivals : Arrivals
        The law.
    spec : ScenarioSpec
        Its scenario, which has the horizon and the start of the day.
    streams : Streams
        Gives the uniforms of ``arrivals``, and of ``platoon`` for sizes by chance.
    flow : str
        Id of the flow, whose streams are its own; "" where the demand is one law.
    factor : float
        How busy the day is: rates, and sizes of platoons, are multiplied by it.

    Raises
    ------
    ScenarioError
        If Poisson arrivals have no horizon.
    """
    name = f"/{flow}" if flow else ""
    match arrivals:
        case PoissonArrivals():
            stream = STREAM + name
            instants = _poisson_us(
                arrivals, spec=spec, streams=streams, stream=stream, factor=factor
            )
            return np.repeat(instants, arrivals.batch)
        case PlatoonArrivals():
            return _platoons_us(arrivals, streams=streams, name=name, factor=factor)
        case _:
            assert_never(arrivals)


def expected_arrivals(spec: ScenarioSpec, arrivals: Arrivals | None = None) -> float:
    """Mean number of arrivals by law, each batch counted with all its members.

    Parameters
    ----------
    arrivals : Arrivals or None
        The law; None is that of `demand.arrivals`.
    """
    law = arrivals or spec.demand.arrivals
    assert law is not None, "demand is not by law"
    horizon_s = _horizon_s(spec) if isinstance(law, PoissonArrivals) else 0.0
    return mean_arrivals(law, start_s=float(spec.day_starts), horizon_s=horizon_s)


def horizon_us(spec: ScenarioSpec) -> int | None:
    """Instant from which nobody arrives by law any more; None where there is none."""
    if spec.horizon_s is None or (spec.demand.arrivals is None and not spec.demand.flows):
        return None
    return to_us(spec.horizon_s.value)


def _horizon_s(spec: ScenarioSpec) -> float:
    if spec.horizon_s is None:
        message = "arrivals by law need to know when they stop; give horizon_s in seconds"
        raise ScenarioError([Fault(message, key="horizon_s")])
    return spec.horizon_s.value


def _platoons_us(
    arrivals: PlatoonArrivals, *, streams: Streams, name: str, factor: float
) -> NDArray[np.int64]:
    instants, sizes = platoons_of(arrivals)
    means = [size * factor for size in sizes]
    if arrivals.size_law == "poisson":
        sizes = poisson_quantile(np.array(means), streams.uniforms(f"platoon{name}", len(means)))
    else:
        sizes = np.floor(np.array(means) + 0.5).astype(np.int64)
    at_s = np.repeat(instants, sizes)
    spread = arrivals.spread_s.value
    if spread == 0:
        return whole_us(at_s)
    return whole_us(at_s + spread * streams.uniforms(STREAM + name, len(at_s)))


def _poisson_us(
    arrivals: PoissonArrivals,
    *,
    spec: ScenarioSpec,
    streams: Streams,
    stream: str,
    factor: float,
) -> NDArray[np.int64]:
    """Instants at which the cumulative rate passes those of a unit-rate process."""
    horizon = _horizon_s(spec)
    edges, rates = _levels(arrivals, start=float(spec.day_starts))
    end = _mean_until(horizon, edges=edges, rates=rates)
    heights = np.concatenate(([0.0], np.cumsum(np.diff(edges) * rates[:-1])))
    if rates[-1] == 0:
        end = min(end, float(heights[-1]))  # summed in another order, it may be a hair above
    passed = _unit_rate_until(end * factor, streams, stream) / factor
    passed = passed[passed < end]  # divided, the last may have been rounded up
    level = np.searchsorted(heights, passed, side="left") - 1
    instants = whole_us(edges[level] + (passed - heights[level]) / rates[level])
    return instants[instants < horizon * US_PER_S]


def _unit_rate_until(end: float, streams: Streams, stream: str) -> NDArray[np.float64]:
    n = int(end + 6 * end**0.5) + 16
    while True:
        passed = np.cumsum(-np.log1p(-streams.uniforms(stream, n)))
        if passed[-1] >= end:
            return passed[passed < end]
        n *= 2


def _levels(
    arrivals: PoissonArrivals, *, start: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Instants at which the rate changes and the rate per second from there on."""
    edges, rates = rates_by_period(arrivals)
    return np.maximum(edges, start), np.array(rates)  # periods count from midnight, as of servers


def _mean_until(horizon: float, *, edges: NDArray[np.float64], rates: NDArray[np.float64]) -> float:
    ends = np.minimum(np.append(edges[1:], np.inf), horizon)
    return float((rates * np.maximum(ends - edges, 0.0)).sum())
