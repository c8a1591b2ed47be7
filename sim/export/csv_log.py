"""The log as CSV: its own columns, with the instant as text behind them."""

from __future__ import annotations

import re
from typing import Literal

import pyarrow as pa
from pyarrow import csv

from sim.events.codec import arrow_from_block
from sim.events.log import COLUMNS
from sim.export.instants import text_column
from sim.export.source import Source
from sim.export.target import Write

HEADER = (*COLUMNS, "at")
"""Column names, in order."""

_NEEDS_QUOTES = re.compile(r'[",\r\n]')


def write_csv(source: Source, write: Write) -> None:
    """Every event as a row; -1 and an empty station stand for none, as in the log.

    Parameters
    ----------
    source : Source
        What is exported.
    write : Write
        Takes the text.
    """
    is_quoted = any(map(_NEEDS_QUOTES.search, source.stations))
    quoting: Literal["needed", "none"] = "needed" if is_quoted else "none"
    options = csv.WriteOptions(include_header=False, quoting_style=quoting)
    write(",".join(HEADER) + "\n")
    for block in source.pieces():
        rows = arrow_from_block(block, stations=source.stations)
        rows = rows.append_column("at", text_column(block.at_us, day=source.day))
        text = pa.BufferOutputStream()
        csv.write_csv(rows, text, options)
        write(text.getvalue().to_pybytes().decode())
