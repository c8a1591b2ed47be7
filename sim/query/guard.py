"""What a query may do: one statement, reading, and nothing outside the run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # a table name never finds one of our variables
    "temp_directory": "",  # a query too large for memory fails instead of writing files
}
"""How a connection starts."""

CLOSING = ("SET enable_external_access = false", "SET lock_configuration = true")
"""Said once everything a query may see is in memory; cannot be taken back."""

_SCANS_MEMORY = re.compile(
    r"\b(arrow_scan|arrow_scan_dumb|pandas_scan|python_map_function)\b", re.IGNORECASE
)
"""Functions that take addresses of this process's memory."""


def refuse_unless_reading(connection: DuckDBPyConnection, sql: str) -> None:
    """See that a query is one statement that reads.

    Raises
    ------
    UsageError
        If there is none, more than one, or one that does more than read.
    """
    import duckdb

    with in_words():
        statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError(f"a query is one statement; this has {len(statements)}")
    kind = statements[0].type
    if kind != duckdb.StatementType.SELECT:
        asked = kind.name.lower().replace("_", " ")
        raise UsageError(
            f"a query only reads: write `SELECT`, `DESCRIBE` or `SUMMARIZE`, not {asked}"
        )
    if found := _SCANS_MEMORY.search(sql):
        raise UsageError(f"a query reads the run only; {found.group()} reads memory")


@contextmanager
def in_words() -> Iterator[None]:
    """What DuckDB has against a query becomes a `UsageError`."""
    import duckdb

    try:
        yield
    except duckdb.PermissionException as error:
        raise UsageError(f"a query reads the run only, no file and no network: {error}") from None
    except duckdb.Error as error:
        raise UsageError(f"the query cannot be answered: {error}") from None
    except (OSError, MemoryError) as error:  # as Arrow says it of more than two gigabytes
        raise UsageError(f"the answer is too large ({error}); ask for less") from None
