"""Draws for choosing among the options of a step; a party chooses together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.classes import durations_s
from sim.demand.crowd import Crowd
from sim.demand.inversion import LONGEST_US, whole_us
from sim.scenario.program import Program


def draw_choices(crowd: Crowd, program: Program, stream: str) -> NDArray[np.int64]:
    """Integers below ``2 ** 31`` for each person and step.

    Parameters
    ----------
    stream : str
        ``choice``, or ``second-choice`` for choosing again where the first is forbidden.

    Returns
    -------
    ndarray of int64, shape (persons, steps)
        Zero at steps without a choice; no columns where no step offers one.
    """
    if not any(step.is_choice for step in program.steps):
        return np.zeros((len(crowd), 0), dtype=np.int64)
    draws = np.zeros((len(program.steps), len(crowd)), dtype=np.int64)
    for step in program.steps:
        if step.is_choice:
            shared = crowd.streams.integers(f"{stream}/{step.id}", crowd.parties.births)
            draws[step.index] = shared[crowd.party]
    return draws.T


def draw_switches(crowd: Crowd, program: Program) -> NDArray[np.int64]:
    """Estimated wait beyond which a person leaves the preferred option of a step.

    Returns
    -------
    ndarray of int64, shape (persons, steps)
        Never reached where no class fits; no columns where no step prefers.
    """
    if not any(step.choose == "prefer" for step in program.steps):
        return np.zeros((len(crowd), 0), dtype=np.int64)
    limits = np.zeros((len(program.steps), len(crowd)), dtype=np.int64)
    for step in program.steps:
        if step.choose == "prefer" and step.spec.switch_after:
            seconds = durations_s(
                step.spec.switch_after,
                traits=crowd.lead_traits,
                bits=crowd.bits,
                uniforms=lambda name=f"switch/{step.id}": crowd.streams.uniforms(
                    name, crowd.parties.births
                ),
            )
            endless = np.isnan(seconds)
            shared = np.where(endless, LONGEST_US, whole_us(np.nan_to_num(seconds, nan=0.0)))
            limits[step.index] = shared[crowd.party]
    return limits.T
