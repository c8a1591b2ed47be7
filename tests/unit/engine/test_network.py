"""Scenarios compiled for the engines."""

import pytest

from sim.engine.network import NEVER, Network, build_network
from sim.scenario.guards import compile_guard
from sim.scenario.opening import opening_levels
from sim.scenario.program import build_program
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec
from tests.contracts.engine.cases import Case

S = 1_000_000


def _levels(servers: object, *, start_us: int = 0) -> tuple[tuple[int, int], ...]:
    station = StationSpec.model_validate({"id": "desk", "servers": servers})
    return opening_levels(station.servers, start_us=start_us)


def test_constant_staffing_is_one_level() -> None:
    """A plain number holds from the start of the day."""
    assert _levels(3, start_us=5) == ((5, 3),)


def test_periods_keep_their_last_level() -> None:
    """Equal neighbours are one level; nothing changes after the last period."""
    servers = {"period_min": 1, "open": [2, 2, 0, 5]}

    assert _levels(servers) == ((0, 2), (120 * S, 0), (180 * S, 5))


def test_day_that_starts_later_begins_with_the_level_of_that_instant() -> None:
    """A change at the start of the day is no second change."""
    servers = {"period_min": 1, "open": [2, 4, 1]}

    assert _levels(servers, start_us=60 * S) == ((60 * S, 4), (120 * S, 1))
    assert _levels(servers, start_us=90 * S) == ((90 * S, 4), (120 * S, 1))
    assert _levels(servers, start_us=900 * S) == ((900 * S, 1),)


def test_outside_openings_nobody_is_there() -> None:
    """Openings that touch change the level once; after the last one it is zero."""
    opening = [
        {"from": "00:10", "until": "00:20", "servers": 2},
        {"from": "00:20", "until": "00:30", "servers": 3},
        {"from": "00:40", "until": "00:50", "servers": 1},
    ]

    minute = 60 * S
    assert _levels(opening) == (
        (0, 0),
        (10 * minute, 2),
        (20 * minute, 3),
        (30 * minute, 0),
        (40 * minute, 1),
        (50 * minute, 0),
    )


def test_periods_shorter_than_a_microsecond_leave_the_last_level() -> None:
    """What cannot be told apart in time is one instant."""
    assert _levels({"period_min": 1e-12, "open": [1, 2, 3]}) == ((0, 3),)


def _network(case: Case) -> Network:
    return case.network()


def test_installed_is_at_least_the_highest_level() -> None:
    """Servers that are never all staffed may still be installed."""
    network = _network(
        Case().station("a", {0: 1, 5: 3}).station("b", 2, installed=7).step("a").step("b")
    )

    assert [station.installed for station in network.stations] == [3, 7]


def test_station_figures_are_whole_microseconds() -> None:
    """Limits, priorities and the mean that passengers reckon with."""
    case = Case().says(traits=[{"id": "vip"}]).departure(99)
    case.station(
        "desk",
        2,
        mean=1.5,
        queue_limit=4,
        closing="named",
        priority=[{"when": "vip"}, {"late_within": 90}],
    ).step("desk")

    station = _network(case).stations[0]

    assert station.mean_service_us == 1_500_000
    assert station.queue_limit == 4
    assert station.closing == "named"
    assert station.rules == (
        (compile_guard("vip", {"vip": 0}), NEVER),
        (compile_guard("", {}), 90 * S),
    )
    assert station.batch_us == ()


def test_estimates_reckon_with_the_law_for_everyone() -> None:
    """Of several classes the last law is the one whose mean newcomers assume."""
    service = [
        {"when": "slow", "law": "deterministic", "mean_s": 90},
        {"law": "uniform", "low_s": 10, "high_s": 30},
    ]
    spec = ScenarioSpec.model_validate(
        {
            "id": "case",
            "kind": "generic",
            "horizon_s": 1,
            "demand": {"arrivals": {"law": "poisson", "rate_per_s": 1}},
            "traits": [{"id": "slow"}],
            "stations": [{"id": "desk", "servers": 1, "service": service}],
            "journey": [{"station": "desk"}],
        }
    )

    assert build_network(spec, build_program(spec)).stations[0].mean_service_us == 20 * S


def test_batch_times_are_by_size() -> None:
    """Each size has the time of the smallest bucket that holds it; one is reckoned with."""
    buckets = [{"size": 2, "service_s": 3}, {"size": 4, "service_s": 5}]
    case = Case().station("desk").station("m", batch={"cap": 3, "buckets": buckets})

    station = _network(case.step("desk")).stations[1]

    assert station.batch_us == (3 * S, 3 * S, 5 * S)
    assert station.mean_service_us == 3 * S


def test_visits_carry_windows_and_calls() -> None:
    """Minutes and shares become integers; what does not apply is `NEVER`."""
    call = {"station": "m", "after_share": 0.25, "timeout_s": 1.5, "on_timeout": "refer"}
    case = Case().gates("gate", attempts=3).station("m").departure(99)
    case.step("m", checks_in=True)
    case.step("gate", calls=[call], boards=True, opens_before=30, closes_before=0)

    network = _network(case)

    plain, gate = network.visits
    assert (plain.attempts, plain.calls, plain.checks_in, plain.boards) == (0, (), True, False)
    assert (plain.opens_us, plain.closes_us) == (NEVER, NEVER)
    assert (gate.attempts, gate.boards, gate.opens_us, gate.closes_us) == (3, True, 30 * S, 0)
    (only,) = gate.calls
    assert (only.station, only.after_ppm) == (1, 250_000)
    assert (only.timeout_us, only.refers) == (1_500_000, True)
    assert network.boarding_slot == 1


@pytest.mark.parametrize(("end_of_run", "cut_us"), [("drain", NEVER), ("cut", 50 * S)])
def test_only_a_day_that_is_cut_has_a_cut(end_of_run: str, cut_us: int) -> None:
    """Draining ignores the horizon."""
    case = Case().says(horizon_s=50, end_of_run=end_of_run, day_starts=3600)

    network = _network(case.station("desk").step("desk"))

    assert network.cut_us == cut_us
    assert network.start_us == 3600 * S
    assert network.boarding_slot == -1
