"""A change in one place moves nobody's draws anywhere else."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.demand.cases import (
    airport,
    constant,
    draws_by_identity,
    generic,
    lognormal,
    poisson,
)

Change = Callable[[dict[str, Any]], None]


def slower_gate(scenario: dict[str, Any]) -> None:
    scenario["stations"][2]["service"] = constant(20)


def more_gates(scenario: dict[str, Any]) -> None:
    scenario["stations"][2]["servers"] = 7


def more_counters(scenario: dict[str, Any]) -> None:
    scenario["stations"][0]["servers"] = 20
    scenario["stations"][0]["patience"] = lognormal(900)


def better_matcher(scenario: dict[str, Any]) -> None:
    scenario["stations"][2]["match"]["errors"] = [{"share": 0.01}]
    scenario["stations"][2]["match"]["attempts"] = 2


def new_first_station(scenario: dict[str, Any]) -> None:
    scenario["stations"].insert(0, {"id": "door", "servers": 1, "service": lognormal(3)})
    scenario["journey"].insert(0, {"station": "door"})


def new_option(scenario: dict[str, Any]) -> None:
    scenario["stations"].append({"id": "bag-drop", "servers": 2, "service": lognormal(60)})
    scenario["journey"][0]["options"].insert(0, {"station": "bag-drop", "share": 0.2})


def more_special(scenario: dict[str, Any]) -> None:
    scenario["traits"][2]["share"] = 0.3


def new_trait(scenario: dict[str, Any]) -> None:
    scenario["traits"].insert(0, {"id": "student", "share": 0.2})


def other_shares_of_channels(scenario: dict[str, Any]) -> None:
    scenario["journey"][0]["options"][0]["share"] = 0.1


def no_outages(scenario: dict[str, Any]) -> None:
    scenario["outages"], scenario["failures"] = [], []


def later_show_up(scenario: dict[str, Any]) -> None:
    scenario["demand"]["show_up"][1]["mean_min"] = 70


BEFORE = draws_by_identity(airport())
GATE = "id-gate/id-gate"


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (slower_gate, {f"service_us {GATE}"}),
        (more_gates, {"outages"}),  # the new gates fail too
        (more_counters, {"patience_us check-in/counter"}),
        (better_matcher, {f"accepted_on {GATE}", f"retry_us 1 {GATE}", f"call_us 2 {GATE}"}),
        (new_first_station, set()),
        (new_option, set()),
        (
            more_special,  # and what depends on the class of the special
            {"trait special", "trait vneid", "trait enrolled", "service_us check-in/counter"}
            | {f"accepted_on {GATE}"},
        ),
        (new_trait, set()),
        (other_shares_of_channels, set()),
        (no_outages, {"outages"}),
        (later_show_up, {"arrival"}),
    ],
)
def test_a_change_moves_only_what_it_names(change: Change, moved: set[str]) -> None:
    """Every other draw of every person, known by departure and birth, is the same."""
    scenario = airport()
    change(scenario)
    after = draws_by_identity(scenario)

    assert {name for name, draws in BEFORE.items() if after.get(name) != draws} == moved


@pytest.mark.parametrize("servers", [2, 12])
def test_failures_of_one_server_do_not_hang_on_others(servers: int) -> None:
    """With more or fewer gates, those there are in both cases fail as before."""
    scenario = airport()
    scenario["stations"][2]["servers"] = servers
    after = draws_by_identity(scenario)["outages"]
    both = min(servers, 4)

    def of_both(outages: dict) -> set:
        return {outage for outage in outages if outage[1] < both}

    assert of_both(after) == of_both(BEFORE["outages"])


def test_a_fuller_day_keeps_everyone_who_came_before() -> None:
    """A higher load factor adds people to each departure; the others keep nearly every draw.

    Only the party that was cut at the end of each departure changes, and members spread
    their traits to it.
    """
    scenario = airport()
    scenario["demand"]["timetable"]["load_factor"] = 0.55
    after = draws_by_identity(scenario)

    for name in (f"service_us {GATE}", "trait special", f"accepted_on {GATE}"):
        assert BEFORE[name].items() <= after[name].items()
    kept = sum(after["arrival"][who] == at for who, at in BEFORE["arrival"].items())
    assert kept > 0.95 * len(BEFORE["arrival"])


def test_another_departure_moves_nobody() -> None:
    """A departure more in the table leaves the passengers of all others as they were."""
    scenario = airport()
    scenario["demand"].pop("timetable")
    flights = [{"id": f"VN{n}", "at": f"{7 + n:02d}:00", "persons": 40} for n in range(4)]
    scenario["demand"]["departures"] = [flights[0], flights[3]]
    few = draws_by_identity(scenario)
    scenario["demand"]["departures"] = flights
    many = draws_by_identity(scenario)

    for name in few.keys() - {"outages"}:
        assert few[name].items() <= many[name].items()
    assert len(many["arrival"]) == 2 * len(few["arrival"])


def test_a_later_horizon_moves_nobody() -> None:
    """Those who come before an earlier horizon have the same arrivals, traits and times."""
    demand = poisson(0.5) | {"party_sizes": [0.7, 0.3]}
    traits = [{"id": "bag", "share": 0.5, "spread": "any"}]
    short = draws_by_identity(generic(demand=demand, traits=traits, horizon_s=600))
    long = draws_by_identity(generic(demand=demand, traits=traits, horizon_s=3600))

    for name, draws in short.items():
        assert draws.items() <= long[name].items()
