"""`sim export` and `sim query` as a user meets them: files, answers, refusals, exit codes."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from tests.acceptance.test_command_line import sim


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of vca."""
    path = tmp_path_factory.mktemp("runs") / "vca"
    assert sim("run", "vca", "--out", str(path)).returncode == 0
    return path


@pytest.fixture
def damaged(run: Path, tmp_path: Path) -> Path:
    """The same with one bit of a segment flipped."""
    path = tmp_path / "damaged"
    shutil.copytree(run, path)
    segment = path / "events" / "000000.parquet"
    data = bytearray(segment.read_bytes())
    data[1000] ^= 1
    segment.write_bytes(data)
    return path


def test_export_says_what_it_wrote(run: Path, tmp_path: Path) -> None:
    """The file, its format, its events and size, and the chain head it stands on."""
    out = tmp_path / "log.csv.gz"
    result = sim("export", str(run), "--format", "csv", "-o", str(out), "--json")
    document = json.loads(result.stdout)

    assert result.returncode == 0, result.stderr
    assert document["file"] == str(out)
    assert document["bytes"] == out.stat().st_size
    assert document["events"] == len(gzip.decompress(out.read_bytes()).splitlines()) - 1
    assert document["chain_head"] == json.loads((run / "manifest.json").read_text())["chain_head"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "excel", "-o", "{there}/x"], "'ocel2-sqlite'"),
        (["--format", "csv", "-o", "{there}/taken"], "--force"),
        (["--format", "csv", "-o", "{there}/none/x"], "no such directory"),
        (["--format", "csv", "-o", "{run}/events.csv"], "its own files only"),
        (["--format", "ocel2-sqlite", "-o", "{there}/x.gz"], "read in place"),
        (["--format", "csv"], "--out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_bad_target_is_refused(
    arguments: list[str], words: str, run: Path, tmp_path: Path
) -> None:
    """Exit code 2, in words; nothing is written or changed."""
    (tmp_path / "taken").write_text("mine")
    result = sim("export", str(run), *(a.format(there=tmp_path, run=run) for a in arguments))

    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken").read_text() == "mine"
    assert sim("verify", str(run)).returncode == 0


def test_a_damaged_run_is_neither_exported_nor_asked(damaged: Path, tmp_path: Path) -> None:
    """Exit code 1, the segment named, no file and no answer."""
    out = tmp_path / "log.csv"
    for arguments in (
        ["export", str(damaged), "--format", "csv", "-o", str(out)],
        ["query", str(damaged), "SELECT 1"],
    ):
        result = sim(*arguments)
        assert result.returncode == 1
        assert "000000.parquet" in result.stderr
        assert "Traceback" not in result.stderr
        assert result.stdout == ""
    assert not out.exists()


def test_answers_in_three_shapes(run: Path) -> None:
    """A table, a JSON document and CSV, of the same rows."""
    sql = "SELECT outcome, count(*) AS persons FROM journeys GROUP BY 1 ORDER BY 1"
    document = json.loads(sim("query", str(run), sql, "--json").stdout)
    csv = sim("query", str(run), sql, "--csv")
    table = sim("query", str(run), sql)

    assert document["columns"] == ["outcome", "persons"]
    assert sum(persons for _, persons in document["rows"]) == 1948
    assert csv.stdout.splitlines() == [
        "outcome,persons",
        *(f"{outcome},{persons}" for outcome, persons in document["rows"]),
    ]
    assert "boarded" in table.stdout
    assert table.stderr == csv.stderr == ""


def test_a_limit_says_that_there_is_more(run: Path) -> None:
    """On stderr and in the document; a table without a limit shows the first hundred."""
    cut = sim("query", str(run), "FROM events", "--json", "--limit", "2")
    table = sim("query", str(run), "SELECT seq FROM events")

    assert json.loads(cut.stdout)["is_cut"] is True
    assert len(json.loads(cut.stdout)["rows"]) == 2
    assert "more rows" in cut.stderr
    assert "more rows" in table.stderr
    assert len(table.stdout.splitlines()) == 102


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["SELECT nothing FROM events"], "nothing"),
        (["FROM read_text('/etc/hostname')"], "no file and no network"),
        (["DROP VIEW events"], "only reads"),
        (["SELECT 1", "--json", "--csv"], "--json and --csv"),
        (["SELECT 1", "--limit", "0"], "--limit"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_bad_question_is_refused(arguments: list[str], words: str, run: Path) -> None:
    """Exit code 2, in words, without a traceback or an answer."""
    result = sim("query", str(run), *arguments)

    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert "nanobind" not in result.stderr
    assert result.stdout == ""
