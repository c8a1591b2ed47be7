"""How much is compared, and whether that can show what is asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.errors import Fault, InvalidInputError, UsageError
from sim.matcher.memory import BYTES_PER_PERSON, require_memory

FMRS = (1e-4, 1e-5, 1e-6)
"""False match rates at which thresholds are set, on adults."""

LARGEST_FMR = 1e-3

ATTEMPTS = 3
"""Most attempts of a transaction, as at the gates of the scenarios."""

BPCER = 0.015
"""Share of bona fide presentations turned away where the check works: the scenarios' own."""

FPIRS = (0.01, 0.003)
"""Shares of strangers' searches with a candidate, at which each gallery's threshold is told."""

APCERS = (0.05, 0.01)
"""Shares of attacks that may pass, at which bona fide presentations turned away are told."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is compared.

    Attributes
    ----------
    mated : int
        Persons of each class compared with their own reference.
    probes, gallery : int
        Strangers of each class, and the people they are compared with, all pairs.
    persons : int
        Adults who make transactions; of other classes `mated` do.
    galleries : tuple of int
        People in the galleries that are searched.
    strangers, mates : int
        Searches without and with a mate.
    artefacts : int
        Of each species, and as many bona fide persons.
    """

    mated: int = 20_000
    probes: int = 1_000
    gallery: int = 10_000
    persons: int = 20_000
    galleries: tuple[int, ...] = (1_000, 10_000)
    strangers: int = 2_000
    mates: int = 2_000
    artefacts: int = 500


def require_sizes(sizes: Sizes, fmrs: Sequence[float], attempts: int) -> None:
    """Refuse what cannot be shown, all of it at once.

    Raises
    ------
    InvalidInputError
        Naming every fault.
    """
    faults = [Fault(text) for text in _faults(sizes, fmrs, attempts)]
    held = max([0, *sizes.galleries]) * BYTES_PER_PERSON * 2
    kept = sizes.probes * (4096 * 16 + sizes.gallery * 3)
    try:
        require_memory(held + kept, what="the comparison", hint="take fewer probes or people")
    except UsageError as error:
        faults += error.faults
    if faults:
        raise InvalidInputError(faults)


def _faults(sizes: Sizes, fmrs: Sequence[float], attempts: int) -> Iterator[str]:
    pairs = sizes.probes * sizes.gallery
    for fmr in fmrs:
        if not 0 < fmr <= LARGEST_FMR:
            yield f"fmr: expected above 0 and at most {LARGEST_FMR:g}, got {fmr:g}"
        elif int(fmr * pairs) < 1:
            yield (
                f"fmr: {sizes.probes:,} probes with {sizes.gallery:,} people are {pairs:,} "
                f"comparisons and cannot show {fmr:g}; take at least {1 / fmr:,.0f} in all"
            )
    if not fmrs:
        yield "fmr: give at least one"
    if not 2 <= attempts <= 8:
        yield f"attempts: expected 2 to 8, got {attempts}"
    for people in sizes.galleries:
        if people < 1:
            yield f"n: a gallery has at least one person, got {people}"
    least = math.ceil(1 / BPCER)
    if sizes.artefacts < least:
        yield f"artefacts: expected at least {least}, got {sizes.artefacts}"
