"""How busy a day is: one factor for the whole demand, drawn before anyone is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.demand.departures import Departures
from sim.demand.inversion import quantile_s
from sim.demand.streams import Streams
from sim.scenario.busyness import DayFactor
from sim.scenario.laws import Gamma, Lognormal

STREAM = "day-factor"


def day_factor(law: DayFactor | None, streams: Streams) -> float:
    """Passengers of this day as a multiple of those expected; 1 where no law is given.

    Parameters
    ----------
    law : DayFactor or None
        Gamma or lognormal with mean 1.
    streams : Streams
        Gives one uniform of ``day-factor``: the same seed and replication, the same factor,
        whatever else two scenarios differ in.

    Examples
    --------
    >>> day_factor(None, Streams(1))
    1.0
    """
    if law is None or law.cv.value == 0:
        return 1.0
    mean = {"mean_s": 1.0, "cv": law.cv.value}
    table = Gamma if law.law == "gamma" else Lognormal
    factor = quantile_s(table.model_validate({"law": law.law, **mean}), streams.uniforms(STREAM, 1))
    return float(factor[0])


def filled(departures: Departures, factor: float) -> Departures:
    """Departures on a busy or a quiet day: as many flights, with more or fewer on them.

    Notes
    -----
    Persons are rounded to the nearest; a departure whose seats are known takes no more than
    those (nor fewer than were booked), so that on full days the factor is not reached.
    """
    if factor == 1.0 or not len(departures):
        return departures
    booked = departures.persons.astype(np.int64)
    wanted = np.floor(booked * factor + 0.5).astype(np.int64)
    most = np.where(departures.seats > 0, np.maximum(departures.seats, booked), wanted)
    return replace(departures, persons=np.minimum(wanted, most).astype(np.int32))
