"""Galleries of synthetic people, filled block by block."""

from __future__ import annotations

from sim.matcher.gallery import Gallery, centre_of
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.templates import quantised

_PEOPLE_AT_ONCE = 20_000
_FOR_CENTRE = 10_000


def made_gallery(people: int, *, population: Population | None = None) -> Gallery:
    """A gallery of the first people of a population; None is population 0."""
    population = population or Population()
    centre = centre_of(quantised(population.captures(0, _FOR_CENTRE, number=ENROLMENT)))
    gallery = Gallery(centre=centre)
    for first in range(0, people, _PEOPLE_AT_ONCE):
        wanted = min(_PEOPLE_AT_ONCE, people - first)
        gallery.enrol(quantised(population.captures(first, wanted, number=ENROLMENT)))
    return gallery
