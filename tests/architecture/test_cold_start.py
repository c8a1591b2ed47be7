"""`sim --help` answers at once, so it loads nothing heavy."""

import subprocess
import sys

HEAVY = (
    "altair",
    "duckdb",
    "holidays",
    "matplotlib.pyplot",
    "numba",
    "pandas",
    "pyarrow",
    "scipy.stats",
    "simpy",
    "streamlit",
)
PROGRAM = """
import contextlib, io, sys
sys.argv = ["sim", "--help"]
with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
    from sim.cli import main
    main()
assert "scenarios" in said.getvalue(), said.getvalue()
print(*sys.modules, sep="\\n")
"""


def test_help_loads_nothing_heavy() -> None:
    """No simulation, table, chart or statistics library is imported to print the help."""
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stderr
    assert sorted(set(HEAVY) & set(result.stdout.split())) == []


def test_door_loads_nothing() -> None:
    """`import sim` brings in no room until one is asked for (the door is lazy)."""
    program = "import sim, sys; print(*(m for m in sys.modules if m.startswith('sim.')))"

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout.split() == []
