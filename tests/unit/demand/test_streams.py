"""Streams: the same place gives the same number, whatever else is drawn."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.births import Births
from sim.demand.streams import Streams
from tests.architecture.tree import ROOT

MASK = (1 << 64) - 1


def philox(key: int, counter: int) -> list[int]:
    """Philox4x64-10 as Salmon et al. (2011) print it."""
    k = [key & MASK, key >> 64]
    x = [(counter >> (64 * i)) & MASK for i in range(4)]
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * x[0], 0xCA5A826395121157 * x[2]
        x = [(second >> 64) ^ x[1] ^ k[0], second & MASK, (first >> 64) ^ x[3] ^ k[1], first & MASK]
        k = [(k[0] + 0x9E3779B97F4A7C15) & MASK, (k[1] + 0xBB67AE8584CAA73B) & MASK]
    return x


def test_words_are_philox_of_key_and_place() -> None:
    """A draw is Philox under the stream's key at the counter of the person's place, plus one."""
    streams, births = Streams(7, 3), Births((0, 5 << 60), np.array([3, 9]))
    key = streams._key("service/a/b")
    expected = [philox(key, 1)[i] for i in range(3)]
    expected += [philox(key, ((5 << 60) << 64) + 1 + i // 4)[i % 4] for i in range(9)]

    assert streams._words("service/a/b", births).tolist() == expected


def test_uniforms_stay_inside_the_open_interval() -> None:
    """The lowest and highest words give numbers above 0 and below 1, mirrored."""
    from sim.demand.streams import _unit

    low, high = _unit(np.array([0, MASK], dtype=np.uint64)).tolist()

    assert low == 2.0**-53
    assert high == 1 - 2.0**-53


def test_uniforms_are_uniform() -> None:
    """Chi-square over 100 cells of 100,000 draws; false alarm 1 in 1,000,000."""
    counts = np.histogram(Streams(1).uniforms("trait/bag", 100_000), bins=100, range=(0, 1))[0]

    assert ((counts - 1000) ** 2 / 1000).sum() < 180.0  # quantile 1 - 1e-6 of chi-square, 99 d.f.


def test_integers_fill_31_bits() -> None:
    """Choice draws are 31 bits wide: none beyond, and the highest bit comes up."""
    draws = Streams(1).integers("choice/check-in", 1000)

    assert draws.min() >= 0
    assert 1 << 30 < draws.max() < 1 << 31


@given(st.integers(0, 50), st.integers(0, 50))
def test_more_people_change_nobodys_draw(n: int, more: int) -> None:
    """The draws of the first n are the same however many follow."""
    streams = Streams(3)

    assert np.array_equal(streams.uniforms("party", n + more)[:n], streams.uniforms("party", n))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.data())
def test_cohorts_are_independent_of_each_other(counts: list[int], data: st.DataObject) -> None:
    """A departure's passengers keep their draws when other departures come, grow or go."""
    ids = [f"VN-{i}" for i in range(len(counts))]
    kept = data.draw(st.integers(0, len(counts) - 1))
    births = Births.of_cohorts(ids, np.array(counts))
    alone = Births.of_cohorts([ids[kept]], np.array([counts[kept]]))
    drawn = Streams(5).uniforms("show-up", births)

    start = int(births.starts[kept])
    assert np.array_equal(
        drawn[start : start + counts[kept]], Streams(5).uniforms("show-up", alone)
    )


@pytest.mark.parametrize("wanted", [0, 1, 7, 900, 2000])
def test_few_draws_equal_those_picked_from_all(wanted: int) -> None:
    """Drawing some rows one by one, or all and picking, gives the same."""
    births = Births((0, 77, 12345), np.array([800, 0, 1200]))
    rows = np.sort(np.random.default_rng(0).permutation(2000)[:wanted])
    streams = Streams(9)

    assert np.array_equal(
        streams.uniforms_at("route#2", births, rows), streams.uniforms("route#2", births)[rows]
    )


def test_seed_replication_and_name_all_matter() -> None:
    """Streams that differ in any part have nothing in common, and framing keeps parts apart."""
    draws = [
        streams.uniforms(name, 4).tolist()
        for streams in (Streams(1, 0), Streams(2, 0), Streams(1, 1), Streams(11, 0), Streams(1, 10))
        for name in ("service/a/b", "service/a/b#2", "walk/a/b")
    ]

    assert len({tuple(d) for d in draws}) == len(draws)


def test_same_seed_same_day_in_every_process() -> None:
    """Two processes with different hash seeds draw the same workload, byte for byte."""
    code = (
        "from tests.unit.demand.cases import airport, digest, sampled;"
        "print(digest(sampled(airport(), seed=4)))"
    )
    digests = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert len(digests[0].strip()) == 64
    assert digests[0] == digests[1]
