"""The tables that queries see, and how they come out of a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.events.codec import EVENT_SCHEMA
from sim.events.columns import strings, to_arrow
from sim.events.kinds import CODE
from sim.events.log import SideTable
from sim.events.reader import StoredLog
from sim.projections.fold import run_fold
from sim.projections.outcomes import NOT_YET, OUTCOMES, Outcomes, People
from sim.projections.parties import parties_of, with_persons_of_balks
from sim.projections.visit_table import Outcome, VisitRows
from sim.projections.visits import Visits
from sim.scenario.clock import to_us
from sim.scenario.service_day import service_day
from sim.scenario.world_union import listed_stations

if TYPE_CHECKING:
    import pyarrow.dataset as ds
    from duckdb import DuckDBPyConnection

FOLDED = ("visits", "waits", "journeys")
"""Views that are folded from the log when a query names one."""

PLAIN = ("events", "passengers", "departures", "galleries")
"""Views that show what the log holds."""

DECODED_EVENTS = 2_000_000
"""Events of a run that are decoded before a query sees them."""

EVENTS = """
CREATE VIEW events AS
SELECT seq, {midnight} + to_microseconds(at_us) AS at_time, at_us, kind::VARCHAR AS kind,
       passenger, station::VARCHAR AS station, visit, server, ref, detail
FROM _events
"""

VISITS = """
CREATE VIEW visits AS
SELECT passenger, visit, station::VARCHAR AS station, persons, is_call,
       outcome::VARCHAR AS outcome,
       joined_us / 1e6 AS joined_s,
       CASE WHEN started_us >= 0 THEN started_us / 1e6 END AS started_s,
       CASE WHEN ended_us >= 0 THEN ended_us / 1e6 END AS ended_s,
       CASE WHEN started_us >= 0 THEN (started_us - joined_us) / 1e6 END AS wait_s,
       worked_us / 1e6 AS worked_s,
       nullif(server, -1) AS server, nullif(batch, -1) AS batch
FROM _visits
"""

WAITS = """
CREATE VIEW waits AS
SELECT passenger, visit, station::VARCHAR AS station, persons, is_call,
       joined_us / 1e6 AS joined_s, (started_us - joined_us) / 1e6 AS wait_s
FROM _visits WHERE started_us >= 0 AND joined_us >= {warmup_us} AND NOT is_served_before
"""

JOURNEYS = """
CREATE VIEW journeys AS
SELECT passenger{columns},
       CASE WHEN arrived_us >= 0 THEN arrived_us / 1e6 END AS arrived_s,
       CASE WHEN final_us >= 0 THEN final_us / 1e6 END AS ended_s,
       CASE WHEN outcome IN ('boarded', 'exited') THEN (final_us - arrived_us) / 1e6 END
           AS journey_s,
       nullif(outcome::VARCHAR, '') AS outcome
