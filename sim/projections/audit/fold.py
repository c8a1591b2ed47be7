"""The audit as a fold: a log in, its contradictions out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.events.log import EventBlock, EventLog, SideTables
from sim.projections.audit.boarding import BoardingAudit
from sim.projections.audit.courses import CourseAudit
from sim.projections.audit.findings import Contradiction, Findings
from sim.projections.audit.holds import Holds, holds_of
from sim.projections.audit.people import PeopleAudit
from sim.projections.audit.queues import check_places, check_queues
from sim.projections.audit.sequence import SequenceAudit
from sim.projections.audit.servers import check_servers
from sim.projections.audit.tally import TallyAudit
from sim.projections.fold import run_fold
from sim.projections.ordering import stable_order
from sim.projections.parties import parties_of
from sim.projections.servers import Servers
from sim.projections.threads import Threads
from sim.projections.visit_table import Outcome, VisitRows, concat, select
from sim.projections.visits import visits_of
from sim.scenario.journey import Call
from sim.scenario.spec import ScenarioSpec


class AuditFold:
    """A fold from events to contradictions.

    Parameters
    ----------
    stations : sequence of str
        Station ids by row.
    tables : SideTables
        The tables that events refer to.
    spec : ScenarioSpec
        The scenario that was run: which stations are first come, first served, their limits,
        closing rules and batches.
    is_complete : bool
        False for a log that was cut off, as by a kill: nobody need have left.
    """

    def __init__(
        self,
        *,
        stations: Sequence[str],
        tables: SideTables,
        spec: ScenarioSpec,
        is_complete: bool = True,
    ) -> None:
        self._findings = Findings()
        self._stations = tuple(stations)
        self._spec = spec
        self._parties = parties_of(tables)
        self._is_over = is_complete and spec.end_of_run == "drain"
        called = {call.station for call in calls_in(spec)}
        self._sequence = SequenceAudit(
            self._findings, stations=len(self._stations), passengers=len(self._parties)
        )
        self._people = PeopleAudit(
            self._findings,
            called={row for row, name in enumerate(self._stations) if name in called},
        )
        self._courses = CourseAudit(self._findings, stations=self._stations)
        self._boarding = BoardingAudit()
        self._tally = TallyAudit(len(self._stations))
        self._servers = Servers(len(self._stations))
        self._threads = Threads(with_matches=True)
        self._rows: list[VisitRows] = []
        self._holds: list[Holds] = []
        self._last_seq = -1

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        if not len(block):
            return
        self._last_seq = int(block.seq[-1])
        sound = block[self._sequence.update(block)]
        for part in (self._people, self._boarding, self._tally, self._servers):
            part.update(sound)
        ended = self._threads.update(sound)
        self._courses.check(ended, has_ended=True)
        self._rows.append(visits_of(ended, last_us=0, has_ended=True)[0])
        self._holds.append(holds_of(ended, has_ended=True))

    def result(self) -> tuple[Contradiction, ...]:
        """Every contradiction so far, in the order of the log."""
        findings, still_open = self._findings.copy(), self._threads.open
        CourseAudit(findings, stations=self._stations).check(still_open, has_ended=False)
        rows = concat([*self._rows, visits_of(still_open, last_us=0, has_ended=False)[0]])
        rows = select(rows, stable_order(rows.joined_seq))
        holds = concat([*self._holds, holds_of(still_open, has_ended=False)])
        people, stations = self._people, self._stations
        specs = {station.id: station for station in self._spec.stations}
        people.close(
            findings,
            passengers=len(self._parties),
            is_over=self._is_over,
            last_seq=self._last_seq,
        )
        self._tally.close(findings, rows, stations=stations, last_seq=self._last_seq)
        self._boarding.close(findings, rows, departure=people.departure)
        check_places(findings, rows, stations=stations)
        check_queues(
            findings, rows, holds, departure=people.departure, stations=stations, specs=specs
        )
        check_servers(findings, holds, self._servers.result(), stations=stations, specs=specs)
        if self._is_over:
            self._check_nobody_is_lost(findings, rows)
        return tuple(findings.listed())

    def _check_nobody_is_lost(self, findings: Findings, rows: VisitRows) -> None:
        """Whoever is still there when all is over stands in a queue or has a server."""
        is_open = np.isin(rows.outcome, (Outcome.PRESENT, Outcome.INTERRUPTED)) & ~rows.is_call
        at_a_station = rows.passenger[is_open]
        present = np.flatnonzero(self._people.is_present)
        lead, known = present.copy(), present < len(self._parties)
        lead[known] = self._parties.lead[present[known]]
        findings.add_where(
            "nobody is lost",
            ~np.isin(present, at_a_station) & ~np.isin(lead, at_a_station),
            np.full(len(present), self._last_seq),
            lambda i: f"passenger {present[i]} neither left nor is at any station at the end",
        )


def audit(
    log: EventLog, spec: ScenarioSpec, *, is_complete: bool = True
) -> tuple[Contradiction, ...]:
    """Contradictions in a log; none where it is sound.

    Parameters
    ----------
    log : EventLog
        The run.
    spec : ScenarioSpec
        The scenario that was run.
    is_complete : bool
        False for the readable beginning of a run that was cut off.
    """
    fold = AuditFold(stations=log.stations, tables=log.tables, spec=spec, is_complete=is_complete)
    return run_fold(fold, log.blocks())


def calls_in(spec: ScenarioSpec) -> Iterator[Call]:
    """Every request that some step or option of the journey sends."""
    for step in spec.journey:
        for visit in (step, *step.options):
            yield from visit.calls
