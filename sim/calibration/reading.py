"""A log by its name: which format it is in, and what it says."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

from sim.calibration.delimited import GZIP, gather_csv
from sim.calibration.gathering import Gathering
from sim.calibration.mapping import Mapping
from sim.calibration.observed import ObservedLog, together
from sim.calibration.ocel_json import gather_ocel_json
from sim.calibration.ocel_sqlite import gather_ocel_sqlite
from sim.calibration.own_run import read_run
from sim.calibration.pairing import paired
from sim.calibration.xes import gather_xes
from sim.errors import Fault, InvalidInputError

STUDY = "study.json"
"""What a folder of several runs holds."""

SQLITE = b"SQLite format 3\0"


def read_logs(paths: Sequence[Path], *, names: Mapping, day_starts_s: int = 0) -> ObservedLog:
    """Several logs as one.

    Parameters
    ----------
    paths : sequence of Path
        Run directories, studies of several, or files in CSV, XES or OCEL 2.0; how a file
        begins says which.
    names : Mapping
        What their columns are.
    day_starts_s : int
        When a service day starts.

    Raises
    ------
    InvalidInputError
        With the faults of every file that cannot be read.
    RunError
        If a run directory is damaged.
    """
    logs: list[ObservedLog] = []
    faults: list[Fault] = []
    for path in (each for named in paths for each in _runs_in(named)):
        try:
            logs.append(_log(path, names, day_starts_s))
        except InvalidInputError as error:
            faults += error.faults
    if faults:
        raise InvalidInputError(faults)
    return together(logs)


def _runs_in(path: Path) -> list[Path]:
    """The runs of a study, or what was named itself."""
    if not (path / STUDY).is_file():
        return [path]
    return sorted(each.parent for each in path.glob("*/manifest.json")) or [path]


def _log(path: Path, names: Mapping, day_starts_s: int) -> ObservedLog:
    if path.is_dir():
        return read_run(path)
    return paired(_gathered(path, names), name=path.name, day_starts_s=day_starts_s)


def _gathered(path: Path, names: Mapping) -> Gathering:
    head = _head(path)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(SQLITE):
        return gather_ocel_sqlite(path, names)
    if text.startswith(b"<"):
        return gather_xes(path, names)
    if text.startswith(b"{"):
        return gather_ocel_json(path, names)
    return gather_csv(path, names)


def _head(path: Path) -> bytes:
    """How a file begins, unpacked."""
    if not path.exists():
        message = "does not exist; name a run directory or a log file"
        raise InvalidInputError([Fault(message, path=path.name)])
    if not path.is_file():
        raise InvalidInputError([Fault("is no ordinary file; give a log file", path=path.name)])
    try:
        with path.open("rb") as raw:
            head = raw.read(256)
        if head.startswith(GZIP):
            with gzip.open(path) as file:
                head = file.read(256)
    except (OSError, EOFError) as error:
        raise InvalidInputError([Fault(f"cannot be read: {error}", path=path.name)]) from None
    return head
