"""What is known of a day before it starts, at the scale of the nation."""

import numpy as np
import pytest

from sim.demand.sample import sample
from sim.engine.network import build_network
from sim.engine.outlook import Outlook, outlook_of
from sim.scenario.load import load_scenario

HOUR = 3600


def outlook(name: str, *overrides: str) -> Outlook:
    """The outlook of a shipped scenario, with few passengers: none of them counts in it."""
    scenario = load_scenario(name, overrides=overrides)
    program = scenario.program(None)
    workload = sample(scenario, program=program, seed=1, replication=0)
    return outlook_of(build_network(scenario.spec, program), workload)


def delayed_s(of: Outlook) -> np.ndarray:
    """Seconds of the day at which an answer of the service is more than 10 s late."""
    (delay_us,) = of.delay_us.values()
    return np.flatnonzero(delay_us > 10_000_000) + of.network.start_us // 1_000_000


def test_an_ordinary_day_is_without_delay() -> None:
    """The service is assumed to keep up on an ordinary day, full use of new services included."""
    full = [
        f"background.public-services.growth.{step}.in_use=1"
        for step in ("integrated-documents", "shared-data", "personal-documents")
    ]

    assert not len(delayed_s(outlook("vneid")))
    assert not len(delayed_s(outlook("vneid", *full)))


def test_the_overload_lasts_as_long_as_reported() -> None:
    """From the evening of 28 August to the next morning, 10 to 14 hours."""
    seconds = delayed_s(outlook("vneid-overload"))

    assert 18 * HOUR <= seconds[0] < 19 * HOUR
    assert 10 <= (seconds[-1] - seconds[0]) / HOUR <= 14
    assert len(seconds) == seconds[-1] - seconds[0] + 1


def test_a_storm_outlasts_what_set_it_off() -> None:
    """After half an hour without service those who ask again keep it late for a while."""
    calm = ["background.public-services.retry_factor=1"]
    with_storm = delayed_s(outlook("sgn-t3-outage"))
    without = delayed_s(outlook("sgn-t3-outage", *calm))

    assert 7 * HOUR <= without[-1] < with_storm[-1] < 8 * HOUR


def test_fewer_servers_bring_the_ordinary_day_down() -> None:
    """With 60 servers, fewer than the busiest hours ask for, answers are late all morning."""
    seconds = delayed_s(outlook("vneid", "stations.vneid.servers=60"))

    assert {8, 9, 10} <= set((seconds // HOUR).tolist())


@pytest.mark.parametrize("name", ["sgn-t3", "vca"])
def test_a_day_without_other_traffic_is_as_planned(name: str) -> None:
    """Nothing is worked out where nothing is asked for."""
    of = outlook(name)

    assert of.delay_us == {}
    assert of.spells == ()
