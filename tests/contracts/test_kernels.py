"""What every kernel promises: the list the definition gives, whatever the gallery."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.matcher.gallery import BLOCK, TILE, Gallery
from sim.matcher.kernels.amx_int8 import AmxInt8, is_installed
from sim.matcher.kernels.gemm import ROWS, Gemm
from sim.matcher.kernels.kernel import Kernel
from sim.matcher.kernels.naive import Naive
from sim.matcher.kernels.shortlist import NO_SCORE, NOBODY
from sim.matcher.kernels.two_stage import TwoStage
from sim.matcher.search import scan
from sim.matcher.templates import DIMENSIONS, least_score, quantised, sign_codes

FARTHEST = DIMENSIONS + 1
"""A cut that lets every code pass, so that two stages are exhaustive."""

KERNELS: dict[str, Callable[[int], Kernel]] = {
    "gemm": lambda _: Gemm(),
    "two-stage numba": TwoStage,
    "two-stage numpy": lambda cut: TwoStage(cut, form="numpy"),
    "amx-int8": lambda _: AmxInt8(),
}


@pytest.fixture(params=KERNELS)
def kernel(request: pytest.FixtureRequest) -> Kernel:
    if request.param == "amx-int8" and not is_installed():
        pytest.skip("numkong is an optional extra")
    return KERNELS[request.param](FARTHEST)


def faces(people: int, *, seed: int = 0) -> NDArray[np.int8]:
    rows = np.random.default_rng(seed).standard_normal((people, DIMENSIONS)).astype(np.float32)
    return quantised(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def gallery_of(rows: NDArray[np.int8]) -> Gallery:
    gallery = Gallery()
    gallery.enrol(rows)
    return gallery


def assert_agrees(
    kernel: Kernel, gallery: Gallery, probes: NDArray[np.int8], *, top: int, least: int = NO_SCORE
) -> None:
    wanted = scan(Naive(), gallery, probes, top=top, least=least)
    found = scan(kernel, gallery, probes, top=top, least=least)
    np.testing.assert_array_equal(found.ids, wanted.ids)
    np.testing.assert_array_equal(found.scores, wanted.scores)


@pytest.mark.parametrize("people", [0, 1, 2, TILE - 1, TILE, TILE + 1, 999])
@pytest.mark.parametrize("top", [1, 3])
def test_it_finds_what_the_definition_finds(kernel: Kernel, people: int, top: int) -> None:
    """The same people, scores and order, whatever the size."""
    rows = faces(people)
    probes = np.concatenate([rows[:2], faces(3, seed=1)])
    assert_agrees(kernel, gallery_of(rows), probes, top=top)


@pytest.mark.parametrize("people", [ROWS - 1, ROWS, ROWS + 1, 2 * ROWS + 77])
def test_parts_that_are_multiplied_at_once_do_not_show(kernel: Kernel, people: int) -> None:
    """Neither where one ends nor where the next is short."""
    rows = faces(people)
    assert_agrees(kernel, gallery_of(rows), rows[[0, people // 2, people - 1]], top=2)


def test_blocks_do_not_show(kernel: Kernel) -> None:
    """People of the second block have the ids that follow those of the first."""
    gallery = gallery_of(faces(BLOCK - 100))
    late = faces(300, seed=2)
    ids = gallery.enrol(late)
    found = scan(kernel, gallery, late[[0, 99, 299]])
    assert found.ids[:, 0].tolist() == [ids[0], ids[99], ids[299]]


@pytest.mark.parametrize("probes", [1, 2, 3, 4, 8, 64])
def test_a_batch_is_its_probes_one_by_one(kernel: Kernel, probes: int) -> None:
    """However the kernel multiplies batches of that size."""
    assert_agrees(kernel, gallery_of(faces(700)), faces(probes, seed=3), top=5)


def test_equal_scores_go_to_the_lower_id(kernel: Kernel) -> None:
    """Also where the same template stands in the gallery many times."""
    rows = np.repeat(faces(3), 200, axis=0)
    gallery = gallery_of(rows)
    found = scan(kernel, gallery, faces(3), top=4)
    assert found.ids.tolist() == [[0, 1, 2, 3], [200, 201, 202, 203], [400, 401, 402, 403]]
    assert_agrees(kernel, gallery, faces(5, seed=4), top=250)


def test_a_threshold_is_reached_by_equality(kernel: Kernel) -> None:
    """The score at the threshold counts, the next lower does not."""
    gallery, probe = gallery_of(faces(50)), faces(1, seed=5)
    best = int(scan(Naive(), gallery, probe).scores[0, 0])
    assert scan(kernel, gallery, probe, least=best).ids[0, 0] != NOBODY
    assert scan(kernel, gallery, probe, least=best + 1).ids[0, 0] == NOBODY


def test_who_is_deleted_is_not_found(kernel: Kernel) -> None:
    """Nor does anybody else move; also when they were found before."""
    rows = faces(600)
    gallery = gallery_of(rows)
    assert scan(kernel, gallery, rows[[7]]).ids[0, 0] == 7
    gallery.delete(7)
    gallery.delete(599)
    assert_agrees(kernel, gallery, rows[[7, 8, 599]], top=3)
    assert len(gallery) == 598


def test_who_is_enrolled_between_searches_is_found(kernel: Kernel) -> None:
    """What a kernel keeps beside the gallery grows with it."""
    gallery = gallery_of(faces(10))
    for seed in range(1, 6):
        rows = faces(333, seed=seed)
        ids = gallery.enrol(rows)
        assert scan(kernel, gallery, rows[[0, 332]]).ids[:, 0].tolist() == [ids[0], ids[-1]]
    assert_agrees(kernel, gallery, faces(4, seed=9), top=6)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    people=st.integers(1, 700),
    probes=st.integers(1, 9),
    top=st.integers(1, 12),
    deleted=st.lists(st.integers(0, 699), max_size=20, unique=True),
    threshold=st.none() | st.floats(-0.2, 0.4),
)
@pytest.mark.parametrize("name", KERNELS)
def test_any_search_is_the_definitions(
    name: str,
    seed: int,
    people: int,
    probes: int,
    top: int,
    deleted: list[int],
    threshold: float | None,
) -> None:
    """Sizes, duplicates, deletions, thresholds in any combination."""
    if name == "amx-int8" and not is_installed():
        pytest.skip("numkong is an optional extra")
    rng = np.random.default_rng(seed)
    rows = faces(people, seed=seed)[rng.integers(0, people, people)]
    gallery = gallery_of(rows)
    for person in deleted:
        if person < people:
            gallery.delete(person)
    asked = np.concatenate([rows[:1], faces(probes, seed=seed + 1)])
    least = NO_SCORE if threshold is None else least_score(threshold)
    assert_agrees(KERNELS[name](FARTHEST), gallery, asked, top=top, least=least)


@pytest.mark.parametrize("form", ["numba", "numpy"])
@pytest.mark.parametrize("cut", [200, 240, 256, 270])
def test_two_stages_find_the_definitions_list_within_the_cut(form: str, cut: int) -> None:
    """Nobody farther by their code, everybody nearer."""
    rows, probes = faces(900), faces(6, seed=8)
    gallery = gallery_of(rows)
    codes, asked = sign_codes(rows, gallery.centre), sign_codes(probes, gallery.centre)
    found = scan(TwoStage(cut, form=form), gallery, probes, top=900)  # type: ignore[arg-type]
    for probe in range(len(probes)):
        near = np.bitwise_count(codes ^ asked[probe]).sum(axis=1) < cut
        whole = scan(Naive(), gallery, probes[[probe]], top=900)
        kept = near[whole.ids[0]]
        ids = found.ids[probe][found.ids[probe] != NOBODY]
        assert ids.tolist() == whole.ids[0][kept].tolist()
        assert found.scores[probe, : len(ids)].tolist() == whole.scores[0][kept].tolist()
