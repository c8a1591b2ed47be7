"""The journey as a small program over trait bits: steps, slots, guards, targets.

A *slot* is one option of one step: what a passenger's draws are attached to. Both the
sampler and the engines number slots alike, so a draw always finds its step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sim.scenario.guards import ALWAYS, Guard, compile_guard
from sim.scenario.journey import EXIT, LEAVE, Option, StepSpec, Visit, name_steps
from sim.scenario.spec import Policy, ScenarioSpec
from sim.scenario.stations import StationSpec

GO_LEAVE = -1
"""Step target: give up and leave."""

GO_EXIT = -2
"""Step target: the journey is complete."""

GO_NEXT = -3
"""Step target: the step after this one."""

WEIGHT_ONE = 1 << 20
"""Integer weight of a share of one; shares are compared as integers."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One option of one step.

    Attributes
    ----------
    index, step, station : int
        Numbers of the slot, its step and its station.
    guard : Guard
        Who the option is open to.
    permit : Guard
        Who the policies in force still admit.
    weight : int
        Share among the options, in parts of `WEIGHT_ONE`.
    turns_on, turns_off : int
        Trait bits set and cleared when service completes for those `sets_guard` admits.
    visit : Visit
        What the visit means, as written in the file.
    spec : StationSpec
        The station, as written in the file.
    """

    index: int
    step: int
    station: int
    guard: Guard
    permit: Guard
    weight: int
    turns_on: int
    turns_off: int
    sets_guard: Guard
    visit: Visit
    spec: StationSpec


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the journey.

    Attributes
    ----------
    guard : Guard
        Who takes the step; everyone else skips it.
    slots : tuple of Slot
        Options in the order of the file.
    on_reject, on_balk, on_renege : int
        Step number, `GO_LEAVE` or `GO_NEXT`.
    branches : tuple of (int, float)
        Random routing: step number or `GO_EXIT`, and its probability.
    """

    index: int
    id: str
    guard: Guard
    choose: Literal["share", "shortest", "prefer"]
    slots: tuple[Slot, ...]
    on_reject: int
    on_balk: int
    on_renege: int
    branches: tuple[tuple[int, float], ...]
    spec: StepSpec

    @property
    def is_choice(self) -> bool:
        """Whether the step offers more than one option."""
        return len(self.slots) > 1


@dataclass(frozen=True, slots=True)
class Program:
    """A scenario's journey, numbered.

    Attributes
    ----------
    bits : dict of str to int
        Bit number of each trait.
    stations : tuple of str
        Station ids; the order is the station's number in the log.
    policies : tuple of Policy
        Policies in force on the date asked for.
    """

    bits: dict[str, int]
    stations: tuple[str, ...]
    steps: tuple[Step, ...]
    slots: tuple[Slot, ...]
    policies: tuple[Policy, ...]

    @property
    def is_routed(self) -> bool:
        """Whether routes are random and drawn whole before time starts."""
        return any(step.branches for step in self.steps)


def policies_in_force(spec: ScenarioSpec, on: date | None) -> tuple[Policy, ...]:
    """Policies effective on a date, by default the scenario's own; none without a date."""
    day = on or spec.date
    if day is None:
        return ()
    return tuple(policy for policy in spec.policy if policy.effective <= day)


def step_ids(spec: ScenarioSpec) -> tuple[str, ...]:
    """Id of each step: as written, else its station, numbered where it repeats.

    Returns
    -------
    tuple of str
        As long as the journey, without duplicates where the file has none.
    """
    return name_steps([(step.id, step.station) for step in spec.journey])


def build_program(spec: ScenarioSpec, *, on: date | None = None) -> Program:
    """Number the steps, slots, stations and traits of a coherent scenario.

    Parameters
    ----------
    spec : ScenarioSpec
        A scenario that `sim.scenario.coherence` found no fault with.
    on : date or None
        Date that decides which policies are in force; None is the scenario's own.
    """
    bits = {trait.id: number for number, trait in enumerate(spec.traits)}
    numbers = {station.id: number for number, station in enumerate(spec.stations)}
    ids = step_ids(spec)
    policies = policies_in_force(spec, on)
    slots: list[Slot] = []
    steps: list[Step] = []
    for number, step in enumerate(spec.journey):
        mine = [
            _slot(
                option,
                index=len(slots) + place,
                step=number,
                station=numbers[option.station],
                spec=spec.stations[numbers[option.station]],
                bits=bits,
                policies=policies,
            )
            for place, option in enumerate(_options(step))
        ]
        slots += mine
        steps.append(
            Step(
                index=number,
                id=ids[number],
                guard=compile_guard(step.when, bits),
                choose=step.choose,
                slots=tuple(mine),
                on_reject=_target(step.on_reject, ids),
                on_balk=_target(step.on_balk, ids),
                on_renege=_target(step.on_renege, ids),
                branches=tuple((_target(b.to, ids), b.share.value) for b in step.next),
                spec=step,
            )
        )
    return Program(
        bits=bits,
        stations=tuple(numbers),
        steps=tuple(steps),
        slots=tuple(slots),
        policies=policies,
    )


def _options(step: StepSpec) -> tuple[Option, ...]:
    if step.station is None:
        return step.options
    shared = {name: getattr(step, name) for name in Visit.model_fields}
    return (Option.model_construct(station=step.station, share=None, when="", **shared),)


def _slot(
    option: Option,
    *,
    index: int,
    step: int,
    station: int,
    spec: StationSpec,
    bits: dict[str, int],
    policies: tuple[Policy, ...],
) -> Slot:
    permit = [
        f"({restriction.to})"
        for policy in policies
        for restriction in policy.restrict
        if restriction.station == option.station and restriction.to.strip()
    ]
    return Slot(
        index=index,
        step=step,
        station=station,
        guard=compile_guard(option.when, bits),
        permit=compile_guard(" and ".join(permit), bits) if permit else ALWAYS,
        weight=round((1.0 if option.share is None else option.share.value) * WEIGHT_ONE),
        turns_on=sum(1 << bits[name] for name, value in option.sets.items() if value),
        turns_off=sum(1 << bits[name] for name, value in option.sets.items() if not value),
        sets_guard=compile_guard(option.sets_when, bits),
        visit=option,
        spec=spec,
    )


def _target(name: str, ids: tuple[str, ...]) -> int:
    if name == "":
        return GO_NEXT
    if name == LEAVE:
        return GO_LEAVE
    return GO_EXIT if name == EXIT else ids.index(name)
