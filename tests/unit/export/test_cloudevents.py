"""CloudEvents 1.0."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from sim.events.kinds import KINDS
from sim.events.log import concat_blocks
from sim.export.source import Source
from tests.unit.export.reading import exported


def test_every_event_is_an_envelope(tmp_path: Path, source: Source) -> None:
    """The attributes the specification requires, unique ids, the log's columns as data."""
    block = concat_blocks(source.blocks())
    lines = exported(source, "cloudevents", tmp_path).read_text().splitlines()
    events = [json.loads(line) for line in lines]

    assert len(events) == len(block)
    assert len({(event["source"], event["id"]) for event in events}) == len(events)
    for row, event in enumerate(events):
        assert event["specversion"] == "1.0"
        assert event["source"] == f"/runs/{source.chain_head}"
        assert event["type"] == f"hanh-trinh.{KINDS[block.kind[row]].value}.v1"
        at = datetime.fromisoformat(event["time"])
        since = at - datetime(2026, 2, 10, tzinfo=at.tzinfo)
        data = event["data"]
        assert since // timedelta(microseconds=1) == data["at_us"] == block.at_us[row]
        station = block.station[row]
        assert data["station"] == (source.stations[station] if station >= 0 else "")
        for name in ("passenger", "visit", "server", "ref", "detail"):
            assert data[name] == getattr(block, name)[row]
        subject = f"passengers/{data['passenger']}" if data["passenger"] >= 0 else None
        assert event.get("subject") == subject
