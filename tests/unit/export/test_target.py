"""The file an export becomes."""

import gzip
from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.export.formats import export
from sim.export.source import Source
from sim.export.target import text_file, whole_file


def interrupted(path: Path, *, force: bool) -> None:
    """An export that stops half-way."""
    with whole_file(path, force=force) as partial, text_file(partial, is_compressed=False) as write:
        write("half of it")
        raise KeyboardInterrupt


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """What stops half-way leaves neither the file nor a temporary one."""
    with pytest.raises(KeyboardInterrupt):
        interrupted(tmp_path / "log.csv", force=False)

    assert list(tmp_path.iterdir()) == []


def test_an_old_file_survives(tmp_path: Path) -> None:
    """Even when it was to be replaced."""
    path = tmp_path / "log.csv"
    path.write_text("old")

    with pytest.raises(KeyboardInterrupt):
        interrupted(path, force=True)

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_way_is_refused(tmp_path: Path, source: Source) -> None:
    """Unless it is to be replaced; a directory never is."""
    path = tmp_path / "log.csv"
    path.write_text("mine")

    with pytest.raises(UsageError, match="--force"):
        export(source, "csv", path)
    with pytest.raises(UsageError, match="directory"):
        export(source, "csv", tmp_path)
    with pytest.raises(UsageError, match="no such directory"):
        export(source, "csv", tmp_path / "nowhere" / "log.csv")
    assert path.read_text() == "mine"
    export(source, "csv", path, force=True)
    assert path.read_text().startswith("seq,")


def test_an_ending_packs(tmp_path: Path, source: Source) -> None:
    """The same text, the same bytes every time; SQLite is refused, since it is read in place."""
    plain, packed, again = (tmp_path / name for name in ("a.csv", "b.csv.gz", "c.csv.gz"))
    for path in (plain, packed, again):
        export(source, "csv", path)

    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert packed.read_bytes() == again.read_bytes()
    with pytest.raises(UsageError, match="in place"):
        export(source, "ocel2-sqlite", tmp_path / "run.sqlite.gz")
