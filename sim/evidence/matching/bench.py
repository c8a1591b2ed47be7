"""Every kernel by gallery size and batch, beside NumPy in float32 and a limit of the machine."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.matching.limits import Limits, measure_limits
from sim.matcher import cuts
from sim.matcher.gallery import centre_of
from sim.matcher.kernels.amx_int8 import AmxInt8, is_installed
from sim.matcher.kernels.gemm import Gemm
from sim.matcher.kernels.kernel import Kernel
from sim.matcher.kernels.naive import Naive
from sim.matcher.kernels.two_stage import TwoStage
from sim.matcher.machine import processor, versions
from sim.matcher.memory import BYTES_PER_PERSON, require_memory
from sim.matcher.one_thread import one_thread_process
from sim.matcher.population.enrolment import made_gallery
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.search import scan
from sim.matcher.templates import DIMENSIONS, aligned, least_score, quantised, sign_codes

SIZES = (200, 10_000, 100_000, 1_000_000)
BATCHES = (1, 8, 64, 512)

THRESHOLD = 0.40
"""Cosine a candidate must reach: about what a gallery of a million needs."""

SLOWEST_S = 60.0
"""A batch that takes longer is left out."""

_NAIVE_PER_S = 150_000  # about, to leave out rather than wait
_ONCE_S = 2.0  # what takes longer is timed once
_PEOPLE_AT_ONCE = 20_000

Tell = Callable[[str], None]


def bench_document(
    sizes: Sequence[int], batches: Sequence[int], *, rounds: int, pairs: int, tell: Tell
) -> dict[str, Any]:
    """Rows of all kernels, as ``sim matcher bench --json`` prints them.

    Parameters
    ----------
    sizes, batches : sequence of int
        Sizes of galleries, and probes at once.
    rounds : int
        Turns of each kernel and of NumPy, in turns.
    pairs : int
        Mated pairs on which the loss of two stages is measured.
    tell : callable
        Told how far it is.

    Raises
    ------
    UsageError
        If the largest gallery does not fit in memory.

    Notes
    -----
    All runs in a process of its own with one thread for BLAS.
    """
    require_memory(max(sizes) * (BYTES_PER_PERSON + 4 * DIMENSIONS), what="the largest gallery")
    rows: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    with one_thread_process() as pool:
        tell("measuring the limits of one core")
        limits = pool.submit(measure_limits).result()
        tell(f"measuring the mates lost on {pairs:,} pairs")
        lost = pool.submit(mates_lost, THRESHOLD, pairs).result()
        for size in sorted(set(sizes)):
            tell(f"timing a gallery of {size:,}")
            work = partial(time_gallery, size, sorted(set(batches)), rounds, limits, lost)
            found = pool.submit(work).result()
            rows += found["rows"]
            left_out += found["left_out"]
    return {
        "rows": rows,
        "left_out": left_out,
        "limits": asdict(limits),
        "threshold": THRESHOLD,
        "mated_pairs": pairs,
        "rounds": rounds,
        "versions": versions(),
    }


def mates_lost(threshold: float, pairs: int, *, seed: int = 1) -> float:
    """Share of mates at or above a threshold that the cut of two stages loses."""
    cut = cuts.cut_for(threshold)
    assert cut is not None
    people = Population(seed)
    centre = centre_of(quantised(people.captures(0, _PEOPLE_AT_ONCE, number=ENROLMENT)))
    accepted = lost = 0
    for first in range(_PEOPLE_AT_ONCE, _PEOPLE_AT_ONCE + pairs, _PEOPLE_AT_ONCE):
        wanted = min(_PEOPLE_AT_ONCE, _PEOPLE_AT_ONCE + pairs - first)
        enrolled = quantised(people.captures(first, wanted, number=ENROLMENT))
        probes = quantised(people.captures(first, wanted))
        scores = np.einsum("ij,ij->i", enrolled, probes, dtype=np.int32)
        codes = sign_codes(enrolled, centre) ^ sign_codes(probes, centre)
        is_far = np.bitwise_count(codes).sum(axis=1) >= cut.distance
        is_accepted = scores >= least_score(threshold)
        accepted += int(is_accepted.sum())
        lost += int((is_accepted & is_far).sum())
    return lost / accepted


def time_gallery(
    people: int, batches: Sequence[int], rounds: int, limits: Limits, lost: float
) -> dict[str, Any]:
    """Rows of every kernel that is fast enough, on one gallery."""
    gallery = made_gallery(people)
    wide = aligned(people, DIMENSIONS, np.float32)
    for first, block in gallery.blocks():
        wide[first : first + block.rows] = block.templates[: block.rows]
    rows: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    for batch in batches:
        # half of the probes have a mate in the gallery
        probes = np.concatenate(
            [
                quantised(Population().captures(0, -(-batch // 2))),
                quantised(Population().captures(2 * people, batch // 2)),
            ]
        )[:batch]
        kernels = list(_kernels(people * batch))
        reference = partial(numpy_float32, wide, probes.astype(np.float32))
        seconds = _in_turns(
            [reference] + [partial(scan, each, gallery, probes, least=_LEAST) for each in kernels],
            rounds,
        )
        for kernel, taken in zip(kernels, seconds[1:], strict=True):
            comparisons = people * batch
            rate = comparisons / statistics.median(taken)
            name, most = _limit(kernel, batch, limits)
            ratios = [a / b for a, b in zip(seconds[0], taken, strict=False)]
            rows.append(
                {
                    "kernel": kernel.name,
                    "n": people,
                    "batch": batch,
                    "comparisons_per_s": rate,
                    "batch_s": statistics.median(taken),
                    "ratio_numpy_f32": statistics.median(ratios),
                    "ratio_low": min(ratios),
                    "ratio_high": max(ratios),
                    "limit": name,
                    "limit_share": rate / most,
                    "mates_lost": lost if isinstance(kernel, TwoStage) else 0.0,
                    "threads": 1,
                    "cpu": processor(),
                }
            )
        left_out += _left_out(people, batch, [each.name for each in kernels])
    return {"rows": rows, "left_out": left_out}


_LEAST = least_score(THRESHOLD)


def numpy_float32(
    gallery: NDArray[np.float32], probes: NDArray[np.float32], *, at_once: int = 4096
) -> NDArray[np.intp]:
    """The reference: NumPy's product in float32, block by block, and argmax."""
    best = np.full(len(probes), -np.inf, dtype=np.float32)
    who = np.zeros(len(probes), dtype=np.intp)
    scores = np.empty((len(probes), at_once), dtype=np.float32)
    every = np.arange(len(probes))
    for start in range(0, len(gallery), at_once):
        rows = gallery[start : start + at_once]
        out = scores[:, : len(rows)]
        if len(rows) == at_once:
            np.matmul(probes, rows.T, out=out)
        else:
            out = probes @ rows.T
        first = out.argmax(axis=1)
        top = out[every, first]
        is_better = top > best
        best[is_better], who[is_better] = top[is_better], first[is_better] + start
    return who


