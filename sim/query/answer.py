"""A question in SQL, and its answer row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.events.reader import StoredLog
from sim.query.guard import CLOSING, SETTINGS, in_words, refuse_unless_reading
from sim.query.views import names_in, show_run

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 8_192


@dataclass(slots=True)
class Answer:
    """Rows as they come; read them once.

    Attributes
    ----------
    columns : tuple of str
        Names, in order; a name may be there twice.
    rows : iterator of tuple
        Plain JSON values: numbers, texts, booleans, None, and lists and dicts of them.
    is_cut : bool
        Once the rows are read, whether a limit left some out.
    """

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]
    is_cut: bool = False


def ask(log: StoredLog, sql: str, *, limit: int | None = None) -> Answer:
    """Answer one reading statement about a run.

    Parameters
    ----------
    log : StoredLog
        A run whose files are proven.
    sql : str
        The question, in DuckDB's SQL.
    limit : int or None
        Most rows to give.

    Raises
    ------
    UsageError
        If the question cannot be understood, does more than read, or wants anything but the
        run; also while rows are read, where a value cannot be worked out.
    DamagedRunError
        If a segment has changed since the run was opened.
    """
    if find_spec("duckdb") is None:
        raise UsageError("asking in SQL needs DuckDB; install hanh-trinh[query]")
    import duckdb

    connection = duckdb.connect(":memory:", config=dict(SETTINGS))
    refuse_unless_reading(connection, sql)
    show_run(connection, log, names_in(sql))
    for setting in CLOSING:
        connection.execute(setting)
    with in_words():
        reader = connection.sql(sql).to_arrow_reader(ROWS_AT_ONCE)
    answer = Answer(tuple(reader.schema.names), iter(()))
    answer.rows = _limited(answer, _rows(reader), limit)
    return answer


def _limited(
    answer: Answer, rows: Iterator[tuple[Any, ...]], limit: int | None
) -> Iterator[tuple[Any, ...]]:
    yield from islice(rows, limit)
    answer.is_cut = limit is not None and next(rows, None) is not None


def _rows(reader: pa.RecordBatchReader) -> Iterator[tuple[Any, ...]]:
    with in_words():
        for batch in reader:
            columns = [map(_plain, column.to_pylist()) for column in batch.columns]
            yield from zip(*columns, strict=True)


def _plain(value: Any) -> Any:
    """A value as JSON has it; instants in ISO 8601, durations in seconds, no NaN."""
    match value:
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case tuple() if not hasattr(value, "_fields"):  # a map's entry, not a named interval
            return [_plain(each) for each in value]
        case _:
            return _simple(value)


def _simple(value: Any) -> str | float | bool | None:
    match value:
        case float() if not isfinite(value):
            value = None
        case Decimal():
            value = int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date() | time():
            value = value.isoformat()
        case timedelta():
            value = value.total_seconds()
        case bytes():
            value = value.hex()
        case _:
            pass
    return value if value is None or isinstance(value, str | float | int) else str(value)
