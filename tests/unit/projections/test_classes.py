"""Waits by class: every person has the waits of whoever queued for them."""

from __future__ import annotations

import numpy as np

from sim.events.memory import remember
from sim.projections.classes import (
    NOWHERE,
    added_up,
    class_figures,
    first_stations,
    members_of,
    person_visits,
)
from sim.projections.day import Day, fold_day
from sim.scenario.clock import US_PER_S
from tests.contracts.engine.cases import Case, Person
from tests.engines import ENGINES


def family() -> tuple[Case, Day]:
    """A loner, then a party of two, at one desk for parties and one lane for persons."""
    case = Case().says(traits=[{"id": "bag"}])
    case.station("desk", 1, per="party").station("lane", 1).step("desk").step("lane")
    case.passenger(0, serve=(10, 4))
    case.party(1, Person(serve=(6, 4), traits=("bag",)), Person(serve=(6, 4)))
    network, workload = case.network(), case.workload()
    blocks = ENGINES["reference"](network, workload)
    names = [station.id for station in network.stations]
    log = remember(blocks, stations=names, tables=workload.tables)
    return case, fold_day(log, case.spec())


def test_a_member_waits_as_long_as_the_lead_and_alone_at_the_lane() -> None:
    """The party waits 9 s at the desk together; at the lane the second waits for the first."""
    _, day = family()
    visits = person_visits(day)

    desk = added_up(visits, 3, durations_us=visits.wait_us, stations=[0])
    lane = added_up(visits, 3, durations_us=visits.wait_us, stations=[1])
    both = added_up(visits, 3, durations_us=visits.time_us, stations=[0, 1])
    assert (desk // US_PER_S).tolist() == [0, 9, 9]
    assert (lane // US_PER_S).tolist() == [0, 0, 4]
    assert (both // US_PER_S).tolist() == [14, 19, 23]
    assert first_stations(visits, 4).tolist() == [0, 0, 0, NOWHERE]


def test_figures_are_means_over_persons_of_a_class() -> None:
    """Classes overlap; one that nobody is in has no mean."""
    _, day = family()
    members = members_of(
        {"all": "", "bag": "bag", "none": "bag and not bag"}, np.array([0, 1, 0]), {"bag": 0}
    )
    found = class_figures(day, members, zones={"desk": [0], "all": [0, 1]})

    assert found["all"]["persons"] == 3
    assert found["all"]["mean_wait_s"] == {"desk": 6.0, "all": 22 / 3}
    assert found["bag"]["mean_time_s"] == {"desk": 15.0, "all": 19.0}
    assert found["none"]["mean_wait_s"] == {"desk": None, "all": None}
    assert found["all"]["missed"] == 0
