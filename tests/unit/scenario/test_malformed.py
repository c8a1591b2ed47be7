"""Every malformed file is refused with all its faults, in the words of the file."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import document, trace
from sim.scenario.check import check_files
from sim.scenario.load import load_scenario
from tests.unit.scenario.cases import MALFORMED, MINIMAL, texts

SOUND = {"base.toml"}


def told() -> dict[str, list[str]]:
    """File name to its expected faults, from faults.txt."""
    sections = (MALFORMED / "faults.txt").read_text(encoding="utf-8").split("## ")[1:]
    lines = [section.strip().split("\n") for section in sections]
    return {name: faults for name, *faults in lines}


TOLD = told()


def test_every_file_is_listed() -> None:
    """faults.txt speaks of every file, of at least a hundred, and only base.toml is sound."""
    assert sorted(TOLD) == sorted(path.name for path in MALFORMED.glob("*.toml"))
    assert len(TOLD) >= 100
    assert {name for name, faults in TOLD.items() if not faults} == SOUND


@pytest.mark.parametrize("name", TOLD)
def test_all_faults_are_listed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check lists exactly the faults that a reader should see, each with its place."""
    monkeypatch.chdir(MALFORMED)

    assert texts(check_files([name])) == TOLD[name]


@pytest.mark.parametrize("name", sorted(TOLD.keys() - SOUND))
def test_loading_raises_the_same_faults(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading refuses a file with one error that carries all its faults."""
    monkeypatch.chdir(MALFORMED)

    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)

    assert texts(caught.value.faults) == TOLD[name]
    assert str(caught.value) == "\n".join(TOLD[name])


def test_faults_say_what_was_got_and_what_to_do() -> None:
    """No fault speaks of the libraries beneath, or of Python."""
    everything = "\n".join(fault for faults in TOLD.values() for fault in faults)

    for word in (
        "pydantic",
        "http",
        "Traceback",
        "NoneType",
        "Input should",
        "Value error",
        "<class",
    ):
        assert word not in everything


def large_file(path: Path) -> None:
    path.write_bytes(b"#" * (document.MAX_BYTES + 1))


def many_keys(path: Path) -> None:
    path.write_text("\n".join(f"k{n} = 1" for n in range(document.MAX_KEYS + 1)))


def latin_text(path: Path) -> None:
    path.write_bytes('id = "a"\ntitle = "Tân Sơn Nhất"\n'.encode("cp1258", "replace"))


def pipe(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path)


def dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


MADE: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "only comments": (lambda path: path.write_text("# nothing\n\n"), "is empty"),
    "binary": (lambda path: path.write_bytes(bytes(range(256))), ":1: holds binary data"),
    "binary below": (lambda path: path.write_bytes(b'id = "a"\n\0'), ":2: holds binary data"),
    "no utf-8": (latin_text, ":2: byte 0xe2 is not UTF-8"),
    "utf-16": (lambda path: path.write_text(MINIMAL, encoding="utf-16"), ":1: is UTF-16"),
    "byte order mark": (
        lambda path: path.write_text(MINIMAL, encoding="utf-8-sig"),
        ":1: starts with a byte order mark",
    ),
    "huge": (large_file, "is larger than 5 MB"),
    "many keys": (many_keys, "holds 200001 keys"),
    "huge number": (lambda path: path.write_text(f"id = {'9' * 5000}\n"), "is not TOML"),
    "deep tables": (
        lambda path: path.write_text("a = " + "{a = " * 40 + "1" + "}" * 40),
        ":1: nests deeper than 32",
    ),
    "a folder": (lambda path: path.mkdir(), "is a folder"),
    "a pipe": (pipe, "is not an ordinary file"),
    "a socket": (listening, "is not an ordinary file"),
    "a loop": (loop, "cannot be read"),
    "a dangling link": (dangling, "does not exist"),
    "nothing": (lambda path: None, "is neither a file nor a built-in scenario"),
}


@pytest.mark.parametrize("name", MADE)
def test_what_is_no_text_is_refused(name: str, tmp_path: Path) -> None:
    """Files that no editor would show get one fault that says what they are."""
    make, wanted = MADE[name]
    path = tmp_path / "case.toml"
    make(path)

    (fault,) = texts(check_files([path]))

    assert str(path) in fault
    assert wanted in fault


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "a\0b", "x" * 5000, "", "."])
def test_names_of_no_file_are_refused(name: str) -> None:
    """Devices, impossible names and folders get a fault, and are not read."""
    (fault,) = check_files([name])

    assert fault.message


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "", "."])
@pytest.mark.parametrize("key", ["trace", "departures"])
def test_names_of_no_table_are_refused(name: str, key: str, tmp_path: Path) -> None:
    """A scenario may name an impossible file of demand; it is a fault like any other."""
    text = MINIMAL.replace('arrivals = { law = "poisson", rate_per_s = 2.0 }', f"{key} = {name!r}")
    text = text.replace("\\x00", "\\u0000").replace("'", '"').replace("horizon_s", "# horizon_s")
    path = tmp_path / "case.toml"
    path.write_text(text)

    faults = check_files([path])

    assert any("file" in fault.message or "folder" in fault.message for fault in faults)


def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    """A file whose permissions forbid reading is a fault that says so."""
    path = tmp_path / "case.toml"
    path.write_text(MINIMAL)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")

    (fault,) = check_files([path])

    assert "Permission denied" in fault.message


def test_long_lists_of_faults_are_cut(tmp_path: Path) -> None:
    """Of thousands of faults the first are listed and the rest counted, last."""
    rates = ", ".join(["-1"] * 3000)
    text = MINIMAL.replace("rate_per_s = 2.0", f"period_min = 1, rate_per_min = [{rates}]")
    path = tmp_path / "case.toml"
    path.write_text(text)

    faults = check_files([path])

    assert len(faults) < 600
    assert "more faults" in faults[-1].message


def test_bad_rows_of_a_trace_are_cut(tmp_path: Path) -> None:
    """Of thousands of bad rows the first hundred are listed and the rest counted, last."""
    path = tmp_path / "case.csv"
    path.write_text("arrival_s,desk\n" + "1,x\n" * 5000)

    with pytest.raises(ScenarioError) as caught:
        trace.read_trace(path, stations=["desk"])

    assert len(caught.value.faults) == 101
    assert caught.value.faults[-1].message == "and 4900 more faults"


def test_faults_of_several_files_are_all_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are checked one after the other, and a shared base's fault is told once."""
    monkeypatch.chdir(MALFORMED)

    faults = texts(check_files(["negative.toml", "extends-a-fault.toml", "typing-error.toml"]))

    expected = [*TOLD["negative.toml"], *TOLD["extends-a-fault.toml"], *TOLD["typing-error.toml"]]
    assert faults == list(dict.fromkeys(expected))
