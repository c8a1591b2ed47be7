"""Where scenarios are: files the reader names, and the built-in ones by their id."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from sim.errors import Fault
from sim.scenario.reading import shown_name
from sim.scenario.suggestions import advice

SUFFIX = ".toml"
"""Ending of scenario files; it may be left out."""


@cache
def scenario_folder() -> Path:
    """Folder of the built-in scenarios: in an installed package, else in the checkout."""
    package = Path(__file__).resolve().parents[1]
    bundled = package / "_scenarios"
    return bundled if bundled.is_dir() else package.parent / "scenarios"


def builtin_scenarios() -> dict[str, Path]:
    """Built-in scenarios by id, in alphabetical order.

    A file whose name starts with ``_`` is only a base for others, so it is left out.
    """
    folder = scenario_folder()
    files = folder.glob(f"*{SUFFIX}") if folder.is_dir() else []
    found = {file.stem: file for file in files if not file.name.startswith("_")}
    return dict(sorted(found.items()))


def find_scenario(name: str | Path) -> Path | Fault:
    """The file a reader means by a path or a built-in id.

    An existing file wins over a built-in id; the suffix may be left out.
    """
    found = _existing(Path(name)) or _builtin(str(name))
    if found is not None:
        return found
    shown = shown_name(name)
    if exists(Path(name)):  # a folder: reading it will say so
        return Path(name)
    message = "is neither a file nor a built-in scenario"
    return Fault(
        f"{message}; {advice(str(name), builtin_scenarios(), kind='built in')}", path=shown
    )


def find_base(name: str, *, folder: Path) -> Path | None:
    """The file that ``extends = name`` means in a file of `folder`, or None.

    A path starts from the folder of the file that says it; where there is no such file,
    the name is a built-in id.
    """
    beside = _existing(folder / name)
    return beside if beside is not None else _builtin(name)


def exists(path: Path) -> bool:
    """Whether anything is at a path; False for names no file can have."""
    try:
        return os.path.lexists(path)
    except (OSError, ValueError):
        return False


def shown_path(path: Path) -> str:
    """A path as messages name it: from the working folder where it lies below that."""
    plain = Path(os.path.normpath(path))
    try:
        return str(plain.relative_to(Path.cwd()) if plain.is_absolute() else plain)
    except (ValueError, OSError):
        return str(plain)


def _existing(path: Path) -> Path | None:
    for tried in (path, path.parent / f"{path.name}{SUFFIX}"):
        if exists(tried) and not tried.is_dir():
            return tried
    return None


def _builtin(name: str) -> Path | None:
    stem = name.removesuffix(SUFFIX)
    if not stem or "/" in stem or os.sep in stem or "\0" in stem or len(stem) > 200:
        return None
    path = scenario_folder() / f"{stem}{SUFFIX}"
    return path if path.is_file() else None
