"""Every format by its name."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from sim.errors import UsageError
from sim.export.names import Format, TextFormat
from sim.export.source import Source
from sim.export.target import GZIP, Write, text_file, whole_file


def export(source: Source, format_name: Format, path: Path, *, force: bool = False) -> None:
    """Write a run in a format of other programs; the file is there whole or not at all.

    Parameters
    ----------
    source : Source
        What is exported.
    format_name : Format
        In which format.
    path : Path
        The file; a text whose name ends in ``.gz`` is compressed.
    force : bool
        Replace a file that is there.

    Raises
    ------
    UsageError
        If the file cannot or must not be written.
    DamagedRunError
        If a segment has changed since the run was opened.
    """
    is_compressed = path.suffix == GZIP
    if format_name == "ocel2-sqlite" and is_compressed:
        raise UsageError(f"{path}: an SQLite file is read in place; leave out {GZIP}")
    with whole_file(path, force=force) as partial:
        if format_name == "ocel2-sqlite":
            from sim.export.ocel_sqlite import write_ocel_sqlite

            write_ocel_sqlite(source, partial)
            return
        with text_file(partial, is_compressed=is_compressed) as write:
            _write_text(source, format_name, write, near=path.parent)


def _write_text(
    source: Source,
    format_name: TextFormat,
    write: Write,
    *,
    near: Path,
) -> None:
    match format_name:
        case "ocel2-json":
            from sim.export.ocel_json import write_ocel_json

            write_ocel_json(source, write)
        case "xes":
            from sim.export.xes import write_xes

            write_xes(source, write, near=near)
        case "csv":
            from sim.export.csv_log import write_csv

            write_csv(source, write)
        case "cloudevents":
            from sim.export.cloudevents import write_cloudevents

            write_cloudevents(source, write)
        case "vidigi":
            from sim.export.vidigi import write_vidigi

            write_vidigi(source, write)
        case _:
            assert_never(format_name)
