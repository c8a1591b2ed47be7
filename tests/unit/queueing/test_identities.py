"""Laws that are special cases of each other agree where they should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad, simpson

from sim.queueing import halfin_whitt, phase_type
from sim.queueing.bulk import bulk
from sim.queueing.erlang_a import erlang_a
from sim.queueing.erlang_b import erlang_b
from sim.queueing.erlang_c import erlang_c
from sim.queueing.jackson import jackson
from sim.queueing.little import little
from sim.queueing.mdc import mdc
from sim.queueing.mg1 import mg1
from sim.queueing.mgc import mgc
from sim.queueing.mmc import mmc
from sim.queueing.mmck import mmck
from sim.queueing.mph1 import mph1
from sim.queueing.mphc import mphc
from sim.queueing.priority import mg1_priority, mmc_priority
from sim.queueing.staffing import servers_for_loss, servers_for_patience, servers_for_wait

close = pytest.approx


@pytest.mark.parametrize(("servers", "rate"), [(1, 0.5), (5, 4.0), (40, 38.0)])
def test_endless_patience_is_erlang_c(servers: int, rate: float) -> None:
    """As patience grows, Erlang A becomes Erlang C: shares, waits and their law."""
    patient = erlang_a(servers=servers, arrival_rate=rate, mean_service=1.0, mean_patience=1e7)
    queue = mmc(servers=servers, arrival_rate=rate, mean_service=1.0)

    assert patient.share_waiting == close(queue.share_waiting, rel=1e-5)
    assert patient.mean_queue == close(queue.mean_queue, rel=1e-4)
    assert patient.share_beyond([0.0, 0.5, 3.0]) == close(queue.share_beyond([0, 0.5, 3]), rel=1e-4)
    assert patient.share_served_within([0, 2.0]) == close(queue.share_within([0, 2.0]), rel=1e-4)


def test_no_patience_is_erlang_b() -> None:
    """Who never waits is lost when all servers are busy."""
    hasty = erlang_a(servers=10, arrival_rate=12.0, mean_service=1.0, mean_patience=1e-9)

    assert hasty.share_reneged == close(erlang_b(servers=10, offered_load=12.0), rel=1e-6)


def test_patience_equal_to_service_is_a_station_without_end() -> None:
    """With θ = μ the number present is Poisson, whatever the servers."""
    desk = erlang_a(servers=7, arrival_rate=9.0, mean_service=1.0, mean_patience=1.0)
    poisson = np.exp(
        np.arange(60) * np.log(9) - 9 - np.cumsum(np.log(np.maximum(np.arange(60), 1)))
    )

    assert desk.share_waiting == close(poisson[7:].sum(), rel=1e-12)


def test_reneging_balances_the_queue() -> None:
    """Those who are served and those who leave are all, and waits integrate to the mean."""
    desk = erlang_a(servers=5, arrival_rate=6.0, mean_service=1.0, mean_patience=5.0)
    mean, _ = quad(lambda t: float(desk.share_beyond(t)), 0, 60)

    assert desk.share_served_within(200.0) == close(1 - desk.share_reneged)
    assert mean == close(desk.mean_time_in_queue)
    assert desk.mean_queue == close(
        little(arrival_rate=desk.arrival_rate, mean_time=desk.mean_time_in_queue)
    )


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (5, 6.0), (50, 45.0), (500, 480.0)])
def test_no_waiting_room_is_erlang_b(servers: int, load: float) -> None:
    """M/M/c/c loses what Erlang's loss law says."""
    queue = mmck(servers=servers, room=servers, arrival_rate=load, mean_service=1.0)

    assert queue.share_balked == close(erlang_b(servers=servers, offered_load=load), rel=1e-9)


def test_much_waiting_room_is_erlang_c() -> None:
    """M/M/c/K with room for thousands waits as M/M/c does."""
    roomy = mmck(servers=3, room=3000, arrival_rate=2.4, mean_service=1.0)
    queue = mmc(servers=3, arrival_rate=2.4, mean_service=1.0)

    assert roomy.mean_wait == close(queue.mean_wait, rel=1e-12)
    assert roomy.share_waiting == close(queue.share_waiting, rel=1e-12)
    assert roomy.share_beyond([0, 1.0, 9.0]) == close(queue.share_beyond([0, 1.0, 9.0]), rel=1e-9)


