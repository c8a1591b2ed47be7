"""The gate: ratios may not fall far below a baseline, counters may not move at all."""

from __future__ import annotations

import json
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.errors import UsageError

FORMAT = "hanh-trinh-bench"
TOLERANCE = 0.7
"""Least share of a baseline's ratio; ratios of one run scatter by a fifth on shared machines."""


def document(figures: list[dict[str, Any]], counters: dict[str, Any]) -> dict[str, Any]:
    """Everything a later run needs to be compared with this one."""
    packages = ("numpy", "numba", "llvmlite", "simpy", "pyarrow")
    return {
        "format": FORMAT,
        "format_version": 1,
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "packages": {name: metadata.version(name) for name in packages},
        "figures": figures,
        "counters": counters,
    }


def read_baseline(path: Path) -> dict[str, Any]:
    """A document written by ``sim bench --json``.

    Raises
    ------
    UsageError
        If there is none, or it is something else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"--check {path}: {error}; write one with sim bench --json > {path}"
        raise UsageError(msg) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        msg = f"--check {path}: not a document of sim bench; write one with sim bench --json"
        raise UsageError(msg)
    return found


def regressions(found: dict[str, Any], baseline: dict[str, Any]) -> list[str]:
    """What is worse than the baseline, a sentence each."""
    worse = []
    now = {figure["name"]: figure["ratio"]["median"] for figure in found["figures"]}
    for figure in baseline["figures"]:
        name, before = figure["name"], figure["ratio"]["median"]
        if name not in now:
            worse.append(f"{name}: not measured, the baseline has it")
        elif now[name] < TOLERANCE * before:
            worse.append(
                f"{name}: {now[name]:.3g} times {figure['reference']}, {before:.3g} in the "
                f"baseline; at least {TOLERANCE:.0%} of it is asked"
            )
    for name, counted in baseline["counters"].items():
        for what, before in counted.items():
            after = found["counters"].get(name, {}).get(what)
            if after != before:
                worse.append(f"{name}: {what} is {after}, {before} in the baseline")
    return worse


def _processor() -> str:
    """The processor's name, where the system tells."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