FROM _journeys
"""


def names_in(sql: str) -> set[str]:
    """Views that a query may be about: those it names, or all where it names none."""
    words = {word.lower() for word in re.findall(r"\w+", sql)}
    found = words & {*FOLDED, *PLAIN}
    return found or {*FOLDED, *PLAIN}


def show_run(connection: DuckDBPyConnection, log: StoredLog, names: set[str]) -> None:
    """Give a connection the views it may need; nothing is read from disk afterwards.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A new one.
    log : StoredLog
        The run; its segments are proven again as they are read.
    names : set of str
        Views needed.

    Raises
    ------
    DamagedRunError
        If a segment has changed since the run was opened.
    """
    run = _Run(log)
    for name, show in _SHOWN.items():
        if name in names:
            show(connection, run)


@dataclass(frozen=True, eq=False)
class _Run:
    """A run and what is folded from it, each once."""

    log: StoredLog

    @cached_property
    def midnight(self) -> str:
        """Local midnight of the service day, in SQL."""
        return f"TIMESTAMP '{service_day(self.log.manifest.scenario)}'"

    @cached_property
    def visits(self) -> VisitRows:
        """All visits; a party that balked counts whole."""
        listed = listed_stations(self.log.manifest.scenario)
        per_party = {each.get("id") for each in listed if each.get("per") == "party"}
        is_per_party = np.array([name in per_party for name in self.log.stations], dtype=bool)
        table = run_fold(Visits(), self.log.blocks())
        parties = parties_of(self.log.tables)
        return with_persons_of_balks(table, parties, is_per_party=is_per_party).rows

    @cached_property
    def people(self) -> People:
        """What became of everyone."""
        return run_fold(Outcomes(), self.log.blocks())


def _events(connection: DuckDBPyConnection, run: _Run) -> None:
    log = run.log
    segments = (pa.BufferReader(log.parquet(number)) for number in range(log.manifest.segments))
    show = _decoded if len(log) <= DECODED_EVENTS else _compressed
    connection.register("_events", show(segments))
    connection.execute(EVENTS.format(midnight=run.midnight))


def _decoded(segments: Iterator[pa.BufferReader]) -> pa.Table:
    """Segments as one table in memory, about 50 bytes an event."""
    tables = [pq.ParquetFile(segment).read() for segment in segments]
    return pa.concat_tables(tables) if tables else EVENT_SCHEMA.empty_table()


def _compressed(segments: Iterator[pa.BufferReader]) -> ds.Dataset:
    """Segments as they are, 5 to 11 bytes an event, decoded as far as a query needs them."""
    import pyarrow.dataset as ds  # brings pandas, which takes longer than most queries

    kind = ds.ParquetFileFormat()
    fragments = [kind.make_fragment(segment) for segment in segments]
    return ds.FileSystemDataset(fragments, EVENT_SCHEMA, kind)


def _side_table(name: str, row: str) -> Callable[[DuckDBPyConnection, _Run], None]:
    def show(connection: DuckDBPyConnection, run: _Run) -> None:
        table: SideTable = getattr(run.log.tables, name)
        columns = {row: np.arange(len(table)), **table.columns}
        connection.register(f"_{name}", _arrow(columns))
        more = ""
        if name == "departures" and "at_us" in table.columns:
            more = f", {run.midnight} + to_microseconds(at_us) AS at_time"
        connection.execute(f"CREATE VIEW {name} AS SELECT *{more} FROM _{name}")

    return show


def _visits(connection: DuckDBPyConnection, run: _Run) -> None:
    _register_visits(connection, run)
    connection.execute(VISITS)


def _waits(connection: DuckDBPyConnection, run: _Run) -> None:
    _register_visits(connection, run)
    warmup_s = _plain(run.log.manifest.scenario.get("warmup_s", 0))
    connection.execute(WAITS.format(warmup_us=to_us(warmup_s)))


def _register_visits(connection: DuckDBPyConnection, run: _Run) -> None:
    rows = run.visits
    names = ("passenger", "visit", "persons", "is_call", "joined_us", "started_us", "ended_us")
    more = ("worked_us", "server", "batch", "is_served_before")
    columns = {name: getattr(rows, name) for name in (*names, *more)}
    table = _arrow(columns)
    table = table.append_column("station", _named(rows.station, run.log.stations))
    outcomes = [outcome.name.lower() for outcome in Outcome]
    connection.register("_visits", table.append_column("outcome", _named(rows.outcome, outcomes)))


def _journeys(connection: DuckDBPyConnection, run: _Run) -> None:
    people = run.people
    passengers = run.log.tables.passengers
    count = max(len(passengers), len(people.arrived_us))
    names = ["", *OUTCOMES, "present"]
    by_kind = np.zeros(256, dtype=np.uint8)
    by_kind[[CODE[kind] for kind in OUTCOMES.values()]] = range(1, len(OUTCOMES) + 1)
    by_kind[NOT_YET] = len(names) - 1
    outcome = np.where(people.has_arrived, by_kind[people.final_kind], 0)
    columns = {
        "passenger": np.arange(count),
        "arrived_us": _filled(people.arrived_us, count, -1),
        "final_us": _filled(people.final_us, count, -1),
    }
    some = [name for name in ("party", "departure") if name in passengers.columns]
    columns |= {name: _filled(passengers[name], count, -1) for name in some}
    table = _arrow(columns).append_column("outcome", _named(_filled(outcome, count, 0), names))
    connection.register("_journeys", table)
    listed = "".join(f", nullif({name}, -1) AS {name}" for name in some)
    connection.execute(JOURNEYS.format(columns=listed))


_SHOWN: dict[str, Callable[[DuckDBPyConnection, _Run], None]] = {
    "events": _events,
    "passengers": _side_table("passengers", "passenger"),
    "departures": _side_table("departures", "departure"),
    "galleries": _side_table("galleries", "gallery"),
    "visits": _visits,
    "waits": _waits,
    "journeys": _journeys,
}


def _arrow(columns: dict[str, NDArray]) -> pa.Table:
    return pa.table({name: to_arrow(column) for name, column in columns.items()})


def _named(codes: NDArray, names: Any) -> pa.Array:
    return pa.DictionaryArray.from_arrays(to_arrow(codes.astype(np.int32)), strings(list(names)))


def _filled(column: NDArray, length: int, empty: int) -> NDArray:
    return np.concatenate([column, np.full(length - len(column), empty, dtype=column.dtype)])


def _plain(figure: Any) -> float:
    return float(figure["value"] if isinstance(figure, dict) else figure)