def test_waits_integrate_to_their_mean() -> None:
    """∫ P(W > t) dt is the mean wait, for constant, phase-type and any other services."""
    even = mdc(servers=4, arrival_rate=3.4, service=1.0)
    phases = phase_type.balanced_hyperexponential(mean=1.0, scv=3.0)
    mixed = mph1(arrival_rate=0.7, service=phases)

    for queue, points in (
        (even, 2_401),
        (mixed, 241),
        (mgc(servers=4, arrival_rate=3.4, mean_service=1.0, scv=2.0), 2_401),
    ):
        within = np.linspace(0, 120, points)
        assert simpson(queue.share_beyond(within), within) == close(queue.mean_wait, rel=1e-4)


@pytest.mark.parametrize("servers", [1, 4, 12])
def test_one_phase_is_exponential(servers: int) -> None:
    """M/PH/c with one phase is M/M/c."""
    rate = 0.85 * servers
    exact = mphc(servers=servers, arrival_rate=rate, service=phase_type.erlang(phases=1, mean=1.0))
    queue = mmc(servers=servers, arrival_rate=rate, mean_service=1.0)

    assert exact.mean_wait == close(queue.mean_wait, rel=1e-10)
    assert exact.share_waiting == close(queue.share_waiting, rel=1e-10)


def test_one_server_is_pollaczek_khinchine() -> None:
    """M/D/1, M/PH/1 by matrix geometry, and Kimura at one server are M/G/1."""
    phases = phase_type.erlang(phases=3, mean=2.0)
    exact = mg1(arrival_rate=0.4, mean_service=2.0, scv=1 / 3).mean_wait

    assert mphc(servers=1, arrival_rate=0.4, service=phases).mean_wait == close(exact)
    assert mgc(servers=1, arrival_rate=0.4, mean_service=2.0, scv=1 / 3).mean_wait == close(exact)
    even = mg1(arrival_rate=0.4, mean_service=2.0, scv=0.0).mean_wait
    assert mdc(servers=1, arrival_rate=0.4, service=2.0).mean_wait == close(even)


@pytest.mark.parametrize("scv", [0.0, 1.0])
def test_kimura_is_exact_at_its_ends(scv: float) -> None:
    """At constant and at exponential services the formula is the exact mean."""
    found = mgc(servers=6, arrival_rate=5.4, mean_service=1.0, scv=scv)
    exact = (
        mdc(servers=6, arrival_rate=5.4, service=1.0)
        if scv == 0
        else mmc(servers=6, arrival_rate=5.4, mean_service=1.0)
    )

    assert found.mean_wait == close(exact.mean_wait)
    assert found.share_waiting == close(exact.share_waiting)


@pytest.mark.parametrize("scv", [0.5, 1.5, 2.0, 4.0])
@pytest.mark.parametrize(("servers", "load"), [(2, 0.8), (5, 0.8), (10, 0.9), (20, 0.9)])
def test_kimura_is_within_two_per_cent(servers: int, load: float, scv: float) -> None:
    """Against exact M/PH/c, the mean wait is off by less than 2 %, the share waiting by 4 %."""
    law = (
        phase_type.erlang(phases=2, mean=1.0)
        if scv < 1
        else phase_type.balanced_hyperexponential(mean=1.0, scv=scv)
    )
    rate = servers * load

    exact = mphc(servers=servers, arrival_rate=rate, service=law)
    rough = mgc(servers=servers, arrival_rate=rate, mean_service=1.0, scv=scv)

    assert rough.mean_wait == close(exact.mean_wait, rel=0.02)
    assert rough.share_waiting == close(exact.share_waiting, rel=0.04)


def test_priorities_conserve_work() -> None:
    """Whoever goes first, the load-weighted mean wait is that of a single class."""
    classes = mmc_priority(servers=4, arrival_rates=[0.5, 1.0, 1.9], mean_service=1.0)
    weighted = sum(r * w for r, w in zip([0.5, 1.0, 1.9], classes.mean_waits, strict=True)) / 3.4

    assert weighted == close(mmc(servers=4, arrival_rate=3.4, mean_service=1.0).mean_wait)
    single = mg1_priority(arrival_rates=[0.4], mean_services=[2.0], scvs=[0.5])
    assert single.mean_waits[0] == close(mg1(arrival_rate=0.4, mean_service=2, scv=0.5).mean_wait)


