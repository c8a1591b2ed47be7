"""``sim run`` on a disk that is full, fails, or takes no larger file."""

from pathlib import Path

import pytest

from sim.events.store import open_run
from tests.failing_disk import WAYS, answers_of, faults_of
from tests.golden.make import SCENARIO
from tests.kills import events_left

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="it forks and limits")


def test_a_disk_that_refuses_leaves_nothing_or_a_valid_prefix(tmp_path: Path) -> None:
    """The reason is told in words, no more is promised than is there, and elsewhere it is the
    same run. Every fifth step; ``python -m tests.evidence kills`` takes them all.
    """
    answers = answers_of(tmp_path, str(SCENARIO), *WAYS, of=5, by_command=4)
    whole = open_run(tmp_path / "whole")

    left = [events_left(tmp_path / answer.directory, whole) for answer in answers]

    told = zip(answers, left, strict=True)
    assert [fault for each, found in told for fault in faults_of(each, left=found)] == []
    assert len(answers) > 20
    assert {answer.way for answer in answers if answer.code == 2} == set(WAYS)
    assert {None, 0, len(whole)} == set(left)
