"""Runs of every released format are opened by this one."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.errors import RunError
from sim.events.kinds import CODE, KIND_VERSIONS, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.events.proof import read_segment
from sim.events.store import RunWriter, open_run, verify_run
from sim.events.upcast import UPCASTERS
from sim.experiments.fork import fork_run
from sim.experiments.verification import verify_path
from sim.projections.summary import summarise
from sim.query.answer import ask
from sim.scenario.load import scenario_from_document
from sim.scenario.model_version import MODEL_VERSION
from tests.golden import make as golden
from tests.kills import same_events

STORED = sorted(path for path in golden.FOLDER.iterdir() if (path / golden.RUN).is_dir())
SMALL_BYTES = 60_000
MADE_NOWHERE = {Kind.DEGRADED_STARTED, Kind.DEGRADED_ENDED, Kind.CARRIED_OVER}
"""Kinds that the stored run has none of: it was made before there were degraded modes, and it
begins with its day.
"""

each_stored = pytest.mark.parametrize("stored", STORED, ids=lambda path: path.name)


@each_stored
def test_a_stored_run_is_whole(stored: Path) -> None:
    """Every digest and link still holds, and it opens as a complete run."""
    report = verify_run(stored / golden.RUN)

    assert report.faults == ()
    assert report.status == "complete"
    assert open_run(stored / golden.RUN).is_complete


@each_stored
def test_a_stored_run_gives_the_figures_it_gave(stored: Path) -> None:
    """Folded by this release, every figure is the one that was stored beside it."""
    log = open_run(stored / golden.RUN)
    spec = scenario_from_document(log.manifest.scenario).spec
    figures = json.loads((stored / golden.FIGURES).read_text(encoding="utf-8"))

    assert json.loads(json.dumps(summarise(log, spec))) == figures


@each_stored
def test_a_stored_run_is_upcast_where_its_kinds_are_older(stored: Path) -> None:
    """With every kind at this release's version, events come back as they are stored."""
    log = open_run(stored / golden.RUN)
    raw = concat_blocks(
        read_segment(stored / golden.RUN, number, log.manifest)
        for number in range(log.manifest.segments)
    )
    is_older = any(KIND_VERSIONS[kind] > old for kind, old in log.manifest.kind_versions.items())

    assert log.is_upcast == is_older
    assert is_older or same_events(concat_blocks(log.blocks()), raw)


@each_stored
def test_a_stored_run_can_be_simulated_again(stored: Path) -> None:
    """By the model that made it, to the same chain head; another model says that it is another."""
    verdict = verify_path(stored / golden.RUN, resimulate=True)

    if open_run(stored / golden.RUN).manifest.model_version == MODEL_VERSION:
        assert (verdict.faults, verdict.resimulated) == ((), True)
    else:
        assert "model version" in str(verdict.faults[0])


def test_the_present_format_is_stored() -> None:
    """Who makes a new version stores a run of it in the same commit."""
    assert golden.present_name() in {path.name for path in STORED}


def test_a_stored_run_is_small_and_has_nearly_every_kind() -> None:
    """Small enough to commit, rich enough to notice a change of any kind's meaning."""
    folder = golden.FOLDER / golden.present_name()
    found = {
        Kind(kind)
        for kind in CODE
        for block in open_run(folder / golden.RUN).blocks()
        if (block.kind == CODE[kind]).any()
    }

    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < SMALL_BYTES
    assert set(Kind) - found == MADE_NOWHERE | {Kind.EXITED}  # who has a departure boards or misses


def test_a_run_of_an_older_meaning_gives_what_it_gave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures, SQL and simulating again see upcast events; a wrong upcaster is found and told."""
    write, joined = RunWriter.write, Kind.QUEUE_JOINED

    def write_old(writer: RunWriter, block: EventBlock) -> None:
        detail = np.where(block.kind == CODE[joined], block.detail + 10, block.detail)
        write(writer, replace(block, detail=detail))

    with monkeypatch.context() as then:
        then.setitem(KIND_VERSIONS, joined.value, 0)
        then.setattr(RunWriter, "write", write_old)
        golden.make(tmp_path / "old")
    run = tmp_path / "old" / golden.RUN

    monkeypatch.setitem(UPCASTERS, (joined, 0), lambda rows: replace(rows, detail=rows.detail - 10))
    golden.make(tmp_path / "new")
    old, new = open_run(run), open_run(tmp_path / "new" / golden.RUN)
    spec = scenario_from_document(old.manifest.scenario).spec
    persons = "select sum(detail) from events where kind = 'queue_joined'"
    assert old.chain_head != new.chain_head
    assert summarise(old, spec) == summarise(new, spec)
    assert list(ask(old, persons).rows) == list(ask(new, persons).rows)
    assert verify_path(run, resimulate=True).faults == ()
    with pytest.raises(RunError, match="older versions of some kinds of events"):
        fork_run(run, out=tmp_path / "fork", at_us=0, changes=())
    monkeypatch.setitem(UPCASTERS, (joined, 0), lambda rows: rows)
    (fault,) = verify_path(run, resimulate=True).faults
    assert "in this release's kind versions" in str(fault)


@each_stored
def test_a_stored_run_names_no_place(stored: Path) -> None:
    """No absolute path stands in any document of it."""
    for document in stored.rglob("*.json"):
        assert re.findall(r'"(?:/|[A-Z]:\\)', document.read_text(encoding="utf-8")) == []


def test_a_stored_run_is_never_written_again(capsys: pytest.CaptureFixture[str]) -> None:
    """The script says so and leaves it alone."""
    before = {path: path.stat().st_mtime_ns for path in golden.FOLDER.rglob("*")}

    assert golden.main() == 2
    assert "never written again" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_the_script_makes_the_stored_run(tmp_path: Path) -> None:
    """Twice the same events from the same scenario: neither clock nor machine is in them."""
    golden.make(tmp_path / "again")
    made = open_run(tmp_path / "again" / golden.RUN)
    stored = open_run(golden.FOLDER / golden.present_name() / golden.RUN)

    if stored.manifest.model_version == MODEL_VERSION:
        assert made.chain_head == stored.chain_head
        assert made.manifest.scenario == stored.manifest.scenario
