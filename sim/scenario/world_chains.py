"""Journeys that begin elsewhere: through the car park, or out of the metro, to the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sim.scenario.clock import to_us
from sim.scenario.demand import TraitSpec
from sim.scenario.journey import LEAVE, StepSpec
from sim.scenario.keys import KeyPath
from sim.scenario.laws import Law, mean_s
from sim.scenario.program import step_ids
from sim.scenario.scenario import Facility
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec
from sim.scenario.suggestions import advice
from sim.scenario.world_spec import Chain, WorldSpec

ROOM = 5_000
"""Servers of the way over: it has room for everybody."""


def chain_faults(world: WorldSpec, facilities: Sequence[Facility]) -> Iterator[tuple[KeyPath, str]]:
    """What stands in the way of joining the journeys that a world chains."""
    known = {each.id: each.scenario.spec for each in facilities}
    for number, chain in enumerate(world.chains):
        path: KeyPath = ("chains", number)
        for key in ("of", "through"):
            name = getattr(chain, key)
            if name not in known:
                remedy = advice(name, known, kind="facilities")
                yield (*path, key), f"there is no facility {name}; {remedy}"
        if chain.of not in known or chain.through not in known:
            continue
        of, through = known[chain.of], known[chain.through]
        if chain.of == chain.through:
            yield (*path, "through"), "is the facility itself; name another"
        names = step_ids(through)
        for index, name in enumerate(chain.steps):
            if name not in names:
                remedy = advice(name, names, kind="steps")
                yield (*path, "steps", index), f"{chain.through} has no step {name}; {remedy}"
        is_declared = any(trait.id == chain.trait for trait in of.traits)
        if is_declared == (chain.share is not None):
            message = (
                f"{chain.of} has the trait {chain.trait} already; take share out"
                if is_declared
                else f"missing; {chain.of} has no trait {chain.trait}: say how many have it"
            )
            yield (*path, "share"), message
        yield from _stations_amiss(chain, of, through, path)


def chained(facilities: Sequence[Facility], world: WorldSpec) -> list[Facility]:
    """The facilities with the journeys that the world chains."""
    there = {each.id: each for each in facilities}
    made = {each.id: each for each in facilities}
    for chain in reversed(world.chains):
        made[chain.of] = _with(made[chain.of], chain, there[chain.through])
    return list(made.values())


def _with(facility: Facility, chain: Chain, other: Facility) -> Facility:
    """A facility whose people with the chain's trait first take steps of another."""
    spec, through = facility.scenario.spec, other.scenario.spec
    names = dict(zip(step_ids(through), through.journey, strict=True))
    steps = [_step(names[name], name, chain) for name in chain.steps]
    stations = {station.id: station for station in through.stations}
    used = dict.fromkeys(name for step in _taken(names, chain) for name in _stations_of(step))
    room = {"id": chain.id, "servers": ROOM, "per": "party", "extra_person_share": 0}
    transfer = StationSpec.model_validate(room).model_copy(update={"service": chain.transfer})
    over = StepSpec(id=chain.id, station=chain.id, when=chain.trait)
    on_the_way = sum(_mean_of(step, stations) for step in _taken(names, chain))
    advance_s = on_the_way + _mean(chain.transfer)
    changed = spec.model_copy(
        update={
            "traits": (*spec.traits, *_traits(spec, through, chain)),
            "stations": (
                *spec.stations,
                *(stations[name].model_copy(update={"id": chain.local(name)}) for name in used),
                transfer,
            ),
            "journey": (*steps, over, *spec.journey),
        }
    )
    return replace(
        facility,
        scenario=replace(facility.scenario, spec=changed),
        elsewhere={
            **facility.elsewhere,
            **{chain.local(name): other.station(name) for name in used},
        },
        advance=(*facility.advance, (chain.trait, to_us(advance_s))),
    )


def _traits(spec: ScenarioSpec, through: ScenarioSpec, chain: Chain) -> Iterator[TraitSpec]:
    """The chain's own trait, and those of the other facility that its steps may ask for."""
    own = {trait.id for trait in spec.traits}
    if chain.trait not in own:
        yield TraitSpec(
            id=chain.trait, share=chain.share, when=chain.when, per="party", source=chain.source
        )
    for trait in through.traits:
        if trait.id not in own | {chain.trait}:
            yield trait.model_copy(update={"when": _both(chain.trait, trait.when)})


def _step(step: StepSpec, name: str, chain: Chain) -> StepSpec:
    """A step of the other facility as one of this one's people takes it."""

    def target(there: str) -> str:
        return chain.local(there) if there in chain.steps else ""

    return step.model_copy(
        update={
            "id": chain.local(name),
            "when": _both(chain.trait, step.when),
            "station": step.station and chain.local(step.station),
            "calls": tuple(
                call.model_copy(update={"station": chain.local(call.station)})
                for call in step.calls
            ),
            "options": tuple(
                option.model_copy(
                    update={
                        "station": chain.local(option.station),
                        "calls": tuple(
                            call.model_copy(update={"station": chain.local(call.station)})
                            for call in option.calls
                        ),
                    }
                )
                for option in step.options
            ),
            **{
                key: "" if getattr(step, key) == LEAVE else target(getattr(step, key))
                for key in ("on_reject", "on_balk", "on_renege")
            },
        }
    )


def _stations_amiss(
    chain: Chain, of: ScenarioSpec, through: ScenarioSpec, path: KeyPath
) -> Iterator[tuple[KeyPath, str]]:
    """Stations that people of another facility cannot be served at."""
    stations = {station.id: station for station in through.stations}
    names = dict(zip(step_ids(through), through.journey, strict=True))
    as_one = any(station.per == "party" for station in of.stations)
    for index, step in enumerate(_taken(names, chain)):
        for name in _stations_of(step):
            station = stations[name]
            is_apart = as_one and station.per == "person" and name in _visited(step)
            if station.lanes == "by_departure":
                message = f"{chain.through}/{name} has lanes by departure; take another step"
                yield (*path, "steps", index), message
            elif is_apart:
                message = (
                    f"{chain.through}/{name} serves each person, but {chain.of} serves parties as "
                    'one later on; make it per = "party" (set it there)'
                )
                yield (*path, "steps", index), message


def _taken(names: dict[str, StepSpec], chain: Chain) -> list[StepSpec]:
    return [names[name] for name in chain.steps if name in names]


def _visited(step: StepSpec) -> list[str]:
    own = [step.station] if step.station is not None else []
    return [*own, *(option.station for option in step.options)]


def _stations_of(step: StepSpec) -> list[str]:
    """Stations that a step visits or calls."""
    visits = (step, *step.options)
    return [*_visited(step), *(call.station for visit in visits for call in visit.calls)]


def _mean_of(step: StepSpec, stations: dict[str, StationSpec]) -> float:
    """Mean time of a step without a queue: walk and service at its first station."""
    station = stations[_visited(step)[0]]
    walk = step.walk or station.walk or ()
    return _mean(walk) + _mean(station.service or ())


def _mean(laws: Sequence[Law]) -> float:
    return mean_s(laws[-1]) if laws else 0.0


def _both(one: str, other: str) -> str:
    return f"{one} and ({other})" if other.strip() else one
