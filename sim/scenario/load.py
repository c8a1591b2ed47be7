"""The way in: a scenario by its name, checked and ready to run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.scenario.adopting import moved
from sim.scenario.document import Document
from sim.scenario.examine import examine
from sim.scenario.faults import in_order
from sim.scenario.find import find_scenario, shown_path
from sim.scenario.layers import Node, grow
from sim.scenario.overlays import assemble
from sim.scenario.overrides import (
    COMMAND_LINE,
    Override,
    apply_overrides,
    name_sources,
    unsourced,
)
from sim.scenario.profiled import with_profiles
from sim.scenario.scenario import Scenario
from sim.scenario.schedule_files import with_bare_names
from sim.scenario.spec import ScenarioSpec
from sim.scenario.trace import Trace
from sim.scenario.world_load import finish_world, is_world

Overrides = Sequence[str | Override]
"""Values set from outside, as ``key=value`` or already read."""


def load_scenario(name_or_path: str | Path, *, overrides: Overrides = ()) -> Scenario:
    """Load a scenario file or a built-in scenario.

    Parameters
    ----------
    name_or_path : str or Path
        A file, with or without ``.toml``, or the id of a built-in scenario; an existing
        file wins.
    overrides : sequence of str or Override
        Values to set, each ``key=value``.

    Raises
    ------
    ScenarioError
        With every fault of the file, of those it extends and names, and of the overrides.
    """
    path = find_scenario(name_or_path)
    if isinstance(path, Fault):
        raise ScenarioError([path])
    assembly = assemble(shown_path(path))
    files = tuple(Path(document.path).absolute() for document in assembly.documents)
    return _finish(
        assembly.root,
        assembly.documents,
        overrides=overrides,
        faults=assembly.faults,
        is_complete=assembly.is_complete,
        files=files,
    )


def scenario_from_document(
    document: Mapping[str, Any], *, base: Path | None = None, overrides: Overrides = ()
) -> Scenario:
    """Make a scenario again from the resolved document that a run keeps.

    Parameters
    ----------
    document : mapping
        `Scenario.document`, or the same read back from JSON.
    base : Path or None
        Folder in which to look for the trace where it is no longer at its own path.
    overrides : sequence of str or Override
        Values to set, each ``key=value``.

    Raises
    ------
    ScenarioError
        With every fault; also where the trace is gone or has changed.
    """
    data, digest = _with_trace_path(dict(document), base)
    layer = Document(path="", folder=base or Path(), data=data)
    scenario = _finish(grow(data, layer), (layer,), overrides=overrides)
    if digest and scenario.trace is not None and scenario.trace.digest != digest:
        message = "has changed since the run was made; put the old file back or run again"
        raise ScenarioError([Fault(message, path=str(scenario.trace.path))])
    return scenario


def _finish(
    root: Node,
    documents: tuple[Document, ...],
    *,
    overrides: Overrides,
    faults: Sequence[Fault] = (),
    is_complete: bool = True,
    files: tuple[Path, ...] = (),
) -> Scenario:
    if is_world(root):
        return finish_world(
            root, documents, overrides=overrides, faults=faults, files=files, finish=_finish
        )
    found = [*faults, *apply_overrides(root, overrides), *with_profiles(root)]
    examination = examine(root, is_complete=is_complete)
    layers = (*documents, COMMAND_LINE)
    if overrides and examination.spec is not None:
        name_sources(root, unsourced(examination.spec, root))
        examination = examine(root)
    if examination.spec is not None and apply_adoption(root, examination.spec):
        examination = examine(root)
    found += examination.faults
    spec = examination.spec
    if found or spec is None:
        raise ScenarioError(in_order(found))
    document = _plain(spec, examination.trace)
    return Scenario(
        spec=spec,
        digest=_digest(document),
        document=document,
        trace=examination.trace,
        path=files[-1] if files else None,
        files=files,
        root=root,
        layers=layers,
    )


def apply_adoption(root: Node, spec: ScenarioSpec) -> bool:
    """Move the shares in the tree to the stage of adoption asked for; whether any moved."""
    overrides = moved(spec, root.plain()) if spec.adoption is not None else []
    apply_overrides(root, overrides)
    return bool(overrides)


def _plain(spec: ScenarioSpec, trace: Trace | None) -> dict[str, Any]:
    document = spec.model_dump(mode="json", by_alias=True, exclude_none=True)
    if trace is not None:
        document["demand"]["trace"] = {"path": str(trace.path), "sha256": trace.digest}
    return document


def _digest(document: dict[str, Any]) -> str:
    demand = dict(document["demand"])
    if "trace" in demand:
        demand["trace"] = demand["trace"]["sha256"]  # wherever the file is
    demand = with_bare_names(demand)
    text = json.dumps(
        {**document, "demand": demand},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _with_trace_path(data: dict[str, Any], base: Path | None) -> tuple[dict[str, Any], str]:
    """The document with its trace named as a file does, and the digest it should have."""
    demand = data.get("demand")
    entry = demand.get("trace") if isinstance(demand, Mapping) else None
    if not isinstance(demand, Mapping) or not isinstance(entry, Mapping):
        return data, ""
    path = Path(str(entry.get("path", "")))
    if base is not None and not path.exists() and (base / path.name).is_file():
        path = base / path.name
    return {**data, "demand": {**demand, "trace": str(path)}}, str(entry.get("sha256", ""))
