"""Other libraries' search beside ours, with the accepted mates each of them loses.

``python -m tests.benchmarks.matcher_peers [--n N]… [--graph N] [--rounds N] [--json] [--page]``

Needs faiss-cpu, usearch and torch, which the project itself does not: run it in an environment
that has them and the project's own requirements. Peers that are missing are left out and named.
One thread each, in turns with NumPy float32 over the same gallery and probes; graphs (HNSW) are
built up to a size, since building one over a million takes ten minutes. ``--page`` writes
``docs/matcher-peers.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from functools import partial
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.matching.bench import THRESHOLD, numpy_float32
from sim.matcher.machine import processor
from sim.matcher.population.people import Population
from sim.matcher.templates import least_score, quantised
from tests.benchmarks.matcher_peers_page import write_page
from tests.benchmarks.peers import Faces, Peer, all_peers, seconds

SIZES = (100_000, 1_000_000)
BATCHES = (1, 64, 512)
GRAPH = 100_000
MATES = 65_536
"""Most mated probes on which the loss is counted; exact search of int8 templates is the judge."""

COUNTED_S = 8.0
"""Time after which no more are counted."""

SLOW_S = 4.0
"""What takes longer is timed once, its first time."""

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_LIBRARIES = ("numpy", "numba", "numkong", "faiss-cpu", "usearch", "torch")
_STRANGER = 1 << 29


def main() -> int:
    """Time ours and theirs, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, action="append", help="people; may be repeated")
    parser.add_argument("--graph", type=int, default=GRAPH, help="largest gallery with a graph")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--page", action="store_true", help="write docs/matcher-peers.md")
    asked = parser.parse_args()
    document, rows, missing = dict[str, Any](), [], list[str]()
    loads = [os.getloadavg()[0]]
    for people in asked.n or SIZES:
        say(f"making a gallery of {people:,}")
        faces = Faces.made(people)
        for peer in all_peers(faces, graph=asked.graph, missing=missing):
            say(f"{people:,}: {peer.name}")
            rows += timed(peer, faces, rounds=asked.rounds)
            loads.append(os.getloadavg()[0])
        document = {
            "threshold": THRESHOLD,
            "cpu": processor(),
            "threads": 1,
            "rounds": asked.rounds,
            "graph": asked.graph,
            "load_average": [min(loads), max(loads)],
            "versions": versions(),
            "missing": sorted(set(missing)),
            "rows": rows,
        }
        if asked.page:  # after each size: the largest takes a while
            write_page(document)
    if asked.json:
        print(json.dumps(document, indent=1))
    else:
        _print(document)
    return 0


def timed(peer: Peer, faces: Faces, *, rounds: int) -> list[dict[str, Any]]:
    """Rows of one peer, a batch each, in turns with NumPy in float32."""
    people, found = Population(), []
    for batch in BATCHES:
        half = min(len(faces.rows), -(-batch // 2))
        probes = np.concatenate([people.captures(0, half), people.captures(_STRANGER, batch)])
        probes = np.ascontiguousarray(probes[:batch])
        reference = partial(numpy_float32, faces.wide)
        ours, theirs = (
            [seconds(partial(peer.search, probes))],
            [seconds(partial(reference, probes))],
        )
        if ours[0] <= SLOW_S:
            ours, theirs = [], []  # what is loaded or compiled is there now
            for _ in range(rounds):
                theirs.append(seconds(partial(reference, probes)))
                ours.append(seconds(partial(peer.search, probes)))
        batch_s = statistics.median(ours)
        found.append(
            {
                "peer": peer.name,
                "people": len(faces.rows),
                "batch": batch,
                "batch_s": batch_s,
                "comparisons_per_s": len(faces.rows) * batch / batch_s,
                "ratio_numpy_f32": statistics.median(
                    a / b for a, b in zip(theirs, ours, strict=True)
                ),
                "rounds": len(ours),
                "bytes_per_template": peer.bytes,
                "build_s": peer.build_s,
            }
        )
    accepted, lost = mates_lost(peer, faces.rows, people)
    return [row | {"mates_accepted": accepted, "mates_lost": lost} for row in found]


def mates_lost(peer: Peer, rows: NDArray[np.int8], people: Population) -> tuple[int, int]:
    """Mates at or above the threshold, and how many of them a search does not return first."""
    accepted = lost = 0
    began, at_once = time.perf_counter(), max(BATCHES)
    for first in range(0, min(MATES, len(rows)), at_once):
        wanted = min(at_once, len(rows) - first)
        probes = people.captures(first, wanted)
        mates = rows[first : first + wanted]
        scores = np.einsum("ij,ij->i", quantised(probes), mates, dtype=np.int32)
        is_accepted = scores >= least_score(THRESHOLD)
        returned = peer.search(probes)
        accepted += int(is_accepted.sum())
        lost += int((is_accepted & (returned != np.arange(first, first + wanted))).sum())
        if time.perf_counter() - began > COUNTED_S:
            break
    return accepted, lost


def versions() -> dict[str, str]:
    """Of every library in the table."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


def _print(document: dict[str, Any]) -> None:
    heads = ("people", "peer", "batch", "ms", "x NumPy", "mates lost", "of", "build s")
    print("{:>10}  {:34}{:>6}{:>10}{:>9}{:>12}{:>8}{:>9}".format(*heads))
    for row in document["rows"]:
        print(
            f"{row['people']:>10,}  {row['peer']:34}{row['batch']:>6}{row['batch_s'] * 1e3:>10.3g}"
            f"{row['ratio_numpy_f32']:>9.3g}{row['mates_lost']:>12}{row['mates_accepted']:>8}"
            f"{row['build_s']:>9.3g}"
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
