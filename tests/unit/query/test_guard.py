"""What a query may not do."""

from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.events.store import StoredLog
from sim.query.answer import ask


def refused(log: StoredLog, sql: str) -> str:
    with pytest.raises(UsageError) as caught:
        list(ask(log, sql).rows)
    return str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{there}/out.csv'",
        "COPY events TO '{there}/out.parquet'",
        "EXPORT DATABASE '{there}/out'",
        "ATTACH '{there}/out.db'",
        "ATTACH ':memory:' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "SET memory_limit = '1GB'",
        "RESET enable_external_access",
        "SET enable_external_access = true",
        "CREATE TABLE mine AS SELECT 1",
        "CREATE SECRET (TYPE s3)",
        "INSERT INTO events SELECT * FROM events",
        "DELETE FROM passengers",
        "UPDATE passengers SET party = 0",
        "DROP VIEW events",
        "ALTER VIEW events RENAME TO gone",
        "CALL pragma_version()",
        "EXPLAIN COPY (SELECT 1) TO '{there}/out.csv'",
        "PREPARE q AS SELECT 1",
        "BEGIN",
        "CHECKPOINT",
        "VACUUM",
        "USE memory",
    ],
)
def test_only_reading_statements(vca: StoredLog, sql: str, tmp_path: Path) -> None:
    """Whatever else a statement does is refused, and nothing is written."""
    words = refused(vca, sql.format(there=tmp_path))

    assert "a query only reads" in words
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql", ["", "   ", "-- nothing", "SELECT 1; SELECT 2", "SELECT 1; DROP VIEW events"]
)
def test_one_statement(vca: StoredLog, sql: str) -> None:
    """Neither none nor a second one behind the first."""
    assert "a query is one statement" in refused(vca, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_csv_auto('{file}')",
        "SELECT content FROM read_text('{file}')",
        "SELECT content FROM read_blob('{file}')",
        "SELECT * FROM read_json('{file}')",
        "SELECT * FROM read_parquet('{file}')",
        "SELECT * FROM parquet_metadata('{file}')",
        "SELECT * FROM sniff_csv('{file}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
        "SELECT (SELECT content FROM read_text('{file}'))",
        "WITH x AS (FROM read_text('{file}')) FROM x",
        "SELECT * FROM 'https://example.test/x.csv'",
        "SELECT * FROM sqlite_scan('{file}', 'x')",
        "SELECT getenv('HOME')",
        "SELECT * FROM duckdb_secrets()",
        "FROM enable_logging('QueryLog', storage_path = '{folder}')",
        "SELECT * FROM arrow_scan(1, 2, 3)",
        "SELECT * FROM pandas_scan(1)",
    ],
)
def test_nothing_but_the_run_is_read(vca: StoredLog, sql: str, tmp_path: Path) -> None:
    """No file, no folder, no address, no variable of the environment, no memory."""
    file = tmp_path / "secret.csv"
    file.write_text("secret\n42\n")

    words = refused(vca, sql.format(file=file, folder=tmp_path))

    assert "42" not in words
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_variables_of_the_program_are_no_tables(vca: StoredLog) -> None:
    """A name in SQL never finds one of Python's."""
    import pyarrow as pa

    secret = pa.table({"x": [1]})

    assert "secret" in refused(vca, "SELECT * FROM secret")
    assert secret.num_rows == 1


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT FROM WHERE", "parser error"),
        ("SELECT nothing FROM events", '"nothing"'),
        ("SELECT * FROM evnts", "evnts"),
        ("SELECT 'x'::INTEGER", "Could not convert"),
    ],
)
def test_mistakes_are_explained(vca: StoredLog, sql: str, words: str) -> None:
    """In DuckDB's own words, as bad input."""
    said = refused(vca, sql)

    assert said.startswith("the query cannot be answered")
    assert words.lower() in said.lower()


def test_a_query_leaves_no_trace(
    vca: StoredLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even a folder for what does not fit into memory."""
    monkeypatch.chdir(tmp_path)
    before = sorted(vca.directory.rglob("*"))

    list(ask(vca, "SELECT * FROM events ORDER BY detail, seq DESC").rows)

    assert list(tmp_path.iterdir()) == []
    assert sorted(vca.directory.rglob("*")) == before


def test_missing_duckdb_is_said(vca: StoredLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it."""
    monkeypatch.setattr("sim.query.answer.find_spec", lambda _name: None)

    assert "hanh-trinh[query]" in refused(vca, "SELECT 1")
