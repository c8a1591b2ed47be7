"""A calibration as it is told: a table, and what could not be found out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.calibration.calibrate import Calibration

if TYPE_CHECKING:
    from rich.table import Table


def calibration_document(
    calibration: Calibration, *, base: str, overlay: Path | None
) -> dict[str, Any]:
    """What was found, as plain JSON."""
    log = calibration.log
    return {
        "base": base,
        "overlay": str(overlay.resolve()) if overlay is not None else None,
        "logs": list(log.names),
        "cases": len(log.cases),
        "visits": len(log.stays),
        "days": log.days,
        "figures": [asdict(each) for each in calibration.findings],
        "kept": [asdict(each) for each in calibration.silences],
        "remarks": list(calibration.remarks),
    }


def calibration_table(document: dict[str, Any]) -> Table:
    """The calibrated figures as a table."""
    from rich.table import Table

    title = f"{document['base']} from {', '.join(document['logs'])}"
    table = Table(
        "Figure", "Base", "Calibrated", "95 % interval", "n", "Fit p", "Verdict", title=title
    )
    for row in document["figures"]:
        table.add_row(
            row["key"],
            "–" if row["base"] is None else f"{row['base']:.4g}",
            f"{row['value']:.4g}",
            f"{row['low']:.4g} to {row['high']:.4g}",
            str(row["n"]),
            "–" if row["p_value"] is None else f"{row['p_value']:.2g}",
            row["verdict"],
        )
    return table


def kept_lines(document: dict[str, Any]) -> list[str]:
    """What keeps its value and why, and what was dropped, a line each."""
    kept = [f"kept {row['key']}: {row['reason']}" for row in document["kept"]]
    return [*document["remarks"], *kept]
