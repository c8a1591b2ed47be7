"""Other libraries' search beside ours, with the accepted mates each of them loses.

``python -m tests.benchmarks.matcher_peers [--people N] [--graph N] [--rounds N] [--json]``

Needs faiss-cpu, usearch and torch, which the project itself does not: run it in an environment
that has them and the project's own requirements. Peers that are missing are left out and named.
One thread each, in turns over the same gallery and probes; a graph (HNSW) is built on a part of
it, since building one over a million takes ten minutes.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.matching.bench import THRESHOLD, numpy_float32
from sim.matcher.choice import choose
from sim.matcher.gallery import Gallery
from sim.matcher.kernels.amx_int8 import is_installed
from sim.matcher.population.enrolment import made_gallery
from sim.matcher.population.people import Population
from sim.matcher.search import scan
from sim.matcher.templates import DIMENSIONS, STEPS_PER_UNIT, least_score, quantised

BATCHES = (1, 8, 64)
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
MATES = 4096
"""Mated probes on which the loss is counted; exact search is the judge."""

Search = Callable[[NDArray[np.float32]], NDArray[np.integer]]
"""From probes to the best person of each."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to search; `whom` says among how many of the gallery's first people."""

    name: str
    search: Search
    whom: int
    build_s: float = 0.0


def main() -> int:
    """Time ours and theirs, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--graph", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    print("making the gallery", file=sys.stderr)
    gallery = made_gallery(asked.people)
    rows = np.concatenate([block.templates[: block.rows] for _, block in gallery.blocks()])
    wide = rows.astype(np.float32) / np.float32(STEPS_PER_UNIT)
    peers, missing = [], []
    for make in (_ours, _faiss, _usearch, _torch):
        try:
            peers += make(gallery, rows, wide, asked.graph)
        except ImportError as error:
            missing.append(str(error))
    found = [row for peer in peers for row in _rows(peer, wide, asked.rounds)]
    document = {"threshold": THRESHOLD, "rows": found, "missing": missing, **_versions()}
    if asked.json:
        print(json.dumps(document, indent=1))
    else:
        _print(document)
    return 0


def _ours(gallery: Gallery, rows: Any, wide: Any, graph: int) -> list[Peer]:
    del rows, graph
    names = ["gemm", "two-stage", *(["amx-int8"] if is_installed() else [])]

    def search(name: str, probes: NDArray[np.float32]) -> NDArray[np.int64]:
        chosen = choose(name, people=len(gallery), probes=len(probes), threshold=THRESHOLD)
        asked = quantised(probes)
        return scan(chosen.kernel, gallery, asked, least=least_score(THRESHOLD)).ids[:, 0]

    whom = len(gallery)
    reference = Peer("numpy float32", partial(numpy_float32, wide), whom)
    return [reference, *(Peer(f"ours {name}", partial(search, name), whom) for name in names)]


def _faiss(gallery: Any, rows: Any, wide: NDArray[np.float32], graph: int) -> list[Peer]:
    del gallery, rows
    faiss = importlib.import_module("faiss")
    faiss.omp_set_num_threads(1)
    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(wide)
    eight = faiss.IndexScalarQuantizer(
        DIMENSIONS, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    eight.train(wide[:20_000])
    eight.add(wide)
    tree = faiss.IndexHNSWFlat(DIMENSIONS, 24, faiss.METRIC_INNER_PRODUCT)
    tree.hnsw.efConstruction, tree.hnsw.efSearch = 128, 256
    build_s = _seconds(lambda: tree.add(wide[:graph]))
    return [
        Peer("faiss FlatIP", lambda probes: flat.search(probes, 1)[1][:, 0], len(wide)),
        Peer("faiss SQ 8 bit", lambda probes: eight.search(probes, 1)[1][:, 0], len(wide)),
        Peer("faiss HNSW 24, ef 256", lambda p: tree.search(p, 1)[1][:, 0], graph, build_s),
    ]


def _usearch(gallery: Any, rows: Any, wide: NDArray[np.float32], graph: int) -> list[Peer]:
    del gallery
    usearch = importlib.import_module("usearch.index")

    def exact(kept: Any, whom: Any, probes: NDArray[np.float32]) -> NDArray[np.integer]:
        asked = quantised(probes) if kept == "i8" else probes
        found = usearch.search(whom, asked, 1, "ip", exact=True, threads=1)
        return np.asarray(found.keys).reshape(len(probes), -1)[:, 0]

    tree = usearch.Index(
        ndim=DIMENSIONS, metric="ip", dtype="f32", connectivity=24, expansion_search=256
    )
    keys = np.arange(graph)
    build_s = _seconds(lambda: tree.add(keys, wide[:graph], threads=2))

    def by_graph(probes: NDArray[np.float32]) -> NDArray[np.integer]:
        found = tree.search(probes, 1, threads=1)
        return np.asarray(found.keys).reshape(len(probes), -1)[:, 0]

    return [
        Peer("usearch exact f32", partial(exact, "f32", wide), len(wide)),
        Peer("usearch HNSW 24, ef 256", by_graph, graph, build_s),
    ]


def _torch(gallery: Any, rows: Any, wide: NDArray[np.float32], graph: int) -> list[Peer]:
    del gallery, graph
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    whole, bytes_ = torch.from_numpy(wide), torch.from_numpy(rows)

    def floats(probes: NDArray[np.float32], at_once: int = 4096) -> NDArray[np.integer]:
        asked = torch.from_numpy(np.ascontiguousarray(probes))
        best = torch.full((len(asked),), -2.0)
        who = torch.zeros(len(asked), dtype=torch.int64)
        for start in range(0, len(whole), at_once):
            top, place = (asked @ whole[start : start + at_once].T).max(dim=1)
            better = top > best
            best, who = torch.where(better, top, best), torch.where(better, place + start, who)
        return who.numpy()

    def integers(probes: NDArray[np.float32], at_once: int = 4096) -> NDArray[np.integer]:
        asked = torch.from_numpy(quantised(probes))
        if len(asked) <= 16:  # its integer product takes no fewer rows
            asked = torch.cat([asked, torch.zeros(17 - len(asked), DIMENSIONS, dtype=torch.int8)])
        best = torch.full((len(asked),), -(1 << 30), dtype=torch.int32)
        who = torch.zeros(len(asked), dtype=torch.int64)
        for start in range(0, len(bytes_) // 8 * 8, at_once):
            part = bytes_[start : start + at_once]
            top, place = torch._int_mm(asked, part[: len(part) // 8 * 8].T).max(dim=1)
            better = top > best
            best, who = torch.where(better, top, best), torch.where(better, place + start, who)
        return who.numpy()[: len(probes)]

    return [
        Peer("torch float32", floats, len(wide)),
        Peer("torch int8 product", integers, len(wide)),
    ]


def _rows(peer: Peer, wide: NDArray[np.float32], rounds: int) -> list[dict[str, Any]]:
    print(f"timing {peer.name}", file=sys.stderr)
    people = Population()
    lost = _mates_lost(peer, wide, people)
    found = []
    for batch in BATCHES:
        probes = np.concatenate(
            [people.captures(0, -(-batch // 2)), people.captures(1 << 29, batch // 2)]
        )[:batch]
        reference = partial(numpy_float32, wide[: peer.whom])
        ours, theirs = [], []
        peer.search(probes)
        for _ in range(rounds):
            theirs.append(_seconds(lambda: reference(probes)))  # noqa: B023 (called at once)
            ours.append(_seconds(lambda: peer.search(probes)))  # noqa: B023
        found.append(
            {
                "peer": peer.name,
                "people": peer.whom,
                "batch": batch,
                "batch_s": statistics.median(ours),
                "ratio_numpy_f32": statistics.median(
                    a / b for a, b in zip(theirs, ours, strict=True)
                ),
                "mates_lost": lost,
                "build_s": peer.build_s,
            }
        )
    return found


def _mates_lost(peer: Peer, wide: NDArray[np.float32], people: Population) -> float:
    """Share of mates at or above the threshold that a search does not return first."""
    mates = min(MATES, peer.whom)
    probes = people.captures(0, mates)
    accepted = np.einsum("ij,ij->i", probes, wide[:mates]) >= THRESHOLD
    returned = np.concatenate([peer.search(probes[k : k + 64]) for k in range(0, mates, 64)])
    return float((accepted & (returned != np.arange(mates))).sum() / accepted.sum())


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _versions() -> dict[str, Any]:
    names = ("numpy", "numba", "numkong", "faiss-cpu", "usearch", "torch")
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return {"versions": found}


def _print(document: dict[str, Any]) -> None:
    heads = ("peer", "people", "batch", "ms", "x numpy", "mates lost", "build s")
    print("{:26}{:>12}{:>7}{:>11}{:>9}{:>12}{:>9}".format(*heads))
    for row in document["rows"]:
        print(
            f"{row['peer']:26}{row['people']:>12,}{row['batch']:>7}{row['batch_s'] * 1e3:>11.3g}"
            f"{row['ratio_numpy_f32']:>9.3g}{row['mates_lost']:>12.1e}{row['build_s']:>9.3g}"
        )
    print("; ".join(f"{name} {version}" for name, version in document["versions"].items()))
    for reason in document["missing"]:
        print(f"left out: {reason}")


def _with_one_thread() -> int:
    """Start again with one thread: libraries decide on theirs as they are loaded."""
    wanted = dict.fromkeys(_THREADS, "1")
    if any(os.environ.get(name) != "1" for name in _THREADS):
        words = [sys.executable, "-m", "tests.benchmarks.matcher_peers", *sys.argv[1:]]
        os.execve(sys.executable, words, {**os.environ, **wanted})
    return main()


if __name__ == "__main__":
    sys.exit(_with_one_thread())
