"""Ten million templates searched exactly, and the codes of the whole country scanned."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.matching.limits import measure_limits
from sim.matcher.cuts import cut_for
from sim.matcher.gallery import TILE, Gallery, centre_of
from sim.matcher.kernels.amx_int8 import AmxInt8, is_installed
from sim.matcher.kernels.gemm import Gemm
from sim.matcher.kernels.signs import near_rows
from sim.matcher.memory import available_bytes
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.search import scan
from sim.matcher.templates import COSINE_ONE, WORDS, aligned, quantised, sign_codes
from tests.evidence.claim import Claim, Finding, Steps

EXACT = 10_000_000
COUNTRY = 100_000_000
BATCHES = (1, 64)
AT_ONCE = TILE * 5120
ROUNDS = 5
THRESHOLD = 0.46
"""In a gallery of a hundred million a lower one would name strangers."""

READ_SHARE = 0.80
STRANGER = 1 << 34


def examine(steps: Steps) -> Finding:
    """Two parts, alone on the machine; each says where memory did not allow it."""
    found = steps.each([f"exact {EXACT}", f"country {COUNTRY}"], measure, processes=1)
    exact, country = found[f"exact {EXACT}"], found[f"country {COUNTRY}"]
    holds = {
        "ten million searched exactly": bool(exact.get("found_all")),
        f"the country's codes read at {READ_SHARE:.0%} of memory": (
            country.get("share_of_read", 0) >= READ_SHARE
        ),
        "its survivors rescored against templates made again": bool(country.get("mate_found")),
    }
    return Finding(passed=all(holds.values()), figures={"holds": holds, **found})


def measure(key: str) -> dict[str, Any]:
    """One part, ``exact PEOPLE`` or ``country PEOPLE``."""
    what, people = key.split()
    return _exact(int(people)) if what == "exact" else _country(int(people))


def _exact(people: int) -> dict[str, Any]:
    there = available_bytes()
    kernel = AmxInt8() if is_installed() else Gemm()
    wanted = people * (2 * 512 if is_installed() else 512) + people * 64
    if there is not None and wanted > there:
        return {"left_out": f"needs {wanted / 2**30:.1f} GiB, {there / 2**30:.1f} are available"}
    gallery, everybody = Gallery(), Population()
    began = time.perf_counter()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for rows in pool.map(_rows, range(0, people, 50_000)):
            gallery.enrol(rows)
    enrolled_s = time.perf_counter() - began
    answers: dict[str, Any] = {}
    for batch in BATCHES:
        mates = np.linspace(0, people - 1, batch).astype(int)
        probes = np.concatenate([everybody.captures(int(each), 1) for each in mates])
        asked = quantised(probes)
        seconds, ids = [], np.zeros(0)
        scan(kernel, gallery, asked)  # packs
        for _ in range(ROUNDS):
            began = time.perf_counter()
            ids = scan(kernel, gallery, asked).ids[:, 0]
            seconds.append(time.perf_counter() - began)
        answers[f"batch {batch}"] = {
            "seconds": statistics.median(seconds),
            "comparisons_per_s": people * batch / statistics.median(seconds),
            "mates_first": int((ids == mates).sum()),
        }
    limits = measure_limits()
    return {
        "kernel": kernel.name,
        "people": people,
        "enrolled_s": enrolled_s,
        "share_of_read": people * 512 / answers["batch 1"]["seconds"] / limits.read_bytes_per_s,
        "read_bytes_per_s": limits.read_bytes_per_s,
        "found_all": all(
            answers[f"batch {batch}"]["mates_first"] >= 0.98 * batch for batch in BATCHES
        ),
        **answers,
    }


def _rows(first: int) -> NDArray[np.int8]:
    return quantised(Population().captures(first, 50_000, number=ENROLMENT))


def _country(people: int) -> dict[str, Any]:
    tiles = -(-people // TILE)
    there = available_bytes()
    wanted = tiles * TILE * WORDS * 8
    if there is not None and wanted + 2**31 > there:
        return {"left_out": f"needs {wanted / 2**30:.1f} GiB, {there / 2**30:.1f} are available"}
    everybody = Population()
    centre = centre_of(quantised(everybody.captures(0, 20_000, number=ENROLMENT)))
    codes = aligned(tiles, WORDS * TILE, np.uint64).reshape(tiles, WORDS, TILE)
    began = time.perf_counter()
    starts = range(0, tiles, AT_ONCE // TILE)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for first, made in zip(
            starts, pool.map(partial(_made, tiles, centre), starts), strict=True
        ):
            codes[first : first + len(made)] = made
    return _scanned(codes, everybody, centre) | {"made_s": time.perf_counter() - began}


def _made(tiles: int, centre: NDArray[np.float32], first: int) -> NDArray[np.uint64]:
    """Codes of some people, tile by tile."""
    wanted = min(AT_ONCE // TILE, tiles - first)
    rows = quantised(Population().captures(first * TILE, wanted * TILE, number=ENROLMENT))
    return sign_codes(rows, centre).reshape(wanted, TILE, WORDS).transpose(0, 2, 1)


def _scanned(
    codes: NDArray[np.uint64], everybody: Population, centre: NDArray[np.float32]
) -> dict[str, Any]:
    """One probe at a time against everybody; the near ones are made again and scored."""
    cut = cut_for(THRESHOLD)
    assert cut is not None
    people = codes.shape[0] * TILE
    mates = np.linspace(1, people - 2, ROUNDS).astype(int)
    seconds, rescored, survivors, right = [], [], [], 0
    near_rows(codes[:100], codes[:1, :, 0].copy(), cut.distance)  # is compiled
    for mate in mates.tolist():
        probe = quantised(everybody.captures(mate, 1))
        began = time.perf_counter()
        near = near_rows(codes, sign_codes(probe, centre), cut.distance)[0]
        seconds.append(time.perf_counter() - began)
        began = time.perf_counter()
        best, who = -1, -1
        for person in near.tolist():
            row = quantised(everybody.captures(person, 1, number=ENROLMENT))
            score = int(row[0].astype(np.int32) @ probe[0].astype(np.int32))
            if score > best:
                best, who = score, person
        rescored.append(time.perf_counter() - began)
        survivors.append(len(near))
        right += who == mate and best >= THRESHOLD * COSINE_ONE
    limits = measure_limits()
    read = codes.nbytes / min(seconds)
    return {
        "people": people,
        "bytes": codes.nbytes,
        "threshold": THRESHOLD,
        "cut": cut.distance,
        "seconds": seconds,
        "read_bytes_per_s": limits.read_bytes_per_s,
        "share_of_read": read / limits.read_bytes_per_s,
        "survivors": survivors,
        "rescored_s": rescored,
        "mates_first": int(right),
        "mate_found": right >= ROUNDS - 1,
    }


CLAIM = Claim(
    "matcher-national",
    "Ten million templates are searched exactly and the codes of a hundred million people are "
    "scanned as fast as memory is read, on this machine, run and not extrapolated.",
    examine,
)
