"""Compiled code on disk: found again, never stale, never damaged."""

import ast
import os
import shutil
from pathlib import Path

import pytest

from sim.engine.compiled import machine
from sim.engine.compiled.machine import SOURCES, cache_folder, load_loop, the_loop

ROOT = Path(machine.__file__).parents[2]


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Compiling takes no time, and is counted."""
    kept = machine._read(the_loop().path)
    assert kept is not None
    calls: list[str] = []

    def compile_loop() -> tuple[bytes, str]:
        calls.append("compiled")
        return kept

    monkeypatch.setattr(machine, "compile_loop", compile_loop)
    return calls


def test_compiled_once_and_announced(tmp_path: Path, compiled: list[str]) -> None:
    """The first time says that it takes a while; the second finds the code on disk."""
    said: list[str] = []

    load_loop(announce=said.append, folder=tmp_path / "new")
    load_loop(announce=said.append, folder=tmp_path / "new")

    assert compiled == ["compiled"]
    assert len(said) == 1
    assert "compiling" in said[0]


@pytest.mark.parametrize("cut", [0, 1, 30, 5_000])
def test_damaged_code_is_compiled_again(tmp_path: Path, compiled: list[str], cut: int) -> None:
    """Nothing that is not whole is ever run."""
    path = load_loop(folder=tmp_path, announce=lambda _: None).path
    path.write_bytes(path.read_bytes()[:cut])

    load_loop(folder=tmp_path, announce=lambda _: None)

    assert compiled == ["compiled", "compiled"]


def test_a_flipped_bit_is_noticed(tmp_path: Path, compiled: list[str]) -> None:
    """Machine code with one wrong bit could do anything."""
    path = load_loop(folder=tmp_path, announce=lambda _: None).path
    code = bytearray(path.read_bytes())
    code[-9] ^= 1
    path.write_bytes(code)

    load_loop(folder=tmp_path, announce=lambda _: None)

    assert len(compiled) == 2


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path, compiled: list[str]) -> None:
    """The code lives as long as the process then."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    load_loop(folder=tmp_path / "file", announce=lambda _: None)

    assert compiled == ["compiled"]


def test_old_versions_are_forgotten(tmp_path: Path, compiled: list[str]) -> None:
    """The newest few stay."""
    for number in range(machine.KEPT + 5):
        old = tmp_path / f"loop-{number}.o"
        old.write_bytes(b"")
        os.utime(old, (number, number))

    path = load_loop(folder=tmp_path, announce=lambda _: None).path

    assert compiled
    assert path.exists()
    assert len(list(tmp_path.iterdir())) == machine.KEPT


def test_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A named folder wins over the system's place for caches."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.delenv(machine.CACHE_VARIABLE, raising=False)
    assert cache_folder() == tmp_path / "caches" / "hanh-trinh"

    monkeypatch.setenv(machine.CACHE_VARIABLE, str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"


def _copy_of_sources(folder: Path) -> Path:
    for source in SOURCES:
        target = folder / source
        target.parent.mkdir(parents=True, exist_ok=True)
        place = ROOT / source
        if place.is_dir():
            shutil.copytree(place, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, target)
    return folder


@pytest.mark.parametrize("source", SOURCES)
def test_any_changed_source_changes_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """A changed kernel never runs stale."""
    copy = _copy_of_sources(tmp_path)
    monkeypatch.setattr(machine, "__file__", str(copy / "engine" / "compiled" / "machine.py"))
    before = machine.digest.__wrapped__()
    assert before == machine.digest()

    place = copy / source
    changed = sorted(place.glob("*.py"))[-1] if place.is_dir() else place
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    assert machine.digest.__wrapped__() != before


def test_every_source_of_the_code_is_named() -> None:
    """What the loop imports from the program is part of the digest."""
    named = {source.removesuffix(".py").replace("/", ".") for source in SOURCES}
    imported = {
        node.module.removeprefix("sim.")
        for file in (ROOT / "engine" / "compiled" / "loop").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sim.")
    }

    unnamed = {
        module for module in imported if not any(f"{module}.".startswith(f"{n}.") for n in named)
    }
    assert unnamed == set()
