"""The audit as a fold: a log in, its contradictions out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.events.log import EventBlock, EventLog, SideTables
from sim.projections.audit.boarding import BoardingAudit
from sim.projections.audit.courses import CourseAudit
from sim.projections.audit.findings import Contradiction, Findings
from sim.projections.audit.idling import check_all_is_done, check_idling
from sim.projections.audit.material import Gathering
from sim.projections.audit.modes import ModesAudit
from sim.projections.audit.people import NEVER, PeopleAudit
from sim.projections.audit.places import check_calls, check_places
from sim.projections.audit.queues import check_queues
from sim.projections.audit.sequence import SequenceAudit
from sim.projections.audit.servers import check_servers
from sim.projections.audit.tally import TallyAudit
from sim.projections.fold import run_fold
from sim.projections.openings import OpeningMark, opening_in
from sim.projections.outcomes import grown
from sim.projections.parties import parties_of
from sim.projections.servers import Servers
from sim.projections.steps import FAR_US
from sim.projections.threads import Threads
from sim.projections.visit_table import Outcome, VisitRows
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
        self._tables = tables
        self._parties = parties_of(tables)
        self._is_complete = is_complete
        self._is_over = is_complete and spec.end_of_run == "drain"
        self._called = _called(spec, self._stations)
        self._sequence = SequenceAudit(
            self._findings, stations=len(self._stations), passengers=len(self._parties)
        )
        self._people = PeopleAudit(self._findings, called=self._called)
        self._courses = CourseAudit(self._findings, stations=self._stations)
        self._boarding = BoardingAudit()
        self._modes = ModesAudit()
        self._tally = TallyAudit(len(self._stations))
        self._servers = Servers(len(self._stations))
        self._threads = Threads(with_matches=True)
        self._gathering = Gathering()
        self._last_seq = -1
        self._last_us = 0
        self._opening: OpeningMark | None = None

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        if not len(block):
            return
        self._last_seq, self._last_us = int(block.seq[-1]), int(block.at_us[-1])
        self._opening = self._opening or opening_in(block)
        sound = block[self._sequence.update(block)]
        for part in (self._people, self._boarding, self._modes, self._tally, self._servers):
            part.update(sound)
        ended = self._threads.update(sound)
        self._courses.check(ended, has_ended=True)
        self._gathering.take(ended, has_ended=True)

    def result(self) -> tuple[Contradiction, ...]:
        """Every contradiction so far, in the order of the log."""
        findings, still_open = self._findings.copy(), self._threads.open
        CourseAudit(findings, stations=self._stations).check(still_open, has_ended=False)
        material = self._gathering.with_open(still_open)
        rows, holds = material.visits.rows, material.holds
        histories = self._servers.result()
        people, stations = self._people, self._stations
        specs = {station.id: station for station in self._spec.stations}
        opens_us = self._opening.at_us if self._opening else 0
        people.close(
            findings,
            comes=self._comes(opens_us),
            is_over=self._is_over,
            last_seq=self._last_seq,
        )
        self._tally.close(findings, rows, stations=stations, last_seq=self._last_seq)
        self._boarding.close(findings, rows, departure=people.departure)
        self._modes.close(findings, rows, modes=self._spec.degraded, stations=stations)
        check_places(
            findings,
            rows,
            parties=self._parties,
            final_seq=grown(people.final_seq, len(self._parties), NEVER),
            stations=stations,
        )
        check_calls(
            findings,
            rows,
            holds,
            given_up_seq=material.given_up_seq,
            several=[station for station, times in self._called.items() if times > 1],
            stations=stations,
        )
        check_queues(
            findings, rows, holds, departure=people.departure, stations=stations, specs=specs
        )
        check_servers(findings, holds, histories, stations=stations, specs=specs)
        check_idling(
            findings,
            material.visits,
            histories,
            from_us=opens_us,
            until_us=FAR_US if self._is_complete else self._last_us,
            stations=stations,
            specs=specs,
        )
        if self._is_over:
            check_all_is_done(findings, still_open, stations=stations)
            self._check_nobody_is_lost(findings, rows)
        return tuple(findings.listed())

    def _comes(self, opens_us: int) -> NDArray[np.bool_]:
        """Who must come: everybody, or who was not there yet as the log opened."""
        comes = np.ones(len(self._parties), dtype=bool)
        if self._opening is None:
            return comes
        known = self._tables.passengers.columns.get("arrival_us")
        return comes & False if known is None else known >= opens_us

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


def _called(spec: ScenarioSpec, stations: Sequence[str]) -> Counter[int]:
    """Stations that answer requests, and how many one service sends them at most."""
    called: Counter[int] = Counter()
    for step in spec.journey:
        for visit in (step, *step.options):
            called |= Counter(
                stations.index(call.station) for call in visit.calls if call.station in stations
            )
    return called
