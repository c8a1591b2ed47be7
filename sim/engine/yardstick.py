"""SimPy as a tutorial would write it: the yardstick that engines are timed against.

One resource a station, one process a passenger, a tuple appended for each event. It knows
first come first served and constant servers, nothing else; the model is in `reference`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.demand.workload import Workload

Process = Generator[simpy.Event, Any, None]


def plain_simpy(workload: Workload, *, servers: int, stations: int, passengers: int) -> int:
    """Simulate the first passengers of a day through stations in a row.

    Returns
    -------
    int
        Events logged.
    """
    env = simpy.Environment()
    desks = [simpy.Resource(env, servers) for _ in range(stations)]
    arrivals = workload.arrival_us[:passengers].tolist()
    services = workload.service_us[: passengers * stations].reshape(-1, stations).tolist()
    log: list[tuple[float, str, int, int]] = []

    def passenger(number: int) -> Process:
        log.append((env.now, "arrived", number, -1))
        for place, desk in enumerate(desks):
            with desk.request() as request:
                log.append((env.now, "queue_joined", number, place))
                yield request
                log.append((env.now, "service_started", number, place))
                yield env.timeout(services[number][place])
                log.append((env.now, "service_completed", number, place))
        log.append((env.now, "exited", number, -1))

    def doors() -> Process:
        for number, at_us in enumerate(arrivals):
            yield env.timeout(at_us - env.now)
            env.process(passenger(number))

    env.process(doors())
    env.run()
    return len(log)
