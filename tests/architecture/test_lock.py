"""requirements.lock holds versions and markers, nothing of the machine that wrote it."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.tree import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
PINS = [Requirement(line) for line in LOCK.splitlines() if not line.startswith("#")]


def test_lock_names_no_address_host_or_path() -> None:
    """Nothing in the lock points to a place, on the network or on a disk."""
    for trace in ("://", "--", " @ ", "/", "\\", "file:"):
        assert trace not in LOCK
    assert not re.search(r"\b[a-z-]+\.(org|com|net|io|cn)\b", LOCK)


def test_lock_pins_exactly() -> None:
    """Every line is one exact version, without extras, so that pip takes it as a constraint."""
    for pin in PINS:
        assert [clause.operator for clause in pin.specifier] == ["=="], pin
        assert (pin.extras, pin.url) == (set(), None), pin


def test_lock_answers_every_dependency() -> None:
    """Each requirement in pyproject.toml has a pin that satisfies it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = [Requirement(line) for group in groups for line in group]
    pinned: dict[str, list[Version]] = {}
    for pin in PINS:
        (clause,) = pin.specifier
        pinned.setdefault(canonicalize_name(pin.name), []).append(Version(clause.version))

    for need in wanted:
        if need.name == project["name"]:  # the extra `all` names the project itself
            continue
        versions = pinned.get(canonicalize_name(need.name), [])
        assert versions, f"{need} has no pin; run `make lock`"
        assert all(version in need.specifier for version in versions), f"{need}: run `make lock`"
