"""Cells of a trace as numbers: a quick way that never explains, a slow one that does."""

from __future__ import annotations

import io
import re

import numpy as np
from numpy.typing import NDArray

from sim.errors import Fault
from sim.scenario.wording import quoted

MAX_ROWS = 20_000_000
"""Most passengers in a trace."""

_PLAIN = b"0123456789.,+-eE\n"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def quick_cells(body: bytes, columns: int) -> NDArray[np.float64] | None:
    """Numbers of a body that holds nothing but numbers and blanks, else None.

    Parameters
    ----------
    body : bytes
        Rows below the header, ended by line feeds.
    columns : int
        Cells in each row.

    Returns
    -------
    ndarray of float64, shape (rows, columns) or None
        NaN for blanks; None where anything is unusual, for `slow_cells` to look at.
    """
    if not body or body.translate(None, _PLAIN) or b"\n\n" in body or body[:1] == b"\n":
        return None
    filled = body.replace(b",,", b",nan,").replace(b",,", b",nan,").replace(b",\n", b",nan\n")
    if filled.endswith(b","):
        filled += b"nan"
    try:
        cells = np.loadtxt(io.BytesIO(filled), delimiter=",", comments=None, ndmin=2)
    except ValueError:
        return None
    return cells if cells.shape[1] == columns and len(cells) <= MAX_ROWS else None


def slow_cells(
    body: str, columns: list[str], *, path: str, longest_s: float
) -> tuple[NDArray[np.float64], list[Fault]]:
    """Numbers of any body, and what is wrong with each row that has none.

    Returns
    -------
    cells : ndarray of float64, shape (rows, columns)
        NaN for blanks; rows with faults are left out.
    faults : list of Fault
        Every faulty cell, with its line.
    """
    rows = body.split("\n")
    while rows and not rows[-1].strip():
        rows.pop()
    if not rows:
        message = "has a header, but no passengers; give a row for each"
        return np.empty((0, len(columns))), [Fault(message, path=path, line=1)]
    if len(rows) > MAX_ROWS:
        message = f"has {len(rows)} rows; at most {MAX_ROWS}: split it"
        return np.empty((0, len(columns))), [Fault(message, path=path, line=MAX_ROWS + 2)]
    cells: list[list[float]] = []
    faults: list[Fault] = []
    for line, row in enumerate(rows, start=2):
        values, found = _row(row, columns, longest_s)
        faults += [Fault(message, path, line, key) for key, message in found]
        if not found:
            cells.append(values)
    return np.array(cells, dtype=np.float64).reshape(len(cells), len(columns)), faults


def _row(
    row: str, columns: list[str], longest_s: float
) -> tuple[list[float], list[tuple[str, str]]]:
    """Values of a row, and key and message of each fault in it."""
    if not row.strip():
        return [], [("", "is an empty row; remove it")]
    texts = row.split(",")
    if len(texts) != len(columns):
        message = f"got {quoted(row)}; the header has {len(columns)} cells, this row {len(texts)}"
        return [], [("", message)]
    values: list[float] = []
    faults: list[tuple[str, str]] = []
    for place, (text, column) in enumerate(zip(texts, columns, strict=True)):
        cell = text.strip()
        if len(cell) > 1 and cell[0] == cell[-1] == '"':
            cell = cell[1:-1].strip()
        message = _fault(cell, is_arrival=place == 0, longest_s=longest_s)
        if message:
            faults.append((column, message))
        elif not faults:
            values.append(float(cell) if cell else np.nan)
    return values, faults


def _fault(cell: str, *, is_arrival: bool, longest_s: float) -> str:
    if not cell:
        return "is blank; every passenger needs an arrival in seconds" if is_arrival else ""
    if not _NUMBER.fullmatch(cell):
        if cell.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
            return f"got {quoted(cell)}; give a finite number of seconds"
        return f"got {quoted(cell)}; give a number of seconds, such as 12.5"
    value = float(cell)
    if value < 0:
        return f"got {quoted(cell)}; give zero or more seconds"
    if value > longest_s:
        return f"got {quoted(cell)}; at most {longest_s:.0f} seconds, 400 days"
    return ""
