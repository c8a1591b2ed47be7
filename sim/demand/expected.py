"""How many people a scenario brings, before anyone is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from sim.demand.arrivals import expected_arrivals
from sim.demand.departures import departure_rows
from sim.demand.parties import mean_party_size
from sim.errors import Fault, ScenarioError
from sim.scenario.spec import ScenarioSpec

MAX_PERSONS = 50_000_000
"""Most people of one run."""

MAX_ROWS = 200_000_000
"""Most rows of draws in one run: people times options of the journey, or visits of routes."""


def expected_persons(spec: ScenarioSpec) -> float:
    """Mean number of people of a day; exact where they are booked.

    Parameters
    ----------
    spec : ScenarioSpec
        A scenario with demand by law or by departures; a trace has its own length.
    """
    demand = spec.demand
    if demand.arrivals is not None:
        return expected_arrivals(spec) * mean_party_size(demand)
    rows = departure_rows(demand, day_starts=spec.day_starts)
    of_flows = sum(
        expected_arrivals(spec, flow.arrivals) * mean_party_size(demand, flow)
        for flow in demand.flows
    )
    return float(sum(row.persons for row in rows)) + of_flows


def refuse_too_many_in_all(facilities: Sequence[tuple[str, ScenarioSpec, int]]) -> None:
    """Stop before the facilities of a world together fill the memory.

    Parameters
    ----------
    facilities : sequence of (str, ScenarioSpec, int)
        Id, specification, and options of the journey.

    Raises
    ------
    ScenarioError
        If more than `MAX_PERSONS` people, or `MAX_ROWS` visits, are expected.
    """
    persons = [expected_persons(spec) for _, spec, _ in facilities]
    rows = sum(n * slots for n, (_, _, slots) in zip(persons, facilities, strict=True))
    if sum(persons) > MAX_PERSONS or rows > MAX_ROWS:
        most = facilities[max(range(len(persons)), key=persons.__getitem__)][0]
        message = (
            f"{sum(persons):.0f} passengers with {rows:.0f} visits to draw are more than one run "
            f"takes, {MAX_PERSONS} and {MAX_ROWS} at most; {most} has the most: run parts of it"
        )
        raise ScenarioError([Fault(message, key="facilities")])


def refuse_too_many(spec: ScenarioSpec, *, slots: int) -> None:
    """Stop before a typing error in a rate fills the memory.

    Raises
    ------
    ScenarioError
        If more than `MAX_PERSONS` people, or `MAX_ROWS` visits, are expected.
    """
    persons = expected_persons(spec)
    limit = min(MAX_PERSONS, MAX_ROWS // slots)
    if persons > limit:
        message = (
            f"{persons:.0f} passengers for {slots} options are more than one run takes, "
            f"{limit} at most; lower the rate or the horizon, or run parts of it"
        )
        raise ScenarioError([Fault(message, key="demand")])
