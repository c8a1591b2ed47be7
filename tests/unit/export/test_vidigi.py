"""The log of vidigi, as its own functions take it."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from vidigi.analysis import event_durations, resource_use_intervals
from vidigi.logging import BaseEvent
from vidigi.prep import generate_animation_df, reshape_for_animations
from vidigi.utils import EventPosition, create_event_position_df

from sim.export.source import Source
from sim.export.vidigi import HEADER
from sim.projections.fold import run_fold
from sim.projections.outcomes import Outcomes
from sim.projections.visit_table import Outcome
from sim.projections.visits import Visits
from tests.unit.export.reading import exported


def frame(source: Source, folder: Path) -> Any:  # pandas' types are too wide to be of use
    return pd.read_csv(exported(source, "vidigi", folder))


@pytest.fixture
def log(tmp_path: Path, source: Source) -> Any:
    return frame(source, tmp_path)


def test_columns(log: Any) -> None:
    """As its documentation lists them; a run number throughout."""
    assert tuple(log.columns) == HEADER
    assert set(log["run_number"]) == {3}
    assert log["time"].is_monotonic_increasing


def test_every_row_is_an_event_of_vidigi(log: Any) -> None:
    """Its model accepts each without a warning."""
    for row in log.astype(object).where(log.notna(), None).to_dict("records"):
        resource = row["resource_id"]
        resource = None if resource is None else int(resource)
        BaseEvent.model_validate({**row, "resource_id": resource})


def test_who_comes_leaves_once(source: Source, log: Any) -> None:
    """One arrival and at most one departure per passenger, at the instants of the log."""
    people = run_fold(Outcomes(), source.blocks())
    gates = log[log["event_type"] == "arrival_departure"]
    for event, at_us in (("arrival", people.arrived_us), ("depart", people.final_us)):
        some = gates[gates["event"] == event].set_index("entity_id")["time"]
        assert some.index.is_unique
        expected = {row: us / 6e7 for row, us in enumerate(at_us.tolist()) if us >= 0}
        assert some.to_dict() == expected


def test_services_are_those_of_the_log(source: Source, log: Any) -> None:
    """As many stretches at a server as the visits have, requests to other stations left out."""
    rows = run_fold(Visits(), source.blocks()).rows
    own = ~rows.is_call & rows.has_started
    begun = log[log["event_type"] == "resource_use"]
    ended = log[log["event_type"] == "resource_use_end"]

    served = own & (rows.outcome == Outcome.SERVED)
    interrupted = len(begun) - np.count_nonzero(own)
    assert interrupted >= 0
    assert len(ended) >= np.count_nonzero(served)
    assert "matcher_begins" not in set(begun["event"])
    for station, name in enumerate(source.stations):
        people = set(rows.passenger[own & (rows.station == station)].tolist())
        assert set(begun[begun["event"] == f"{name}_begins"]["entity_id"]) == people
    assert (begun["resource_id"] >= 1).all()


def test_its_own_functions_draw_our_export(tmp_path: Path, day: Source) -> None:
    """From the log through snapshots to places on the screen, without one of its warnings."""
    log = frame(day, tmp_path)
    frames = reshape_for_animations(
        log, every_x_time_units=30, limit_duration=600, warm_up=480, step_snapshot_max=20
    )
    names = [name for name in log["event"].unique() if name not in ("arrival", "depart")]
    places = create_event_position_df(
        [
            EventPosition(event="arrival", x=10, y=900, label="arrival"),
            *(
                EventPosition(event=name, x=10, y=20 + 30 * row, label=name)
                for row, name in enumerate(names)
            ),
            EventPosition(event="depart", x=10, y=10, label="exit"),
        ]
    )
    placed: Any = generate_animation_df(frames, places)

    assert set(placed["snapshot_time"]) == set(range(480, 601, 30))
    assert len(placed) > 500
    assert placed["x_final"].notna().all()


def test_its_waits_are_ours(tmp_path: Path, day: Source) -> None:
    """Durations that vidigi measures are the waits of the visits."""
    log = frame(day, tmp_path)
    found: Any = event_durations(log, "security_wait_begins", "security_begins")
    rows = run_fold(Visits(), day.blocks()).rows
    at = rows.station == day.stations.index("security")

    assert np.allclose(
        np.sort(found["duration"].to_numpy()), np.sort(rows.wait_us[at & rows.has_started]) / 6e7
    )
    intervals = resource_use_intervals(log)
    assert len(intervals) == np.count_nonzero(rows.has_started)
