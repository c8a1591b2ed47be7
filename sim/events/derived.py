"""What was derived from a run, kept beside it: rebuildable, but never silently wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sim.errors import DamagedRunError, Fault, RunError
from sim.events import documents, layout
from sim.events.files import read_plain, write_durably
from sim.events.inspection import inspect_run
from sim.events.layout import shown

_LIMIT = 2**30
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def write_projection(path: Path | str, name: str, content: dict[str, Any]) -> None:
    """Keep a figure beside its run as ``projections/NAME.json``.

    Parameters
    ----------
    path : Path or str
        The run directory, written to its end.
    name : str
        Lower-case letters, digits, hyphens and underscores.
    content : dict
        Plain JSON; equal content gives equal bytes.

    Raises
    ------
    DamagedRunError
        If the run's manifest is damaged, so that nothing can stand on it.
    RunError
        If the disk is full or refuses; the run is as it was.

    Notes
    -----
    The file carries the chain head of the events it was folded from and a digest
    of itself, so that `sim verify` finds a changed or misplaced one.
    """
    assert _NAME.fullmatch(name), f"a projection cannot be named {name!r}"
    directory = Path(path)
    target = directory / layout.PROJECTIONS / f"{name}.json"
    document = {"projection": name, "chain_head": _chain_head(directory), "content": content}
    try:
        target.parent.mkdir(exist_ok=True)
        write_durably(target, documents.seal(document))
    except OSError as error:
        raise RunError(
            f"{shown(target)}: it cannot be written: {error.strerror}; "
            "the run it was folded from is sealed and can be read"
        ) from error


def read_projection(path: Path | str, name: str) -> dict[str, Any] | None:
    """The content kept under a name, or None where it must be built anew.

    Parameters
    ----------
    path : Path or str
        The run directory.
    name : str
        As given to `write_projection`.
    """
    directory = Path(path)
    target = directory / layout.PROJECTIONS / f"{name}.json"
    document, fault = _read(target, _chain_head(directory))
    return None if fault else document["content"]


def projection_faults(directory: Path, chain_head: str) -> list[Fault]:
    """Projections that do not prove themselves or belong to another run.

    Parameters
    ----------
    directory : Path
        The run.
    chain_head : str
        The head its events have.
    """
    found = sorted((directory / layout.PROJECTIONS).glob("*.json"))
    faults = [(target, _read(target, chain_head)[1]) for target in found]
    return [
        Fault(f"{fault}; delete it, it can be rebuilt", shown(target))
        for target, fault in faults
        if fault
    ]


def _read(target: Path, chain_head: str) -> tuple[dict[str, Any], str]:
    try:
        raw = read_plain(target, limit=_LIMIT)
        document = documents.parse(raw)
    except OSError as error:
        return {}, f"it cannot be read: {error.strerror}"
    except ValueError as error:
        return {}, f"the projection cannot be read: {error}"
    if broken := documents.broken_seal(document, raw):
        return {}, broken
    if document.get("projection") != target.stem or not isinstance(document.get("content"), dict):
        return {}, "it is not the projection its name says"
    if document.get("chain_head") != chain_head:
        return {}, f"it was folded from other events than this run's, {document.get('chain_head')}"
    return document, ""


def _chain_head(directory: Path) -> str:
    seen = inspect_run(directory)
    if seen.manifest is None:
        raise DamagedRunError(seen.faults)
    return seen.manifest.chain_head
