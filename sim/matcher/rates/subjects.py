"""Classes of subjects: who is harder to match, and whose class is more alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.matcher.population.people import Population, Structure


@dataclass(frozen=True, slots=True)
class Subject:
    """A class of people at a gate.

    Attributes
    ----------
    name : str
        What they are called.
    hardness : float
        Factor of the noise of their probes.
    structure : Structure
        How alike people of the class are.
    source : str
        Where the figures come from.
    """

    name: str
    hardness: float
    structure: Structure
    source: str

    def of(self, people: Population) -> Population:
        """The people, were they all of this class."""
        return replace(people, structure=self.structure)


_ELDERLY = Structure(ages=1, age_weight=0.04)
_CHILDREN = Structure(ages=1, age_weight=0.07)

SUBJECTS = (
    Subject("adult", 1.0, Structure(), "assumed: the population as it is"),
    Subject(
        "elderly",
        1.3,
        _ELDERLY,
        "assumed; that they are taken for one another more often: NIST IR 8280 (2019)",
    ),
    Subject(
        "child 6 to 14",
        1.55,
        _CHILDREN,
        "assumed; that they are taken for one another more often: NIST IR 8280 (2019)",
    ),
    Subject(
        "masked",
        2.5,
        Structure(),
        "assumed; that a mask on the probe costs misses, not false matches: NIST IR 8311 (2020)",
    ),
)
"""The classes; the reference of somebody masked shows the whole face."""
