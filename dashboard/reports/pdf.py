"""A report as PDF, printed by a Chromium of this machine where there is one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSERS_VARIABLE = "PLAYWRIGHT_BROWSERS_PATH"
PATTERNS = ("chromium*/chrome-*/headless_shell", "chromium*/chrome-*/chrome-headless-shell",
            "chromium*/chrome-*/chrome")  # fmt: skip
LIMIT_S = 60.0
"""Longest a print may take."""


class PrintError(Exception):
    """Chromium printed nothing; says why."""


@cache
def chromium() -> str | None:
    """The Chromium on the path, or one that Playwright has fetched; None without."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    folder = Path(os.environ.get(BROWSERS_VARIABLE) or Path.home() / ".cache" / "ms-playwright")
    there = (path for pattern in PATTERNS for path in sorted(folder.glob(pattern)))
    return next((str(path) for path in there if os.access(path, os.X_OK)), None)


def pdf_of(html: str, *, program: str, limit_s: float = LIMIT_S) -> bytes:
    """Print a document in a process of its own.

    Raises
    ------
    PrintError
        If it takes longer than ``limit_s`` seconds, or nothing comes of it.
    """
    with tempfile.TemporaryDirectory(prefix="hanh-trinh-report-") as folder:
        source, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_text(html, encoding="utf-8")
        command = [
            program, "--headless", "--disable-gpu", "--disable-extensions",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri(),
        ]  # fmt: skip
        if os.name == "posix" and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses its sandbox to root
        _run(command, limit_s)
        if not target.exists():
            msg = f"{Path(program).name} printed no PDF; take the HTML report and print it"
            raise PrintError(msg)
        return target.read_bytes()


def _run(command: list[str], limit_s: float) -> None:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            process.wait(limit_s)
        except subprocess.TimeoutExpired:
            msg = f"no PDF after {limit_s:g} s; take the HTML report and print it"
            raise PrintError(msg) from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
