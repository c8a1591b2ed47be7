"""Random routes."""

from typing import Any

import numpy as np
import pytest

from sim.demand import routes
from sim.demand.sample import sample
from sim.errors import ScenarioError
from tests.unit.demand.cases import asked, constant, exponential, generic, poisson, sampled


def feedback(again: float, **changes: Any) -> dict[str, Any]:
    """Two stations, the second sends a share back to the first."""
    branches = [{"to": "a", "share": again}, {"to": "exit", "share": 1 - again}]
    return generic(
        stations=[
            {"id": "a", "servers": 1, "service": exponential(1)},
            {"id": "b", "servers": 1, "service": exponential(2)},
        ],
        journey=[{"station": "a"}, {"station": "b", "next": branches}],
        **changes,
    )


def visits_of(scenario: dict[str, Any], **options: Any) -> list[tuple[list[int], list[int]]]:
    """Slots and service times of each passenger."""
    day = sampled(scenario, **options)
    assert day.route is not None
    return [
        (day.route[start:end].tolist(), day.service_us[start:end].tolist())
        for start, end in zip(day.first[:-1], day.first[1:], strict=True)
    ]


@pytest.mark.statistical
def test_feedback_gives_geometric_routes() -> None:
    """Every route is a, b repeated; its rounds are geometric; false alarm 1 in 10,000,000."""
    rounds = []
    for slots, _ in visits_of(feedback(0.25)):
        assert slots == [0, 1] * (len(slots) // 2)
        rounds.append(len(slots) // 2)
    mean, deviation = 1 / 0.75, 0.25**0.5 / 0.75

    assert abs(np.mean(rounds) - mean) < 5.5 * deviation / len(rounds) ** 0.5


def test_each_visit_has_its_own_draw() -> None:
    """Service times hardly ever repeat to the microsecond, later visits included."""
    times = [each for _, service in visits_of(feedback(0.5)) for each in service]

    assert len(set(times)) > 0.99 * len(times)


def test_longer_stays_move_no_route_and_no_other_draw() -> None:
    """Another law at one station leaves routes and the other station's times as they were."""
    slower = feedback(0.5)
    slower["stations"][0]["service"] = constant(9)
    for (slots, times), (other_slots, other_times) in zip(
        visits_of(feedback(0.5)), visits_of(slower), strict=True
    ):
        assert slots == other_slots
        assert times[1::2] == other_times[1::2]
        assert set(other_times[::2]) == {9_000_000}


def test_a_later_horizon_moves_no_route() -> None:
    """Passengers before a horizon have the same routes and times with a later one."""
    short = visits_of(feedback(0.9, horizon_s=900))
    long = visits_of(feedback(0.9, horizon_s=3600))

    assert short == long[: len(short)]


def test_what_branches_leave_goes_on_with_the_next_step() -> None:
    """Shares below one: the rest goes on; a step without branches too; after the last, out."""
    scenario = feedback(0.5)
    scenario["journey"] = [
        {"id": "in", "station": "a", "next": [{"to": "out", "share": 0.3}]},
        {"id": "middle", "station": "b"},
        {"id": "out", "station": "a"},
    ]
    seen = {tuple(slots) for slots, _ in visits_of(scenario)}

    assert seen == {(0, 1, 2), (0, 2)}


def test_first_and_route_fit_together() -> None:
    """Every passenger has a route, and the rows are as many as the visits."""
    day = sampled(feedback(0.5))

    assert day.route is not None
    assert day.first[0] == 0
    assert day.first[-1] == len(day.route) == len(day.service_us) == len(day.walk_us)
    assert (np.diff(day.first) >= 2).all()


def test_an_empty_day_has_no_routes() -> None:
    """Nobody comes, nothing is drawn."""
    day = sampled(feedback(0.5, demand=poisson(0)))

    assert day.route is not None
    assert len(day.route) == 0
    assert day.first.tolist() == [0]


@pytest.mark.parametrize(
    ("journey", "words"),
    [
        ([{"station": "a", "next": [{"to": "a", "share": 1.0}]}], "nobody who comes to a ever"),
        (
            [{"station": "a", "next": [{"to": "a", "share": 0.7}, {"to": "exit", "share": 0.7}]}],
            "sum to 1.4",
        ),
        (
            [
                {
                    "id": "pick",
                    "options": [{"station": "a"}, {"station": "b"}],
                    "next": [{"to": "exit", "share": 1.0}],
                }
            ],
            "pick offers 2 options",
        ),
    ],
)
def test_routes_without_end_or_sense_are_faults(journey: list[Any], words: str) -> None:
    """Endless circles, shares above one and open options are refused by name."""
    with pytest.raises(ScenarioError, match=words):
        sampled(feedback(0.5) | {"journey": journey})


def test_parties_do_not_take_random_routes() -> None:
    """Routes are a passenger's own."""
    with pytest.raises(ScenarioError, match="travel alone"):
        sampled(feedback(0.5, demand=poisson(1.0) | {"party_sizes": [0.5, 0.5]}))


def test_a_route_too_long_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the stated maximum of visits the scenario is refused, with the maximum."""
    monkeypatch.setattr(routes, "MAX_VISITS", 50)
    question, program = asked(feedback(0.99))

    with pytest.raises(ScenarioError, match="at most 50 visits"):
        sample(question, program=program, seed=1)
