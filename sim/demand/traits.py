"""Traits of everyone of a day, each from a stream of its own."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.demand.classes import share_of_class
from sim.demand.departures import Departures
from sim.demand.parties import Parties
from sim.demand.streams import Streams
from sim.errors import Fault, ScenarioError
from sim.scenario.demand import TraitSpec
from sim.scenario.guards import compile_guard, holds_for
from sim.scenario.spec import ScenarioSpec


def draw_traits(
    spec: ScenarioSpec,
    *,
    parties: Parties,
    departures: Departures,
    streams: Streams,
    bits: Mapping[str, int],
) -> NDArray[np.int64]:
    """Trait words on arrival, in the order in which people are made.

    The traits of carriers and of flows come first, then the others as declared, so that a
    condition may name any trait above it. A trait per party goes by the lead's other traits.
    Someone has a trait where the uniform lies below the share of the class: a larger share
    keeps those who had it and adds others.

    Returns
    -------
    ndarray of int64, shape (persons,)
        Bit ``bits[id]`` is set for each trait a person has.

    Raises
    ------
    ScenarioError
        If a carrier's trait is not declared.
    """
    given = _carrier_traits(parties, departures=departures, bits=bits)
    traits = (given | _flow_traits(spec, parties, bits))[parties.of_member]
    for trait in spec.traits:
        if trait.share is None and not trait.shares:
            continue  # nobody's until a step sets it, or the carrier's
        if trait.per == "party":
            leads = traits[parties.lead]
            has = _has(trait, leads, bits) & (
                streams.uniforms(f"trait/{trait.id}", parties.births) < _shares(trait, leads, bits)
            )
            has = has[parties.of_member]
        else:
            has = _has(trait, traits, bits) & (
                streams.uniforms(f"trait/{trait.id}", parties.members)
                < _shares(trait, traits, bits)
            )
            has = _spread(trait, has, parties)
        traits |= has.astype(np.int64) << bits[trait.id]
    return traits


def _carrier_traits(
    parties: Parties, *, departures: Departures, bits: Mapping[str, int]
) -> NDArray[np.int64]:
    unknown = sorted({each for each in departures.trait if each and each not in bits})
    if unknown:
        message = f"{', '.join(unknown)} is no trait of this scenario; declare it under [[traits]]"
        raise ScenarioError([Fault(message, key="demand.timetable.carriers")])
    words = np.array([1 << bits[each] if each else 0 for each in departures.trait] + [0])
    return words.astype(np.int64)[parties.departure]  # row -1, no departure, is the last


def _flow_traits(
    spec: ScenarioSpec, parties: Parties, bits: Mapping[str, int]
) -> NDArray[np.int64]:
    words = [sum({1 << bits[name] for name in flow.traits}) for flow in spec.demand.flows]
    return np.array([*words, 0], dtype=np.int64)[parties.flow]  # number -1, no flow, is the last


def _has(trait: TraitSpec, traits: NDArray[np.int64], bits: Mapping[str, int]) -> NDArray[np.bool_]:
    return holds_for(compile_guard(trait.when, bits), traits)


def _shares(
    trait: TraitSpec, traits: NDArray[np.int64], bits: Mapping[str, int]
) -> NDArray[np.float64]:
    if trait.share is not None:
        return np.full(traits.shape, trait.share.value)
    entries = [(entry.when, entry.share.value) for entry in trait.shares]
    return share_of_class(entries, traits, bits)


def _spread(trait: TraitSpec, has: NDArray[np.bool_], parties: Parties) -> NDArray[np.bool_]:
    if trait.spread == "none" or not len(has):
        return has
    together = np.logical_or if trait.spread == "any" else np.logical_and
    return together.reduceat(has, parties.lead)[parties.of_member]
