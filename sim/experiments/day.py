"""One day: a scenario sampled, simulated, logged and summed up."""

from __future__ import annotations

import contextlib
import functools
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from sim.demand.sample import sample
from sim.engine.network import build_network
from sim.events.background import BackgroundSink
from sim.events.derived import write_projection
from sim.events.log import EventBlock, EventSink
from sim.events.manifest import RunHeader
from sim.events.memory import MemoryLog, MemorySink
from sim.events.writer import RunWriter
from sim.experiments.arena import keep_freed_memory
from sim.experiments.opening.beginning import Begin, Beginning, continued
from sim.experiments.revision import Revised, Revision, revise
from sim.projections.day import Day as Folded
from sim.projections.day import fold_day
from sim.projections.snapshots import keep_snapshots
from sim.projections.summary import summarise_day
from sim.scenario.load import Scenario
from sim.scenario.model_version import MODEL_VERSION
from sim.scenario.program import Program

Engine = Literal["reference", "compiled"]
Simulate = Callable[..., Iterator[EventBlock]]
"""An engine: network and workload in, and where to begin; blocks of events out."""

Progress = Callable[[int, int], None]
"""Called with the events so far and the instant reached, in microseconds."""

DEFAULT_SEED = 1
DEFAULT_ENGINE: Engine = "compiled"
SUMMARY = "summary"
"""Name of the projection that holds a day's figures."""

LONG = 2_000_000
"""Events from which on a run keeps snapshots as it is sealed, not when it is first asked."""

PACKAGES = ("simpy", "numpy", "scipy", "pyarrow", "pydantic")


@dataclass(slots=True)
class Timings:
    """Seconds spent in each part of a day.

    The parts follow one another. Where blocks are sealed beside the simulation, ``write_s``
    holds only what the others waited for.
    """

    load_s: float = 0.0
    sample_s: float = 0.0
    compile_s: float = 0.0
    engine_s: float = 0.0
    write_s: float = 0.0
    project_s: float = 0.0

    @contextlib.contextmanager
    def spent_on(self, part: str) -> Iterator[None]:
        """Add the time of a block to a part."""
        started = time.perf_counter()
        try:
            yield
        finally:
            setattr(self, part, getattr(self, part) + time.perf_counter() - started)

    def as_dict(self) -> dict[str, float]:
        """Seconds by part."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Day:
    """A simulated day.

    Attributes
    ----------
    scenario : Scenario
        What was asked.
    on : date or None
        Date whose policies held, where it is not the scenario's own.
    seed, replication : int
        What the day was drawn from.
    log : MemoryLog
        Every event.
    folded : sim.projections.day.Day
        The log folded once, for figures beyond the summary.
    summary : dict
        The figures, as in ``sim run --json``.
    run_dir : Path or None
        Where the log is sealed; None if it was only kept in memory.
    sealed_head : str or None
        Head of the chain there.
    """

    scenario: Scenario
    on: date | None
    seed: int
    replication: int
    log: MemoryLog
    folded: Folded = field(repr=False)
    summary: dict[str, Any] = field(repr=False)
    timings: Timings = field(repr=False)
    run_dir: Path | None = None
    sealed_head: str | None = field(default=None, repr=False)

    @property
    def chain_head(self) -> str:
        """Head of the hash chain over the log: the sealed run's, else worked out once."""
        return self.sealed_head or self.log.chain_head


