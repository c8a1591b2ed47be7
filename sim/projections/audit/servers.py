"""Can the servers have done what the log says: one customer each, open, and in order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.projections.audit.findings import Findings
from sim.projections.audit.holds import FAR_SEQ, Holds
from sim.projections.ordering import stable_order, starts_of_runs
from sim.projections.servers import ServerHistory
from sim.projections.visit_table import select, split
from sim.scenario.stations import StationSpec


def check_servers(
    findings: Findings,
    holds: Holds,
    histories: Sequence[ServerHistory],
    *,
    stations: Sequence[str],
    specs: dict[str, StationSpec],
) -> None:
    """Check every station's servers.

    Parameters
    ----------
    holds : Holds
        All stretches of the log.
    histories : sequence of ServerHistory
        Open servers of each station.
    stations : sequence of str
        Station ids by row.
    specs : dict of str to StationSpec
        Stations as written in the file.
    """
    served = select(holds, ~holds.is_back)
    served = select(served, stable_order(served.from_seq))
    by_station = split(served, served.station, len(stations))
    for name, here, history in zip(stations, by_station, histories, strict=True):
        _check_batches(findings, here, name=name, spec=specs.get(name))
        tasks = _tasks(here)
        _check_one_each(findings, tasks, name=name)
        _check_open(findings, tasks, history, name=name, spec=specs.get(name))
        _check_down(findings, tasks, history, name=name)


def _tasks(here: Holds) -> Holds:
    """What servers do: a batch is one task, named after its first customer."""
    in_batch = here.batch >= 0
    if not in_batch.any():
        return here
    order = stable_order(here.batch)
    ordered = select(here, order)
    is_first = starts_of_runs(ordered.batch) | (ordered.batch < 0)
    first = np.flatnonzero(is_first)
    ordered.until_seq[first] = np.maximum.reduceat(ordered.until_seq, first)
    tasks = select(ordered, first)
    return select(tasks, stable_order(tasks.from_seq))


def _check_batches(findings: Findings, here: Holds, *, name: str, spec: StationSpec | None) -> None:
    batch = select(here, here.batch >= 0)
    if not len(batch):
        return
    batch = select(batch, stable_order(batch.batch))
    first = np.flatnonzero(starts_of_runs(batch.batch))
    sizes = np.diff(np.append(first, len(batch)))
    cap = spec.batch.cap if spec is not None and spec.batch is not None else 1
    findings.add_where(
        "batch size",
        sizes > cap,
        batch.from_seq[first],
        lambda i: (
            f"batch {batch.batch[first[i]]} at {name} has {sizes[i]} customers; "
            f"at most {cap} are served together"
        ),
    )
    server = np.repeat(batch.server[first], sizes)
    findings.add_where(
        "one server per batch",
        batch.server != server,
        batch.from_seq,
        lambda i: (
            f"batch {batch.batch[i]} at {name} is at server {server[i]} "
            f"and at server {batch.server[i]}"
        ),
    )


def _check_one_each(findings: Findings, tasks: Holds, *, name: str) -> None:
    findings.add_where(
        "a server serves",
        tasks.server < 0,
        tasks.from_seq,
        lambda i: f"passenger {tasks.passenger[i]} is served at {name} by no server",
    )
    order = stable_order(tasks.server, tasks.from_seq)
    first, second = order[:-1], order[1:]
    is_double = (tasks.server[first] == tasks.server[second]) & (
        tasks.until_seq[first] > tasks.from_seq[second]
    )
    findings.add_where(
        "one customer per server",
        is_double,
        tasks.from_seq[second],
        lambda i: (
            f"server {tasks.server[second[i]]} of {name} starts passenger "
            f"{tasks.passenger[second[i]]} while it has passenger {tasks.passenger[first[i]]}"
        ),
    )


def _check_open(
    findings: Findings,
    tasks: Holds,
    history: ServerHistory,
    *,
    name: str,
    spec: StationSpec | None,
) -> None:
    change = history.before(tasks.from_seq)
    known = np.append(history.open, 0)  # row -1: nothing announced yet
    is_open = known[change]
    if spec is None or spec.closing == "idle_first":
        ends = np.sort(tasks.until_seq)
        busy = np.arange(1, len(tasks) + 1) - np.searchsorted(ends, tasks.from_seq)
        findings.add_where(
            "starts only while open",
            busy > is_open,
            tasks.from_seq,
            lambda i: (
                f"{name} starts passenger {tasks.passenger[i]} as number {busy[i]} "
                f"in service while {is_open[i]} servers are open"
            ),
        )
        return
    # Open servers are the staffed ones less those down, so an index may be that much higher.
    down = np.array([*map(len, history.down), 0])
    findings.add_where(
        "starts only while open",
        tasks.server >= is_open + down[change],
        tasks.from_seq,
        lambda i: (
            f"server {tasks.server[i]} of {name} starts passenger {tasks.passenger[i]} "
            f"while {is_open[i]} servers are open"
        ),
    )


def _check_down(findings: Findings, tasks: Holds, history: ServerHistory, *, name: str) -> None:
    for server, from_seq, from_us, until_seq in _outages(history):
        hit = (tasks.server == server) | (server < 0)
        findings.add_where(
            "nothing starts during an outage",
            hit & (tasks.from_seq > from_seq) & (tasks.from_seq < until_seq),
            tasks.from_seq,
            lambda i: (
                f"server {tasks.server[i]} of {name} starts passenger "
                f"{tasks.passenger[i]} while it is out of order"
            ),
        )
        findings.add_where(
            "an outage interrupts",
            hit & (tasks.from_seq < from_seq) & (tasks.until_us > from_us),
            tasks.from_seq,
            lambda i: (
                f"server {tasks.server[i]} of {name} goes on serving passenger "
                f"{tasks.passenger[i]} while it is out of order"
            ),
        )


def _outages(history: ServerHistory) -> list[tuple[int, int, int, int]]:
    """Server, first position and instant, last position of each outage."""
    outages: list[tuple[int, int, int, int]] = []
    begun: dict[int, tuple[int, int]] = {}
    before: frozenset[int] = frozenset()
    rows = zip(history.down, history.seq.tolist(), history.at_us.tolist(), strict=True)
    for down, seq, at_us in rows:
        outages += [(server, *begun.pop(server), seq) for server in sorted(before - down)]
        begun |= dict.fromkeys(sorted(down - before), (seq, at_us))
        before = down
    return [*outages, *((server, *start, FAR_SEQ) for server, start in begun.items())]
