"""Kept runs: a day with its log on disk, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.answer import Task, page_engine
from dashboard.jobs import Report
from sim.scenario.clock import US_PER_S

MOST_ROWS = 500
LONGEST_CELL = 300
SQL_LIMIT_S = 20.0
SQL_ROOM_BYTES = 3 * 2**30
"""Address space that a question may take beyond what the process has."""

LARGEST_FILE_BYTES = 150 * 2**20
"""Of an export that is handed to a browser."""


@dataclass(frozen=True, slots=True)
class KeepErrand:
    """A day to be simulated into a folder."""

    task: Task
    folder: str

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("keep", self.task.key, self.folder)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """What can be said of the run: where it is, its hash, when it begins and ends."""
        from sim.experiments.day import run_day
        from sim.scenario.load import scenario_from_document

        out = Path(self.folder)
        scenario = scenario_from_document(self.task.document)
        day = run_day(
            scenario,
            seed=self.task.seed,
            on=self.task.on,
            engine=page_engine(),
            out=out,
            progress=lambda _, at_us: report(at_us / US_PER_S),
        )
        return run_facts(out, day)


def run_facts(out: Path, day: Any) -> dict[str, Any]:
    """What a page says of a kept run."""
    return {
        "folder": str(out),
        "chain_head": day.chain_head,
        "passengers": day.summary["passengers"],
        "events": day.summary["events"],
        "last_s": day.folded.last_us / US_PER_S,
    }


@dataclass(frozen=True, slots=True)
class StateErrand:
    """Who is where at an instant, ``HH:MM``."""

    folder: str
    at: str

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("state", self.folder, self.at)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """As ``sim show --at --json`` prints it."""
        from sim.events.store import open_run
        from sim.reporting.runs import state_document

        return state_document(open_run(Path(self.folder)), self.at)


@dataclass(frozen=True, slots=True)
class JourneyErrand:
    """One passenger's journey."""

    folder: str
    passenger: int

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("journey", self.folder, self.passenger)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """As ``sim show --passenger --json`` prints it."""
        from sim.events.store import open_run
        from sim.reporting.runs import journey_document

        return journey_document(open_run(Path(self.folder)), self.passenger)


@dataclass(frozen=True, slots=True)
class SqlErrand:
    """A question in SQL; it is stopped when it takes too long or too much."""

    folder: str
    sql: str
    limit_s: float = SQL_LIMIT_S

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("sql", self.folder, self.sql)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """Columns and rows as text, cut to what a page can show."""
        import pyarrow as pa

        from sim.errors import UsageError
        from sim.events.store import open_run
        from sim.query.answer import ask

        try:
            with _less_room():
                answer = ask(open_run(Path(self.folder)), self.sql, limit=MOST_ROWS)
                rows = [[_cell(value) for value in row] for row in answer.rows]
        except (OSError, MemoryError, pa.ArrowException) as error:
            raise UsageError(f"the answer is too large ({error}); ask for less") from None
        return {"columns": list(answer.columns), "rows": rows, "is_cut": answer.is_cut}


@dataclass(frozen=True, slots=True)
class VerifyErrand:
    """Whether every file of a run is whole."""

    folder: str

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("verify", self.folder)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """As ``sim verify --json`` prints it."""
        from sim.experiments.verification import verify_path

        found = verify_path(Path(self.folder))
        return {**found.as_dict(), "sentence": found.sentence, "exit_code": found.exit_code}


@dataclass(frozen=True, slots=True)
class ForkErrand:
    """The same past and a changed future."""

    folder: str
    at_s: int
    changes: tuple[str, ...]
    out: str

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("fork", self.folder, self.at_s, self.changes, self.out)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """As ``sim fork --json`` prints it, with the facts of the new run."""
        from sim.experiments.fork import fork_run
        from sim.reporting.forks import fork_document

        done = fork_run(
            Path(self.folder),
            at_us=self.at_s * US_PER_S,
            changes=self.changes,
            out=Path(self.out),
            engine=page_engine(),
            progress=lambda _, at_us: report(at_us / US_PER_S),
        )
        return {**fork_document(done), "facts": run_facts(Path(self.out), done.day)}


@dataclass(frozen=True, slots=True)
class ExportErrand:
    """A run in the format of another program, as bytes."""

    folder: str
    format_name: str
    out: str

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("export", self.folder, self.format_name)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """The file's path and size."""
        from typing import get_args

        from sim.errors import UsageError
        from sim.events.store import open_run
        from sim.export.formats import export
        from sim.export.names import Format
        from sim.export.source import source_of

        name = next(each for each in get_args(Format) if each == self.format_name)
        out = Path(self.out)
        source = source_of(
            open_run(Path(self.folder)),
            tell=lambda _, done, total: report(done / max(total, 1)),
        )
        export(source, name, out, force=True)
        size = out.stat().st_size
        if size > LARGEST_FILE_BYTES:
            out.unlink()
            raise UsageError(
                f"the file has {size:,} bytes, more than a browser should take; "
                "write it with sim export"
            )
        return {"file": str(out), "bytes": size}


def _cell(value: Any) -> str:
    text = "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


class _less_room:  # noqa: N801 - reads as a statement
    """Bounds the process's address space, where the system can, until the end of the block."""

    def __enter__(self) -> None:
        self._before = None
        try:
            import resource
        except ImportError:  # pragma: no cover - not on Unix
            return
        status = Path("/proc/self/statm")
        if status.exists():
            pages = int(status.read_text().split()[0])
            self._before = resource.getrlimit(resource.RLIMIT_AS)
            most = pages * resource.getpagesize() + SQL_ROOM_BYTES
            resource.setrlimit(resource.RLIMIT_AS, (most, self._before[1]))

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_AS, self._before)
