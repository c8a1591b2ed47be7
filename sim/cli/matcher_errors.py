"""``sim matcher errors``: how often synthetic faces are mistaken, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, say, tables

if TYPE_CHECKING:
    from sim.matcher.rates.sizes import Sizes


def errors(
    *,
    mated: Annotated[
        int, typer.Option(min=100, help="Persons of each class compared with themselves.")
    ] = 20_000,
    probes: Annotated[int, typer.Option(min=10, help="Strangers of each class.")] = 1_000,
    gallery: Annotated[
        int, typer.Option(min=100, help="People each stranger is compared with.")
    ] = 10_000,
    people: Annotated[
        list[int] | None,
        typer.Option("--n", min=1, help="Size of a gallery to search; may be repeated."),
    ] = None,
    searches: Annotated[
        int, typer.Option(min=100, help="Searches with a mate, and as many without.")
    ] = 2_000,
    fmr: Annotated[
        list[float] | None,
        typer.Option(help="False match rate that sets a threshold; may be repeated."),
    ] = None,
    attempts: Annotated[
        int, typer.Option(min=2, max=8, help="Most attempts of a transaction.")
    ] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other people.")] = 0,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Draw the trade-off by class; SVG or PNG."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Count errors of synthetic faces: comparisons, searches, transactions, attacks."""
    from sim.matcher.population.people import Population
    from sim.matcher.rates.document import errors_document
    from sim.matcher.rates.sizes import FMRS, Sizes

    sizes = Sizes(
        mated=mated,
        probes=probes,
        gallery=gallery,
        persons=mated,
        galleries=tuple(sorted(set(people or Sizes().galleries))),
        strangers=searches,
        mates=searches,
    )
    _require(sizes, fmr or FMRS, attempts, plot)
    found = errors_document(Population(seed), sizes, fmrs=fmr or FMRS, attempts=attempts, tell=say)
    if plot is not None:
        from sim.reporting.det import plot_det

        plot_det(found, plot)
        say(f"drawn: {plot}")
    if json:
        print_json(found)
        return
    from sim.reporting.matcher_errors import errors_report

    for part in errors_report(found):
        tables().print(part)


def _require(sizes: Sizes, fmrs: Sequence[float], attempts: int, plot: Path | None) -> None:
    """Refuse what cannot be counted or drawn, all of it at once."""
    from sim.errors import Fault, InvalidInputError
    from sim.matcher.rates.sizes import require_sizes

    faults = []
    if plot is not None and plot.suffix not in {".svg", ".png"}:
        faults.append(Fault(f"--plot {plot}: expected a name that ends in .svg or .png"))
    if plot is not None and not plot.absolute().parent.is_dir():
        faults.append(Fault(f"--plot {plot}: there is no folder {plot.parent}; make it first"))
    try:
        require_sizes(sizes, fmrs, attempts)
    except InvalidInputError as error:
        faults += error.faults
    if faults:
        raise InvalidInputError(faults)
