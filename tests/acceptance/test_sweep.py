"""`sim sweep` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.acceptance.test_command_line import sim

LANES = "stations.security.servers=1,2"


def test_a_sweep_is_kept_and_goes_on(tmp_path: Path) -> None:
    """JSON on stdout and in the directory, a CSV beside it; asked again, nothing is simulated."""
    out = tmp_path / "sweep"
    asked = ("sweep", "vca", "--over", LANES, "--reps", "2", "--out", str(out), "--json")

    first, second = json.loads(sim(*asked).stdout), json.loads(sim(*asked).stdout)

    assert [each["settings"] for each in first["points"]] == [
        {"stations.security.servers": "1"},
        {"stations.security.servers": "2"},
    ]
    assert (first["resumed"], second["resumed"]) == (0, 6)
    assert first["points"] == second["points"]
    assert json.loads((out / "sweep.json").read_text(encoding="utf-8"))["base"] == first["base"]
    assert len((out / "sweep.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_what_cannot_be_moved_is_told() -> None:
    """Every fault at once, exit 2, no traceback."""
    found = sim("sweep", "vca", "--over", "nope=1:2", "--over", "stations.security.servers=3:1")

    assert found.returncode == 2
    assert "nope" in found.stderr
    assert "the lower first" in found.stderr
    assert "Traceback" not in found.stderr
