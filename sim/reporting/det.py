"""Plots of errors: the trade-off of both kinds on probit axes, and searches by size of gallery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

_FMR_TICKS = (1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
_FNMR_TICKS = (1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8)
_LEAST_ERRORS = 10
"""A curve ends where it rests on fewer false matches."""

_COLOURS = ("tab:blue", "tab:orange", "tab:green", "tab:red")
_MARKERS = ("o", "s", "^", "D")


def plot_det(
    found: Mapping[str, Any],
    path: Path,
    *,
    targets: Mapping[float, tuple[float, float]] | None = None,
) -> None:
    """Draw false non-matches against false matches, a curve a class, on probit axes.

    Parameters
    ----------
    found : mapping
        A document of `errors_document`, or its part `one_to_one`.
    path : Path
        Where to, as SVG or PNG by its ending.
    targets : mapping or None
        Least and most FNMR at a false match rate of adults, drawn as bars.
    """
    figure, axes = _canvas((6.4, 5.2))
    for each, colour, marker in zip(found["classes"], _COLOURS, _MARKERS, strict=False):
        points = each["points"]
        trials = points[0]["fmr"]["trials"]
        curve = [(fmr, fnmr) for _, fmr, fnmr in each["det"] if fmr * trials >= _LEAST_ERRORS]
        drawn = np.array([point for point in curve if 0 < point[1] < 1])
        if len(drawn):
            axes.plot(ndtri(drawn[:, 0]), ndtri(drawn[:, 1]), color=colour, lw=1.3)
        axes.plot([], [], color=colour, marker=marker, label=each["class"])
        for point in points:
            _cross(axes, point, colour=colour, marker=marker)
    for fmr, (low, high) in (targets or {}).items():
        axes.vlines(ndtri(fmr), ndtri(low), ndtri(high), color="0.75", lw=9, zorder=0)
    if targets:
        axes.plot([], [], color="0.75", lw=9, label="target, adult")
    axes.set_xticks(ndtri(np.array(_FMR_TICKS)), [f"{tick:.0e}" for tick in _FMR_TICKS])
    axes.set_yticks(ndtri(np.array(_FNMR_TICKS)), [f"{tick:g}" for tick in _FNMR_TICKS])
    axes.set_xlim(ndtri(5e-8), ndtri(2e-2))
    axes.set_ylim(ndtri(8e-5), ndtri(0.9))
    axes.set_xlabel("false match rate, people of the class with one another")
    axes.set_ylabel("false non-match rate")
    axes.grid(color="0.9")
    axes.legend(frameon=False)
    _save(figure, path)


def plot_fpir(identification: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw FPIR by size of gallery as counted, beside the formula of independent comparisons.

    Parameters
    ----------
    identification : sequence of mapping
        Galleries, as `one_to_many` tells them.
    path : Path
        Where to, as SVG or PNG by its ending.
    """
    figure, axes = _canvas((6.4, 4.4))
    people = [each["people"] for each in identification]
    for number, point in enumerate(identification[0]["points"]):
        colour = _COLOURS[number % len(_COLOURS)]
        rows = [each["points"][number] for each in identification]
        axes.plot(people, [row["if_independent"] for row in rows], "--", color=colour, lw=1)
        seen = [(size, row["fpir"]) for size, row in zip(people, rows, strict=True)]
        counted = [(size, rate) for size, rate in seen if rate["errors"]]
        axes.errorbar(
            [size for size, _ in counted],
            [rate["value"] for _, rate in counted],
            yerr=_bars([rate for _, rate in counted]),
            color=colour,
            marker=_MARKERS[number % len(_MARKERS)],
            capsize=3,
            lw=1.3,
            label=f"threshold of FMR {point['fmr_asked']:.0e}",
        )
    axes.plot([], [], "--", color="0.4", lw=1, label="$1 - (1 - FMR)^N$")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("people in the gallery, N")
    axes.set_ylabel("share of strangers' searches with a candidate, FPIR")
    axes.grid(color="0.9")
    axes.legend(frameon=False)
    _save(figure, path)


def _cross(axes: Any, point: Mapping[str, Any], *, colour: str, marker: str) -> None:
    """An operating point with the intervals of both its rates."""
    fmr, fnmr = point["fmr"], point["fnmr"]
    if not (fmr["errors"] and fnmr["errors"]):
        return
    ends = [ndtri(np.array([rate["low"], rate["high"]])) for rate in (fmr, fnmr)]
    at = ndtri(fmr["value"]), ndtri(fnmr["value"])
    axes.plot(*at, marker=marker, color=colour, ms=5)
    axes.plot(np.clip(ends[0], -9, 9), [at[1], at[1]], color=colour, lw=0.9)
    axes.plot([at[0], at[0]], np.clip(ends[1], -9, 9), color=colour, lw=0.9)


def _bars(rates: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    below = [rate["value"] - rate["low"] for rate in rates]
    above = [rate["high"] - rate["value"] for rate in rates]
    return np.array([below, above])


def _canvas(size: tuple[float, float]) -> tuple[Any, Any]:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size, layout="constrained")


def _save(figure: Any, path: Path) -> None:
    import matplotlib.pyplot as plt

    is_svg = path.suffix == ".svg"
    with plt.rc_context({"svg.hashsalt": "errors"}):
        figure.savefig(path, dpi=120, metadata={"Date" if is_svg else "Software": None})
    plt.close(figure)
