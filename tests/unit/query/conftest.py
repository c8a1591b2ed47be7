"""A day of a small airport, and a small world sealed as a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.events.store import RunHeader, RunWriter, StoredLog, open_run
from sim.experiments.day import run_day
from sim.scenario.load import load_scenario
from tests.unit.projections.hall import SPEC
from tests.unit.projections.worlds import hall, log_of


@pytest.fixture(scope="session")
def vca(tmp_path_factory: pytest.TempPathFactory) -> StoredLog:
    path: Path = tmp_path_factory.mktemp("asked") / "vca"
    run_day(load_scenario("vca"), out=path)
    return open_run(path)


@pytest.fixture
def sealed(tmp_path: Path) -> Callable[[int], StoredLog]:
    """Seals the world of a seed."""

    def seal(seed: int) -> StoredLog:
        log = log_of(hall(seed))
        header = RunHeader(
            run_id="hall",
            created_at="2026-02-10T02:00:00+07:00",
            model_version="1",
            engine="reference",
            scenario=SPEC.model_dump(mode="json"),
            scenario_digest="ab" * 32,
            seed=seed,
        )
        path = tmp_path / f"hall-{seed}"
        with RunWriter(path, stations=log.stations, tables=log.tables, header=header) as writer:
            for block in log.blocks():
                writer.write(block)
        return open_run(path)

    return seal
