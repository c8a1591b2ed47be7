"""The command that times the program itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, say, tables


def bench(
    *,
    rounds: Annotated[int, typer.Option(min=1, max=99, help="Turns of each part.")] = 5,
    passengers: Annotated[
        int, typer.Option(min=1_000, max=10_000_000, help="Passengers of the plain day.")
    ] = 100_000,
    check: Annotated[
        Path | None,
        typer.Option(metavar="BASELINE", help="Fail where slower than this earlier document."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Time engine, sampling, writing, folding and a whole run beside references."""
    from sim.evidence.speed.figures import counters, figures
    from sim.evidence.speed.gate import document, read_baseline, regressions

    baseline = None if check is None else read_baseline(check)
    done = []
    for figure in figures(rounds=rounds, passengers=passengers):
        say(f"{figure.name}: {figure.ratio['median']:.3g} times {figure.reference}")
        done.append(figure.as_dict())
    found = document(done, counters())
    if json:
        print_json(found)
    else:
        from sim.reporting.speed import speed_report

        for part in speed_report(found):
            tables().print(part)
    if baseline is not None:
        worse = regressions(found, baseline)
        for sentence in worse:
            say(sentence)
        if worse:
            raise typer.Exit(1)
