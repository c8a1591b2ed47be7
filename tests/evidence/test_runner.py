"""The runner of claims: what is settled stays, what fails is said, what was done is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.evidence.__main__ import claims
from tests.evidence.claim import Claim, Finding, Steps
from tests.evidence.runner import Source, Verdict, examine_all, table

CLEAN = Source("c0ffee", is_clean=True)


def run(tmp_path: Path, claim: Claim, *, source: Source = CLEAN, again: bool = False) -> Verdict:
    folder, parts = tmp_path / "evidence", tmp_path / "parts"
    (verdict,) = examine_all([claim], folder=folder, parts=parts, source=source, again=again)
    return verdict


def counting(*, passed: bool = True) -> tuple[Claim, list[int]]:
    calls: list[int] = []

    def examine(_: Steps) -> Finding:
        calls.append(1)
        return Finding(passed=passed, figures={"answer": 42})

    return Claim("six-by-nine", "The answer is known.", examine), calls


def test_a_finding_is_written_with_commit_date_and_command(tmp_path: Path) -> None:
    """The document says what was examined, when, how and with which result."""
    claim, _ = counting()

    run(tmp_path, claim)

    document = json.loads((tmp_path / "evidence" / "six-by-nine.json").read_text())
    assert document["commit"] == "c0ffee"
    assert document["command"] == "python -m tests.evidence six-by-nine"
    assert document["passed"] is True
    assert document["figures"] == {"answer": 42}
    assert document["date"].endswith("+00:00")


def test_what_is_settled_is_not_examined_again(tmp_path: Path) -> None:
    """Not for the same commit; but on request, after a change, and where it failed."""
    claim, calls = counting()

    assert [run(tmp_path, claim).is_kept for _ in range(2)] == [False, True]
    assert not run(tmp_path, claim, again=True).is_kept
    assert not run(tmp_path, claim, source=Source("decaf", is_clean=True)).is_kept
    assert not run(tmp_path, claim, source=Source("decaf", is_clean=False)).is_kept
    assert len(calls) == 4
    failing, calls = counting(passed=False)
    assert [run(tmp_path, failing).passed for _ in range(2)] == [False, False]
    assert len(calls) == 2


def test_a_crash_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    """The next claim is examined all the same, and the table says which failed."""

    def crash(_: Steps) -> Finding:
        msg = "no such queue"
        raise ValueError(msg)

    verdict = run(tmp_path, Claim("broken", "Nothing works.", crash))

    assert not verdict.passed
    assert verdict.document["figures"] == {"error": "ValueError: no such queue"}
    assert "FAILS  broken" in table([verdict])


def test_an_interrupted_examination_goes_on_where_it_was(tmp_path: Path) -> None:
    """Parts that were done are kept with the commit; the others are computed."""
    done: list[str] = []

    def compute(key: str) -> str:
        if key == "b" and len(done) == 1:
            done.append("interrupted")
            raise KeyboardInterrupt
        done.append(key)
        return key.upper()

    def examine(steps: Steps) -> Finding:
        return Finding(passed=True, figures=steps.each(["a", "b"], compute, processes=1))

    claim = Claim("long", "It takes long.", examine)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, claim)

    assert run(tmp_path, claim).document["figures"] == {"a": "A", "b": "B"}
    assert done == ["a", "interrupted", "b"]


def test_claims_are_found_by_name() -> None:
    """Every module with a claim is registered."""
    assert {"closed-forms", "trace-recursion", "engine-speed", "damages", "kills"} <= set(claims())
