"""All rates of one synthetic population as one document: plain JSON, each with its interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from sim.matcher.population.people import Population
from sim.matcher.rates.attacks import SPECIES
from sim.matcher.rates.capture import AT_A_GATE, AT_ENROLMENT
from sim.matcher.rates.parts import (
    attacks,
    one_to_many,
    one_to_one,
    transaction_keys,
    transactions_of,
)
from sim.matcher.rates.sizes import ATTEMPTS, FMRS, Sizes, require_sizes
from sim.matcher.rates.subjects import SUBJECTS

Tell = Callable[[str], None]


def errors_document(
    people: Population,
    sizes: Sizes,
    *,
    fmrs: Sequence[float] = FMRS,
    attempts: int = ATTEMPTS,
    tell: Tell,
) -> dict[str, Any]:
    """Rates of comparisons, searches, transactions and attacks.

    Parameters
    ----------
    people : Population
        Whose.
    sizes : Sizes
        How much is compared.
    fmrs : sequence of float
        False match rates of adults at which thresholds are set.
    attempts : int
        Most attempts of a transaction.
    tell : callable
        Told how far it is.

    Raises
    ------
    InvalidInputError
        If sizes are too small to show a rate, or too large for the memory; before any work.
    """
    wanted = sorted(set(fmrs), reverse=True)
    require_sizes(sizes, wanted, attempts)
    tell(f"comparing: {len(SUBJECTS)} classes, {sizes.mated:,} mated each")
    found = one_to_one(people, sizes, wanted)
    thresholds = {point["fmr_asked"]: point["threshold"] for point in found["points"]}
    many = []
    for size in sizes.galleries:
        tell(f"searching among {size:,} people")
        many.append(one_to_many(people, size, sizes, thresholds))
    rows = []
    for key in transaction_keys():
        tell(f"transactions of up to {attempts} attempts: {key}")
        rows.append(transactions_of(people, key, sizes, thresholds, attempts=attempts))
    tell(f"presenting {len(SPECIES)} species of artefacts")
    return {
        "population": {"seed": people.seed, "structure": asdict(people.structure)}
        | {"quality": asdict(people.quality), "source": "assumed: synthetic people"},
        "sizes": asdict(sizes),
        **found,
        "identification": many,
        "capture": {"gate": asdict(AT_A_GATE), "enrolment": asdict(AT_ENROLMENT)},
        "transactions": rows,
        "attacks": attacks(people, sizes, thresholds),
    }
