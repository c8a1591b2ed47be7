"""Counts become people in place: who, since when, and what cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.events.kinds import CODE, Kind
from sim.events.log import concat_blocks
from sim.experiments.day import Day
from sim.experiments.from_counts import run_from_counts
from sim.projections.audit.fold import audit
from sim.projections.state_at import state_at
from sim.scenario.clock import to_us
from sim.scenario.load import Scenario, load_scenario

AT_US = to_us(4_000)
HALL = """
id = "hall"
kind = "generic"
horizon_s = 12_000
[demand]
arrivals = { law = "poisson", rate_per_s = 0.5 }
[[stations]]
id = "desk"
servers = 50
service = { law = "exponential", mean_s = 60 }
[[stations]]
id = "gate"
servers = { period_min = 60, open = [4, 4, 4, 4] }
service = { law = "deterministic", mean_s = 5 }
walking_s = 30
[[journey]]
station = "desk"
[[journey]]
station = "gate"
"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Fifty desks, then four gates."""
    file = tmp_path_factory.mktemp("hall") / "hall.toml"
    file.write_text(HALL.replace("walking_s = 30\n", ""))
    return load_scenario(str(file))


def counted(scenario: Scenario, folder: Path, *lines: str, seed: int = 1) -> Day:
    """A run from these counts, for a quarter of an hour."""
    file = folder / "now.csv"
    file.write_text("\n".join(["station,waiting,in_service,mean_wait_s", *lines, ""]))
    until_us = AT_US + to_us(900)
    return run_from_counts(
        scenario, file, at_us=AT_US, until_us=until_us, seed=seed, engine="reference"
    )


def test_as_many_stand_there_as_were_counted(hall: Scenario, tmp_path: Path) -> None:
    """In the queue and with servers, all of them on their way through the audit."""
    day = counted(hall, tmp_path, "desk,7,50,60", "gate,3,4,")

    before = state_at(day.log, AT_US - 1)
    assert [(len(s.waiting), len(s.in_service)) for s in before.stations] == [(7, 50), (3, 4)]
    assert before.arrived == 64
    waits = [(AT_US - each.joined_us) / 1e6 for each in before.stations[0].waiting]
    assert np.mean(waits) == pytest.approx(60)
    cut = hall.spec.model_copy(update={"end_of_run": "cut"})
    assert audit(day.log, cut) == ()


def test_demand_from_then_on_is_the_scenarios(hall: Scenario, tmp_path: Path) -> None:
    """Those who come later are the same passengers, whatever was counted."""
    few, many = (counted(hall, tmp_path, f"desk,0,{n},") for n in (1, 50))

    def later(day: Day) -> list[tuple[int, int]]:
        events = concat_blocks(day.log.blocks())
        rows = events[(events.kind == CODE[Kind.ARRIVED]) & (events.at_us >= AT_US)]
        return list(zip(rows.passenger.tolist(), rows.at_us.tolist(), strict=True))

    assert later(few) == later(many)
    assert len(later(few)) > 300


def test_who_takes_long_is_met_more_often(hall: Scenario, tmp_path: Path) -> None:
    """What remains of exponential services met in progress is again of 60 s on average.

    Over 20 counts of 50 the mean of 1,000 is within four standard errors (7.6 s): a false
    alarm once in 16,000. Without regard to length it would be near 30 s.
    """
    remaining = []
    for seed in range(20):
        day = counted(hall, tmp_path, "desk,0,50,", seed=seed)
        events = concat_blocks(day.log.blocks())
        done = events[(events.kind == CODE[Kind.SERVICE_COMPLETED]) & (events.station == 0)]
        there = {each.passenger for each in state_at(day.log, AT_US - 1).stations[0].in_service}
        remaining += [
            at_us - AT_US
            for passenger, at_us in zip(done.passenger.tolist(), done.at_us.tolist(), strict=True)
            if passenger in there
        ]

    assert len(remaining) >= 990
    assert np.mean(remaining) / 1e6 == pytest.approx(60, abs=7.6)


def test_nobody_waits_beside_an_idle_server(hall: Scenario, tmp_path: Path) -> None:
    """Where fewer are in service than servers are open, the first in line are started."""
    day = counted(hall, tmp_path, "gate,6,1,")

    assert len(state_at(day.log, AT_US - 1).stations[1].waiting) == 6
    then = state_at(day.log, AT_US).stations[1]
    assert (len(then.waiting), len(then.in_service)) == (3, 4)


def test_counts_that_cannot_be(hall: Scenario, tmp_path: Path) -> None:
    """More in service than open, more than ever came: every line that is so."""
    with pytest.raises(ScenarioError) as refused:
        counted(hall, tmp_path, "desk,900000,0,", "gate,0,5,")

    said = [str(fault) for fault in refused.value.faults]
    assert len(said) == 2
    assert ":2: 900000 waiting and 0 in service at desk, but" in said[0]
    assert ":3: in_service is 5, but 4 servers of gate are open just before 01:06:40" in said[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty; start with station,waiting,in_service"),
        ("station,waiting,in_service\n", "counts nothing"),
        ("station,in_service\ndesk,1\n", "header lacks waiting"),
        ("station,waiting,in_service,mood\ndesk,1,1,x\n", 'header has no use for "mood"'),
        ("station,waiting,waiting,in_service\ndesk,1,1,1\n", "names a column twice"),
        ("station,waiting,in_service\ndesk,1e3,²\n", 'waiting is "1e3"'),
        ("station,waiting,in_service,mean_wait_s\ndesk,1,1,nan\n", 'mean_wait_s is "nan"'),
        ('station,waiting,in_service\n"desk,1,1\n', "has 1 cells where the header has 3"),
        ("station,waiting,in_service\ndesk,1\0,1\n", "binary"),
    ],
)
def test_files_that_cannot_be_read(hall: Scenario, tmp_path: Path, text: str, said: str) -> None:
    """What is wrong, and what to write instead."""
    file = tmp_path / "now.csv"
    file.write_text(text)

    with pytest.raises(ScenarioError) as refused:
        run_from_counts(hall, file, at_us=AT_US)

    assert said in str(refused.value)
