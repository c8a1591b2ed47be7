"""Other libraries' ways to search a gallery, and ours, behind one call."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.matching.bench import THRESHOLD, numpy_float32
from sim.matcher.choice import choose
from sim.matcher.gallery import Gallery
from sim.matcher.kernels.amx_int8 import is_installed
from sim.matcher.population.enrolment import made_gallery
from sim.matcher.search import scan
from sim.matcher.templates import DIMENSIONS, STEPS_PER_UNIT, least_score, quantised

LINKS, NEAR_BUILT, NEAR_SEARCHED = 24, 128, 256
"""Of the graphs (HNSW): links of a node, and candidates kept while it is built and searched."""

BLAS_FROM = 800
"""Probes from which faiss is told to call BLAS, beside its default."""

_ROWS = 4096  # of a part that torch multiplies at once

Search = Callable[[NDArray[np.float32]], NDArray[np.integer]]
"""From probes to the best person of each."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The gallery all search: enrolled, as int8 rows, as float32 rows."""

    gallery: Gallery
    rows: NDArray[np.int8]
    wide: NDArray[np.float32]

    @classmethod
    def made(cls, people: int) -> Faces:
        """So many people of population 0."""
        gallery = made_gallery(people)
        rows = np.concatenate([block.templates[: block.rows] for _, block in gallery.blocks()])
        return cls(gallery, rows, rows.astype(np.float32) / np.float32(STEPS_PER_UNIT))


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to search.

    Attributes
    ----------
    name : str
        As the table says it; ours begin with ``ours``.
    search : callable
        The search.
    bytes : int
        Memory a template takes.
    build_s : float
        Seconds to build what is searched, where that is more than copying.
    """

    name: str
    search: Search
    bytes: int
    build_s: float = 0.0


def all_peers(faces: Faces, *, graph: int, missing: list[str]) -> Iterator[Peer]:
    """One after the other, so that each may be forgotten before the next is made.

    Parameters
    ----------
    graph : int
        Largest gallery for which graphs are built.
    missing : list of str
        Told which libraries are not there.
    """
    for make in (_ours, _faiss, _usearch, _torch):
        try:
            yield from make(faces)
            if len(faces.rows) <= graph:
                yield from _GRAPHS.get(make, _none)(faces)
        except ImportError as error:
            missing.append(str(error))


def _none(faces: Faces) -> Iterator[Peer]:
    del faces
    yield from ()


def _ours(faces: Faces) -> Iterator[Peer]:
    def search(name: str, probes: NDArray[np.float32]) -> NDArray[np.int64]:
        people = len(faces.gallery)
        chosen = choose(name, people=people, probes=len(probes), threshold=THRESHOLD)
        asked, least = quantised(probes), least_score(THRESHOLD)
        return scan(chosen.kernel, faces.gallery, asked, least=least).ids[:, 0]

    yield Peer("NumPy float32, argmax", partial(numpy_float32, faces.wide), 4 * DIMENSIONS)
    yield Peer("ours, gemm", partial(search, "gemm"), DIMENSIONS)
    yield Peer("ours, two-stage", partial(search, "two-stage"), DIMENSIONS + DIMENSIONS // 8)
    if is_installed():
        yield Peer("ours, amx-int8", partial(search, "amx-int8"), 2 * DIMENSIONS)


def _faiss(faces: Faces) -> Iterator[Peer]:
    faiss = importlib.import_module("faiss")
    faiss.omp_set_num_threads(1)
    usual = faiss.cvar.distance_compute_blas_threshold

    def search(index: Any, blas_from: int, probes: NDArray[np.float32]) -> NDArray[np.integer]:
        faiss.cvar.distance_compute_blas_threshold = blas_from
        return index.search(probes, 1)[1][:, 0]

    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(faces.wide)
    yield Peer("faiss FlatIP", partial(search, flat, usual), 4 * DIMENSIONS)
    tuned = f"faiss FlatIP, BLAS threshold {BLAS_FROM}"
    yield Peer(tuned, partial(search, flat, BLAS_FROM), 4 * DIMENSIONS)
    del flat
    kinds = {
        "faiss SQ 8 bit": (faiss.ScalarQuantizer.QT_8bit, faces.wide),
        "faiss SQ 8 bit direct signed": (faiss.ScalarQuantizer.QT_8bit_direct_signed, None),
    }
    for name, (kind, rows) in kinds.items():
        index = faiss.IndexScalarQuantizer(DIMENSIONS, kind, faiss.METRIC_INNER_PRODUCT)
        given = faces.rows.astype(np.float32) if rows is None else rows
        index.train(given[:20_000])
        index.add(given)
        del given
        scale = np.float32(STEPS_PER_UNIT if rows is None else 1)
        yield Peer(name, lambda probes, i=index, s=scale: search(i, usual, probes * s), DIMENSIONS)


def _faiss_graph(faces: Faces) -> Iterator[Peer]:
    faiss = importlib.import_module("faiss")
    tree = faiss.IndexHNSWFlat(DIMENSIONS, LINKS, faiss.METRIC_INNER_PRODUCT)
    tree.hnsw.efConstruction, tree.hnsw.efSearch = NEAR_BUILT, NEAR_SEARCHED
    build_s = seconds(lambda: tree.add(faces.wide))
    size = 4 * DIMENSIONS + 2 * LINKS * 4
    yield Peer("faiss HNSW", lambda p: tree.search(p, 1)[1][:, 0], size, build_s)


def _usearch(faces: Faces) -> Iterator[Peer]:
    usearch = importlib.import_module("usearch.index")

    def exact(whom: Any, probes: NDArray[np.float32]) -> NDArray[np.integer]:
        asked = quantised(probes) if whom.dtype == np.int8 else probes
        found = usearch.search(whom, asked, 1, "ip", exact=True, threads=1)
        return np.asarray(found.keys).reshape(len(probes), -1)[:, 0]

    yield Peer("usearch exact f32", partial(exact, faces.wide), 4 * DIMENSIONS)
    yield Peer("usearch exact i8", partial(exact, faces.rows), DIMENSIONS)


def _usearch_graph(faces: Faces) -> Iterator[Peer]:
    usearch = importlib.import_module("usearch.index")
    tree = usearch.Index(
        ndim=DIMENSIONS,
        metric="ip",
        dtype="f32",
        connectivity=LINKS,
        expansion_add=NEAR_BUILT,
        expansion_search=NEAR_SEARCHED,
    )
    keys = np.arange(len(faces.wide))
    build_s = seconds(lambda: tree.add(keys, faces.wide, threads=1))

    def search(probes: NDArray[np.float32]) -> NDArray[np.integer]:
        found = tree.search(probes, 1, threads=1)
        return np.asarray(found.keys).reshape(len(probes), -1)[:, 0]

    yield Peer("usearch HNSW", search, 4 * DIMENSIONS + 2 * LINKS * 4, build_s)


def _torch(faces: Faces) -> Iterator[Peer]:
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)

    def blocked(whole: Any, asked: Any, product: Any) -> NDArray[np.integer]:
        best = who = None
        for start in range(0, len(whole), _ROWS):
            top, place = product(asked, whole[start : start + _ROWS].T).max(dim=1)
            if best is None or who is None:
                best, who = top, place
                continue
            better = top > best
            best, who = torch.where(better, top, best), torch.where(better, place + start, who)
        assert who is not None
        return who.numpy()

    def floats(whole: Any, probes: NDArray[np.float32]) -> NDArray[np.integer]:
        asked = torch.from_numpy(np.ascontiguousarray(probes)).to(whole.dtype)
        return blocked(whole, asked, torch.matmul)

    def integers(whole: Any, probes: NDArray[np.float32]) -> NDArray[np.integer]:
        asked = torch.from_numpy(quantised(probes))
        if len(asked) <= 16:  # its integer product takes no fewer rows
            asked = torch.cat([asked, torch.zeros(17 - len(asked), DIMENSIONS, dtype=torch.int8)])
        return blocked(whole, asked, torch._int_mm)[: len(probes)]

    wide = torch.from_numpy(faces.wide)
    yield Peer("torch float32", partial(floats, wide), 4 * DIMENSIONS)
    yield Peer("torch bfloat16", partial(floats, wide.to(torch.bfloat16)), 2 * DIMENSIONS)
    even = torch.from_numpy(faces.rows[: len(faces.rows) // 8 * 8])
    yield Peer("torch int8 product", partial(integers, even), DIMENSIONS)


_GRAPHS: dict[Any, Callable[[Faces], Iterator[Peer]]] = {
    _faiss: _faiss_graph,
    _usearch: _usearch_graph,
}


def seconds(work: Callable[[], object]) -> float:
    """What some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
