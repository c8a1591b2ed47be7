"""A run's requests answered by a table and by real kernels, and what that costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import UsageError
from sim.events.store import open_run
from sim.experiments.day import run_day
from sim.matcher.choice import choose
from sim.matcher.kernels.two_stage import TwoStage
from sim.matcher.population.enrolment import made_gallery
from sim.matcher.population.people import Population
from sim.matcher.search import scan
from sim.matcher.templates import least_score, quantised
from sim.matcher.trace.document import Way, stretch, trace_document, traced
from sim.matcher.trace.galleries import bytes_of, galleries_asked, gallery_of, sizes_named
from sim.matcher.trace.replay import replay
from sim.matcher.trace.requests import Requests, read_requests
from sim.matcher.trace.service import BUCKETS, CAP, ServiceTable, measure_table, padded
from sim.matcher.trace.virtual import Batching, Cores, cores_for, least_cores, served
from sim.scenario.load import load_scenario


def table(single: float = 0.010, per_probe: float = 0.001, people: int = 200) -> ServiceTable:
    """A table that rises by a step a probe."""
    seconds = tuple(single + per_probe * (bucket - 1) for bucket in BUCKETS)
    return ServiceTable("gemm", "a test", people, 0.4, seconds)


def requests(at_s: list[float] | np.ndarray, kinds: tuple[str, ...] = ("departure",)) -> Requests:
    """Requests of one gallery of 200."""
    instants = np.asarray(at_s, dtype=float)
    gallery = np.zeros(len(instants), dtype=np.int64)
    return Requests(instants, gallery, np.array([200] * len(kinds)), kinds, 1000)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "vca"
    run_day(load_scenario("vca"), out=path)
    return path


def test_a_request_alone_takes_the_time_of_a_batch_of_one() -> None:
    """Far apart, greedy adds nothing and a window adds its length."""
    at_s = np.arange(10.0)

    assert served(at_s, table()).latency_s == pytest.approx(0.010)
    window = served(at_s, table(), batching=Batching("window", window_s=0.5))
    assert window.latency_s == pytest.approx(0.510)


def test_those_that_come_together_share_a_batch() -> None:
    """Ten at once: the first starts with all that are there, padded to the bucket of 16."""
    found = served(np.zeros(10), table())

    assert found.batches == 1
    assert found.latency_s == pytest.approx(0.010 + 0.001 * 15)


def test_one_by_one_is_a_queue_with_one_server() -> None:
    """Latencies are those of Lindley's recursion."""
    at_s = np.cumsum(np.random.Generator(np.random.Philox(1)).exponential(0.012, 500))
    found = served(at_s, table(), batching=Batching("single")).latency_s

    free, expected = 0.0, []
    for at in at_s:
        free = max(free, at) + 0.010
        expected.append(free - at)
    assert found == pytest.approx(expected)


def test_a_full_window_does_not_wait() -> None:
    """A batch that is full starts at once, however long the window."""
    found = served(np.zeros(8), table(), batching=Batching("window", cap=4, window_s=60.0))

    assert found.batches == 2
    assert found.latency_s.max() == pytest.approx(2 * 0.013)


@pytest.mark.parametrize("promise_s", [0.015, 0.030, 0.100])
def test_least_cores_keep_the_promise_and_one_fewer_does_not(promise_s: float) -> None:
    """By brute force over the number of servers."""
    at_s = np.cumsum(np.random.Generator(np.random.Philox(2)).exponential(0.0005, 1000))
    found = cores_for(at_s, table(), promise_s=promise_s)
    first = next(
        cores
        for cores in range(1, 200)
        if served(at_s, table(), servers=cores).percentile(0.99) <= promise_s
    )

    assert found == first > 1


