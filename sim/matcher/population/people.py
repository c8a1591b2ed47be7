"""A population of synthetic faces: identities in cohorts, and captures of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.matcher.population.chance import Draws, draws, uniforms
from sim.matcher.population.rotation import rotated
from sim.matcher.templates import DIMENSIONS

ENROLMENT = 0
"""Number of the capture a gallery holds."""

_AT_ONCE = 1024
"""People made at once, so that what is between stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Structure:
    """How alike people are: shares of a face's variance that a cohort has in common.

    The figures are assumed; with them the mean score of two strangers is 0.05, that of two
    of one origin, sex and age 0.13, and thresholds lie where published ones do.
    """

    origin_shares: tuple[float, ...] = (0.86, 0.08, 0.04, 0.02)
    origin_weight: float = 0.10
    sex_weight: float = 0.05
    age_weight: float = 0.03
    ages: int = 5
    decay: float = 0.6
    knee: float = 8.0

    @property
    def own_weight(self) -> float:
        """Share of variance that is a person's own."""
        return 1 - self.origin_weight - self.sex_weight - self.age_weight


@dataclass(frozen=True, slots=True)
class Quality:
    """How far captures lie from the face they show.

    A capture is the face plus noise of length sigma, made a unit vector, so two captures of
    one face agree like ``1 / sqrt((1 + sigma_1²)(1 + sigma_2²))``. Sigma is lognormal, with a
    small share of captures that are much worse: one lognormal alone cannot give both the
    usual mean score and the flat tail of errors of present algorithms.

    Attributes
    ----------
    base, spread : float
        Median of sigma of a probe, and standard deviation of its logarithm.
    enrolment, enrolment_spread : float
        The same for the reference: its median is a share of `base`.
    bad, worse : float
        Share of bad captures, and how many times worse they are.
    goats : float
        Standard deviation of the logarithm of a person's own factor: some are hard to match.
    ageing : float
        What a year between the captures adds to sigma squared, as a share of it; assumed, so
        that errors about double in ten years.
    """

    base: float = 0.69
    spread: float = 0.23
    enrolment: float = 0.75
    enrolment_spread: float = 0.15
    bad: float = 0.0045
    worse: float = 3.35
    goats: float = 0.10
    ageing: float = 0.06


