"""The command that learns from logs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, say, tables


def calibrate(
    logs: Annotated[
        list[Path],
        typer.Argument(metavar="LOG…", help="Run directories, CSV, XES or OCEL 2.0 files."),
    ],
    *,
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="BASE", help="Scenario the logs are of.")
    ],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", metavar="OVERLAY.toml", help="File to write; not yet there."),
    ],
    maps: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="NAME=COLUMN",
            help="What a column is: case, station, at, trait.ID, station.ID …; repeatable.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Estimate laws, shares and show-up from logs; write a scenario that extends BASE.

    Columns that are not needed are dropped, case ids replaced by a hash whose key is not kept.
    """
    from sim.calibration.calibrate import calibrate as learn
    from sim.calibration.mapping import read_mapping
    from sim.calibration.overlay import refuse_existing, write_overlay
    from sim.calibration.reading import read_logs
    from sim.reporting.calibration import calibration_document, calibration_table, kept_lines
    from sim.scenario.load import load_scenario

    refuse_existing(out)
    base = load_scenario(scenario)
    names = read_mapping(maps or (), trait_ids=[trait.id for trait in base.spec.traits])
    log = read_logs(logs, names=names, day_starts_s=base.spec.day_starts)
    found = learn(log, base, station_names=names.stations)
    write_overlay(found, base, out)
    document = calibration_document(found, base=base.spec.id, overlay=out)
    if json:
        print_json(document)
        return
    tables().print(calibration_table(document))
    for line in kept_lines(document):
        say(line)
    say(f"{out}: {len(found.findings)} figures calibrated; run it with sim run {out}")