def _kernels(comparisons: int) -> Iterator[Kernel]:
    cut = cuts.cut_for(THRESHOLD)
    assert cut is not None
    if comparisons <= SLOWEST_S * _NAIVE_PER_S:
        yield Naive()
    yield Gemm()
    yield TwoStage(cut.distance)
    if is_installed():
        yield AmxInt8()


def _left_out(people: int, batch: int, timed: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    if "naive" not in timed:
        seconds = people * batch / _NAIVE_PER_S
        reason = f"one batch would take about {seconds:,.0f} s"
        found.append({"kernel": "naive", "n": people, "batch": batch, "reason": reason})
    if "amx-int8" not in timed:
        reason = "numkong, the optional extra, is not installed"
        found.append({"kernel": "amx-int8", "n": people, "batch": batch, "reason": reason})
    return found


def _limit(kernel: Kernel, batch: int, limits: Limits) -> tuple[str, float]:
    """What holds a kernel up, and the comparisons a second it would allow.

    A single probe reads every byte of the gallery; a batch reads it once for all, until the
    unit that multiplies or counts is what is busy.
    """
    size, most, unit = {
        "two-stage": (DIMENSIONS // 8, limits.codes_per_s, "bits counted"),
        "amx-int8": (DIMENSIONS, limits.int8_per_s, limits.int8_unit),
        "gemm": (DIMENSIONS, limits.float32_per_s, "float32 products"),
    }.get(kernel.name, (DIMENSIONS, limits.float32_per_s, "float32 products"))
    read = limits.read_bytes_per_s / size * batch
    if batch == 1 or read < most:
        return f"memory read at {limits.read_bytes_per_s / 1e9:.1f} GB/s", read
    return unit, most


def _in_turns(works: Sequence[Callable[[], Any]], rounds: int) -> list[list[float]]:
    """Seconds of each, one after the other, round after round; the first round warms up.

    What takes seconds is run in the first round alone, and that round counts for it.
    """
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for work, seconds in zip(works, taken, strict=True):
            if turn and work is not works[0] and seconds[0] > _ONCE_S:
                continue
            repeats = 1 if not turn else max(1, math.ceil(0.002 / max(seconds[0], 1e-6)))
            began = time.perf_counter()
            for _ in range(repeats):
                work()
            seconds.append((time.perf_counter() - began) / repeats)
    return [seconds[1:] or seconds for seconds in taken]
