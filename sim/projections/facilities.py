"""What became of the people of each facility of a world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.projections.outcomes import People
from sim.projections.waits import distribution_s


def facility_figures(
    people: People, facility: NDArray[np.int32], names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Passengers of each facility, their outcomes and how long their journeys took.

    Parameters
    ----------
    people : People
        Everyone of the world.
    facility : ndarray of int32, shape (passengers,)
        Number of the facility that each is a passenger of.
    names : sequence of str
        Facilities by number.
    """
    own = facility[: len(people.arrived_us)]
    figures: dict[str, dict[str, Any]] = {}
    for number, name in enumerate(names):
        rows = np.flatnonzero(own == number)
        theirs = People(people.arrived_us[rows], people.final_us[rows], people.final_kind[rows])
        figures[name] = {
            "passengers": theirs.passengers,
            **theirs.counts(),
            "journey_s": distribution_s(theirs.journeys_us()),
        }
    return figures
