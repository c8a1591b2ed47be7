"""A disk that is full or fails, under the real command: what it leaves and what it says.

``python -m tests.failing_disk WHERE SCENARIO SHARE OF BY_COMMAND WAY…`` loads the program once,
then fails step after step of ``sim run``, each in a child of its own, and prints what became of
each as JSON. Of every OF steps it takes the SHARE-th; after every BY_COMMAND-th failure it also
asks ``sim verify``, and simulates again elsewhere.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]

WAYS = ("full", "failing", "too large")
"""Refused from one step on for lack of space, refused once, or every file cut by a real limit."""

_UNREACHED = 1 << 40


@dataclass(frozen=True, slots=True)
class Answer:
    """How one failure ended.

    Attributes
    ----------
    step : int
        Which step was refused, or from how many bytes on every file is cut.
    code, said : int, str
        Exit code and words of ``sim run``.
    verify_code, verified : int or None, str
        The same of ``sim verify``; None where it was not asked.
    other_head : str
        Chain head of a run elsewhere after the failure, where it differs from the whole run's.
    """

    way: str
    step: int
    directory: str
    code: int
    said: str
    verify_code: int | None = None
    verified: str = ""
    other_head: str = ""


class Disk:
    """Counts what touches the disk below a folder, and refuses one step or all from it on."""

    def __init__(self, folder: Path, *, fails_at: int, lasts: bool) -> None:
        self.folder, self.steps = str(folder), 0
        self._fails_at, self._lasts = fails_at, lasts
        self._code = errno.ENOSPC if lasts else errno.EIO

    def step(self, path: str = "") -> None:
        """Refuse, or let happen."""
        self.steps += 1
        at = self.steps - 1
        if at == self._fails_at or (self._lasts and at > self._fails_at):
            raise OSError(self._code, os.strerror(self._code), path or None)

    def watch(self) -> None:
        """Stand before everything that makes, writes, syncs or renames a file."""
        for name in ("fsync", "mkdir", "replace"):
            setattr(os, name, self._watched(getattr(os, name)))
        plain = io.open

        def opened(file: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
            if mode == "wb" and str(file).startswith(self.folder):
                return io.BufferedWriter(_File(self, str(file)))
            return plain(file, mode, *rest, **more)

        io.open = opened  # what `Path.open` calls

    def _watched(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(first: Any, *rest: Any) -> Any:
            if isinstance(first, int) or str(first).startswith(self.folder):
                self.step("" if isinstance(first, int) else str(first))
            return function(first, *rest)

        return call


class _File(io.FileIO):
    """A file of which, where the disk refuses, half has been written."""

    def __init__(self, disk: Disk, path: str) -> None:
        disk.step(path)
        self._disk = disk
        super().__init__(path, "wb")

    def write(self, data: Any) -> int:
        try:
            self._disk.step()
        except OSError:
            super().write(memoryview(data)[: len(data) // 2])
            raise
        return super().write(data)


def sweep(
    where: Path, scenario: str, *, way: str, share: int, of: int, by_command: int
) -> list[Answer]:
    """Fail step `share` of every `of` of a run, and look at what each failure leaves."""
    whole = where / "whole"
    if whole.exists():
        shutil.rmtree(whole)
    head, steps = _run_whole(scenario, whole, where)
    if way == "too large":
        sizes = {path.stat().st_size for path in whole.rglob("*") if path.is_file()}
        limits = sorted({0, *(max(0, size + more) for size in sizes for more in (-1, 0))})
    else:
        limits = list(range(steps))
    found = []
    for number, limit in enumerate(limits[share::of]):
        directory = where / f"{way.replace(' ', '-')}-{limit}"
        arguments = ["run", scenario, "--json", "--out", str(directory)]
        code, said, _ = _child(arguments, where, way, limit)
        answer = Answer(way, limit, directory.name, code, said)
        if number % by_command == 0:
            verify_code, verified, _ = _child(["verify", str(directory)], where)
            again, _ = _run_whole(scenario, where / f"{directory.name}-again", where)
            answer = replace(
                answer,
                verify_code=verify_code,
                verified=verified,
                other_head="" if again == head else again,
            )
        found.append(answer)
    return found


def _run_whole(scenario: str, directory: Path, where: Path) -> tuple[str, int]:
    """Chain head and steps of a run that nothing hinders."""
    code, said, steps = _child(["run", scenario, "--json", "--out", str(directory)], where)
    assert code == 0, said
    return json.loads((directory / "manifest.json").read_bytes())["chain_head"], steps


def faults_of(answer: Answer, *, left: int | None) -> list[str]:
    """What is wrong with an answer, `left` events having been proven to be there."""
    said = " ".join(answer.said.split())
    verified = " ".join(answer.verified.split())
    faults = []
    if answer.code not in (0, 1, 2) or "Traceback" in said:
        faults.append(f"the run exits {answer.code}: {said[-300:]}")
    if answer.code and not any(os.strerror(code) in said for code in _REASONS):
        faults.append(f"the reason is not told: {said[-300:]}")
    if answer.code and answer.directory not in said:
        faults.append(f"the place is not told: {said[-300:]}")
    promised = _PROMISED.search(said)
    if promised and int(promised[1]) > (left or 0):
        faults.append(f"it promises more than the {left} events that are there: {said[-300:]}")
    if answer.verify_code is not None:
        if answer.verify_code != (2 if left is None else 0) or "Traceback" in verified:
            faults.append(f"sim verify exits {answer.verify_code}: {verified[-300:]}")
        if left is not None and f"{left} events" not in verified.replace(",", ""):
            faults.append(f"sim verify does not say {left} events: {verified[-300:]}")
    if answer.other_head:
        faults.append(f"simulated elsewhere the head is {answer.other_head}")
    return [f"{answer.way}, {answer.step}: {fault}" for fault in faults]


_REASONS = (errno.ENOSPC, errno.EIO, errno.EFBIG)
_PROMISED = re.compile(r"(\d+) events are sealed")


def _child(
    arguments: list[str], folder: Path, way: str = "", limit: int = 0
) -> tuple[int, str, int]:
    """Exit code, words and steps of a command in a process that has the program already."""
    reading, writing = os.pipe()
    counting, counted = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        _run(arguments, folder, way, limit, counted)
    os.close(writing)
    os.close(counted)
    with open(reading, "rb") as words, open(counting, "rb") as number:  # noqa: PTH123 (pipes)
        said, steps = words.read().decode(), number.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said, int(steps or 0)


def _run(arguments: list[str], folder: Path, way: str, limit: int, counted: int) -> NoReturn:
    import resource  # no such thing on Windows, where this is not run

    from sim.cli.app import main

    fails_at = limit if way in ("full", "failing") else _UNREACHED
    disk = Disk(folder, fails_at=fails_at, lasts=way == "full")
    code: Any = 70
    try:
        if way == "too large":
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        else:
            disk.watch()
        sys.argv = ["sim", *arguments]
        main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 (to be told to the parent, as a process would)
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(counted, str(disk.steps).encode())
    os._exit(code if isinstance(code, int) else 70)


def _warm() -> None:
    """Load what every child needs, but start no thread."""
    from sim.experiments.day import engine_named

    for name in ("sim.cli.app", "sim.experiments.verification"):
        import_module(name)
    engine_named("compiled")


def main() -> None:
    """Print the answers of one sweep."""
    where, scenario, share, of, by_command, *ways = sys.argv[1:]
    _warm()
    answers = [
        asdict(answer)
        for way in ways
        for answer in sweep(
            Path(where),
            scenario,
            way=way,
            share=int(share),
            of=int(of),
            by_command=int(by_command),
        )
    ]
    print(json.dumps(answers))


def answers_of(
    where: Path, scenario: str, *ways: str, share: int = 0, of: int = 1, by_command: int = 1
) -> list[Answer]:
    """Run `sweep` in a process of its own, for it forks; the directories stay below `where`."""
    numbers = map(str, (share, of, by_command))
    command = [sys.executable, "-m", "tests.failing_disk", str(where), scenario, *numbers, *ways]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [Answer(**answer) for answer in json.loads(done.stdout)]


if __name__ == "__main__":
    main()
