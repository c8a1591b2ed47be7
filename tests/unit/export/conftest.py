"""A small world with everything in it, and a day of a small airport."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.events.memory import remember
from sim.events.store import open_run
from sim.experiments.day import run_day
from sim.export.names import Format
from sim.export.source import Source, source_of
from sim.scenario.load import load_scenario
from tests.unit.export.reading import as_r4pm_reads, exported
from tests.unit.projections.worlds import hall, log_of

DAY = date(2026, 2, 10)


def world(seed: int) -> Source:
    log = log_of(hall(seed))
    return Source(log, scenario="hall", chain_head=log.chain_head, day=DAY, replication=3)


@pytest.fixture(params=[5, 24])
def source(request: pytest.FixtureRequest) -> Source:
    return world(request.param)


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory) -> Source:
    path: Path = tmp_path_factory.mktemp("exported") / "vca"
    run_day(load_scenario("vca"), out=path)
    return source_of(open_run(path))


@pytest.fixture(scope="session")
def airport(day: Source) -> Source:
    """The first hours of that day: r4pm writes slowly what it read."""
    first = next(day.blocks())[:8_000]
    log = remember([first], stations=day.stations, tables=day.tables)
    return replace(day, log=log, chain_head=log.chain_head)


@pytest.fixture(scope="session")
def airport_files(airport: Source, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Those hours in the formats that r4pm reads."""
    folder = tmp_path_factory.mktemp("files")
    names: tuple[Format, ...] = ("ocel2-json", "ocel2-sqlite", "xes")
    return {name: exported(airport, name, folder) for name in names}


@pytest.fixture(scope="session")
def airport_read(airport_files: dict[str, Path]) -> dict[str, Any]:
    """What r4pm made of them."""
    kinds = {"ocel2-json": "OCEL", "ocel2-sqlite": "OCEL", "xes": "EventLog"}
    return {name: as_r4pm_reads(airport_files[name], kind) for name, kind in kinds.items()}
