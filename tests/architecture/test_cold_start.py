"""A command loads what it needs: the help answers at once, a warm run compiles nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engine.compiled.machine import CACHE_VARIABLE, cache_folder, the_loop

PROGRAM = """
import contextlib, io, sys
sys.argv = ["sim", *sys.argv[1:]]
with contextlib.redirect_stdout(io.StringIO()) as said:
    from sim.cli import main
    with contextlib.suppress(SystemExit):
        main()
assert said.getvalue()
foreign = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(*(name for name in foreign if not name.startswith("_")))
"""

HELP = {"annotated_doc", "shellingham", "sim", "typer", "typing_extensions"}
"""All that `sim --help` may load besides Python's own modules."""

RUN = HELP | {
    "annotated_types",
    "llvmlite",
    "numpy",
    "pyarrow",
    "pydantic",
    "pydantic_core",
    "rich",  # for the table
    "typing_inspection",
}
"""All that a `sim run` may load whose engine is compiled already."""

BROUGHT_ALONG = {"cloudpickle", "cython_runtime"}
"""Loaded by pyarrow where they are installed."""

HELP_S = 0.4
"""How much of a processor's time the help may take; the quickest of a few counts."""


def loaded_by(*arguments: str) -> set[str]:
    """Packages in memory after a command, installed ones only."""
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={**os.environ, CACHE_VARIABLE: str(cache_folder())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


def test_help_loads_nothing_heavy() -> None:
    """Not even arrays or the models of scenarios are imported to print the help."""
    assert sorted(loaded_by("--help") - HELP) == []


def test_help_answers_at_once() -> None:
    """In less time than a person notices, from the first instruction of the interpreter on."""
    program = PROGRAM + "\nimport time\nprint(time.process_time(), file=sys.stderr)"
    took_s = []
    for _ in range(5):
        result = subprocess.run(
            [sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True
        )
        took_s.append(float(result.stderr))

    assert min(took_s) < HELP_S


@pytest.mark.parametrize("shown", [("--json",), ()], ids=["json", "table"])
def test_a_warm_run_loads_no_compiler_and_no_statistics(
    tmp_path: Path, shown: tuple[str, ...]
) -> None:
    """Numba, SimPy, SciPy, pandas, DuckDB and Matplotlib stay on disk: 3 s that no run waits for.

    A law that SciPy has to invert (gamma, Erlang) is the exception; no built-in scenario
    has one.
    """
    the_loop()

    loaded = loaded_by("run", "vca", "--out", str(tmp_path / "run"), *shown)

    assert sorted(loaded - RUN - BROUGHT_ALONG) == []
    assert ("rich" in loaded) is not bool(shown)


def test_door_loads_nothing() -> None:
    """`import sim` brings in no room until one is asked for (the door is lazy)."""
    program = "import sim, sys; print(*(m for m in sys.modules if m.startswith('sim.')))"

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout.split() == []


def test_a_worker_of_a_study_does_not_load_the_command_line() -> None:
    """A new process imports the script that started it, and with it no more than the door."""
    program = "import sim.cli, sys; print(*(m for m in sys.modules if m.startswith('sim.cli.')))"

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout.split() == []
