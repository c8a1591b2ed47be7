"""The stairs of DESIGN §3, as written in pyproject.toml."""

import subprocess
import sys

from tests.architecture.tree import ROOT


def test_every_import_contract_is_kept() -> None:
    """No room looks up the stairs, and libraries stay in the rooms that own them."""
    command = "from importlinter.cli import lint_imports as check; raise SystemExit(check())"

    result = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout + result.stderr
