"""Laws of days that change: offered load, fluid, pointwise, and the exact transient."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.demand.inversion import quantile_s
from sim.queueing.erlang_a import erlang_a
from sim.queueing.fluid import fluid
from sim.queueing.limited_mean import limited_mean, mean_and_scv
from sim.queueing.mmc import mmc
from sim.queueing.modified_load import delay_probability, servers_for_delay
from sim.queueing.offered_load import offered_load, sinusoidal_load
from sim.queueing.pointwise import pointwise, sipp
from sim.queueing.steps import Steps
from sim.queueing.transient import transient
from sim.scenario.figures import Figure
from sim.scenario.laws import (
    Deterministic,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)

close = pytest.approx


def figure(value: float) -> Figure:
    return Figure(value=value)


LAWS: list[Law] = [
    Deterministic(law="deterministic", mean_s=figure(90)),
    Exponential(law="exponential", mean_s=figure(90)),
    Erlang(law="erlang", mean_s=figure(90), phases=3),
    Gamma(law="gamma", mean_s=figure(90), cv=figure(0.7)),
    Lognormal(law="lognormal", mean_s=figure(90), cv=figure(0.6)),
    Weibull(law="weibull", mean_s=figure(90), cv=figure(1.4)),
    Uniform(law="uniform", low_s=figure(30), high_s=figure(150)),
    Triangular(law="triangular", low_s=figure(30), mode_s=figure(50), high_s=figure(190)),
    Empirical(law="empirical", values_s=(60, 80, 200), weights=(1, 2, 1)),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.law)
def test_limited_means_are_those_of_the_sampler(law: Law) -> None:
    """E[min(S, x)] and the moments, against the quantiles that passengers are drawn from."""
    draws = quantile_s(law, (np.arange(200_000) + 0.5) / 200_000)

    for at in (20.0, 55.0, 90.0, 200.0):
        assert float(limited_mean(law, at)) == close(np.minimum(draws, at).mean(), rel=1e-4)
    assert float(limited_mean(law, math.inf)) == close(mean_and_scv(law)[0])
    assert mean_and_scv(law) == close((draws.mean(), draws.var() / draws.mean() ** 2), rel=2e-3)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.law)
def test_offered_load_settles_at_rate_times_mean(law: Law) -> None:
    """Long after the last change the load is λ E[S]; long after the last arrival it is nothing."""
    arrivals = Steps.rates([0.1, 0.2], period=20_000)

    found = offered_load(arrivals=arrivals, service=law, time_s=[0, 19_999, 39_999, 80_000])

    mean = mean_and_scv(law)[0]
    assert found == close([0, 0.1 * mean, 0.2 * mean, 0], rel=1e-6, abs=1e-6)


def test_stepped_load_approaches_the_sinusoid() -> None:
    """A sinusoid in fine steps has the closed form's load, general services included."""
    law = Erlang(law="erlang", mean_s=figure(1), phases=2)
    grid = np.linspace(0, 30, 3001)
    middle = (grid[1:] + grid[:-1]) / 2
    stepped = Steps(grid, 100 + 20 * np.sin(middle))

    exact = sinusoidal_load(mean_rate=100, amplitude=20, frequency=1, service=law, time_s=[25, 29])
    assert offered_load(arrivals=stepped, service=law, time_s=[25, 29]) == close(exact, rel=1e-4)


def test_fluid_day_is_what_one_adds_up() -> None:
    """Area, longest wait and wait by arrival of a triangle of overload, closed desks included."""
    arrivals = Steps.rates([8, 2], period=60)
    day = fluid(arrivals=arrivals, servers=Steps.always(6), mean_service=1.0, until=200)

    assert day.max_queue == 120  # 60 × (8 - 6), gone after another 30
    assert day.total_wait == close(120 * 90 / 2)
    assert day.max_wait == close(20)  # the 480th comes at 60 and leaves at 80
    assert day.wait_at([30, 60, 75, 150]) == close([10, 20, 10, 0])
    shut = fluid(
        arrivals=Steps(np.array([10.0, 30.0]), np.array([1.0])),
        servers=Steps(np.array([0.0, 10.0, 20.0]), np.array([2.0, 0.0]), 2.0),
        mean_service=1.0,
        until=100.0,
    )
    assert shut.max_wait == close(10)


def test_overload_is_fluid_in_the_leading_order() -> None:
    """In a deep overload the exact mean queue is the fluid's and a little more."""
    arrivals, servers = Steps.rates([40, 5], period=60), Steps.always(20)
    at = [30, 60, 75]

    exact = transient(arrivals=arrivals, servers=servers, mean_service=1.0, at=at).mean_queue

    flows = fluid(arrivals=arrivals, servers=servers, mean_service=1.0, until=200).queue_at(at)
    # twenty in service besides, filled first: the fluid queue counts them as waiting
    assert exact == close(flows, rel=0.04)


