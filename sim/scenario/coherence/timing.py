"""The day: when it starts and stops, how many come, what is promised of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.scenario.arrivals import Arrivals, mean_arrivals
from sim.scenario.booked import booked_rows
from sim.scenario.coherence.view import Finding, View
from sim.scenario.demand import Timetable
from sim.scenario.figures import Figure
from sim.scenario.spec import MAX_HORIZON_S, ScenarioSpec

MAX_PASSENGERS = 20_000_000
"""Most passengers a scenario may be expected to bring."""

MAX_DRAWS = 200_000_000
"""Most visits to be drawn: passengers times options of the journey."""


def expected_passengers(spec: ScenarioSpec) -> float:
    """How many passengers the demand brings on average; 0 for a trace, which is counted.

    Examples
    --------
    >>> from sim.scenario.demand import DemandSpec
    >>> arrivals = {"law": "platoon", "at_s": [0, 60], "size": 40}
    >>> demand = DemandSpec.model_validate({"arrivals": arrivals})
    >>> expected_passengers(ScenarioSpec.model_construct(demand=demand))
    80.0
    """
    demand = spec.demand
    total = sum(_by_law(spec, law, sizes) for law, sizes in _laws(spec))
    if isinstance(demand.departures, tuple):
        return total + sum(row.persons for row in demand.departures)
    if demand.schedule is not None:
        return total + sum(row.persons for row in booked_rows(demand.schedule))
    return total + (_timetabled(demand.timetable) if demand.timetable is not None else 0.0)


def horizon_given(view: View) -> Iterator[Finding]:
    """Arrivals by law stop at a horizon; so does a day that is cut."""
    spec = view.spec
    if spec.horizon_s is None:
        if spec.demand.arrivals is not None or spec.demand.flows:
            origin = "flows" if spec.demand.flows else "arrivals"
            message = "missing; arrivals by law need a horizon, in seconds, at which they stop"
            because = (
                ("demand", "arrivals", "law") if origin == "arrivals" else ("demand", origin),
            )
            yield Finding(("horizon_s",), message, because)
        elif spec.end_of_run == "cut":
            message = 'missing; end_of_run = "cut" needs the instant to cut at, in seconds'
            yield Finding(("horizon_s",), message, (("end_of_run",),))
        return
    if spec.horizon_s.value > MAX_HORIZON_S:
        message = f"got {spec.horizon_s.value:g}; at most {MAX_HORIZON_S}, 400 days"
        yield Finding(("horizon_s",), message)
    if spec.warmup_s.value >= spec.horizon_s.value:
        message = (
            f"got {spec.warmup_s.value:g}, but the horizon is {spec.horizon_s.value:g}; "
            "give less, or nothing would be measured"
        )
        yield Finding(("warmup_s",), message, (("horizon_s",),))


def day_starts_within_day(view: View) -> Iterator[Finding]:
    """The service day starts within the calendar day."""
    start = view.spec.day_starts
    if not 0 <= start < 86_400:
        yield Finding(("day_starts",), f"got {start} s; give a time from 00:00 to 23:59")


def demand_limited(view: View) -> Iterator[Finding]:
    """Demand that would not fit in memory is refused before it is drawn."""
    expected, options = expected_passengers(view.spec), len(view.places)
    limit = min(MAX_PASSENGERS, MAX_DRAWS // max(1, options))
    if expected > limit or math.isnan(expected):
        message = (
            f"brings {expected:.3g} passengers on average to {options} options; at most {limit}: "
            "lower the rate or the horizon, or run days one by one"
        )
        yield Finding(("demand",), message, (("horizon_s",), ("journey",)))


def mixes_positive(view: View) -> Iterator[Finding]:
    """In a mix of aircraft or carriers at least one has a share."""
    timetable = view.spec.demand.timetable
    for key in ("aircraft", "carriers"):
        mix = getattr(timetable, key) if timetable is not None else ()
        if mix and not any(each.share.value for each in mix):
            message = "every share is zero; give at least one above zero"
            yield Finding(("demand", "timetable", key), message)


def targets_meant(view: View) -> Iterator[Finding]:
    """A share of days belongs to a target that is promised for days."""
    plan = view.spec.plan
    planned = plan.targets if plan is not None else ()
    for above, targets in ((("targets",), view.spec.targets), (("plan", "targets"), planned)):
        for number, target in enumerate(targets):
            path = (*above, number, "day_share")
            if target.meaning == "daily" and target.day_share is None:
                yield Finding(path, 'missing; meaning = "daily" promises a share of days')
            if target.meaning != "daily" and target.day_share is not None:
                yield Finding(path, 'has no effect without meaning = "daily"; take it out')


CHECKS = (
    horizon_given,
    day_starts_within_day,
    demand_limited,
    mixes_positive,
    targets_meant,
)


def _laws(spec: ScenarioSpec) -> Iterator[tuple[Arrivals, Sequence[Figure]]]:
    """Every law of arrivals, with the shares of the sizes of its parties."""
    demand = spec.demand
    if demand.arrivals is not None:
        yield demand.arrivals, demand.party_sizes
    for flow in demand.flows:
        yield flow.arrivals, flow.party_sizes or demand.party_sizes


def _by_law(spec: ScenarioSpec, law: Arrivals, party_sizes: Sequence[Figure]) -> float:
    horizon_s = spec.horizon_s.value if spec.horizon_s is not None else 0.0
    shares = [share.value for share in party_sizes]
    party = sum(size * share for size, share in enumerate(shares, start=1)) / sum(shares)
    return mean_arrivals(law, start_s=0.0, horizon_s=horizon_s) * party


def _timetabled(timetable: Timetable) -> float:
    shares = sum(aircraft.share.value for aircraft in timetable.aircraft) or 1.0
    seats = sum(a.share.value * a.seats for a in timetable.aircraft) / shares
    return sum(hour.value for hour in timetable.per_hour) * seats * timetable.load_factor.value
