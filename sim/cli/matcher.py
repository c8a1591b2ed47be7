"""Commands about the matcher: how fast it is, and whom it finds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, say, tables

matcher = typer.Typer(
    name="matcher",
    help="Compare faces: search galleries, time the kernels. Synthetic templates, or your own.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@matcher.command()
def search(
    gallery: Annotated[Path, typer.Argument(metavar="GALLERY.npy", help="Whom to search among.")],
    probes: Annotated[Path, typer.Argument(metavar="PROBES.npy", help="Whom to look for.")],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT.npz", help="Where to write.")],
    top: Annotated[int, typer.Option(help="Most candidates of each probe.")] = 1,
    threshold: Annotated[
        float | None, typer.Option(help="Least cosine of a candidate; none takes the best.")
    ] = None,
    kernel: Annotated[str, typer.Option(help="auto, naive, gemm, two-stage or amx-int8.")] = "auto",
) -> None:
    """Search unit-norm float32 templates; writes ids and scores, -1 where there is nobody."""
    from sim.matcher.files import gallery_of, read_templates, write_result
    from sim.matcher.search import search as find
    from sim.matcher.search import validated

    enrolled = read_templates(gallery, what="gallery")
    asked = read_templates(probes, what="probes")
    validated(
        len(enrolled), asked, top=top, threshold=threshold, kernel=kernel
    )  # before enrolling millions
    people = gallery_of(enrolled, what="gallery")
    result = find(people, asked, top=top, threshold=threshold, kernel=kernel)
    write_result(out, result)
    found = int((result.ids[:, 0] >= 0).sum()) if len(result.ids) else 0
    say(f"{result.kernel}: {result.reason}; gallery {result.snapshot}, {len(people):,} people")
    typer.echo(f"{found} of {len(asked)} probes have a candidate; written to {out}")


@matcher.command()
def bench(
    *,
    people: Annotated[
        list[int] | None, typer.Option("--n", min=1, help="Size of a gallery; may be repeated.")
    ] = None,
    batch: Annotated[
        list[int] | None, typer.Option(min=1, help="Probes at once; may be repeated.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=99, help="Turns of each row.")] = 5,
    pairs: Annotated[
        int, typer.Option(min=1_000, help="Mated pairs on which lost mates are counted.")
    ] = 1_000_000,
    json: AsJson = False,
) -> None:
    """Time every kernel by gallery size and batch beside NumPy, and beside the machine's limits."""
    from sim.evidence.matching.bench import BATCHES, SIZES, bench_document

    found = bench_document(people or SIZES, batch or BATCHES, rounds=rounds, pairs=pairs, tell=say)
    if json:
        print_json(found)
        return
    from sim.reporting.matching import bench_report

    for part in bench_report(found):
        tables().print(part)
