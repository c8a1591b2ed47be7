"""More work waits longer, more servers shorter; whatever the numbers, probabilities are such."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.queueing.erlang_a import erlang_a
from sim.queueing.erlang_b import erlang_b
from sim.queueing.erlang_c import erlang_c
from sim.queueing.fluid import queue_lengths
from sim.queueing.mdc import mdc
from sim.queueing.mgc import mgc
from sim.queueing.mmc import mmc
from sim.queueing.mmck import mmck
from sim.queueing.steps import Steps
from sim.queueing.transient import transient

quick = settings(max_examples=40, deadline=None)
many = st.integers(1, 400)
loads = st.floats(0.05, 0.99)
shares = st.floats(0.01, 50.0)


@quick
@given(many, loads)
def test_erlang_laws_are_ordered(servers: int, load: float) -> None:
    """Loss falls with servers and rises with load; B is below C; both are probabilities."""
    offered = servers * load
    lost, waiting = erlang_b(servers=servers, offered_load=offered), 0.0
    waiting = erlang_c(servers=servers, offered_load=offered)

    assert 0 <= lost <= waiting < 1
    assert erlang_b(servers=servers + 1, offered_load=offered) <= lost
    assert erlang_b(servers=servers, offered_load=offered * 1.01) >= lost
    assert erlang_c(servers=servers + 1, offered_load=offered) <= waiting


@quick
@given(many, st.floats(0.05, 3.0), shares, shares)
def test_patience_shortens_queues(servers: int, load: float, patience: float, time: float) -> None:
    """More servers leave fewer reneging; more patience makes longer queues; shares add up."""
    rate = servers * load

    def desk(c: int, mean_patience: float):
        return erlang_a(servers=c, arrival_rate=rate, mean_service=1.0, mean_patience=mean_patience)

    one, more, longer = (
        desk(servers, patience),
        desk(servers + 1, patience),
        desk(servers, 2 * patience),
    )

    assert 0 <= one.share_reneged <= one.share_waiting <= 1 + 1e-12
    assert more.share_reneged <= one.share_reneged + 1e-12
    assert longer.mean_queue >= one.mean_queue * (1 - 1e-9) - 1e-300
    served = float(one.share_served_within(time))
    assert -1e-9 <= served <= 1 - one.share_reneged + 1e-9
    assert served + float(one.share_beyond(time)) <= 1 + 1e-9


@quick
@given(st.integers(1, 60), loads, st.floats(0.0, 5.0))
def test_even_services_wait_less(servers: int, load: float, time: float) -> None:
    """M/D/c waits less than M/M/c, at least half as long; Kimura lies between; tails fall."""
    rate = servers * load
    even = mdc(servers=servers, arrival_rate=rate, service=1.0)
    queue = mmc(servers=servers, arrival_rate=rate, mean_service=1.0)
    between = mgc(servers=servers, arrival_rate=rate, mean_service=1.0, scv=0.5)

    assert even.mean_wait <= queue.mean_wait * (1 + 1e-9)
    assert even.mean_wait >= 0.4999 * queue.mean_wait - 1e-13
    assert even.mean_wait - 1e-13 <= between.mean_wait <= queue.mean_wait * (1 + 1e-9)
    tails = even.share_beyond([0.0, time, time + 0.3])
    assert (np.diff(tails) <= 1e-12).all()
    assert (tails >= 0).all()
    assert (tails <= 1).all()


@quick
@given(st.integers(1, 30), st.integers(0, 40), st.floats(0.05, 3.0))
def test_room_lets_people_in(servers: int, places: int, load: float) -> None:
    """With more room fewer balk and those admitted wait longer."""
    rate = servers * load
    tight = mmck(servers=servers, room=servers + places, arrival_rate=rate, mean_service=1.0)
    wide = mmck(servers=servers, room=servers + places + 1, arrival_rate=rate, mean_service=1.0)

    assert wide.share_balked <= tight.share_balked + 1e-15
    assert wide.mean_wait >= tight.mean_wait - 1e-12


periods = st.integers(1, 5)


@settings(max_examples=10, deadline=None)
@given(st.data(), periods)
def test_another_server_helps_at_any_time(data: st.DataObject, count: int) -> None:
    """One more server in any period lets no period's share of short waits fall."""
    rates = data.draw(st.lists(st.floats(0.0, 6.0), min_size=count, max_size=count))
    levels = data.draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))
    where = data.draw(st.integers(0, count - 1))
    within = data.draw(st.floats(0.0, 25.0))
    more = [level + (place == where) for place, level in enumerate(levels)]

    def kept(staff: list[int]) -> np.ndarray:
        day = transient(
            arrivals=Steps.rates(rates, period=10.0),
            servers=Steps.servers(staff, period=10.0),
            mean_service=1.5,
            within=within,
            periods=10.0 * np.arange(count + 1),
        )
        return np.nan_to_num(day.served_within, nan=1.0)

    few, many_ = kept(levels), kept(more)
    assert (many_ >= few - 1e-9).all()
    assert (few >= -1e-12).all()
    assert (many_ <= 1 + 1e-12).all()


@quick
@given(st.data(), periods)
def test_the_fluid_queue_is_a_recursion(data: st.DataObject, count: int) -> None:
    """The running maximum is the queue that one would work out period by period."""
    flows = st.lists(st.floats(0, 9), min_size=count, max_size=count)
    came, carried = data.draw(flows), data.draw(flows)

    found = queue_lengths(arrival_rates=came, capacities=carried, widths=2.0)

    queue, expected = 0.0, [0.0]
    for rate, capacity in zip(came, carried, strict=True):
        queue = max(queue + 2 * (rate - capacity), 0.0)
        expected.append(queue)
    np.testing.assert_allclose(found, expected, atol=1e-9)
