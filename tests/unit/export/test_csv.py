"""The log as CSV."""

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from sim.events.kinds import CODE, Kind
from sim.events.log import COLUMNS, DTYPES, concat_blocks
from sim.events.memory import remember
from sim.export.csv_log import HEADER
from sim.export.source import Source
from tests.unit.export.reading import exported


def test_the_columns_come_back(tmp_path: Path, source: Source) -> None:
    """Value for value, and the instant agrees with the microseconds."""
    block = concat_blocks(source.blocks())
    with exported(source, "csv", tmp_path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    stations = {name: row for row, name in enumerate(source.stations)} | {"": -1}

    assert tuple(rows[0]) == HEADER
    for name in COLUMNS:
        texts = [row[name] for row in rows]
        if name == "kind":
            values = [CODE[Kind(text)] for text in texts]
        elif name == "station":
            values = [stations[text] for text in texts]
        else:
            values = [int(text) for text in texts]
        assert np.array_equal(np.array(values, DTYPES[name]), getattr(block, name)), name
    for row in rows:
        at = datetime.fromisoformat(row["at"])
        since = at - datetime(2026, 2, 10, tzinfo=at.tzinfo)
        assert round(since.total_seconds() * 1e6) == int(row["at_us"])


def test_a_name_with_a_comma_is_quoted(tmp_path: Path, source: Source) -> None:
    """So that its cell stays one cell."""
    names = ('desk, "left"', *source.stations[1:])
    log = remember(source.log.blocks(), stations=names, tables=source.tables)

    with exported(replace(source, log=log), "csv", tmp_path).open(newline="") as file:
        found = {row["station"] for row in csv.DictReader(file)}

    assert found == {"", *names}