@dataclass(frozen=True, slots=True)
class Traits:
    """Which cohort people belong to.

    Attributes
    ----------
    origin, sex, age : ndarray of int8, shape (n,)
        Numbers of the cohort.
    """

    origin: NDArray[np.int8]
    sex: NDArray[np.int8]
    age: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What captures are like, without making them.

    Attributes
    ----------
    sigma : ndarray of float64, shape (n,)
        Length of the noise.
    is_bad : ndarray of bool, shape (n,)
        Whether it is one of the few that are much worse.
    luck, cause : ndarray of float64, shape (n,)
        Numbers in (0, 1): of what else befalls the capture, and of what becomes of its cause.
    """

    sigma: NDArray[np.float64]
    is_bad: NDArray[np.bool_]
    luck: NDArray[np.float64]
    cause: NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """People numbered from 0, each a function of the seed and their number.

    Parameters
    ----------
    seed : int
        Another seed, other people.

    Notes
    -----
    Nobody is stored: 100 million people take no memory, and any of them can be made again.
    """

    seed: int = 0
    structure: Structure = Structure()
    quality: Quality = Quality()

    def traits(self, first: int, people: int) -> Traits:
        """Cohorts of consecutive people."""
        return self._traits(uniforms(self.seed, "person", first, people))

    def conditions(
        self, first: int, people: int, *, number: int = 1, hardness: float = 1.0, years: float = 0.0
    ) -> Conditions:
        """What one capture of each of consecutive people is like; arguments as of `captures`."""
        person = uniforms(self.seed, "person", first, people)
        capture = uniforms(self.seed, f"capture {number}", first, people)
        is_reference = number == ENROLMENT
        sigma = self._sigma(person, capture, is_reference=is_reference)
        return Conditions(
            sigma=sigma * hardness * np.sqrt(1 + self.quality.ageing * years),
            is_bad=(capture[:, 1] < self.quality.bad) & (not is_reference),
            luck=capture[:, 2],
            cause=capture[:, 3],
        )

    def faces(self, first: int, people: int) -> NDArray[np.float32]:
        """Faces as they are, without noise.

        Parameters
        ----------
        first, people : int
            Number of the first person, and how many.

        Returns
        -------
        ndarray of float32, shape (people, 512)
            Unit vectors.
        """
        return self._faces(draws(self.seed, "person", first, people))

    def captures(
        self,
        first: int,
        people: int,
        *,
        number: int = 1,
        hardness: float | NDArray[np.float64] = 1.0,
        years: float = 0.0,
    ) -> NDArray[np.float32]:
        """One capture of each of consecutive people.

        Parameters
        ----------
        first, people : int
            Number of the first person, and how many.
        number : int
            Which capture; `ENROLMENT` is the reference, others are probes.
        hardness : float or ndarray, shape (people,)
            Factor of the noise: 1 an adult at a gate, more with a mask or for a child.
        years : float
            Time since the reference.

        Returns
        -------
        ndarray of float32, shape (people, 512)
            Templates.
        """
        templates = np.empty((people, DIMENSIONS), dtype=np.float32)
        factors = np.broadcast_to(np.asarray(hardness, dtype=np.float64), people)
        for start in range(0, people, _AT_ONCE):
            part = slice(start, min(start + _AT_ONCE, people))
            where = (first + start, part.stop - start)
            person = draws(self.seed, "person", *where)
            capture = draws(self.seed, f"capture {number}", *where)
            sigma = self._sigma(person.uniforms, capture.uniforms, is_reference=number == ENROLMENT)
            sigma = sigma * factors[part] * np.sqrt(1 + self.quality.ageing * years)
            templates[part] = _blurred(self._faces(person), capture, sigma)
        return templates

    def look_alikes(
        self, first: int, people: int, *, likeness: float, number: int = 1
    ) -> NDArray[np.float32]:
        """Captures of strangers who resemble these people.

        Parameters
        ----------
        first, people : int
            Whom they resemble.
        likeness : float
            Cosine of the two faces, about; 0 for anybody, 0.35 for a brother or sister.
        """
        stranger = draws(self.seed, f"look-alike {number}", first, people)
        other = _unit(rotated(self._shaped(stranger), self._signs))
        own = np.float32(np.sqrt(1 - likeness**2))
        mixed = np.float32(likeness) * self.faces(first, people) + own * other
        capture = draws(self.seed, f"look-alike capture {number}", first, people)
        sigma = self._sigma(stranger.uniforms, capture.uniforms, is_reference=False)
        return _blurred(_unit(mixed.astype(np.float32, copy=False)), capture, sigma)

    def _shaped(self, draws: Draws) -> NDArray[np.float32]:
        return np.multiply(draws.normals, self._spectrum, dtype=np.float32)

    def _faces(self, person: Draws) -> NDArray[np.float32]:
        who, weights = self._traits(person.uniforms), self.structure
        faces = self._shaped(person)
        faces *= np.float32(np.sqrt(weights.own_weight))
        origins = len(weights.origin_shares)
        faces += self._shared("origin", origins, weights.origin_weight)[who.origin]
        faces += self._shared("sex", 2, weights.sex_weight)[who.sex]
        faces += self._shared("age", weights.ages, weights.age_weight)[who.age]
        return _unit(rotated(faces, self._signs))

    def _sigma(
        self, person: NDArray[np.float64], capture: NDArray[np.float64], *, is_reference: bool
    ) -> NDArray[np.float64]:
        """Length of the noise of one capture of each person, shape (n,)."""
        quality = self.quality
        own = quality.goats * ndtri(person[:, 3])
        luck = ndtri(capture[:, 0])
        if is_reference:
            return quality.base * quality.enrolment * np.exp(quality.enrolment_spread * luck + own)
        sigma = quality.base * np.exp(quality.spread * luck + own)
        return np.where(capture[:, 1] < quality.bad, sigma * quality.worse, sigma)

    def _traits(self, uniforms: NDArray[np.float64]) -> Traits:
        edges = np.cumsum(self.structure.origin_shares)
        origin = np.searchsorted(edges / edges[-1], uniforms[:, 0], side="right")
        return Traits(
            origin=np.minimum(origin, len(edges) - 1).astype(np.int8),
            sex=(uniforms[:, 1] < 0.5).astype(np.int8),
            age=(uniforms[:, 2] * self.structure.ages).astype(np.int8),
        )

    @cached_property
    def _spectrum(self) -> NDArray[np.float32]:
        """Standard deviation of each feature: few carry much, their squares sum to one."""
        variance = (np.arange(DIMENSIONS) + self.structure.knee) ** -self.structure.decay
        return np.sqrt(variance / variance.sum()).astype(np.float32)

    @cached_property
    def _signs(self) -> NDArray[np.float32]:
        return np.where(draws(self.seed, "rotation", 0, 1).normals[0] < 0, -1, 1).astype(np.float32)

    def _shared(self, what: str, cohorts: int, weight: float) -> NDArray[np.float32]:
        """What the people of each cohort have in common, shape (cohorts, 512)."""
        directions = _unit(draws(self.seed, what, 0, cohorts).normals * self._spectrum)
        return directions * np.float32(np.sqrt(weight))


def _blurred(
    faces: NDArray[np.float32], capture: Draws, sigma: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Faces with noise of the given lengths."""
    return _unit(
        faces + capture.normals * (sigma / np.sqrt(DIMENSIONS)).astype(np.float32)[:, None]
    )


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length one; the squares are added pairwise, in the same order everywhere."""
    return np.divide(rows, np.sqrt(np.sum(rows * rows, axis=1, keepdims=True)), dtype=np.float32)
