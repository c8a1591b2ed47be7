"""Presentation attacks: artefacts before a gate's check, as ISO/IEC 30107-3 counts them.

No check was measured: scores of bona fide presentations are normal, those of each species of
artefact normal further down, and every parameter is assumed. What is real here is the
counting: by species, at a threshold, with intervals over artefacts and not presentations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.errors import UsageError
from sim.matcher.population.chance import uniforms
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.rates.proportion import Rate, by_person
from sim.matcher.templates import COSINE_ONE, quantised


@dataclass(frozen=True, slots=True)
class Species:
    """A kind of attack instrument, made alike many times.

    Attributes
    ----------
    name : str
        What it is.
    mean : float
        Mean score; bona fide presentations have mean 0 and standard deviation 1.
    between, within : float
        Standard deviations: from artefact to artefact, and from one presentation to the next.
    hardness : float
        Factor of the noise when an artefact of a face is compared with that face.
    source : str
        Where the figures come from.
    """

    name: str
    mean: float
    between: float
    within: float
    hardness: float
    source: str = "assumed"


SPECIES = (
    Species("printed photograph", -6.0, 1.0, 0.9, 2.2),
    Species("replay on a screen", -5.2, 1.0, 0.9, 2.2),
    Species("mask of paper", -5.0, 1.0, 0.9, 2.6),
    Species("mask of silicone", -4.2, 1.0, 0.9, 2.6),
)
"""Species presented: where 1.5 % of bona fide are turned away, 0.2 to 7 % of them pass."""

BETWEEN_PERSONS = 0.5
"""Standard deviation of a person's own share of bona fide scores, of 1 in all; assumed."""


@dataclass(frozen=True, slots=True)
class Presentations:
    """Scores of a check of liveness; who scores at least its threshold passes.

    Attributes
    ----------
    bona_fide : ndarray of float64, shape (persons, presentations)
        Of people as they are.
    attacks : dict of ndarray of float64, shape (artefacts, presentations)
        By species.
    likeness : dict of ndarray of int32, the same shapes
        Score of each presentation with the reference of the face that the artefact shows.
    """

    bona_fide: NDArray[np.float64]
    attacks: dict[str, NDArray[np.float64]]
    likeness: dict[str, NDArray[np.int32]]

    def threshold_at(self, bpcer: float) -> float:
        """The highest threshold that turns away at most this share of bona fide presentations.

        Raises
        ------
        UsageError
            If there were too few presentations to show such a share.
        """
        allowed = int(bpcer * self.bona_fide.size)
        if not 0 < bpcer < 1 or allowed < 1:
            raise UsageError(
                f"bpcer: {self.bona_fide.size:,} presentations cannot show a share of {bpcer:g}"
            )
        return float(np.partition(self.bona_fide.ravel(), allowed)[allowed])

    def threshold_at_worst(self, apcer: float) -> float:
        """The least threshold at which at most this share of every species passes.

        Raises
        ------
        UsageError
            If there were too few presentations to show such a share.
        """
        least = -np.inf
        for scores in self.attacks.values():
            allowed = int(apcer * scores.size)
            if not 0 < apcer < 1 or allowed < 1:
                raise UsageError(
                    f"apcer: {scores.size:,} presentations cannot show a share of {apcer:g}"
                )
            place = scores.size - allowed - 1
            least = max(least, float(np.partition(scores.ravel(), place)[place]))
        return float(np.nextafter(least, np.inf))

    def bona_fide_turned_away(self, threshold: float) -> Rate:
        """BPCER; the interval resamples persons."""
        return _by_row(self.bona_fide < threshold)

    def attacks_passed(self, species: str, threshold: float) -> Rate:
        """APCER of one species; the interval resamples artefacts."""
        return _by_row(self.attacks[species] >= threshold)

    def attacks_accepted(self, species: str, threshold: float, cosine: float) -> Rate:
        """IAPAR of one species: attacks that pass the check and match the face they show."""
        matched = self.likeness[species] >= round(cosine * COSINE_ONE)
        return _by_row(matched & (self.attacks[species] >= threshold))


def present(
    people: Population,
    *,
    persons: int,
    artefacts: int,
    presentations: int = 10,
    species: Sequence[Species] = SPECIES,
) -> Presentations:
    """Show people and artefacts to a check of liveness.

    Parameters
    ----------
    people : Population
        Who shows their face, and whose faces are copied.
    persons, artefacts : int
        Bona fide people, and artefacts of each species, one of each person from the first.
    presentations : int
        Times each is presented.
    species : sequence of Species
        What is presented.
    """
    own = np.sqrt(1 - BETWEEN_PERSONS**2)
    bona_fide = _normals(people.seed, "bona fide", persons, presentations)
    attacks, likeness = {}, {}
    reference = quantised(people.captures(0, artefacts, number=ENROLMENT))
    for each in species:
        steady, fresh = _normals(people.seed, each.name, artefacts, presentations)
        attacks[each.name] = each.mean + each.between * steady + each.within * fresh
        likeness[each.name] = np.stack(
            [
                _scores(people, reference, each.hardness, number)
                for number in range(1, presentations + 1)
            ],
            axis=1,
        )
    return Presentations(
        bona_fide=BETWEEN_PERSONS * bona_fide[0] + own * bona_fide[1],
        attacks=attacks,
        likeness=likeness,
    )


def _scores(
    people: Population, reference: NDArray[np.int8], hardness: float, number: int
) -> NDArray[np.int32]:
    probes = quantised(people.captures(0, len(reference), number=number, hardness=hardness))
    return np.einsum("ij,ij->i", reference, probes, dtype=np.int32)


def _normals(
    seed: int, stream: str, rows: int, presentations: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One standard normal a row, shape (rows, 1), and one a presentation of it."""
    steady = ndtri(uniforms(seed, f"presented {stream}", 0, rows)[:, :1])
    fresh = uniforms(seed, f"presentation {stream}", 0, rows * presentations)[:, 0]
    return steady, ndtri(fresh).reshape(rows, presentations)


def _by_row(errors: NDArray[np.bool_]) -> Rate:
    return by_person(errors.sum(axis=1), np.full(len(errors), errors.shape[1]))
