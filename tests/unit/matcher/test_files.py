"""The reader's own templates: searched, or refused with what is wrong and where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.errors import SimError
from sim.matcher import memory
from sim.matcher.files import gallery_of, read_templates
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.templates import DIMENSIONS

PEOPLE = Population(2)


@pytest.fixture
def arrays(tmp_path: Path) -> Path:
    np.save(tmp_path / "gallery.npy", PEOPLE.captures(0, 300, number=ENROLMENT))
    np.save(tmp_path / "probes.npy", PEOPLE.captures(298, 4))
    return tmp_path


def sim(*words: object, where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", "matcher", *map(str, words)],
        cwd=where,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_command_finds_mates_and_says_which_kernel_did(arrays: Path) -> None:
    """Ids and cosines as written; -1 for strangers and missing candidates."""
    words = ("search", "gallery.npy", "probes.npy", "--top", 2, "--threshold", 0.4)
    done = sim(*words, "-o", "out.npz", where=arrays)
    assert done.returncode == 0, done.stderr
    assert "gemm: 300 people are few" in done.stderr
    found = np.load(arrays / "out.npz")
    assert found["ids"].tolist() == [[298, -1], [299, -1], [-1, -1], [-1, -1]]
    assert found["scores"].dtype == np.float32
    assert (found["scores"][:2, 0] > 0.4).all()
    assert (found["scores"][found["ids"] == -1] == -1).all()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("absent.npy", "probes.npy"), "absent.npy: there is no such file"),
        (("gallery.npy", "text.npy"), "text.npy: it is no array written by numpy.save"),
        (("gallery.npy", "probes.npy", "--threshold", 2), "threshold: expected a cosine"),
        (("gallery.npy", "probes.npy", "--top", 0), "top: expected at least 1"),
        (("gallery.npy", "probes.npy", "--kernel", "two-stage"), "none was given"),
        (("gallery.npy", "wide.npy"), "expected float32 of shape (n, 512), got float64"),
        (("empty.npy", "probes.npy"), "it is empty"),
        (("nan.npy", "probes.npy"), "row 1 holds NaN"),
    ],
)
def test_bad_input_is_refused_in_words(arrays: Path, words: tuple, message: str) -> None:
    """Exit 2, no traceback, nothing written."""
    (arrays / "text.npy").write_text("ids")
    np.save(arrays / "wide.npy", PEOPLE.captures(0, 2).astype(np.float64))
    np.save(arrays / "empty.npy", np.zeros((0, DIMENSIONS), dtype=np.float32))
    broken = PEOPLE.captures(0, 3)
    broken[1, 5] = np.nan
    np.save(arrays / "nan.npy", broken)
    done = sim("search", *words, "-o", "out.npz", where=arrays)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (arrays / "out.npz").exists()


def test_a_gallery_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a row is read, with both figures."""
    monkeypatch.setattr(memory, "available_bytes", lambda: 100_000)
    with pytest.raises(SimError, match=r"gallery needs 0\.0 GiB, but 0\.0 GiB are available"):
        gallery_of(PEOPLE.captures(0, 300), what="gallery")


def test_an_archive_is_no_array(tmp_path: Path) -> None:
    """The message says what to write instead."""
    np.savez(tmp_path / "two.npz", a=np.zeros(1))
    with pytest.raises(SimError, match="it is an archive"):
        read_templates(tmp_path / "two.npz", what="gallery")


def test_bench_prints_one_document(tmp_path: Path) -> None:
    """Every row with what DESIGN fixes, for a small gallery."""
    words = ("--n", 150, "--batch", 2, "--rounds", 1, "--pairs", 20_000)
    done = sim("bench", "--json", *words, where=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert {row["kernel"] for row in rows} >= {"naive", "gemm", "two-stage"}
    for row in rows:
        assert (row["n"], row["batch"], row["threads"]) == (150, 2, 1)
        assert min(row["comparisons_per_s"], row["ratio_numpy_f32"], row["limit_share"]) > 0
        assert row["limit"]
        assert row["cpu"]
        assert 0 <= row["mates_lost"] < 0.001
