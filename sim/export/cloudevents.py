"""CloudEvents 1.0, one JSON document a line."""

from __future__ import annotations

import json

from sim.events.kinds import KIND_VERSIONS, KINDS
from sim.events.log import EventBlock
from sim.export.instants import texts
from sim.export.source import Source
from sim.export.target import Write

TYPES = tuple(f"hanh-trinh.{kind.value}.v{KIND_VERSIONS[kind.value]}" for kind in KINDS)
"""Type of the envelope by code of the kind."""


def write_cloudevents(source: Source, write: Write) -> None:
    """Every event as an envelope whose data are the log's own columns.

    Parameters
    ----------
    source : Source
        What is exported.
    write : Write
        Takes the text.
    """
    heads = [
        f'{{"specversion":"1.0","type":"{kind}","source":"/runs/{source.chain_head}","id":"'
        for kind in TYPES
    ]
    stations = [json.dumps(name) for name in (*source.stations, "")]
    for block in source.pieces():
        write("".join(_lines(block, heads, stations, source)))


def _lines(block: EventBlock, heads: list[str], stations: list[str], source: Source) -> list[str]:
    rows = zip(
        block.seq.tolist(),
        texts(block.at_us, day=source.day),
        block.kind.tolist(),
        block.passenger.tolist(),
        block.station.tolist(),
        block.visit.tolist(),
        block.server.tolist(),
        block.ref.tolist(),
        block.detail.tolist(),
        block.at_us.tolist(),
        strict=True,
    )
    return [
        f'{heads[kind]}{seq}"{_subject(passenger)},"time":"{time}",'
        f'"datacontenttype":"application/json","data":{{"at_us":{at_us},'
        f'"passenger":{passenger},"station":{stations[station]},"visit":{visit},'
        f'"server":{server},"ref":{ref},"detail":{detail}}}}}\n'
        for seq, time, kind, passenger, station, visit, server, ref, detail, at_us in rows
    ]


def _subject(passenger: int) -> str:
    return f',"subject":"passengers/{passenger}"' if passenger >= 0 else ""
