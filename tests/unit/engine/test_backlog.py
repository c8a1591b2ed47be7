"""Background traffic as a fluid, worked out by hand and by the second."""

import random

import numpy as np
import pytest

from sim.engine.backlog import LONGEST_US, Retries, backlog, delays
from sim.scenario.clock import US_PER_S

S = US_PER_S


def _array(*seconds: float) -> np.ndarray:
    return np.array([round(each * S) for each in seconds], dtype=np.int64)


def _by_the_second(
    work: list[int], capacity: list[int], retries: Retries | None, most: int
) -> list[int]:
    """The formula of the module, one second after the other."""
    left, found = 0, []
    for asked, given in zip(work, capacity, strict=True):
        found.append(left)
        if retries is not None and left * S > retries.after_us * given:
            left += asked * (retries.factor_ppm - 1_000_000) // 1_000_000
        left = min(most, max(0, left + asked - given))
    return found


def _delay_by_small_steps(left: int, capacity: list[int], second: int) -> int:
    """Work a backlog off second by second, each at its own pace; rounded up."""
    done = 0
    while second + done < len(capacity) or capacity[-1] > 0:
        given = capacity[min(second + done, len(capacity) - 1)]
        if given >= left and given > 0:
            return done * S + -(-left * S // given)
        left -= given
        done += 1
    return LONGEST_US


def test_a_rush_leaves_a_backlog_that_two_servers_work_off() -> None:
    """Two servers, three seconds of five servers' work: 3, 6, 9 left, then 2 fewer a second."""
    work, capacity = _array(5, 5, 5, 0, 0, 0, 0, 0), _array(*[2] * 8)

    left = backlog(work, capacity)

    assert (left / S).tolist() == [0, 3, 6, 9, 7, 5, 3, 1]
    assert (delays(left, capacity) / S).tolist() == [0, 1.5, 3, 4.5, 3.5, 2.5, 1.5, 0.5]


def test_an_outage_delays_by_what_remains_of_it_and_the_backlog_after() -> None:
    """One server, half busy, out for two seconds: the backlog of one waits for its return."""
    work, capacity = _array(*[0.5] * 8), _array(1, 1, 0, 0, 1, 1, 1, 1)

    left = backlog(work, capacity)

    assert (left / S).tolist() == [0, 0, 0, 0.5, 1, 0.5, 0, 0]
    assert (delays(left, capacity) / S).tolist() == [0, 0, 0, 1.5, 1, 0.5, 0, 0]


def test_who_waits_too_long_asks_again() -> None:
    """Beyond 2 s a second request is made for each, and a load of 0.8 keeps growing by 0.6."""
    work, capacity = _array(4, 0.8, 0.8, 0.8), _array(1, 1, 1, 1)

    left = backlog(work, capacity, retries=Retries(2 * S, 2_000_000))

    assert (left / S).tolist() == [0, 3, 3.6, 4.2]


def test_retrying_ends_where_the_backlog_is_short_again() -> None:
    """At 2 s or less nobody repeats: 3, then half a second less each, then 0.75 less."""
    work, capacity = _array(4, *[0.25] * 6), _array(*[1] * 7)

    left = backlog(work, capacity, retries=Retries(2 * S, 2_000_000))

    assert (left / S).tolist() == [0, 3, 2.5, 2, 1.25, 0.5, 0]


def test_what_comes_on_top_of_the_longest_backlog_is_refused() -> None:
    """Three seconds too many a second, four taken on at most: two seconds later all is done."""
    work, capacity = _array(5, 5, 5, 0, 0, 0), _array(*[2] * 6)

    assert (backlog(work, capacity, most_us=4 * S) / S).tolist() == [0, 3, 4, 4, 2, 0]


def test_a_backlog_that_nobody_works_off_waits_longest() -> None:
    """With no server ever again the delay is the longest there is."""
    work, capacity = _array(1, 1, 1), _array(2, 0, 0)

    assert delays(backlog(work, capacity), capacity).tolist() == [0, 0, LONGEST_US]


def test_delays_go_on_at_the_last_pace() -> None:
    """Beyond the last second the servers of that second go on."""
    assert delays(_array(0, 7), _array(1, 2)).tolist() == [0, 3.5 * S]


@pytest.mark.parametrize("seed", range(60))
def test_stretches_agree_with_the_formula_by_the_second(seed: int) -> None:
    """Filling straight stretches at once gives what the recursion gives, to the microsecond."""
    roll = random.Random(seed)
    pieces = [(roll.randint(0, 9) * 333_333, roll.choice([0, 1, 2, 3])) for _ in range(8)]
    lengths = [roll.randint(1, 30) for _ in pieces]
    work = [w for (w, _), n in zip(pieces, lengths, strict=True) for _ in range(n)]
    capacity = [c * S for (_, c), n in zip(pieces, lengths, strict=True) for _ in range(n)]
    retries = None
    if seed % 3:
        retries = Retries(roll.randint(0, 5) * S, 1_000_000 + roll.randint(0, 2_000_000))

    most = roll.choice([1 << 40, 8 * S])
    left = backlog(np.array(work), np.array(capacity), retries=retries, most_us=most)
    took = delays(left, np.array(capacity))

    assert left.tolist() == _by_the_second(work, capacity, retries, most)
    expected = [
        _delay_by_small_steps(b, capacity, second) if b else 0
        for second, b in enumerate(left.tolist())
    ]
    assert took.tolist() == expected
    assert (np.diff(took) >= -S).all()  # nobody overtakes