def test_batches_of_one_are_no_batches() -> None:
    """M^[1]/M/c is M/M/c, and larger batches of the same work wait longer."""
    alone = bulk(servers=4, batch_rate=3.0, sizes={1: 1.0}, mean_service=1.0)
    pairs = bulk(servers=4, batch_rate=1.5, sizes={2: 1.0}, mean_service=1.0)

    assert alone.mean_wait == close(mmc(servers=4, arrival_rate=3, mean_service=1).mean_wait)
    assert pairs.mean_wait > alone.mean_wait
    mixed = bulk(servers=1, batch_rate=0.25, sizes={1: 0.5, 3: 0.5}, mean_service=1.0)
    # M^[X]/M/1: ρ/(μ(1-ρ)) + E[X(X-1)] / (2 E[X] μ (1-ρ)), ρ = 0.5
    assert mixed.mean_wait == close(0.5 / 0.5 + 3 / (4 * 0.5))


def test_stations_in_a_row_are_each_on_their_own() -> None:
    """Without feedback a Jackson line is M/M/c after M/M/c, and Little's law holds of it all."""
    line = jackson(
        entering=[2.0, 0.0], routing=[[0, 1], [0, 0]], servers=[3, 1], mean_services=[1.0, 0.4]
    )

    first, second = line.stations
    assert first == mmc(servers=3, arrival_rate=2.0, mean_service=1.0)
    assert second == mmc(servers=1, arrival_rate=2.0, mean_service=0.4)
    assert first is not None
    assert second is not None
    assert line.mean_sojourn == close(first.mean_wait + 1.0 + second.mean_wait + 0.4)


def test_large_stations_approach_their_limit() -> None:
    """At 10,000 erlang, square-root staffing waits as the limits of Halfin, Whitt, Garnett say."""
    load, margin = 10_000.0, 0.5
    servers = round(load + margin * load**0.5)

    assert erlang_c(servers=servers, offered_load=load) == close(
        halfin_whitt.share_waiting(margin=margin), rel=0.01
    )
    desk = erlang_a(servers=servers, arrival_rate=load, mean_service=1.0, mean_patience=2.0)
    limit = halfin_whitt.share_waiting_with_patience(
        margin=margin, mean_service=1.0, mean_patience=2.0
    )
    assert desk.share_waiting == close(limit, rel=0.01)


def test_large_stations_keep_their_digits() -> None:
    """10,000 servers at 9,900 erlang: Erlang's laws against sums of Poisson logarithms."""
    count = np.arange(10_001)
    logs = count * np.log(9900.0) - np.concatenate([[0], np.cumsum(np.log(count[1:]))])
    lost = np.exp(logs[-1] - logs.max()) / np.exp(logs - logs.max()).sum()

    assert erlang_b(servers=10_000, offered_load=9900.0) == close(lost, rel=1e-9)
    waiting = lost / (1 - 0.99 * (1 - lost))
    assert erlang_c(servers=10_000, offered_load=9900.0) == close(waiting, rel=1e-9)
    assert mdc(servers=10_000, arrival_rate=9900.0, service=1.0).mean_wait > 0


def test_vectors_give_what_scalars_give() -> None:
    """Arrays of loads and servers broadcast, across chunks too."""
    loads = np.linspace(0, 3.9, 40_000)
    found = erlang_c(servers=4, offered_load=loads)
    mixed = erlang_b(servers=np.array([[0], [3], [9]]), offered_load=np.array([0.0, 2.0]))

    assert found[::9_999] == close(
        [erlang_c(servers=4, offered_load=float(load)) for load in loads[::9_999]]
    )
    assert mixed.shape == (3, 2)
    assert mixed[:, 0].tolist() == [1, 0, 0]
    assert mixed[2, 1] == close(erlang_b(servers=9, offered_load=2.0))


def test_staffing_is_the_fewest() -> None:
    """One server fewer breaks the promise, one more does not."""
    wait = servers_for_wait(arrival_rate=90.0, mean_service=1.0, within=0.1, share_of_all=0.8)
    loss = servers_for_loss(offered_load=480.0, share_lost=0.01)
    left = servers_for_patience(
        arrival_rate=30.0, mean_service=1.0, mean_patience=2.0, within=0.2, share_of_all=0.9
    )

    def kept(servers: int) -> bool:
        queue = mmc(servers=servers, arrival_rate=90.0, mean_service=1.0)
        return bool(queue.share_within(0.1) >= 0.8)

    assert [kept(wait - 1), kept(wait)] == [False, True]
    assert (
        erlang_b(servers=loss, offered_load=480)
        <= 0.01
        < erlang_b(servers=loss - 1, offered_load=480)
    )
    shares = [
        float(
            erlang_a(
                servers=servers, arrival_rate=30.0, mean_service=1.0, mean_patience=2.0
            ).share_served_within(0.2)
        )
        for servers in (left - 1, left)
    ]
    assert shares[0] < 0.9 <= shares[1]
