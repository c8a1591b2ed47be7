"""False rejects and false accepts by place, from the log alone."""

from __future__ import annotations

import numpy as np

from sim.events.memory import remember
from sim.projections.matches import match_errors
from tests.contracts.engine.cases import Case
from tests.engines import ENGINES


def test_decisions_by_place_of_the_genuine_and_of_impostors() -> None:
    """Passengers 0 to 2 are genuine, 3 and 4 are not; a desk decides nothing."""
    case = Case().gates("gate", 9, attempts=2).station("desk", 9)
    case.step("gate", on_reject="desk").step("desk", id="desk")
    for accept in (1, 2, 0, 1, 0):
        case.passenger(0, accept=accept, retry=(1,))
    network, workload = case.network(), case.workload()
    names = [station.id for station in network.stations]
    log = remember(ENGINES["compiled"](network, workload), stations=names, tables=workload.tables)

    assert match_errors(log, np.array([False, False, False, True, True])) == {
        "gate": {
            "genuine": {
                "attempts": 5,
                "rejected": 3,
                "rejected_share": 0.6,
                "persons": 3,
                "referred": 1,
                "referred_share": 1 / 3,
            },
            "impostors": {
                "attempts": 3,
                "persons": 2,
                "accepted": 1,
                "accepted_share": 0.5,
                "referred": 1,
            },
        }
    }
