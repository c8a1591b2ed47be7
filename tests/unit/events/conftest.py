"""Runs written once and never changed; a test that damages one copies it first."""

from pathlib import Path

import pytest

from sim.events.log import BLOCK_ROWS
from tests.synthetic_log import write_run

SMALL = 1000
LARGE = 2 * BLOCK_ROWS + 4321


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run of one short segment."""
    return write_run(tmp_path_factory.mktemp("runs") / "small", events=SMALL).directory


@pytest.fixture(scope="session")
def large_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run of two full segments and a short one."""
    return write_run(tmp_path_factory.mktemp("runs") / "large", events=LARGE).directory
