"""Commands about the matcher: how fast it is, and whom it finds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, say, tables
from sim.cli.look import Run
from sim.cli.match_servers import match_servers
from sim.cli.matcher_errors import errors

NAME = r"[a-z0-9][a-z0-9-]{0,63}"
"""Ids of profiles, as of stations."""

matcher = typer.Typer(
    name="matcher",
    help="Compare faces: search galleries, time the kernels. Synthetic templates, or your own.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

matcher.command("capacity")(match_servers)


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


@matcher.command()
def trace(
    run: Run,
    *,
    gallery: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND[=PEOPLE]",
            help="departure, day, city or national; may be repeated. None: as the run asked.",
        ),
    ] = None,
    promise_ms: Annotated[
        float, typer.Option(min=0.001, help="Latency that 99 % must not exceed.")
    ] = 200.0,
    compress: Annotated[
        float | None,
        typer.Option(min=0.001, help="Times as fast; none makes it 20,000 in ten minutes."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=3600, help="Wall-clock stretch replayed in real time.")
    ] = 600.0,
    servers: Annotated[int, typer.Option(min=1, max=256, help="Threads in real time.")] = 1,
    threshold: Annotated[float, typer.Option(help="Least cosine of a candidate.")] = 0.40,
    kernel: Annotated[str, typer.Option(help="auto, naive, gemm, two-stage or amx-int8.")] = "auto",
    distinct: Annotated[
        int | None,
        typer.Option(min=1_000, help="Most people with a template of their own; others share."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Replay a run's match requests through the kernels, in virtual and in real time."""
    from sim.events.store import open_run
    from sim.matcher.trace.document import Way, trace_document
    from sim.matcher.trace.galleries import galleries_asked
    from sim.matcher.trace.requests import read_requests

    log = open_run(run)
    if not log.is_complete:
        say(f"{run}: interrupted; replayed is its valid prefix of {len(log):,} events")
    asked = galleries_asked(read_requests(log), gallery or [], distinct=distinct)
    way = Way(
        threshold=threshold,
        kernel=kernel,
        promise_s=promise_ms / 1000,
        seconds=seconds,
        compress=compress,
        servers=servers,
        distinct=distinct,
    )
    found = {"run_dir": str(log.directory.absolute()), **trace_document(asked, way, tell=say)}
    if json:
        print_json(found)
        return
    from sim.reporting.matching import trace_report

    for part in trace_report(found):
        tables().print(part)


@matcher.command()
def profile(
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where to write.")],
    people: Annotated[
        list[int] | None, typer.Option("--n", min=1, help="Size of a gallery; may be repeated.")
    ] = None,
    threshold: Annotated[
        list[float] | None, typer.Option(help="Cosine to count errors at; may be repeated.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=999, help="Turns of each batch.")] = 15,
    mated: Annotated[
        int, typer.Option(min=100, help="Persons compared with themselves.")
    ] = 200_000,
    probes: Annotated[int, typer.Option(min=10, help="Strangers, 50,000 comparisons each.")] = 4096,
    clock: Annotated[
        str, typer.Option(help="processor, right where others share the machine; or wall.")
    ] = "processor",
    json: AsJson = False,
) -> None:
    """Measure how fast and how right one core is; writes a profile that scenarios can name."""
    from sim.errors import UsageError
    from sim.matcher.profile import SIZES, THRESHOLDS, measure_profile, write_profile

    name = out.stem.lower()
    if not out.absolute().parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.parent}; make it first")
    if not re.fullmatch(NAME, name):
        raise UsageError(f"{out}: the name of the file is the profile's id: letters, digits, -")
    made = measure_profile(
        name,
        sizes=people or SIZES,
        thresholds=threshold or THRESHOLDS,
        rounds=rounds,
        mated=mated,
        probes=probes,
        clock=clock,
        tell=say,
    )
    write_profile(out, made)
    if json:
        print_json(made.model_dump(mode="json"))
        return
    typer.echo(f"{out}: {made.measured.words}; a batch station takes it by profile = …")


matcher.command()(errors)