def run_day(
    scenario: Scenario,
    *,
    seed: int = DEFAULT_SEED,
    replication: int = 0,
    on: date | None = None,
    revisions: Sequence[Revision] = (),
    engine: Engine = DEFAULT_ENGINE,
    out: Path | None = None,
    overlap: bool = True,
    progress: Progress | None = None,
    timings: Timings | None = None,
    notes: Mapping[str, Any] | None = None,
    begin: Begin | None = None,
) -> Day:
    """Simulate one day of a scenario.

    Parameters
    ----------
    scenario : Scenario
        A loaded scenario.
    seed, replication : int
        Same numbers, same day.
    on : date or None
        Date that decides which policies are in force; no draw changes with it.
    revisions : sequence of Revision
        What forks change of it, in order of time.
    engine : {"reference", "compiled"}
        Engines give the same log.
    out : Path or None
        Run directory to seal the log in; None keeps it in memory.
    overlap : bool
        Whether blocks are sealed from a thread while the next are simulated and folded.
    progress : callable or None
        Called after each block.
    notes : mapping or None
        What else the manifest is to say.
    begin : callable or None
        Makes a beginning in mid-day; None begins with the day.

    Raises
    ------
    RunError
        If `out` exists and is not empty.
    """
    timings = timings or Timings()
    keep_freed_memory()
    with timings.spent_on("sample_s"):
        program = scenario.program(on)
        workload = sample(scenario, program=program, seed=seed, replication=replication)
        network = build_network(scenario.spec, program)
        planned = Revised(network, workload, tuple(each.id for each in program.policies))
        plan = revise(
            scenario, planned, revisions=revisions, on=on, seed=seed, replication=replication
        )
        beginning = begin and begin(plan)
    stations, tables = program.stations, workload.tables
    header = run_header(
        scenario, program=program, on=on, seed=seed, replication=replication, engine=engine
    )
    header.notes.update({"policies": list(plan.policies), **(notes or {})})
    if beginning is not None:
        header.notes["opening"] = beginning.notes
    with contextlib.ExitStack() as stack:
        with timings.spent_on("write_s"):
            writer = out and stack.enter_context(
                RunWriter(out, stations=stations, tables=tables, header=header)
            )
        beside = writer and overlap and stack.enter_context(BackgroundSink(writer))
        memory = MemorySink(stations=stations, tables=tables, onward=beside or writer)
        with timings.spent_on("compile_s"):
            simulate = engine_named(engine)
        blocks = _blocks(simulate, plan, beginning)
        _drive(blocks, sink=memory, timings=timings, progress=progress)
        log = memory.log()
        with timings.spent_on("project_s"):
            folded = fold_day(log, scenario.spec)
            until_us = None if beginning is None else beginning.until_us
            summary = summarise_day(folded, scenario.spec, until_us=until_us)
        with timings.spent_on("write_s"):
            stack.close()
    if out is not None:
        with timings.spent_on("project_s"):
            write_projection(out, SUMMARY, summary)
            if writer and len(log) >= LONG:
                keep_snapshots(out, log, links=writer.manifest.chain)
    return Day(
        scenario=scenario,
        on=on,
        seed=seed,
        replication=replication,
        log=log,
        folded=folded,
        summary=summary,
        timings=timings,
        run_dir=out,
        sealed_head=writer.chain_head if writer else None,
    )


def run_header(
    scenario: Scenario,
    *,
    program: Program,
    on: date | None,
    seed: int,
    replication: int,
    engine: Engine,
) -> RunHeader:
    """What the manifest says about how a run was made."""
    return RunHeader(
        run_id=uuid.uuid4().hex,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model_version=MODEL_VERSION,
        engine=engine,
        scenario=scenario.document,
        scenario_digest=scenario.digest,
        seed=seed,
        replication=replication,
        packages=_versions().copy(),
        notes={
            "on": on.isoformat() if on else None,
            "policies": [policy.id for policy in program.policies],
        },
    )


@functools.cache
def _versions() -> dict[str, str]:
    """Versions of `PACKAGES`; from their files, since few of them are imported."""
    return {name: metadata.version(name) for name in PACKAGES}


def _blocks(simulate: Simulate, plan: Revised, beginning: Beginning | None) -> Iterator[EventBlock]:
    """The events of a day, or of what is left of it."""
    if beginning is None:
        return simulate(plan.network, plan.workload)
    network, until_us = plan.network, beginning.until_us
    if until_us is not None:
        cut_us = until_us if network.cut_us < 0 else min(until_us, network.cut_us)
        network = replace(network, cut_us=cut_us)
    rest = simulate(network, plan.workload, opening=beginning.opening)
    return continued(beginning.section, rest)


def engine_named(engine: Engine) -> Simulate:
    """An engine, ready to run: the compiled one is compiled or loaded here.

    Its blocks may share memory; a sink is done with one when its `write` returns.
    """
    if engine == "reference":
        from sim.engine.reference import simulate

        return simulate
    from sim.engine.compiled import simulate as fast
    from sim.engine.compiled.machine import the_loop

    the_loop()
    return functools.partial(fast, reuse=True)


def _drive(
    blocks: Iterator[EventBlock],
    *,
    sink: EventSink,
    timings: Timings,
    progress: Progress | None,
) -> None:
    events = 0
    while True:
        with timings.spent_on("engine_s"):
            block: EventBlock | None = next(blocks, None)
        if block is None:
            return
        with timings.spent_on("write_s"):
            sink.write(block)
        events += len(block)
        if progress is not None:
            progress(events, int(block.at_us[-1]))
