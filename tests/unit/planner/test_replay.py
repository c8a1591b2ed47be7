"""Replays serve in turn; brought near the whole model they answer as it does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.planner.days import Days, tallies
from sim.planner.grid import Grid, Levels
from sim.planner.margin import slack_of
from sim.planner.replay import Replay
from sim.planner.targets import US_PER_MIN, promises_of
from sim.scenario.load import load_scenario

PERIODS = 4
DESK = """
id = "desk"
kind = "generic"
horizon_s = 7_200
traits = [{ id = "hurried", share = 0.3 }]
[demand]
arrivals = { law = "poisson", period_min = 30, rate_per_min = [1.0, 3.0, 3.0, 1.0] }
[[stations]]
id = "desk"
servers = 4
service = { law = "lognormal", mean_s = 60, cv = 0.5 }
priority = [{ when = "hurried" }]
[[journey]]
station = "desk"
[[targets]]
id = "soon"
station = "desk"
share = 0.8
within_s = 300
per_min = 30
"""

MOVES = (
    ((1, 3, 3, 2), (1, 3, 4, 2)),
    ((1, 3, 3, 2), (1, 4, 3, 2)),
    ((2, 3, 3, 2), (2, 4, 3, 2)),
    ((2, 3, 4, 1), (2, 3, 4, 2)),
    ((2, 3, 3, 2), (2, 3, 3, 1)),
)
"""Levels a replay is brought near the whole model at, and others that it is asked about."""


class Beside:
    """A desk with priorities: the whole model, and replays of its customers."""

    def __init__(self, folder: Path) -> None:
        path = folder / "desk.toml"
        path.write_text(DESK, encoding="utf-8")
        scenario = load_scenario(path)
        self.promises = promises_of(scenario)
        self.grid, self.cells = Grid(30 * US_PER_MIN, PERIODS), {"soon": PERIODS}
        self.days = Days(scenario, seed=1, replications=range(60))

    def whole(self, levels: Levels):
        seen = self.days.seen(self.grid, {"desk": levels}, ("desk",))
        return seen, tallies(seen, self.promises, self.cells)

    def replay(self, levels: Levels) -> Replay:
        seen, _ = self.whole(levels)
        return Replay(
            self.days.network.stations[0], [day["desk"] for day in seen], self.promises,
            grid=self.grid, cells=self.cells, margin=0.0,
        )  # fmt: skip


@pytest.fixture
def beside(tmp_path: Path) -> Beside:
    return Beside(tmp_path)


def test_calibrated_replay_is_the_whole_model_where_it_was_told(beside: Beside) -> None:
    """At the levels it was told of, slacks are the whole model's; before, they are not."""
    levels = (1, 3, 3, 1)
    _, whole = beside.whole(levels)
    replay, found = beside.replay(levels), slack_of(whole, margin=0.0)
    before = np.abs(replay.slacks(levels) - found).max()
    replay.calibrate(levels, whole, found)

    assert before > 0.02
    assert np.allclose(replay.slacks(levels), found)


def test_calibrated_replay_is_nearer_when_a_server_comes_or_goes(beside: Beside) -> None:
    """Over five such changes it errs by less than half as much as one that serves in turn."""
    plain = calibrated = 0.0
    for levels, other in MOVES:
        _, whole = beside.whole(levels)
        found = slack_of(beside.whole(other)[1], margin=0.0)
        replay = beside.replay(levels)
        plain += float(np.abs(replay.slacks(other) - found).sum())
        replay.calibrate(levels, whole, slack_of(whole, margin=0.0))
        calibrated += float(np.abs(replay.slacks(other) - found).sum())

    assert calibrated < plain / 2


def test_slacks_left_are_not_heeded(beside: Beside) -> None:
    """They are infinite from then on, the others as they were."""
    levels = (1, 3, 3, 1)
    replay = beside.replay(levels)
    before = replay.slacks(levels)
    replay.leave(np.array([False, True, False, False]))
    after = replay.slacks(levels)

    assert np.isinf(after[1])
    assert np.array_equal(np.delete(after, 1), np.delete(before, 1))