def test_a_large_gallery_is_split_where_one_core_is_too_slow() -> None:
    """A batch that takes half a second cannot keep 200 ms, but three or four parts of it can."""
    slow = table(single=0.5, per_probe=0.01, people=100_000_000)
    at_s = np.arange(0, 100, 1.0)

    assert cores_for(at_s, slow, promise_s=0.2) is None
    assert least_cores(at_s, slow, promise_s=0.2) == Cores(parts=4, groups=1)
    assert least_cores(at_s, slow, promise_s=0.2, spare=1) == Cores(parts=4, groups=2)
    assert least_cores(at_s, table(single=0.5), promise_s=0.2) is None  # 200 people: no parts


@pytest.mark.parametrize("per_s", [2.0, 6.0, 12.0])
def test_a_spare_is_sought_among_all_divisions(per_s: float) -> None:
    """By brute force: a division with one more group, of which the others keep the promise."""
    slow = table(single=0.19, per_probe=0.01, people=80_000)
    at_s = np.sort(np.random.Generator(np.random.Philox(7)).uniform(0, 60, int(60 * per_s)))
    groups = {parts: cores_for(at_s, slow.split(parts), promise_s=0.2) for parts in (1, 2, 4)}
    least = min(parts * (each + 1) for parts, each in groups.items() if each is not None)
    found = least_cores(at_s, slow, promise_s=0.2, spare=1)

    assert found is not None
    assert found.total == least


def test_dense_keeps_bursts_and_reaches_the_number() -> None:
    """At least so many in the span, moved together; a day with fewer is told again."""
    at_s = np.sort(np.random.Generator(np.random.Philox(3)).uniform(0, 86_400, 700))
    dense, factor = requests(at_s).dense(2000, 600.0)

    assert len(dense) == 2000
    assert dense.at_s[-1] <= 600.0
    assert factor == pytest.approx(3 * 86_400 * 2000 / 2100 / 600, rel=0.1)
    gaps = np.diff(dense.at_s)[:600] * factor
    assert np.isin(np.round(gaps, 6), np.round(np.diff(at_s), 6)).mean() > 0.98


def test_busiest_is_the_stretch_with_most() -> None:
    """Against every other start."""
    at_s = np.sort(np.random.Generator(np.random.Philox(4)).uniform(0, 5000, 300))
    most = max(int(((at_s >= at) & (at_s < at + 600)).sum()) for at in at_s)

    assert len(requests(at_s).busiest(600.0)) == most


def test_a_shorter_stretch_is_as_dense() -> None:
    """``--seconds`` shortens the replay and leaves its rate."""
    at_s = np.sort(np.random.Generator(np.random.Philox(5)).uniform(0, 86_400, 6000))
    short, factor = stretch(requests(at_s), Way(seconds=30.0))

    assert factor > 1
    assert short.at_s[0] == 0 <= short.at_s[-1] <= 30
    assert len(short) >= 20_000 / 600 * 30


def test_a_run_has_its_requests(run: Path) -> None:
    """As many as match_requested events, of the departures' galleries, in order."""
    found = read_requests(open_run(run))

    assert len(found) > 100
    assert (np.diff(found.at_s) >= 0).all()
    assert set(found.kinds) == {"departure"}
    asked = galleries_asked(found, [])
    assert [(each.kind, len(each.requests)) for each in asked] == [("departure", len(found))]
    assert 50 < asked[0].people < 250


def test_a_run_without_gates_is_refused(tmp_path: Path) -> None:
    """There is nothing to replay."""
    run_day(load_scenario("metro-stop"), out=tmp_path / "run")

    with pytest.raises(UsageError, match="nobody asked for a match"):
        read_requests(open_run(tmp_path / "run"))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("town", "there is no 'town'; there are departure, day, city, national"),
        ("city=many", "a whole number of people from 1 to 10,000,000,000, got 'many'"),
        ("city=0", "got '0'"),
        ("national=9_000_000_000", "needs .* GiB, but .* are available; take fewer people, or"),
    ],
)
def test_galleries_that_cannot_be_are_refused(wanted: str, words: str) -> None:
    """Before any work: an unknown kind, a size that is none, more than memory holds."""
    with pytest.raises(UsageError, match=words):
        galleries_asked(requests([0.0]), [wanted])


