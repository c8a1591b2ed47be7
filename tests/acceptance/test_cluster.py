"""`sim run --reps --cluster` as a user meets it: other processes, the same bytes."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.test_command_line import sim

RUN = ("run", "vca", "--reps", "4", "--json")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a scheduler with two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            local_directory=str(tmp_path_factory.mktemp("dask")),
        ) as cluster:
            yield cluster.scheduler_address


def test_a_cluster_gives_the_bytes_of_this_machine(address: str, tmp_path: Path) -> None:
    """Logs, tables, study file and figures are the same; a day that is lost is made again."""
    here, there = tmp_path / "here", tmp_path / "there"
    local = json.loads(sim(*RUN, "--out", str(here)).stdout)
    asked = (*RUN, "--out", str(there), "--cluster", address)
    cluster = json.loads(sim(*asked).stdout)
    first = _content(there)
    shutil.rmtree(there / "r0002")
    again = json.loads(sim(*asked, "--resume").stdout)

    assert _content(here) == first == _content(there)
    assert (cluster.pop("resumed"), again.pop("resumed")) == (0, 3)
    assert _figures(local) == _figures(cluster) == _figures(again)
    assert sim("verify", str(there)).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--cluster", "tcp://127.0.0.1:1"], "--cluster goes with --reps of 2 or more"),
        (["--cluster", "x", "--reps", "2", "--jobs", "2"], "give one of them"),
        (["--reps", "2", "--resume"], "--resume needs --out DIR"),
    ],
)
def test_what_does_not_go_together_is_refused(
    arguments: list[str], told: str, tmp_path: Path
) -> None:
    """Exit 2 and what to give, before anything is written."""
    where = [] if arguments[-1] == "--resume" else ["--out", str(tmp_path / "out")]
    found = sim("run", "vca", *arguments, *where)

    assert found.returncode == 2
    assert told in found.stderr
    assert not (tmp_path / "out").exists()


def test_another_study_does_not_go_on(tmp_path: Path) -> None:
    """Another seed and fewer days: both are told, and the study is left as it was."""
    out = tmp_path / "study"
    sim("run", "vca", "--reps", "3", "--out", str(out))
    before = _content(out)

    found = sim("run", "vca", "--reps", "2", "--seed", "7", "--resume", "--out", str(out))

    assert found.returncode == 2
    assert "seed 1, asked is 7" in found.stderr
    assert "3 days, asked are 2" in found.stderr
    assert _content(out) == before


def _content(folder: Path) -> dict[str, bytes]:
    """Every file but manifests, which say when and by whom, and which file names them."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "manifest" not in path.name
    }


def _figures(document: dict[str, object]) -> str:
    """What is printed, in its order, but for times and places."""
    kept = {key: value for key, value in document.items() if key not in {"timings", "run_dir"}}
    rows = kept["replications"]
    assert isinstance(rows, list)
    kept["replications"] = [row["chain_head"] for row in rows]
    return json.dumps(kept, sort_keys=True)
