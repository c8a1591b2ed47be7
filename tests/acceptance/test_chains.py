"""Journeys that chain: out of the car park, over, and through the terminal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.events.kinds import CODE, Kind
from sim.events.log import concat_blocks
from sim.experiments.day import Day, run_day
from sim.projections.audit.fold import audit
from sim.scenario.load import load_scenario

LOT = """\
id = "lot"
kind = "parking"
horizon_s = 80_000
[demand]
arrivals = { law = "poisson", rate_per_s = 0.005 }
[[traits]]
id = "tag"
share = 0.5
[[stations]]
id = "lane"
servers = 2
per = "party"
extra_person_share = 0
service = [
    { when = "tag", law = "exponential", mean_s = 10 },
    { law = "exponential", mean_s = 10 },
]
[[journey]]
id = "in"
station = "lane"
"""
WORLD = """\
id = "chain"
kind = "world"
date = 2026-01-14
draws = "alone"
[[facilities]]
id = "air"
scenario = "vca"
[[facilities]]
id = "lot"
scenario = "lot.toml"
[[chains]]
id = "over"
of = "air"
through = "lot"
steps = ["in"]
trait = "by_car"
share = 0.2
transfer = { law = "lognormal", mean_s = 200, cv = 0.3 }
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of an airport and its car park."""
    folder = tmp_path_factory.mktemp("chain")
    (folder / "lot.toml").write_text(LOT)
    (folder / "chain.toml").write_text(WORLD)
    return folder / "chain.toml"


def test_who_comes_by_car_takes_the_lane_first(file: Path) -> None:
    """Exactly those with the trait; cars of both facilities queue in one lane."""
    day = run_day(load_scenario(file))
    events, passengers = concat_blocks(list(day.log.blocks())), day.log.tables.passengers
    lane, over = (day.log.stations.index(name) for name in ("lot/lane", "air/over"))
    started = events[events.kind == CODE[Kind.SERVICE_STARTED]]
    at_lane = started.passenger[(started.station == lane) & (started.visit == 0)]
    leads = np.diff(passengers["party"], prepend=-1) > 0
    by_car = np.flatnonzero(passengers["by_car"] & leads & (passengers["facility"] == 0))
    own = np.flatnonzero(passengers["facility"] == 1)

    assert set(at_lane.tolist()) == set(by_car.tolist()) | set(own.tolist())
    assert set(started.passenger[started.station == over].tolist()) == set(by_car.tolist())
    assert audit(day.log, day.scenario.spec) == ()


def test_they_set_out_as_much_earlier_as_it_takes_on_average(file: Path) -> None:
    """Nothing else about anyone changes: draws, traits, and when the others come."""
    before, after = (
        run_day(load_scenario(file, overrides=[f"chains.over.share={share}"])) for share in (0, 0.2)
    )
    came, comes = (_arrivals(day) for day in (before, after))
    earlier = np.array([came[who] - at for who, at in comes.items()])

    assert came.keys() == comes.keys()
    assert set(earlier.tolist()) == {0, 210_000_000}
    assert 0.1 < (earlier > 0).mean() < 0.3


def test_engines_agree_on_chains(file: Path) -> None:
    """One chain head."""
    heads = {run_day(load_scenario(file), engine=e).chain_head for e in ("reference", "compiled")}

    assert len(heads) == 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('steps = ["in"]', 'steps = ["out"]', "lot has no step out"),
        ('through = "lot"', 'through = "lat"', "there is no facility lat"),
        ("share = 0.2\n", "", "say how many have it"),
        ('trait = "by_car"', 'trait = "special"', "has the trait special already"),
        ('"lot.toml"', '"lot.toml"\nset = { "stations.lane.per" = "person" }', "each person"),
    ],
)
def test_what_cannot_be_chained_is_told(file: Path, old: str, new: str, fault: str) -> None:
    """In words, with the place in the world's file."""
    path = file.parent / "bad.toml"
    path.write_text(WORLD.replace(old, new, 1))

    with pytest.raises(ScenarioError, match=fault):
        load_scenario(path)


def _arrivals(day: Day) -> dict[tuple[int, int], int]:
    table = day.log.tables.passengers
    people = zip(table["departure"].tolist(), table["birth"].tolist(), strict=True)
    return dict(zip(people, table["arrival_us"].tolist(), strict=True))
