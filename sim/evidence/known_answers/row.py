"""One known answer beside what the program says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Part = Literal["theory", "recursion", "conservation", "engines", "hashes"]
"""What the answer is known from."""


Quantity = Literal[
    "mean_wait_s",
    "mean_wait_last_s",
    "share_balked",
    "share_reneged",
    "starts_that_differ",
    "events",
    "events_that_differ",
    "persons",
    "customers_of_stations",
    "contradictions",
    "faults_of_a_sound_run",
    "chain_from_the_files",
    "same_seed_same_chain",
    "flipped_bits_noticed",
]
"""What is compared."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question, its answer, and what was found.

    Attributes
    ----------
    part : str
        What the answer is known from.
    case : str
        The system or scenario, such as ``M/M/3, 2 a second``.
    quantity : str
        What is compared.
    expected, got : float
        The known answer, and the program's.
    tolerance : float
        Most that they may differ: half the interval where chance is in it, else 0.
    source : str
        Where the answer is from.
    """

    part: Part
    case: str
    quantity: Quantity
    expected: float
    got: float
    tolerance: float
    source: str

    @property
    def holds(self) -> bool:
        """Whether the program gives the answer, as nearly as can be told."""
        return abs(self.got - self.expected) <= self.tolerance

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "holds": self.holds}
