"""What a claim is, and how a long one keeps what it has already found.

To register a claim, put a module beside this one::

    def examine(steps: Steps) -> Finding:
        found = steps.each(["a", "b"], measure)  # measure("a") in a process of its own
        return Finding(passed=all(each["ok"] for each in found.values()), figures=found)

    CLAIM = Claim("my-claim", "One sentence that says what is true.", examine)
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a claim holds, and the figures that say so (plain JSON)."""

    passed: bool
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the program is said to do.

    Attributes
    ----------
    name : str
        As on the command line: lower-case words with hyphens.
    statement : str
        The claim in one sentence.
    examine : callable
        Examines it at full size.
    """

    name: str
    statement: str
    examine: Callable[[Steps], Finding]


@dataclass(frozen=True, slots=True)
class Steps:
    """The parts of one examination; those done are kept, so that it can be taken up again.

    Attributes
    ----------
    folder : Path or None
        Where results of parts are kept; None keeps nothing.
    """

    name: str
    folder: Path | None = None
    processes: int = field(default_factory=lambda: os.cpu_count() or 1)

    def each(
        self,
        keys: Sequence[str],
        compute: Callable[[str], Any],
        *,
        processes: int | None = None,
    ) -> dict[str, Any]:
        """Result of every key, as far as possible from an earlier attempt.

        Parameters
        ----------
        keys : sequence of str
            Names of the parts.
        compute : callable
            A function of a module, from key to plain JSON; several run side by side.
        processes : int or None
            How many; 1 stays in this process, as timings need.
        """
        kept = self._kept(keys)
        todo = [key for key in keys if key not in kept]
        if kept:
            self.say(f"{len(kept)} of {len(keys)} parts are there already")
        workers = min(processes or self.processes, len(todo))
        if workers <= 1:
            for key in todo:
                kept[key] = self._keep(key, compute(key), done=len(kept) + 1, of=len(keys))
        else:
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(workers, mp_context=context) as pool:
                futures = {pool.submit(compute, key): key for key in todo}
                for future in as_completed(futures):
                    key = futures[future]
                    result = future.result()
                    kept[key] = self._keep(key, result, done=len(kept) + 1, of=len(keys))
        return {key: kept[key] for key in keys}

    def say(self, text: str) -> None:
        """Progress, on stderr."""
        print(f"{self.name}: {text}", file=sys.stderr, flush=True)

    def _kept(self, keys: Sequence[str]) -> dict[str, Any]:
        if self.folder is None:
            return {}
        paths = {key: self._path(key) for key in keys}
        return {
            key: json.loads(path.read_text(encoding="utf-8"))
            for key, path in paths.items()
            if path.exists()
        }

    def _keep(self, key: str, result: Any, *, done: int, of: int) -> Any:
        self.say(f"{done} of {of}: {key}")
        if self.folder is not None:
            write_json(self._path(key), result)
        return result

    def _path(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{''.join(c if c.isalnum() else '-' for c in key)}.json"


def write_json(path: Path, document: Any) -> None:
    """Write a document whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    partial.write_text(f"{text}\n", encoding="utf-8")
    partial.replace(path)
