"""Whether promises of waits are kept on some days, by today's openings or everything open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import Fault, InvalidInputError, ScenarioError
from sim.experiments.day import run_day
from sim.planner.target_texts import WRITTEN, read_target
from sim.scenario.clock import to_us
from sim.scenario.load import scenario_from_document
from sim.scenario.opening import installed_servers
from sim.scenario.promises import PlanTarget
from sim.scenario.scenario import Scenario
from sim.scenario.spec import Target

HOUR_US = 3_600_000_000
TINY = 1e-9
PLANNED = "by sim capacity"
"""Source of a number of servers that is tried here."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How the promises fare over some days.

    Attributes
    ----------
    shares : dict of str to float
        By target: the worst period's share, or the day's; days pooled.
    broken : tuple of Target
        Those below their share, in the order of the file.
    peak_per_h : float
        Most passengers setting out in a clock hour, mean of the days.
    """

    shares: dict[str, float]
    broken: tuple[Target, ...]
    peak_per_h: float


def kept(scenario: Scenario, *, days: int, seed: int) -> Kept:
    """How the promises of a scenario fare, days pooled by period of arrival.

    Raises
    ------
    ScenarioError
        If nothing is promised.

    Notes
    -----
    A period in which, over all days, so few come that none of them may be late is not judged:
    it would be one passenger's luck.
    """
    spec = scenario.spec
    if not spec.targets:
        message = "there is no promise to hold; add [[targets]] to the file"
        raise ScenarioError([Fault(message, key="targets")])
    counts: dict[str, dict[float, list[float]]] = {target.id: {} for target in spec.targets}
    peaks: list[int] = []
    for replication in range(days):
        day = run_day(scenario, seed=seed, replication=replication, overlap=False)
        arrival_us = np.asarray(day.log.tables.passengers.columns["arrival_us"])
        peaks.append(int(np.bincount(arrival_us // HOUR_US).max()) if len(arrival_us) else 0)
        for figures in day.summary["targets"]:
            for each in figures["periods"] or [{**figures, "start_s": 0.0}]:
                pair = counts[figures["id"]].setdefault(each["start_s"], [0.0, 0.0])
                pair[0] += (each["share"] or 0.0) * each["arrivals"]
                pair[1] += each["arrivals"]
    shares = {
        target.id: min(_judged_shares(target, counts[target.id]), default=1.0)
        for target in spec.targets
    }
    broken = tuple(each for each in spec.targets if shares[each.id] < each.share.value - TINY)
    return Kept(shares, broken, float(np.mean(peaks)))


def opened(scenario: Scenario, servers: Mapping[str, int] | None = None) -> Scenario:
    """The scenario with every server installed open all day, and some numbers changed."""
    start_us = to_us(scenario.spec.day_starts)
    document = deepcopy(scenario.document)
    for station, each in zip(document["stations"], scenario.spec.stations, strict=True):
        count = installed_servers(each, start_us=start_us)
        count = (servers or {}).get(each.id, count)
        figure = {"value": count, "source": PLANNED}
        station["servers"] = figure
        station["installed"] = figure
    return scenario_from_document(document)


def promised(scenario: Scenario, texts: Sequence[str] = ()) -> Scenario:
    """The scenario judged by what it plans for.

    Parameters
    ----------
    texts : sequence of str
        Further promises, or others for a station, as ``sim plan --target`` takes them.

    Notes
    -----
    A station's waits are judged by `texts`; without any by ``plan.targets``; without these by
    ``targets``. Promises of queues and of missed departures are left to ``sim plan``.

    Raises
    ------
    InvalidInputError
        With everything that is wrong with `texts`.
    """
    spec = scenario.spec
    faults: list[Fault] = []
    read = [read_target(text, number, faults) for number, text in enumerate(texts)]
    stations = [each.id for each in spec.stations]
    for text, target in zip(texts, read, strict=True):
        if target is not None and target.within_s is None:
            message = f"{text!r} promises no wait; write {WRITTEN['wait']}"
            faults.append(Fault(message, key="--target"))
        elif target is not None and target.station not in stations:
            message = f"{text!r}: there is no such station; it has {', '.join(stations)}"
            faults.append(Fault(message, key="--target"))
    if faults:
        raise InvalidInputError(faults)
    planned = spec.plan.targets if spec.plan is not None else ()
    chosen: dict[str, list[dict[str, Any]]] = {}
    for source in ([each for each in read if each is not None], planned, spec.targets):
        known = set(chosen)
        for target in source:
            if target.within_s is not None and target.station not in known:
                assert target.station is not None, "waits are a station's"
                chosen.setdefault(target.station, []).append(_wait_promise(target))
    document = deepcopy(scenario.document)
    order = {station: place for place, station in enumerate(stations)}
    document["targets"] = [
        each for station in sorted(chosen, key=order.__getitem__) for each in chosen[station]
    ]
    return scenario_from_document(document)


def _wait_promise(target: Target | PlanTarget) -> dict[str, Any]:
    names = Target.model_fields
    dumped = target.model_dump(mode="json", exclude_none=True, by_alias=True)
    return {name: value for name, value in dumped.items() if name in names}


def _judged_shares(target: Target, periods: Mapping[float, Sequence[float]]) -> Iterator[float]:
    """Shares of the periods in which at least one may be late."""
    allowed = max(1 - target.share.value, TINY)
    for within, came in periods.values():
        if came and (target.per_min is None or came * allowed >= 1 - TINY):
            yield within / came
