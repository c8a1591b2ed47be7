import errno
import os
from pathlib import Path

import pytest

from sim.events import files


def test_a_file_is_written_under_another_name_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until all bytes are on disk the old file stays; afterwards nothing else is left."""
    target = tmp_path / "manifest.json"
    target.write_bytes(b"old")
    seen = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (seen.append(target.read_bytes()), sync(fd)))

    files.write_durably(target, b"new")

    assert seen == [b"old", b"new"]  # the file before its name, then the directory
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_a_full_disk_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that fails changes nothing, not even by a left-over."""

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = tmp_path / "manifest.json"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        files.write_durably(target, b"new")

    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_a_staged_file_has_no_name_until_it_is_published(tmp_path: Path) -> None:
    """Staging writes, publishing names."""
    target = tmp_path / "manifest.sha256"

    files.stage(target, b"digest")
    assert not target.exists()

    files.publish(target)
    assert target.read_bytes() == b"digest"


def test_a_plain_file_is_read_whole(tmp_path: Path) -> None:
    """Up to and including the limit."""
    (tmp_path / "a").write_bytes(b"12345")

    assert files.read_plain(tmp_path / "a", limit=5) == b"12345"


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda path: path.symlink_to("/etc/hostname"), "a symbolic link"),
        (lambda path: path.symlink_to("nowhere"), "a symbolic link"),
        (lambda path: path.mkdir(), "a directory"),
        (os.mkfifo, "a pipe"),
        (lambda path: path.write_bytes(b"123456"), "6 bytes, more than 5"),
        (lambda path: None, "No such file"),
    ],
    ids=["link", "dangling link", "directory", "pipe", "too large", "missing"],
)
def test_anything_but_a_plain_file_is_refused(tmp_path: Path, make, complaint: str) -> None:
    """A link, a directory, a pipe or a giant is not read, and the reason is given."""
    make(tmp_path / "a")

    with pytest.raises(OSError, match=complaint):
        files.read_plain(tmp_path / "a", limit=5)
