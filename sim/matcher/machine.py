"""On which machine something was measured, and with which libraries."""

from __future__ import annotations

import platform
from importlib import metadata

from sim.matcher.kernels.amx_int8 import is_installed


def processor() -> str:
    """Name of the processor, as the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 (no file of ours)
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Versions of Python and of what the kernels use."""
    names = ["numpy", "numba", "numkong"]
    known = {name: metadata.version(name) for name in names if name != "numkong" or is_installed()}
    return {"python": platform.python_version(), **known}
