"""Runs killed without warning, and what must be true of what they leave behind."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from random import Random

import numpy as np

from sim.errors import RunError
from sim.events.layout import MANIFEST
from sim.events.log import COLUMNS, EventBlock, EventLog
from sim.events.store import open_run
from sim.events.verify import verify_run


@dataclass(frozen=True, slots=True)
class Kill:
    """One run that was killed, or that ended first."""

    directory: Path
    has_ended: bool


def kills(
    command: Callable[[Path], Sequence[str]],
    where: Path,
    *,
    count: int,
    seed: int,
    cwd: Path | None = None,
) -> Iterator[Kill]:
    """Start `command(directory)` and SIGKILL it, `count` times at instants spread over its life.

    One in eight falls before the run exists, the others between its first manifest and its
    end. How long both take is measured first, on a run left alone in ``where/whole``.
    """
    rng = Random(seed)
    began = time.perf_counter()
    with _started(command(where / "whole"), cwd) as process:
        _await_run(where / "whole", process)
        start_s = time.perf_counter() - began
        assert process.wait() == 0, f"the run left alone failed: {command(where / 'whole')}"
    rest_s = time.perf_counter() - began - start_s
    early = count // 8
    for number in range(count):
        directory = where / f"killed-{number:03d}"
        with _started(command(directory), cwd) as process:
            if number < early:
                time.sleep(start_s * (number + rng.random()) / early)
            else:
                _await_run(directory, process)
                time.sleep(rest_s * (number - early + rng.random()) / (count - early))
            process.kill()
            yield Kill(directory, has_ended=process.wait() == 0)


def _started(command: Sequence[str], cwd: Path | None) -> subprocess.Popen[bytes]:
    silent = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=cwd, stdout=silent, stderr=silent)


def _await_run(directory: Path, process: subprocess.Popen[bytes]) -> None:
    while not (directory / MANIFEST).exists() and process.poll() is None:
        time.sleep(0.001)


def events_left(directory: Path, whole: EventLog) -> int | None:
    """Events that a killed run left, once proven to be the first ones of the whole run.

    None where there is nothing to read; an assertion where there is anything in between.
    """
    try:
        report = verify_run(directory)
    except RunError:
        return None
    assert report.faults == (), [str(fault) for fault in report.faults]
    log = open_run(directory)
    assert log.events == report.events == len(log)
    assert log.is_complete == (report.status == "complete")
    assert log.is_complete or f"{log.events} events" in " ".join(log.notices)
    left = 0
    for found, expected in zip_longest(log.blocks(), whole.blocks()):
        if found is None:
            break
        assert expected is not None, "the killed run has more events than the whole one"
        assert same_events(found, expected[: len(found)])
        left += len(found)
    assert left == log.events
    return left


def same_events(found: EventBlock, expected: EventBlock) -> bool:
    """Whether two blocks hold the same events."""
    return all(np.array_equal(getattr(found, name), getattr(expected, name)) for name in COLUMNS)
