"""The journey as a small program over trait bits: steps, slots, guards, targets.

A *slot* is one option of one step: what a passenger's draws are attached to. Both the
sampler and the engines number slots alike, so a draw always finds its step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sim.scenario.clock import to_us
from sim.scenario.guards import ALWAYS, Guard, compile_guard
from sim.scenario.journey import EXIT, LEAVE, Option, StepSpec, Visit, name_steps
from sim.scenario.policy import Policy, holds_at, turns_after
from sim.scenario.spec import ScenarioSpec
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
class Journey:
    """Where the journey of one facility lies among the steps of a program.

    Attributes
    ----------
    first_step, end_step : int
        Its first step, and the step after its last.
    boarding_slot : int
        Number of the slot that boards, the first of several, or -1.
    """

    first_step: int
    end_step: int
    boarding_slot: int = -1


@dataclass(frozen=True, slots=True)
class PolicyTurn:
    """An instant of the day at which policies begin or cease to hold.

    Attributes
    ----------
    begins : tuple of int
        Numbers of the policies that begin to hold.
    permits : tuple of (int, Guard)
        Slots whose permit changes, and who is admitted from then on.
    """

    at_us: int
    begins: tuple[int, ...]
    permits: tuple[tuple[int, Guard], ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A scenario's journey, numbered; the journeys of all its facilities where it is a world.

    Attributes
    ----------
    bits : dict of str to int
        Bit number of each trait.
    stations : tuple of str
        Station ids; the order is the station's number in the log.
    policies : tuple of Policy
        Policies in force on the date asked for, those that hold as the day starts first.
    turns : tuple of PolicyTurn
        When policies with hours begin and cease to hold, in order of time.
    at_start : int
        Policies that hold as the day starts.
    journeys : tuple of Journey
        One; in a world one for each facility.
    """

    bits: dict[str, int]
    stations: tuple[str, ...]
    steps: tuple[Step, ...]
    slots: tuple[Slot, ...]
    policies: tuple[Policy, ...]
    journeys: tuple[Journey, ...]
    turns: tuple[PolicyTurn, ...] = ()
    at_start: int = 0

    @property
    def is_routed(self) -> bool:
        """Whether routes are random and drawn whole before time starts."""
        return any(step.branches for step in self.steps)


def policies_in_force(spec: ScenarioSpec, on: date | None) -> tuple[Policy, ...]:
    """Policies effective on a date, by default the scenario's own; none without a date.

    Those that hold as the day starts come first, each part in the order of the file.
    """
    day = on or spec.date
    if day is None:
        return ()
    found = [
        policy
        for policy in spec.policy
        if policy.effective <= day and (policy.until is None or day <= policy.until)
    ]
    start_us = to_us(spec.day_starts)
    return tuple(sorted(found, key=lambda policy: not holds_at(policy, start_us)))


def step_ids(spec: ScenarioSpec) -> tuple[str, ...]:
    """Id of each step: as written, else its station, numbered where it repeats.

    Returns
    -------
    tuple of str
        As long as the journey, without duplicates where the file has none.
    """
    return name_steps([(step.id, step.station) for step in spec.journey])


def build_program(
    spec: ScenarioSpec,
    *,
    on: date | None = None,
    bits: Mapping[str, int] | None = None,
    lengths: Sequence[int] = (),
) -> Program:
    """Number the steps, slots, stations and traits of a coherent scenario.

    Parameters
    ----------
    spec : ScenarioSpec
        A scenario that `sim.scenario.coherence` found no fault with.
    on : date or None
        Date that decides which policies are in force; None is the scenario's own.
    bits : mapping of str to int or None
        Bit number of each trait, where a world has numbered them for all its facilities.
    lengths : sequence of int
        Steps of each facility's journey, where it is a world; together all steps.
    """
    bits = dict(bits or {trait.id: number for number, trait in enumerate(spec.traits)})
    numbers = {station.id: number for number, station in enumerate(spec.stations)}
    ids = step_ids(spec)
    policies = policies_in_force(spec, on)
    start_us = to_us(spec.day_starts)
    holding = tuple(policy for policy in policies if holds_at(policy, start_us))
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
                policies=holding,
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
        journeys=tuple(_journeys(steps, lengths or (len(steps),))),
        turns=tuple(_turns(policies, slots, bits=bits, start_us=start_us)),
        at_start=len(holding),
    )


def _turns(
    policies: Sequence[Policy], slots: Sequence[Slot], *, bits: dict[str, int], start_us: int
) -> Iterator[PolicyTurn]:
    """What changes when, from one instant to the next."""
    held = {number for number, policy in enumerate(policies) if holds_at(policy, start_us)}
    permits = [slot.permit for slot in slots]
    for at_us in turns_after(policies, start_us):
        now = {number for number, policy in enumerate(policies) if holds_at(policy, at_us)}
        in_force = [policies[number] for number in sorted(now)]
        then = [_permit(slot.spec.id, in_force, bits) for slot in slots]
        changed = [n for n, (old, new) in enumerate(zip(permits, then, strict=True)) if old != new]
        yield PolicyTurn(
            at_us,
            begins=tuple(sorted(now - held)),
            permits=tuple((number, then[number]) for number in changed),
        )
        held, permits = now, then


def _journeys(steps: Sequence[Step], lengths: Sequence[int]) -> Iterator[Journey]:
    first = 0
    for length in lengths:
        own = (slot for step in steps[first : first + length] for slot in step.slots)
        boards = next((slot.index for slot in own if slot.visit.boards), -1)
        yield Journey(first, first + length, boards)
        first += length


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
    policies: Sequence[Policy],
) -> Slot:
    return Slot(
        index=index,
        step=step,
        station=station,
        guard=compile_guard(option.when, bits),
        permit=_permit(option.station, policies, bits),
        weight=round((1.0 if option.share is None else option.share.value) * WEIGHT_ONE),
        turns_on=sum(1 << bits[name] for name, value in option.sets.items() if value),
        turns_off=sum(1 << bits[name] for name, value in option.sets.items() if not value),
        sets_guard=compile_guard(option.sets_when, bits),
        visit=option,
        spec=spec,
    )


def _permit(station: str, policies: Sequence[Policy], bits: dict[str, int]) -> Guard:
    """Who the policies admit to a station."""
    conditions = [
        f"({restriction.to})"
        for policy in policies
        for restriction in policy.restrict
        if restriction.station == station and restriction.to.strip()
    ]
    return compile_guard(" and ".join(conditions), bits) if conditions else ALWAYS


def _target(name: str, ids: tuple[str, ...]) -> int:
    if name == "":
        return GO_NEXT
    if name == LEAVE:
        return GO_LEAVE
    return GO_EXIT if name == EXIT else ids.index(name)
