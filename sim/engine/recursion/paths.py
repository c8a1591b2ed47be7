"""Who goes where: every journey laid out beforehand, where queues cannot change it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.workload import SKIPS, UNIFORM_BITS, Workload
from sim.engine.network import Network
from sim.engine.recursion.exactness import station_order
from sim.scenario.guards import ALWAYS, Guard
from sim.scenario.program import GO_LEAVE, Step

Rows = NDArray[np.int64] | slice


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Those who mean to visit a station, in order of passenger.

    Attributes
    ----------
    station : int
        Which.
    passengers : ndarray of int64 or slice
        Who; all of them as a slice.
    rows : ndarray of int64 or slice
        Row of each one's draws.
    visit : ndarray of int64 or int
        Which of their visits it is, were nobody to leave early.
    leaves : ndarray of bool or bool
        Whether one who gives up here leaves, and does not go on.
    option : ndarray of int64 or int
        Position among the options of the step, or -1 where there was no choice.
    """

    station: int
    passengers: Rows
    rows: Rows
    visit: NDArray[np.int64] | int
    leaves: NDArray[np.bool_] | bool
    option: NDArray[np.int64] | int


def flows(network: Network, workload: Workload) -> tuple[Flow, ...]:
    """The flow to each station that anybody visits, upstream first."""
    if workload.route is not None:
        found = _routed(network, workload)
    else:
        found = _by_step(network, workload)
    order = station_order(network, workload)
    assert order is not None
    return tuple(sorted(found, key=lambda flow: order.index(flow.station)))


def _routed(network: Network, workload: Workload) -> list[Flow]:
    assert workload.route is not None
    counts = np.diff(workload.first)
    passenger = np.repeat(np.arange(len(workload)), counts)
    visit = np.arange(len(workload.route)) - np.repeat(workload.first[:-1], counts)
    station = np.array([slot.station for slot in network.slots])[workload.route]
    leaves = np.array([network.steps[s.step].on_renege == GO_LEAVE for s in network.slots])
    found = []
    for number in range(len(network.stations)):
        rows = np.flatnonzero(station == number)
        if len(rows):
            flow = Flow(
                number, passenger[rows], rows, visit[rows], leaves[workload.route[rows]], -1
            )
            found.append(flow)
    return found


def _by_step(network: Network, workload: Workload) -> list[Flow]:
    done: NDArray[np.int64] | int = 0  # visits before the step
    parts: dict[int, list[Flow]] = {}
    for step in network.steps:
        leaves = step.on_renege == GO_LEAVE
        if _takes_all(step, workload):
            slot = step.slots[0]
            rows: Rows = slice(slot.index, None, len(network.slots))
            flow = Flow(slot.station, slice(None), rows, done, leaves, -1)
            parts.setdefault(slot.station, []).append(flow)
            done = done + 1
            continue
        chosen = _chosen(step, workload)
        for slot in step.slots:
            who = np.flatnonzero(chosen == slot.index)
            visit = done if isinstance(done, int) else done[who]
            option = slot.index - step.slots[0].index if step.is_choice else -1
            flow = Flow(slot.station, who, workload.first[who] + slot.index, visit, leaves, option)
            parts.setdefault(slot.station, []).append(flow)
        done = done + (chosen >= 0)
    return [_merged(flows, len(workload)) for flows in parts.values()]


def _takes_all(step: Step, workload: Workload) -> bool:
    """Whether everybody takes the step, and has no choice there."""
    slot = step.slots[0]
    if step.is_choice or step.guard != ALWAYS or slot.guard != ALWAYS or not len(workload):
        return False
    return bool((workload.service_us[slot.index :: int(workload.first[1])] != SKIPS).all())


def _chosen(step: Step, workload: Workload) -> NDArray[np.int64]:
    """Slot that each passenger takes at a step, or -1."""
    traits = workload.traits
    takes = _holds(step.guard, traits)
    if not step.is_choice:
        slot = step.slots[0]
        takes &= _holds(slot.guard, traits)
        takes &= workload.service_us[workload.first[:-1] + slot.index] != SKIPS
        return np.where(takes, slot.index, -1)
    offered = np.array([_holds(slot.guard, traits) for slot in step.slots])
    allowed = offered & np.array([_holds(slot.permit, traits) for slot in step.slots])
    allowed = np.where(allowed.any(axis=0), allowed, offered)
    first = _by_share(step, offered, workload.choice[:, step.index])
    again = _by_share(step, allowed, workload.second_choice[:, step.index])
    people = np.arange(len(workload))
    option = np.where(allowed[first, people], first, again)
    return np.where(takes & offered.any(axis=0), step.slots[0].index + option, -1)


def _by_share(
    step: Step, is_open: NDArray[np.bool_], uniform: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Position of the open option whose share of the weights holds each uniform integer."""
    weights = np.where(is_open, np.array([[slot.weight] for slot in step.slots]), 0)
    until = np.cumsum(weights, axis=0)
    ticket = (uniform * until[-1]) >> UNIFORM_BITS
    option = (is_open & (ticket < until)).argmax(axis=0)
    last = len(step.slots) - 1 - is_open[::-1].argmax(axis=0)
    return np.where((is_open & (ticket < until)).any(axis=0), option, last)


def _holds(guard: Guard, traits: NDArray[np.int64]) -> NDArray[np.bool_]:
    found = np.zeros(len(traits), dtype=bool)
    for mask, want in guard:
        found |= traits & mask == want
    return found


def _merged(flows: list[Flow], passengers: int) -> Flow:
    """One flow of those of a step to one station, in order of passenger."""
    if len(flows) == 1:
        return flows[0]
    everyone = np.arange(passengers)
    who = np.concatenate([everyone[flow.passengers] for flow in flows])
    order = np.argsort(who, kind="stable")

    def column(name: str) -> NDArray:
        return np.concatenate(
            [np.broadcast_to(getattr(flow, name), len(everyone[flow.passengers])) for flow in flows]
        )[order]

    rows = np.concatenate([np.asarray(flow.rows) for flow in flows])[order]
    return Flow(
        flows[0].station, who[order], rows, column("visit"), column("leaves"), column("option")
    )
