"""``sim rollout`` from the command line: its answer, its table, its refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def sim(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "sim", "rollout", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_rollout_of_one_airport(tmp_path: Path) -> None:
    """One JSON document, the same on disk, with a CSV beside it; progress goes to stderr."""
    out = tmp_path / "out"
    months = ["--from", "2025-11", "--to", "2025-12"]
    levers = ["--adoption", "high", "--literacy", "0.5"]
    found = sim("--scenarios", "vca", *months, *levers, "--out", str(out), "--json")

    assert found.returncode == 0, found.stderr
    document = json.loads(found.stdout)
    kept = json.loads((out / "rollout.json").read_text(encoding="utf-8"))
    assert {key: document[key] for key in kept} == kept
    assert (out / "rollout.csv").exists()
    assert "rollout:" in found.stderr
    months = document["facilities"][0]["months"]
    assert [each["days"]["typical"]["policies"] for each in months] == [[], ["counter-rule"]]
    shares = [each["days"]["typical"]["shares"]["wants_gate"] for each in months]
    assert shares[0] < shares[1]


def test_the_table_has_a_line_a_facility(tmp_path: Path) -> None:
    """Months across, a sign for each day, and what was assumed about demand."""
    found = sim(
        "--scenarios", "vca", "--from", "2026-01", "--to", "2026-01", "--out", str(tmp_path / "o")
    )

    assert found.returncode == 0, found.stderr
    for words in ("vca", "Jan", "2025-10-31", "··", "security-10-min", "No demand.calendar"):
        assert words in found.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "2025-13"], "--from: '2025-13' is not a month"),
        (["--from", "2026-02", "--to", "2025-02"], "give 1 to 240, in order"),
        (["--scenarios", "vca,nowhere,never"], "nowhere: is neither a file nor a built-in"),
        (["--scenarios", "vca,nowhere,never"], "never: is neither a file nor a built-in"),
        (["--plan", "missing.toml"], "missing.toml"),
        (
            ["--scenarios", "sgn-t3", "--from", "2043-01", "--to", "2043-02"],
            "Tet 2043 is not known",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_refused_in_words(arguments: list[str], words: str, tmp_path: Path) -> None:
    """Exit code 2, what is wrong, nothing on stdout, nothing written, no traceback."""
    found = sim(*arguments, "--out", str(tmp_path / "out"))

    assert found.returncode == 2, found.stderr
    assert words in found.stderr
    assert "Traceback" not in found.stderr
    assert found.stdout == ""
    assert list(tmp_path.iterdir()) == []