@pytest.mark.parametrize("closing", ["idle_first", "preempt"])
def test_transient_becomes_stationary(closing: str) -> None:
    """Long after the last change a stable desk is M/M/c; with patience it is Erlang A."""
    desk = mmc(servers=6, arrival_rate=3.2, mean_service=1.5)
    day = transient(
        arrivals=Steps(np.array([0.0, 50.0, 100.0]), np.array([4.0, 2.5]), 3.2),
        servers=Steps(np.array([0.0, 50.0, 100.0]), np.array([9.0, 3.0]), 6.0),
        mean_service=1.5,
        closing=closing,  # pyright: ignore[reportArgumentType]
        within=2.0,
        periods=[0, 50, 600, 605],
        at=[600],
    )
    patient = transient(
        arrivals=Steps.always(9.0),
        servers=Steps.always(6),
        mean_service=1.5,
        mean_patience=4.0,
        within=2.0,
        at=[300],
    )

    assert day.share_waiting[0] == close(desk.share_waiting, rel=1e-6)
    assert day.mean_queue[0] == close(desk.mean_queue, rel=1e-6)
    assert day.served_within[-1] == close(float(desk.share_within(2.0)), rel=1e-6)
    assert day.waited[-1] == close(desk.share_waiting, rel=1e-6)
    overloaded = erlang_a(servers=6, arrival_rate=9.0, mean_service=1.5, mean_patience=4.0)
    assert patient.mean_queue[0] == close(overloaded.mean_queue, rel=1e-6)
    assert 1 - patient.share_within[0] == close(float(overloaded.share_not_offered(2.0)), rel=1e-6)


def test_probabilities_stay_probabilities() -> None:
    """Through openings and closings, down to no server at all, nothing is lost."""
    day = transient(
        arrivals=Steps.rates([5, 9, 0, 7, 3], period=20),
        servers=Steps.servers([8, 2, 0, 11, 4], period=20),
        mean_service=1.5,
        within=30,
        periods=20.0 * np.arange(6),
        at=np.arange(0, 101, 10),
    )

    assert [each.total for each in day.populations] == close([1.0] * 11, abs=1e-12)
    assert np.isnan(day.served_within[2])
    assert day.mean_busy[6] < 1e-3 + 8 * math.exp(-20 / 1.5)
    assert day.arrivals == close([100, 180, 0, 140, 60])


def test_no_one_starts_while_nothing_is_open() -> None:
    """Closed from 10 to 20: who comes at 12 keeps a promise of 8 minutes never, of 9 if alone."""

    def chance(within: float) -> float:
        day = transient(
            arrivals=Steps.rates([1e-9], period=40),
            servers=Steps(np.array([0.0, 10.0, 20.0]), np.array([1.0, 0.0]), 1.0),
            mean_service=1.0,
            within=within,
            at=[12],
        )
        return float(day.share_within[0])

    assert chance(7.9) == 0
    assert chance(8.1) == close(1, abs=1e-6)


def test_desks_that_open_late_are_foreseen() -> None:
    """Nine desks from 10 min on: who comes at 9.9 counts on them, as if they had closed before."""
    arrivals, late = (
        Steps.rates([5.0], period=30),
        Steps(np.array([10.0, 20.0]), np.array([9.0]), 9.0),
    )
    closed = Steps(np.array([0.0, 10.0, 20.0]), np.array([0.0, 9.0]), 9.0)

    found = [
        transient(
            arrivals=arrivals,
            servers=servers,
            mean_service=1.5,
            within=7,
            periods=[0, 10, 20, 30],
            at=[9.9],
        )
        for servers in (late, closed)
    ]

    assert found[0].served_within == close(found[1].served_within)
    assert 0.1 < found[0].served_within[0] < 0.4
    assert found[0].share_within[0] == close(0.5, abs=0.15)


def test_hopeless_patience_is_no_patience() -> None:
    """With patience of years everything is as without it, through closings too."""
    kept = [
        transient(
            arrivals=Steps.rates([5, 9, 3, 7], period=20),
            servers=Steps.servers([8, 3, 1, 9], period=20),
            mean_service=1.5,
            mean_patience=patience,
            within=7,
            periods=20.0 * np.arange(5),
        ).served_within
        for patience in (math.inf, 1e8)
    ]

    assert kept[0] == close(kept[1], abs=1e-6)


def test_pointwise_forgets_a_queue() -> None:
    """After an overload PSA and MOL see little where the exact probability of a wait is high."""
    rate = lambda t: 6 + 4 * math.sin(2 * math.pi * t / 180)  # noqa: E731
    arrivals, desk = Steps.smooth(rate, start=0, end=300, steps=300), Steps.always(12)

    exact = transient(arrivals=arrivals, servers=desk, mean_service=1.5, at=[285])
    law = Exponential(law="exponential", mean_s=figure(1.5))
    load = offered_load(arrivals=arrivals, service=law, time_s=[285.0])

    assert exact.share_waiting[0] == close(0.7753, abs=5e-5)
    at_once = pointwise(arrivals=arrivals, servers=desk, mean_service=1.5, time=[285.0])
    assert at_once[0] == close(0.0225, abs=2e-3)
    assert delay_probability(load=load, servers=[12])[0] == close(0.0307, abs=2e-3)


