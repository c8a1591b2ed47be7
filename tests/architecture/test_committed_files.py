"""Files under version control say nothing about the machine they were written on."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, project_files, read_text

# Odd brackets, so that this file does not hold what it looks for.
HOSTS = re.compile(
    r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(com|org)|deb\.[d]ebian\.org|index[-_][u]rl"
)
PLACES = re.compile(r"(?<![\w.}])/(home|root|Users|work)/[\w.~-]+|[A-Z]:\\Users\\|file:/{2}")
TEXTS = [path for path in project_files() if read_text(path) is not None]
LARGE_BYTES = 3_000_000


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_package_index_is_named(path: Path) -> None:
    """Where packages come from is each machine's own business."""
    assert [match.group() for match in HOSTS.finditer(read_text(path) or "")] == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_place_of_one_machine_is_named(path: Path) -> None:
    """No absolute path of a home, or a workplace."""
    text = read_text(path) or ""

    assert [match.group() for match in PLACES.finditer(text)] == []
    assert str(ROOT) + "/" not in text


def test_no_large_file_is_committed() -> None:
    """A clone stays quick: results belong in runs/, which is ignored."""
    large = [path for path in project_files() if path.stat().st_size > LARGE_BYTES]

    assert large == []
