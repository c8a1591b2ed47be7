"""Logs in portions, and logs of nothing."""

from pathlib import Path
from typing import get_args

import pytest

from sim.events.memory import remember
from sim.export import ocel, spool, xes
from sim.export import source as sources
from sim.export.formats import export
from sim.export.names import Format
from sim.export.source import Source
from tests.unit.export.conftest import world
from tests.unit.export.reading import as_r4pm_reads, exported


@pytest.mark.parametrize("name", ["ocel2-json", "xes", "csv", "cloudevents", "vidigi"])
@pytest.mark.parametrize("seed", [5, 24])
def test_portions_do_not_show(
    name: Format, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small they are, the file is the same, byte for byte."""
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    export(world(seed), name, whole)
    for module, size in ((sources, "PIECE_ROWS"), (xes, "PIECE_ROWS"), (ocel, "ROWS_AT_ONCE")):
        monkeypatch.setattr(module, size, 7)
    monkeypatch.setattr(spool, "RECORDS_AT_ONCE", 30)

    export(world(seed), name, cut)

    assert cut.read_bytes() == whole.read_bytes()
    assert whole.stat().st_size > 1_000


@pytest.mark.parametrize("name", get_args(Format))
def test_a_run_without_events_can_be_written(name: Format, tmp_path: Path) -> None:
    """As a file that its readers can read."""
    tables = world(1).tables
    source = Source(
        remember([], stations=("desk",), tables=tables), scenario="none", chain_head="ab" * 32
    )
    path = exported(source, name, tmp_path)

    if name == "xes":
        assert as_r4pm_reads(path, "EventLog")["traces"] == []
    elif name.startswith("ocel2"):
        read = as_r4pm_reads(path, "OCEL")
        assert read["events"] == []
        assert "passenger/0" in {each["id"] for each in read["objects"]}
    else:
        assert len(path.read_text().splitlines()) == (0 if name == "cloudevents" else 1)
