"""A dashboard server of our own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dashboard

APP = Path(dashboard.__file__).with_name("app.py")
START_S = 60


@dataclass(frozen=True, slots=True)
class Running:
    """Where a dashboard answers, and its process."""

    address: str
    process_id: int


@contextlib.contextmanager
def running_dashboard(folder: Path, **environment: str) -> Iterator[str]:
    """Address of a dashboard, started in a folder as `sim dashboard` starts it."""
    with dashboard_process(folder, **environment) as running:
        yield running.address


@contextlib.contextmanager
def dashboard_process(folder: Path, **environment: str) -> Iterator[Running]:
    """The same, with its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(APP)]
    command += ["--server.port", str(port), "--server.headless", "true"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}", process)
            yield Running(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("the dashboard does not start")
