"""How long before the departure a party arrives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.demand.classes import NO_CLASS, first_fit
from sim.demand.departures import Departures
from sim.demand.inversion import lognormal, whole_us
from sim.demand.parties import Parties
from sim.demand.streams import Streams
from sim.errors import Fault, ScenarioError
from sim.scenario.clock import US_PER_S
from sim.scenario.spec import ScenarioSpec

STREAM = "show-up"


def show_up_us(
    spec: ScenarioSpec,
    *,
    parties: Parties,
    departures: Departures,
    leads: NDArray[np.int64],
    streams: Streams,
    bits: Mapping[str, int],
) -> NDArray[np.int64]:
    """Instant of arrival of each party that has a departure.

    The margin is lognormal by the lead's class, shortened for the first wave, then clipped
    to the class's bounds; nobody arrives before the day starts.

    Parameters
    ----------
    leads : ndarray of int64, shape (parties,)
        Trait words of those who lead.

    Returns
    -------
    ndarray of int64, shape (parties with a departure,)

    Raises
    ------
    ScenarioError
        If some party fits no entry of ``show_up``.
    """
    entries = spec.demand.show_up
    booked = np.flatnonzero(parties.departure >= 0)
    entry = first_fit([each.when for each in entries], leads[booked], bits)
    missing = np.count_nonzero(entry == NO_CLASS)
    if missing:
        message = f"{missing} of {len(entry)} parties fit no entry; end with one that has no `when`"
        raise ScenarioError([Fault(message, key="demand.show_up")])
    u = streams.uniforms(STREAM, parties.births)[booked]
    leaves_us = departures.expected_us[parties.departure[booked]]
    factor = _first_wave(spec, leaves_us)
    margin_min = np.empty(len(entry))
    for number, show_up in enumerate(entries):
        mine = entry == number
        mean = show_up.mean_min.value
        drawn = lognormal(mean, show_up.sd_min.value / mean, u[mine]) * factor[mine]
        margin_min[mine] = drawn.clip(show_up.latest_min.value, show_up.earliest_min.value)
    return np.maximum(leaves_us - whole_us(margin_min * 60), spec.day_starts * US_PER_S)


def _first_wave(spec: ScenarioSpec, leaves_us: NDArray[np.int64]) -> NDArray[np.float64]:
    wave = spec.demand.first_wave
    if wave is None:
        return np.ones(leaves_us.shape)
    return np.where(leaves_us < wave.before * US_PER_S, wave.factor.value, 1.0)
