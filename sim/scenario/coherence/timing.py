"""The day: horizons, departures, boarding windows, and how many passengers come."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.scenario.coherence.facilities import installed_servers
from sim.scenario.coherence.view import Finding, View
from sim.scenario.demand import DemandSpec, PlatoonArrivals, PoissonArrivals, Timetable
from sim.scenario.guards import GuardError, compile_guard
from sim.scenario.spec import MAX_HORIZON_S, ScenarioSpec

MAX_PASSENGERS = 20_000_000
"""Most passengers a scenario may be expected to bring."""


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
    match demand.arrivals:
        case PoissonArrivals() as poisson:
            horizon_s = spec.horizon_s.value if spec.horizon_s is not None else 0.0
            return _poisson(poisson, horizon_s) * poisson.batch * _mean_party(demand)
        case PlatoonArrivals() as platoon:
            return len(platoon.at_s) * platoon.size * _mean_party(demand)
        case None:
            pass
    if isinstance(demand.departures, tuple):
        return sum(row.persons for row in demand.departures)
    return _timetabled(demand.timetable) if demand.timetable is not None else 0.0


def horizon_given(view: View) -> Iterator[Finding]:
    """Arrivals by law stop at a horizon; so does a day that is cut."""
    spec = view.spec
    if spec.horizon_s is None:
        if spec.demand.arrivals is not None:
            message = "missing; arrivals by law need a horizon, in seconds, at which they stop"
            yield Finding(("horizon_s",), message, (("demand", "arrivals", "law"),))
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
    expected = expected_passengers(view.spec)
    if expected > MAX_PASSENGERS or math.isnan(expected):
        message = (
            f"brings {expected:.3g} passengers on average; at most {MAX_PASSENGERS}: "
            "lower the rate or the horizon, or run days one by one"
        )
        yield Finding(("demand",), message, (("horizon_s",),))


def departures_only(view: View) -> Iterator[Finding]:
    """What speaks of departures stands only where there are some, and show-up there."""
    if view.has_departures:
        if not view.spec.demand.show_up:
            message = "missing; say how long before their departure passengers arrive"
            yield Finding(("demand", "show_up"), message)
        return
    needs = "needs departures or a timetable in demand; take it out"
    if view.spec.demand.show_up:
        yield Finding(("demand", "show_up"), needs)
    if view.spec.demand.first_wave is not None:
        yield Finding(("demand", "first_wave"), needs)
    for place in view.places:
        for key in ("boards", "opens_before_min", "closes_before_min"):
            if getattr(place.visit, key):
                yield Finding((*place.path, key), needs, (("demand",),))
    for number, station in enumerate(view.spec.stations):
        if station.lanes == "by_departure":
            yield Finding(("stations", number, "lanes"), needs, (("demand",),))
        for index, rule in enumerate(station.priority):
            if rule.late_within_min is not None:
                path = ("stations", number, "priority", index, "late_within_min")
                yield Finding(path, needs, (("demand",),))


def boarding_last(view: View) -> Iterator[Finding]:
    """With departures the last step, and no other, is boarding, and nobody skips it."""
    if not view.has_departures:
        return
    boarding = sorted({place.step for place in view.places if place.visit.boards})
    last = len(view.spec.journey) - 1
    because = (("journey",), ("demand",))
    if not boarding:
        message = "has no boarding; with departures the last step needs boards = true"
        yield Finding(("journey", last), message, because)
    for number in boarding:
        if number != last:
            message = "is not the last step; only the last one boards"
            yield Finding(("journey", number, "boards"), message, because)
    if boarding[-1:] == [last]:
        yield from _boarding_for_all(view, last)


def _boarding_for_all(view: View, last: int) -> Iterator[Finding]:
    step = view.spec.journey[last]
    if step.when.strip():
        message = f'is only for "{step.when}"; everybody boards or misses: remove when'
        yield Finding(("journey", last, "when"), message)
    for index, option in enumerate(step.options):
        if not option.boards:
            message = "missing; all options of the boarding step board"
            yield Finding(("journey", last, "options", index, "boards"), message)
    try:
        others = " and ".join(f"not ({o.when})" for o in step.options if o.when.strip())
        is_for_all = any(not option.when.strip() for option in step.options)
        if step.options and not is_for_all and compile_guard(others, view.bits):
            message = "leave somebody without a gate; make the last option for everyone"
            yield Finding(("journey", last, "options"), message, (("traits",),))
    except GuardError:
        return


def windows_open(view: View) -> Iterator[Finding]:
    """Boarding opens before it closes, at a station of its own lanes or a shared one."""
    if not view.has_departures:
        return
    for place in view.places:
        visit, path = place.visit, place.path
        station = view.stations.get(place.station)
        if station is not None and station.lanes == "by_departure" and not visit.boards:
            message = f"{place.station} has lanes by departure, which only boarding may use"
            yield Finding((*path, "station"), message, (("stations",),))
        if not visit.boards:
            if visit.opens_before_min is not None:
                message = "has no effect without boards = true; take it out"
                yield Finding((*path, "opens_before_min"), message)
            continue
        opens, closes = visit.opens_before_min, visit.closes_before_min
        for key in ("opens_before_min", "closes_before_min"):
            if getattr(visit, key) is None:
                message = "missing; boarding needs it, in minutes before the departure"
                yield Finding((*path, key), message)
        if opens is not None and closes is not None and opens.value <= closes.value:
            message = (
                f"opens {opens.value:g} min before the departure, but closes {closes.value:g} "
                "before; open earlier"
            )
            yield Finding((*path, "opens_before_min"), message, ((*path, "closes_before_min"),))


def gates_exist(view: View) -> Iterator[Finding]:
    """A departure that names its gate names a server of the boarding station."""
    departures = view.spec.demand.departures
    if not isinstance(departures, tuple):
        return
    boarding = [place.station for place in view.places if place.visit.boards]
    station = view.stations.get(boarding[0]) if boarding else None
    if station is None or station.lanes != "by_departure":
        return
    there = installed_servers(station)
    for number, row in enumerate(departures):
        if row.gate >= there:
            message = f"departure {row.id}: {station.id} has gates 0 to {there - 1}; got {row.gate}"
            yield Finding(("demand", "departures", number, "gate"), message, (("stations",),))


def targets_meant(view: View) -> Iterator[Finding]:
    """A share of days belongs to a target that is promised for days."""
    for number, target in enumerate(view.spec.targets):
        path = ("targets", number, "day_share")
        if target.meaning == "daily" and target.day_share is None:
            yield Finding(path, 'missing; meaning = "daily" promises a share of days')
        if target.meaning != "daily" and target.day_share is not None:
            yield Finding(path, 'has no effect without meaning = "daily"; take it out')


CHECKS = (
    horizon_given,
    day_starts_within_day,
    demand_limited,
    departures_only,
    boarding_last,
    windows_open,
    gates_exist,
    targets_meant,
)


def _poisson(arrivals: PoissonArrivals, horizon_s: float) -> float:
    if arrivals.rate_per_s is not None:
        return arrivals.rate_per_s.value * horizon_s
    assert arrivals.rate_per_min is not None
    assert arrivals.period_min is not None
    total, left_s, period_s = 0.0, horizon_s, arrivals.period_min.value * 60
    for rate in arrivals.rate_per_min:
        total += rate.value / 60 * min(left_s, period_s)
        left_s = max(0.0, left_s - period_s)
    return total + arrivals.rate_per_min[-1].value / 60 * left_s


def _mean_party(demand: DemandSpec) -> float:
    shares = [share.value for share in demand.party_sizes]
    return sum(size * share for size, share in enumerate(shares, start=1)) / sum(shares)


def _timetabled(timetable: Timetable) -> float:
    shares = sum(aircraft.share.value for aircraft in timetable.aircraft) or 1.0
    seats = sum(a.share.value * a.seats for a in timetable.aircraft) / shares
    return sum(hour.value for hour in timetable.per_hour) * seats * timetable.load_factor.value
