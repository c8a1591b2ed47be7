"""The days that parts are timed on: a plain one, and a shipped one."""

from __future__ import annotations

from functools import cached_property

from sim.demand.sample import sample
from sim.demand.workload import Workload
from sim.engine import compiled
from sim.engine.network import Network, build_network
from sim.engine.yardstick import plain_simpy
from sim.events.log import EventBlock
from sim.scenario.load import Scenario, load_scenario, scenario_from_document

STATIONS, SERVERS, LOAD = 4, 10, 0.9
"""The plain day: stations in a row, servers in each, share of them that is busy."""


class PlainDay:
    """Poisson arrivals through stations in a row, exponential services of a second.

    Parameters
    ----------
    passengers : int
        About how many.
    """

    def __init__(
        self, passengers: int, *, stations: int = STATIONS, servers: int = SERVERS
    ) -> None:
        self.stations, self.servers = stations, servers
        rate = servers * LOAD
        names = [f"desk-{number}" for number in range(stations)]
        self.scenario = scenario_from_document(
            {
                "id": "plain",
                "kind": "generic",
                "horizon_s": passengers / rate,
                "demand": {"arrivals": {"law": "poisson", "rate_per_s": rate}},
                "stations": [
                    {
                        "id": name,
                        "servers": servers,
                        "service": {"law": "exponential", "mean_s": 1},
                    }
                    for name in names
                ],
                "journey": [{"station": name} for name in names],
            }
        )
        self.network, self.workload = drawn(self.scenario)

    def by_simpy(self, passengers: int) -> float:
        """Events that plain SimPy logs for the first passengers."""
        return plain_simpy(
            self.workload, servers=self.servers, stations=self.stations, passengers=passengers
        )


class ShippedDay:
    """A shipped scenario's day, with its events."""

    def __init__(self, name: str) -> None:
        self.scenario = load_scenario(name)
        self.network, self.workload = drawn(self.scenario)

    @cached_property
    def blocks(self) -> list[EventBlock]:
        """Every event."""
        return list(compiled.simulate(self.network, self.workload))


def drawn(scenario: Scenario) -> tuple[Network, Workload]:
    """A day of a scenario, ready for an engine."""
    program = scenario.program(None)
    workload = sample(scenario, program=program, seed=1)
    return build_network(scenario.spec, program), workload
