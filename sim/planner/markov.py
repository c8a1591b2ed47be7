"""Desks for which theory has the exact answer: Poisson arrivals, exponential services, one line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.queueing.steps import Steps
from sim.scenario.arrivals import PoissonArrivals, rates_by_period
from sim.scenario.laws import Exponential
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec

US_PER_S = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class MarkovDesk:
    """What the exact law has to know of a desk, in seconds.

    Attributes
    ----------
    arrivals : Steps
        Rates a second from the start of the day; nobody comes after the horizon.
    mean_service_s : float
    """

    arrivals: Steps
    mean_service_s: float


def markov_desk(scenario: Scenario, station: str) -> MarkovDesk | str:
    """The desk for the exact law, or why the law does not hold of it.

    Parameters
    ----------
    scenario : Scenario
    station : str
        Id of the station.
    """
    spec = scenario.spec
    own = next(each for each in spec.stations if each.id == station)
    reasons = [text for text, holds in _obstacles(spec, own).items() if holds]
    if reasons:
        return reasons[0]
    law, service = spec.demand.arrivals, own.service[0] if own.service else None
    assert isinstance(law, PoissonArrivals)
    assert isinstance(service, Exponential)
    assert spec.horizon_s is not None
    start, end = float(spec.day_starts), float(spec.horizon_s.value)
    edges, rates = rates_by_period(law)
    begins = [max(float(edge), start) for edge in edges]
    levels: list[tuple[float, float]] = []
    for begin, until, rate in zip(begins, [*begins[1:], end], rates, strict=True):
        if min(until, end) > begin:
            levels.append((begin, float(rate)))
    marks = np.array([*(begin for begin, _ in levels), end])
    values = np.array([rate for _, rate in levels])
    return MarkovDesk(Steps(marks, values, 0.0), float(service.mean_s.value))


def _obstacles(spec: ScenarioSpec, station: StationSpec) -> dict[str, bool]:
    """Each assumption of the law, and whether the scenario breaks it."""
    demand, first = spec.demand, spec.journey[0]
    law, services = demand.arrivals, station.service or ()
    is_poisson = isinstance(law, PoissonArrivals)
    return {
        "arrivals are not Poisson by period": not is_poisson or law.batch != 1,
        "days differ in their demand": demand.day_factor is not None or bool(demand.flows),
        "passengers come in parties": len(demand.party_sizes) > 1,
        "services are not exponential for all alike": len(services) != 1
        or not isinstance(services[0], Exponential)
        or bool(services[0].when),
        "it is not where everybody goes first": first.station != station.id
        or bool(first.when)
        or bool(first.options)
        or sum(station.id in _stations_of(step) for step in spec.journey) != 1
        or any(step.next for step in spec.journey),
        "people walk to it first": station.walk is not None
        or getattr(first, "walk", None) is not None,
        "some go before others": bool(station.priority),
        "its queue is limited": station.queue_limit is not None,
        "some leave the queue": station.patience is not None,
        "it matches faces or serves batches": station.match is not None
        or station.batch is not None,
        "a visit holds its server longer than the service": bool(getattr(first, "calls", ())),
        "its desks close otherwise than idle first": station.closing != "idle_first",
        "servers fail": any(each.station == station.id for each in (*spec.outages, *spec.failures)),
        "policies, other traffic or degraded modes": bool(
            spec.policy or spec.background or spec.degraded
        ),
        "the day is cut or has a warm-up": spec.end_of_run != "drain" or spec.warmup_s.value > 0,
        "the world has several facilities": spec.kind == "world",
    }


def _stations_of(step: object) -> set[str]:
    own = getattr(step, "station", None)
    return {own} if own else {each.station for each in getattr(step, "options", ())}