def test_square_root_staffing_holds_its_delay() -> None:
    """Sized by offered load for one in five to wait, about one in five waits all day long."""
    grid = np.linspace(0, 16, 161)
    law = Exponential(law="exponential", mean_s=figure(1))
    middle = (grid[1:] + grid[:-1]) / 2
    load = sinusoidal_load(mean_rate=100, amplitude=20, frequency=1, service=law, time_s=middle)
    arrivals = Steps.smooth(lambda t: 100 + 20 * math.sin(t), start=0, end=16, steps=160)
    servers = Steps.servers(servers_for_delay(load=load, share_of_waiting=0.2), period=0.1)

    day = transient(
        arrivals=arrivals, servers=servers, mean_service=1.0, closing="preempt", at=grid[100:]
    )

    assert day.share_waiting.min() > 0.16
    assert day.share_waiting.max() < 0.24


def test_lagged_periods_follow_the_load() -> None:
    """SIPP sizes by the period's own rate, lagged by the rate a service earlier."""
    day = Steps.rates([2, 8, 2], period=30)

    plain = sipp(arrivals=day, period=30, periods=3, mean_service=6, within=1, share_of_all=0.9)
    lagged = sipp(
        arrivals=day,
        period=30,
        periods=3,
        mean_service=6,
        within=1,
        share_of_all=0.9,
        is_lagged=True,
    )

    assert plain.rates.tolist() == [2, 8, 2]
    assert lagged.rates == close([2 * 24 / 30, (6 * 2 + 24 * 8) / 30, (6 * 8 + 24 * 2) / 30])
    assert lagged.servers[0] <= plain.servers[0]
    assert lagged.servers[2] > plain.servers[2]


def _simulated(
    rates: list[float], levels: list[int], *, period: float, within: float, days: int
) -> np.ndarray:
    """Shares within a wait by period with interrupted services, by a simulation of its own."""
    rng = np.random.default_rng(20_251_201)
    kept = np.zeros((days, len(rates)))
    came = np.zeros((days, len(rates)))
    for day in range(days):
        arrivals = np.concatenate(
            [
                period * (place + rng.random(rng.poisson(rate * period)))
                for place, rate in enumerate(rates)
            ]
        )
        arrivals.sort()
        left = rng.exponential(1.5, len(arrivals))  # what is left of each service
        started = np.full(len(arrivals), np.inf)
        turns = sorted(
            [(t, 1, n) for n, t in enumerate(arrivals)]
            + [(period * place, 0, level) for place, level in enumerate(levels)]
        )
        turns.append((np.inf, 2, 0))
        present: list[int] = []  # in order of arrival; the first so many are in service
        now, open_ = 0.0, 0
        for at, kind, what in turns:
            while True:  # completions up to then
                serving = present[:open_]
                if not serving:
                    break
                first = min(serving, key=lambda n: left[n])
                if now + left[first] > at:
                    break
                spent = left[first]
                now += spent
                for n in serving:
                    left[n] -= spent
                present.remove(first)
                for n in present[:open_]:
                    started[n] = min(started[n], now)
            if at == np.inf:
                break
            for n in present[:open_]:
                left[n] -= at - now
            now = at
            if kind == 1:
                present.append(what)
            else:
                open_ = what
            for n in present[:open_]:
                started[n] = min(started[n], now)
        place = (arrivals // period).astype(int)
        np.add.at(came[day], place, 1)
        np.add.at(kept[day], place, started - arrivals <= within)
    share = kept.sum(axis=0) / came.sum(axis=0)
    error = (kept - share * came).std(axis=0, ddof=1) / (days**0.5 * came.mean(axis=0))
    return np.array([share, error])


@pytest.mark.statistical
def test_interrupted_services_against_a_simulation() -> None:
    """Shares within 4 min by period with the rule ``preempt``; 4 standard errors, 1 in 4,000."""
    rates, levels = [3.0, 5.0, 3.0, 2.0], [6, 9, 4, 6]

    exact = transient(
        arrivals=Steps.rates(rates, period=15),
        servers=Steps.servers(levels, period=15),
        mean_service=1.5,
        closing="preempt",
        within=4.0,
        periods=15.0 * np.arange(5),
    ).served_within
    share, error = _simulated(rates, levels, period=15.0, within=4.0, days=250)

    assert (np.abs(share - exact) <= 4 * error + 1e-4).all(), (share, exact, error)
    assert error.max() < 0.03