def test_every_fault_of_the_galleries_is_told_at_once() -> None:
    """Two wrong ones of three: both are named."""
    with pytest.raises(UsageError, match=r"no 'town'[^!]*got '0'"):
        sizes_named(["day", "town", "city=0"])


def test_people_told_again_have_codes_of_their_own() -> None:
    """A mate among 3,000 told until there are 10,000 is found in each copy, first by its first."""
    once, many = gallery_of(3_000), gallery_of(10_000, distinct=3_000)
    probes = quantised(Population().captures(990, 20))
    kernel, least = TwoStage(210), least_score(0.4)
    found = scan(kernel, many, probes, top=4, least=least)
    expected = scan(kernel, once, probes, least=least).ids

    assert len(many) == many.enrolled == 10_000
    assert bytes_of(10_000, distinct=3_000) == 10_000 * 577 - 7_000 * 512
    assert (found.ids[:, :1] == expected).all()
    in_each = (3 + np.arange(20) + 987)[:, None] + [0, 3_000, 6_000, 9_000]
    in_each[in_each >= 10_000] = -1
    assert (np.where(found.ids[:, :1] >= 0, in_each, -1) == found.ids).all()
    codes = [block.codes.ctypes.data for _, block in many.blocks()]
    assert len(set(codes)) == len(codes)


def test_shared_templates_are_for_two_stages_alone() -> None:
    """Another kernel would read the same rows again from the cache: refused before any work."""
    requests_ = requests([0.0, 1.0])
    asked = galleries_asked(requests_, ["city=30_000"], distinct=5_000)
    with pytest.raises(UsageError, match=r"two-stage alone.*gemm answers here"):
        trace_document(asked, Way(distinct=5_000, kernel="gemm"), tell=print)


def test_a_table_rises_and_padding_fills_its_buckets() -> None:
    """A larger batch never takes less; a batch of five is searched as eight."""
    found = measure_table(made_gallery(300), threshold=0.4, rounds=3)

    assert found.seconds == tuple(sorted(found.seconds))
    assert found.batch_s(5) == found.seconds[BUCKETS.index(8)]
    assert padded(np.zeros((5, 512), dtype=np.int8)).shape == (8, 512)
    assert found.most_per_s == CAP / found.seconds[-1]


def test_latency_counts_from_when_a_request_was_due() -> None:
    """Fifty at one instant, one at a time: the last waits for all before it."""
    gallery = made_gallery(2000)
    probes = quantised(Population().captures(0, 64))
    kernel = choose("gemm", people=2000, probes=1).kernel
    found = replay(np.zeros(50), gallery, probes, kernel=kernel, least=least_score(0.4), cap=1)

    assert found.batches == 50
    assert found.latency_s[-1] >= found.busy_s * 0.9
    assert (np.diff(found.latency_s) > 0).all()


def test_a_fault_of_a_server_is_not_swallowed() -> None:
    """What a kernel raises comes out of the replay, which does not hang."""

    class Broken:
        name = "broken"

        def scan(self, *_: object) -> None:
            raise RuntimeError("no such tile")

    with pytest.raises(RuntimeError, match="no such tile"):
        replay(
            np.zeros(3),
            made_gallery(10),
            quantised(Population().captures(0, 4)),
            kernel=Broken(),  # type: ignore[arg-type]
            least=0,
        )


def test_real_and_virtual_time_are_of_the_same_requests(run: Path) -> None:
    """A second of real time; figures are there, finite, and percentiles in order."""
    found = read_requests(open_run(run))
    row = traced(galleries_asked(found, [])[0], Way(seconds=1.0))

    assert row["real_time"]["requests"] == row["virtual_time"]["requests"] >= 20
    for each in (row["real_time"], row["virtual_time"], *row["whole_day"].values()):
        assert 0 < each["p50_s"] <= each["p95_s"] <= each["p99_s"] <= each["p999_s"]
    assert row["cores"]["whole_day"]["cores"] == 1
    assert row["whole_day"]["greedy"]["p50_s"] < row["whole_day"]["window of 20 ms"]["p50_s"]
    assert row["core_s_per_1000_passengers"] > 0
