"""How many come by the hour, where the scenario has arrivals by law."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.findings import FEWEST, Study
from sim.calibration.intervals import poisson, uniform_p_value
from sim.scenario.arrivals import PoissonArrivals
from sim.scenario.clock import US_PER_S

KEY = "demand.arrivals"


def arrival_rates(study: Study) -> None:
    """Poisson rates, constant or by period, with exact intervals."""
    spec = study.scenario.spec
    arrivals = spec.demand.arrivals
    for flow in spec.demand.flows:
        study.silent(f"demand.flows.{flow.id}", "a log does not say which flow one is of; kept")
    if arrivals is None:
        return
    if not isinstance(arrivals, PoissonArrivals):
        study.silent(KEY, "platoons are a timetable, not a rate; kept")
        return
    if arrivals.profile is not None:
        study.silent(KEY, "a profile is kept; give rate_per_min to have rates estimated")
        return
    cases = study.log.cases
    came = np.sort(cases.arrived_us[cases.is_lead & (cases.arrived_us >= 0)]) / US_PER_S
    if len(came) < FEWEST:
        study.silent(KEY, f"too few: {len(came)} arrivals, {FEWEST} are needed")
        return
    start, end = float(spec.day_starts), _end_s(study, came)
    came = came[(came >= start) & (came < end)]
    size = len(came) / arrivals.batch
    about = "" if study.log.has_arrivals else "arrival is joining the first queue"
    if arrivals.rate_per_s is not None:
        exposure = study.log.days * (end - start)
        table = study.found(
            f"{KEY}.rate_per_s",
            size / exposure,
            poisson(round(size), exposure),
            n=round(size),
            base=arrivals.rate_per_s.value,
            p_value=uniform_p_value((came - start) / (end - start)),
            about=about,
        )
        study.overlay.demand["arrivals"] = {"law": "poisson", "rate_per_s": table}
        return
    assert arrivals.period_min is not None
    assert arrivals.rate_per_min is not None
    rates = _by_period(study, arrivals, came, start=start, end=end, about=about)
    study.overlay.demand["arrivals"] = {"law": "poisson", "rate_per_min": rates}


def _by_period(
    study: Study,
    arrivals: PoissonArrivals,
    came: NDArray[np.float64],
    *,
    start: float,
    end: float,
    about: str,
) -> list[Any]:
    assert arrivals.period_min is not None
    assert arrivals.rate_per_min is not None
    period = arrivals.period_min.value * 60
    last = len(arrivals.rate_per_min) - 1
    level = np.minimum(came // period, last)
    rates: list[Any] = []
    for number, base in enumerate(arrivals.rate_per_min):
        key = f"{KEY}.rate_per_min[{number}]"
        since = max(number * period, start)
        until = min((number + 1) * period, end) if number < last else end
        if until <= since:
            study.silent(key, "the log does not reach that period")
            rates.append(study.kept(key, base))
            continue
        here = came[level == number]
        count = round(len(here) / arrivals.batch)
        minutes = study.log.days * (until - since) / 60
        rates.append(
            study.found(
                key,
                count / minutes,
                poisson(count, minutes),
                n=count,
                base=base.value,
                p_value=uniform_p_value((here - since) / (until - since)),
                about=about,
            )
        )
    return rates


def _end_s(study: Study, came: NDArray[np.float64]) -> float:
    """Until when arrivals were watched: the horizon, unless the log ends well before it.

    A log whose last event comes before the horizon was cut, or it was quiet; it counts as
    cut where so long a quiet has less than one chance in a thousand at the mean rate.
    """
    horizon = study.scenario.spec.horizon_s
    end = max(study.log.until_us / US_PER_S, float(came[-1]))
    if horizon is None:
        return end
    per_day = len(came) / study.log.days
    is_cut = (horizon.value - end) * per_day / max(end, 1.0) > math.log(1_000)
    return end if is_cut else horizon.value
