"""A profile: how long batches take by gallery size, and how often the matcher errs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from sim.errors import UsageError
from sim.matcher.machine import processor, versions
from sim.matcher.memory import BYTES_PER_PERSON, require_memory
from sim.matcher.one_thread import one_thread_process
from sim.matcher.population.enrolment import made_gallery
from sim.matcher.population.people import Population
from sim.matcher.rates.proportion import Rate
from sim.matcher.rates.verification import FLOOR, compare
from sim.matcher.trace.service import BUCKETS, ServiceTable, measure_table
from sim.scenario.figures import Figure
from sim.scenario.profile import (
    GalleryTimes,
    MatcherProfile,
    Measured,
    MeasuredRate,
    ThresholdRates,
)
from sim.scenario.stations import BatchBucket

SIZES = (200, 10_000, 100_000, 1_000_000)
"""People in the galleries that are timed."""

THRESHOLDS = (0.24, 0.28, 0.32, 0.36, 0.40)
"""Cosines at which errors are counted: false match rates from about 1e-4 down to 1e-7."""

TIMED_AT = 0.40
"""Least cosine of a candidate while batches are timed."""

ROUNDS = 15
MATED, PROBES, ENROLLED = 200_000, 4_096, 50_000

_CLOCKS: dict[str, Callable[[], float]] = {
    "processor": time.process_time,
    "wall": time.perf_counter,
}
CLOCKS = tuple(_CLOCKS)
"""What may be read: the processor's time is right also where others share the machine."""

Tell = Callable[[str], None]


def measure_profile(
    name: str,
    *,
    sizes: Sequence[int] = SIZES,
    thresholds: Sequence[float] = THRESHOLDS,
    rounds: int = ROUNDS,
    mated: int = MATED,
    probes: int = PROBES,
    clock: str = "processor",
    tell: Tell,
) -> MatcherProfile:
    """Measure one core of this machine.

    Parameters
    ----------
    name : str
        Id of the profile.
    sizes : sequence of int
        People in the galleries that are timed.
    thresholds : sequence of float
        Cosines at which errors are counted.
    rounds : int
        Turns of each batch; the median counts.
    mated : int
        Persons compared with their own reference.
    probes : int
        Strangers compared with `ENROLLED` people each.
    clock : str
        One of `CLOCKS`.

    Raises
    ------
    UsageError
        If a gallery does not fit in memory, a threshold cannot be counted at, or there is no
        such clock; before any work.
    """
    wanted, cosines = sorted(set(sizes)), sorted(set(thresholds))
    for cosine in cosines:
        if not FLOOR <= cosine <= 1:
            raise UsageError(f"threshold: errors are counted from {FLOOR} to 1, got {cosine:g}")
    if clock not in _CLOCKS:
        raise UsageError(f"clock: there is no {clock!r}; there are {', '.join(CLOCKS)}")
    require_memory(max(wanted) * BYTES_PER_PERSON, what=f"{max(wanted):,} people")
    with one_thread_process() as pool:
        tables = []
        for people in wanted:
            tell(f"enrolling {people:,} people, timing batches")
            tables.append(pool.submit(partial(_timed, people, rounds, clock)).result())
        tell(f"counting errors of {mated:,} mated and {probes * ENROLLED:,} other comparisons")
        rates = pool.submit(partial(_rates, cosines, mated, probes)).result()
    return MatcherProfile(
        id=name,
        measured=Measured(
            on=date.today(),
            cpu=processor(),
            threads=1,
            clock=clock,
            rounds=rounds,
            threshold=TIMED_AT,
            templates="synthetic people of population 0, 512 dimensions in int8",
            versions=versions(),
        ),
        galleries=tuple(map(_times, tables)),
        rates=rates,
    )


def write_profile(path: Path, profile: MatcherProfile) -> None:
    """Write a profile as a file that scenarios can name."""
    path.write_text("\n".join(_lines(profile)) + "\n", encoding="utf-8")


def _timed(people: int, rounds: int, clock: str) -> ServiceTable:
    gallery = made_gallery(people)
    return measure_table(gallery, threshold=TIMED_AT, rounds=rounds, clock=_CLOCKS[clock])


def _times(table: ServiceTable) -> GalleryTimes:
    buckets = tuple(
        BatchBucket(size=size, service_s=Figure(value=_rounded(seconds)))
        for size, seconds in zip(BUCKETS, table.seconds, strict=True)
    )
    return GalleryTimes(people=table.people, kernel=table.kernel, buckets=buckets)


def _rates(cosines: Sequence[float], mated: int, probes: int) -> tuple[ThresholdRates, ...]:
    found = compare(Population(), mated=mated, probes=probes, gallery=ENROLLED)
    return tuple(
        ThresholdRates(
            threshold=cosine,
            fmr=_rate(found.false_matches(cosine)),
            fnmr=_rate(found.false_non_matches(cosine)),
        )
        for cosine in cosines
    )


def _rate(rate: Rate) -> MeasuredRate:
    value = _rounded(rate.value)
    low, high = min(_rounded(rate.low), value), max(_rounded(rate.high), value)
    share = Figure(value=value, low=low, high=high)
    return MeasuredRate(errors=rate.errors, trials=rate.trials, share=share)


def _rounded(number: float) -> float:
    """To four significant digits: more is noise."""
    return float(f"{number:.4g}")


def _lines(profile: MatcherProfile) -> Iterator[str]:
    measured = profile.measured
    yield "# Measured by sim matcher profile; not to be edited: measure again instead."
    yield "# Times are those of one core, errors those of synthetic faces."
    yield ""
    yield f"id = {_text(profile.id)}"
    yield ""
    yield "[measured]"
    yield f"on = {measured.on.isoformat()}"
    yield f"cpu = {_text(measured.cpu)}"
    yield f"threads = {measured.threads}"
    yield f"clock = {_text(measured.clock)}"
    yield f"rounds = {measured.rounds}"
    yield f"threshold = {measured.threshold}"
    yield f"templates = {_text(measured.templates)}"
    words = ", ".join(f"{name} = {_text(which)}" for name, which in measured.versions.items())
    yield f"versions = {{ {words} }}"
    for gallery in profile.galleries:
        yield ""
        yield "[[galleries]]"
        yield f"people = {gallery.people}"
        yield f"kernel = {_text(gallery.kernel)}"
        yield "buckets = ["
        for each in gallery.buckets:
            yield f"    {{ size = {each.size}, service_s = {each.service_s.value!r} }},"
        yield "]"
    for rates in profile.rates:
        yield ""
        yield "[[rates]]"
        yield f"threshold = {rates.threshold!r}"
        for name in ("fmr", "fnmr"):
            rate: MeasuredRate = getattr(rates, name)
            share = rate.share
            ends = f"value = {share.value!r}, low = {share.low!r}, high = {share.high!r}"
            counts = f"errors = {rate.errors}, trials = {rate.trials}"
            yield f"{name} = {{ {counts}, share = {{ {ends} }} }}"


def _text(words: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in words)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
