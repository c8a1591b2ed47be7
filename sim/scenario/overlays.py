"""A scenario and all it extends, read and merged: ``extends = "base.toml"``.

What several bases can have in common stands in a file of its own, ``overlay = ["part.toml"]``:
it goes over the base, if there is one, and the file that names it over both.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Fault, ScenarioError
from sim.scenario.document import Document, read_document
from sim.scenario.find import builtin_scenarios, find_base, shown_path
from sim.scenario.layers import Node, grow
from sim.scenario.merging import merge
from sim.scenario.suggestions import advice
from sim.scenario.wording import quoted

MAX_LAYERS = 16
"""Most files that may extend each other in a row."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """A scenario put together, not yet checked against the models.

    Attributes
    ----------
    root : Node
        The merged tables.
    documents : tuple of Document
        The files, the one that extends nothing first.
    faults : tuple of Fault
        What is wrong with how the files speak of each other.
    is_complete : bool
        False where a file that was extended could not be had.
    """

    root: Node
    documents: tuple[Document, ...]
    faults: tuple[Fault, ...]
    is_complete: bool = True


def assemble(path: str | Path) -> Assembly:
    """Read a scenario file with everything it extends.

    Raises
    ------
    ScenarioError
        If the file itself cannot be read or is not TOML.
    """
    top = read_document(path)
    documents, faults = _with_bases(top)
    documents, missing = _with_overlays(documents)
    faults += missing
    is_complete = not faults
    root = grow(documents[0].data, documents[0])
    for document in documents[1:]:
        root, found = merge(root, grow(document.data, document))
        faults += found
    root.value.pop("extends", None)
    root.value.pop("overlay", None)
    if "id" not in top.data:
        root.value.pop("id", None)  # a scenario goes by its own name, not by its base's
    return Assembly(root, tuple(documents), tuple(faults), is_complete)


def _with_bases(top: Document) -> tuple[list[Document], list[Fault]]:
    documents = [top]
    seen = [os.path.realpath(top.path)]
    while "extends" in documents[0].data:
        document = documents[0]
        found = _base_of(document)
        if isinstance(found, Fault):
            return documents, [found]
        real = os.path.realpath(found)
        if real in seen:
            names = [each.path for each in documents[::-1]][seen.index(real) :]
            circle = " → ".join([*names, shown_path(found)])
            return documents, [_extends_fault(document, f"goes in a circle: {circle}; end it")]
        if len(documents) == MAX_LAYERS:
            message = f"is the end of more than {MAX_LAYERS} files in a row; flatten them"
            return documents, [_extends_fault(document, message)]
        seen.append(real)
        try:
            documents.insert(0, read_document(shown_path(found)))
        except ScenarioError as error:
            return documents, list(error.faults)
    return documents, []


def _with_overlays(documents: list[Document]) -> tuple[list[Document], list[Fault]]:
    """The files with the overlays that they name, each before the file that names it."""
    found, faults = list[Document](), list[Fault]()
    for document in documents:
        names = document.data.get("overlay", [])
        names = names if isinstance(names, list) else [names]
        for name in names:
            part = _found_beside(document, name, key="overlay")
            if isinstance(part, Fault):
                faults.append(part)
                continue
            try:
                found.append(read_document(shown_path(part)))
            except ScenarioError as error:
                faults += error.faults
        found.append(document)
    for each in found:
        if each not in documents and {"extends", "overlay"} & each.data.keys():
            message = "is an overlay, which goes over any base; take out extends and overlay"
            faults.append(Fault(message, path=each.path, line=1, key="extends"))
    return found, faults


def _base_of(document: Document) -> Path | Fault:
    return _found_beside(document, document.data["extends"], key="extends")


def _found_beside(document: Document, name: object, *, key: str) -> Path | Fault:
    if not isinstance(name, str) or not name.strip():
        message = f"got {quoted(name)}; name a file or a built-in scenario in quotes"
        return _fault(document, key, message)
    found = find_base(name, folder=document.folder)
    if found is not None:
        return found
    remedy = advice(name, _names_beside(document.folder), kind="there are")
    message = f"{quoted(name)} is neither a file beside this one nor a built-in scenario; {remedy}"
    return _fault(document, key, message)


def _names_beside(folder: Path) -> list[str]:
    try:
        beside = sorted(each.name for each in folder.glob("*.toml"))
    except (OSError, ValueError):
        beside = []
    return [*beside, *builtin_scenarios()]


def _extends_fault(document: Document, message: str) -> Fault:
    return _fault(document, "extends", message)


def _fault(document: Document, key: str, message: str) -> Fault:
    return Fault(message, path=document.path, line=document.line((key,)), key=key)
