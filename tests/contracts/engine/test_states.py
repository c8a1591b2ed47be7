"""The state folded from a log is the state the reference engine is in."""

import pytest
from hypothesis import given, settings

from sim.demand.sample import sample
from sim.engine.network import build_network
from sim.projections.snapshots import ALWAYS
from sim.projections.state_at import StateAt
from sim.scenario.load import load_scenario
from tests.contracts.engine.cases import Case
from tests.contracts.engine.probe import Place, probes
from tests.contracts.engine.random_cases import cases
from tests.properties.test_engines_agree import SMALLER

EVERY = 1_000


@given(case=cases())
@settings(max_examples=100)
def test_small_days_at_every_turn(case: Case) -> None:
    """Queues in order, who is on which server, what is open and what is down."""
    network = case.network()
    fold = StateAt(ALWAYS, stations=[station.id for station in network.stations])
    for probe, events in probes(network, case.workload(), every=1):
        fold.update(events)

        state = fold.result()
        assert state.events == probe.events
        assert tuple(map(Place.told, state.stations)) == probe.places


@pytest.mark.parametrize("name", SMALLER)
def test_snapshots_go_on_as_if_never_stopped(name: str) -> None:
    """At every thousandth event of each scenario the state from a snapshot, from the start
    and that of the engine are one
    """
    scenario = load_scenario(name, overrides=SMALLER[name])
    program = scenario.program()
    network = build_network(scenario.spec, program)
    day = sample(scenario, program=program, seed=1)
    whole = StateAt(ALWAYS, stations=program.stations)
    snapshot, stops = whole.snapshot(), 0
    for probe, events in probes(network, day, every=EVERY):
        whole.update(events)
        resumed = StateAt.resumed(ALWAYS, stations=program.stations, snapshot=snapshot)
        resumed.update(events)

        state = whole.result()
        assert resumed.result() == state
        assert resumed.snapshot() == whole.snapshot()
        assert tuple(map(Place.told, state.stations)) == probe.places
        snapshot, stops = whole.snapshot(), stops + 1

    assert stops > 15
