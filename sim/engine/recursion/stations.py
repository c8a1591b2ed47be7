"""One station worked out by the compiled recursion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled import layout
from sim.engine.compiled.machine import the_loop
from sim.engine.network import Station


@dataclass(frozen=True, slots=True, eq=False)
class Services:
    """What became of those who joined a station's queue, in the order given.

    Attributes
    ----------
    started_us, completed_us : ndarray of int64
        Instants, or -1 for those never served.
    server : ndarray of int32
        Server index, or -1; empty where not asked for.
    handed_on_by : ndarray of int32
        Likewise: in whose turn the service began: `layout.OWN_TURN`, the passenger whose completion
        freed the server, or `layout.FIRST_CHANGE` less the number of the staffing change.
    """

    started_us: NDArray[np.int64]
    completed_us: NDArray[np.int64]
    server: NDArray[np.int32]
    handed_on_by: NDArray[np.int32]


def serve(
    station: Station,
    *,
    joined_us: NDArray[np.int64],
    service_us: NDArray[np.int64],
    patience_us: NDArray[np.int64],
    passenger: NDArray[np.int32],
    is_patient: bool = False,
    with_servers: bool = False,
) -> Services:
    """Serve customers first come first served, as the engines do.

    Parameters
    ----------
    station : Station
        Its servers, staffing levels and closing rule; nothing else of it counts.
    joined_us : ndarray of int64, shape (n,)
        Not decreasing; customers of one instant in order of passenger.
    service_us, patience_us, passenger : ndarray, shape (n,)
        ``patience_us`` is negative for those who wait for ever.
    is_patient : bool
        Whether all of them do.
    with_servers : bool
        Whether to say which server it was; times alone take less work.
    """
    customers = len(joined_us)
    named = customers if with_servers else 0
    world = np.zeros((), dtype=layout.WORLD)
    result = Services(
        started_us=np.empty(customers, dtype=np.int64),
        completed_us=np.empty(customers, dtype=np.int64),
        server=np.empty(named, dtype=np.int32),
        handed_on_by=np.empty(named, dtype=np.int32),
    )
    columns = {
        "joined_us": joined_us,
        "given_service_us": service_us,
        "given_patience_us": patience_us,
        "who": passenger,
        "levels_us": np.array([at_us for at_us, _ in station.levels]),
        "levels": np.array([level for _, level in station.levels]),
        "started_us": result.started_us,
        "completed_us": result.completed_us,
        "on_server": result.server,
        "handed_on_by": result.handed_on_by,
        **dict.fromkeys(
            ("busy_until_us", "busy_with", "busy_server", "idle_server"), station.installed + 1
        ),
    }
    kept = []
    for name, column in columns.items():
        dtype = layout.COLUMNS[name]
        given = np.empty(column, dtype) if isinstance(column, int) else column
        fitting = np.ascontiguousarray(given, dtype=dtype)
        kept.append(fitting)  # an address keeps nothing alive
        world[name] = fitting.ctypes.data
    world["is_recursion"] = True
    world["visits"] = customers
    world["installed"] = station.installed
    world["by_name"] = station.closing != "idle_first"
    world["n_levels"] = len(station.levels)
    world["has_patience"] = not is_patient
    world["wants_servers"] = with_servers
    the_loop().run(world.ctypes.data)
    return result
