"""Examines claims one after the other, skips those that are settled, writes what it found."""

from __future__ import annotations

import json
import subprocess
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.evidence.claim import Claim, Finding, Steps, write_json


@dataclass(frozen=True, slots=True)
class Source:
    """What is examined.

    Attributes
    ----------
    commit : str or None
        Last commit that changed anything but evidence; None outside a git checkout.
    is_clean : bool
        Whether everything but evidence is as committed; else nothing counts as settled.
    """

    commit: str | None
    is_clean: bool

    @classmethod
    def of(cls, root: Path, *, evidence: Path) -> Source:
        """The checkout at `root`, its folder of evidence left out."""
        rest = ["--", ".", f":(exclude){evidence.relative_to(root).as_posix()}"]
        commit = _git(root, "log", "-1", "--format=%H", *rest)
        changes = _git(root, "status", "--porcelain", *rest)
        return cls(commit or None, bool(commit) and changes == "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The document of one claim, and whether it was there before."""

    document: dict[str, Any]
    is_kept: bool

    @property
    def passed(self) -> bool:
        """Whether the claim holds."""
        return self.document["passed"]


def examine_all(
    claims: Iterable[Claim], *, folder: Path, parts: Path, source: Source, again: bool = False
) -> Iterator[Verdict]:
    """Examine claims in turn.

    Parameters
    ----------
    folder : Path
        Where each claim's document is.
    parts : Path
        Where unfinished claims keep their parts, commit by commit.
    again : bool
        Examine also what is settled, and what has parts, from the start.
    """
    for claim in claims:
        path = folder / f"{claim.name}.json"
        settled = None if again else _settled(path, source)
        if settled is not None:
            yield Verdict(settled, is_kept=True)
            continue
        keep = parts / source.commit / claim.name if source.commit and source.is_clean else None
        if keep is not None and again:
            for part in keep.glob("*.json"):
                part.unlink()
        document = _examined(claim, Steps(claim.name, keep), source)
        write_json(path, document)
        yield Verdict(document, is_kept=False)


def table(verdicts: Sequence[Verdict]) -> str:
    """What was found, a line a claim."""
    width = max((len(each.document["name"]) for each in verdicts), default=0)
    lines = []
    for each in verdicts:
        name, statement = each.document["name"], each.document["statement"]
        state = "holds" if each.passed else "FAILS"
        kept = " (already there)" if each.is_kept else ""
        lines.append(
            f"{state}  {name:<{width}}  {each.document['elapsed_s']:8.1f} s  {statement}{kept}"
        )
    return "\n".join(lines)


def _examined(claim: Claim, steps: Steps, source: Source) -> dict[str, Any]:
    steps.say(claim.statement)
    began = time.perf_counter()
    try:
        finding = claim.examine(steps)
    except Exception as error:  # noqa: BLE001 - one claim's crash must not hide the others
        steps.say(traceback.format_exc())
        finding = Finding(passed=False, figures={"error": f"{type(error).__name__}: {error}"})
    steps.say("holds" if finding.passed else "FAILS")
    return {
        "name": claim.name,
        "statement": claim.statement,
        "passed": finding.passed,
        "commit": source.commit,
        "is_clean": source.is_clean,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python -m tests.evidence {claim.name}",
        "elapsed_s": round(time.perf_counter() - began, 3),
        "figures": dict(finding.figures),
    }


def _settled(path: Path, source: Source) -> dict[str, Any] | None:
    """The document there, if it is a success of this very commit."""
    if not source.is_clean or not path.exists():
        return None
    document = json.loads(path.read_text(encoding="utf-8"))
    is_same = document["commit"] == source.commit and document["is_clean"]
    return document if is_same and document["passed"] else None


def _git(root: Path, *words: str) -> str | None:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None
