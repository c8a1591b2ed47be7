"""`sim matcher errors` as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SMALL = ["--mated", "200", "--probes", "100", "--gallery", "500", "--n", "300", "--searches", "100"]


def sim(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    command = [sys.executable, "-m", "sim", "matcher", "errors", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_errors_are_counted_and_drawn(tmp_path: Path) -> None:
    """One JSON document on stdout, progress on stderr, the plot where asked."""
    plot = tmp_path / "det.svg"
    done = sim(*SMALL, "--fmr", "1e-3", "--json", "--plot", str(plot))
    document = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert {"points", "classes", "cohorts", "identification", "transactions", "attacks"} <= set(
        document
    )
    assert document["points"][0]["fmr"]["value"] <= 1e-3
    assert "transactions of up to 3 attempts: masked" in done.stderr
    assert plot.read_text(encoding="utf-8").startswith("<?xml")


def test_what_cannot_be_shown_is_refused_at_once(tmp_path: Path) -> None:
    """All faults, exit 2, no traceback."""
    plot = tmp_path / "nowhere" / "det.pdf"
    done = sim(*SMALL, "--fmr", "1e-9", "--fmr", "nan", "--plot", str(plot))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for words in ("ends in .svg or .png", "there is no folder", "cannot show 1e-09", "got nan"):
        assert words in done.stderr
