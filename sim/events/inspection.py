"""A run directory from outside: its manifest, its seal and the names of its files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Fault, RunError
from sim.events import layout
from sim.events.files import PARTIAL, read_plain
from sim.events.layout import shown
from sim.events.manifest import Manifest, read_manifest

_MANIFEST_LIMIT = 64 * 2**20
_DIGEST_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Inspection:
    """What can be known of a run before any file but the manifest is read.

    Attributes
    ----------
    directory : Path
        The run.
    manifest : Manifest or None
        None where it cannot be understood.
    is_sealed : bool
        Whether ``manifest.sha256`` vouches for the manifest.
    faults : tuple of Fault
        Damage to the manifest and its seal, files that are not listed.
    notices : tuple of str
        What an interrupted run left behind, and that it is ignored.
    """

    directory: Path
    manifest: Manifest | None
    is_sealed: bool
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]

    @property
    def is_interrupted(self) -> bool:
        """Whether the run stopped before its end, by a kill or because it was cancelled."""
        return self.manifest is not None and not (
            self.is_sealed and self.manifest.status == "complete"
        )


def inspect_run(directory: Path) -> Inspection:
    """Look at a run directory, whatever it holds.

    Parameters
    ----------
    directory : Path
        The run.

    Raises
    ------
    RunError
        If it does not exist or holds neither manifest file.
    """
    _require_run(directory)
    path = directory / layout.MANIFEST
    try:
        raw = read_plain(path, limit=_MANIFEST_LIMIT)
    except OSError as error:
        fault = Fault(f"the manifest cannot be read: {error.strerror}", shown(path))
        return Inspection(directory, None, is_sealed=False, faults=(fault,), notices=())
    manifest, faults = read_manifest(raw, path=shown(path))
    seal = _Seal(directory, hashlib.sha256(raw).hexdigest())
    faults += seal.faults(manifest)
    if manifest is None:
        return Inspection(directory, None, seal.is_there, tuple(faults), ())
    notices = [_stop(manifest, seal)] if manifest.status != "complete" or seal.is_staged else []
    try:
        unlisted = sorted(_unlisted(directory, manifest))
    except OSError as error:
        faults.append(Fault(f"it cannot be listed: {error.strerror}", shown(directory)))
        unlisted = []
    for name in unlisted:
        if left_over := _left_over(name, manifest, is_sealed=seal.is_there):
            notices.append(f"{shown(directory / name)}: {left_over}; ignored")
        else:
            faults.append(Fault("the manifest does not list it", shown(directory / name)))
    return Inspection(directory, manifest, seal.is_there, tuple(faults), tuple(notices))


def _require_run(directory: Path) -> None:
    try:
        is_there = directory.is_dir()
    except OSError as error:
        raise RunError(f"{shown(directory)}: it cannot be opened: {error.strerror}") from None
    if not is_there:
        raise RunError(f"{shown(directory)}: there is no such run directory")
    names = (layout.MANIFEST, layout.MANIFEST_DIGEST)
    if not any(os.path.lexists(directory / name) for name in names):
        raise RunError(
            f"{shown(directory)}: it holds neither {names[0]} nor {names[1]}, so it is no run"
        )


class _Seal:
    """What ``manifest.sha256`` says, or would say had its writer not been killed."""

    def __init__(self, directory: Path, digest: str) -> None:
        self._path = directory / layout.MANIFEST_DIGEST
        self._digest = digest
        self.is_there = os.path.lexists(self._path)
        staged = self._path.with_name(self._path.name + PARTIAL)
        self.is_staged = not self.is_there and not self._fault(staged)

    def faults(self, manifest: Manifest | None) -> list[Fault]:
        if self.is_there:
            fault = self._fault(self._path)
            if not fault and manifest is not None and manifest.status == "running":
                fault = "the run is sealed, but its manifest says it is still running"
        elif manifest is None or manifest.status == "running" or self.is_staged:
            fault = ""
        else:
            fault = f"it is missing, but the manifest says the run is {manifest.status}"
        return [Fault(fault, shown(self._path))] if fault else []

    def _fault(self, path: Path) -> str:
        try:
            found = read_plain(path, limit=_DIGEST_LIMIT)
        except OSError as error:
            return f"it cannot be read: {error.strerror}"
        if found == f"{self._digest}\n".encode():
            return ""
        said = found[:80].decode("ascii", "backslashreplace").strip()
        return f"it says {said!r}, but the manifest's digest is {self._digest}"


def _stop(manifest: Manifest, seal: _Seal) -> str:
    kept = f"{manifest.events} events in {manifest.segments} segments are kept"
    if manifest.status == "cancelled":
        return f"the run was cancelled; {kept}"
    if seal.is_staged:
        return f"the run was interrupted after its last event, before it was sealed; {kept}"
    return f"the run was interrupted; {kept}"


def _unlisted(directory: Path, manifest: Manifest) -> Iterator[str]:
    """Names outside ``projections/`` that neither the format nor the manifest knows."""
    known = {layout.MANIFEST, layout.MANIFEST_DIGEST, *manifest.files}
    for entry in os.scandir(directory):
        is_directory = entry.is_dir(follow_symlinks=False)
        if entry.name == layout.EVENTS and is_directory:
            for segment in os.scandir(entry.path):
                name = f"{layout.EVENTS}/{segment.name}"
                if name not in known:
                    yield name
        elif entry.name not in known and not (entry.name == layout.PROJECTIONS and is_directory):
            yield entry.name


def _left_over(name: str, manifest: Manifest, *, is_sealed: bool) -> str:
    """What an unlisted file is, where a killed writer may have left it; else ""."""
    if is_sealed:
        return ""
    seal = layout.MANIFEST_DIGEST + PARTIAL
    if manifest.status != "running":
        return "the seal, written but not yet named" if name == seal else ""
    following = layout.segment_name(manifest.segments)
    if name == following:
        return "a segment that was sealed but not yet listed"
    is_partial = name in (seal, layout.MANIFEST + PARTIAL, following + PARTIAL)
    return "a file that was being written" if is_partial else ""
