"""Durations read off visits: service, walks, patience."""

from __future__ import annotations

import numpy as np

from sim.calibration.findings import Study
from sim.calibration.laws import calibrate_laws, one_or_many
from sim.calibration.observed import Ended
from sim.scenario.clock import US_PER_S
from sim.scenario.figures import Figure
from sim.scenario.laws import Deterministic

NO_WALK = Deterministic(law="deterministic", mean_s=Figure(value=0.0))
"""The walk to a station that says nothing of one."""


def service_laws(study: Study) -> None:
    """Service time of every station."""
    log, found = study.log, study.attribution
    calling = {slot.station for slot in study.program.slots if slot.visit.calls}
    stays = log.stays
    for number, station in enumerate(study.scenario.spec.stations):
        key = f"stations.{station.id}.service"
        here = np.flatnonzero(found.station == number)
        if station.service is None or not len(here):
            if station.service is not None:
                study.silent(key, "the log has no visits there")
            continue
        if number in calling:
            study.silent(key, "not identifiable: a server there also waits for another station")
            continue
        started, ended = stays.started_us[here], stays.ended_us[here]
        end_us = np.where(stays.tried_us[here] >= 0, stays.tried_us[here], ended)
        is_whole = (stays.ended[here] == Ended.COMPLETED) & (started >= 0)
        is_cut = (stays.ended[here] == Ended.OPEN) & (started >= 0)
        if not is_whole.any():
            study.silent(key, "not identifiable: no start of service beside its end")
            continue
        if station.match is not None and not (stays.tried_us[here] >= 0).any():
            study.silent(key, "not identifiable: the log does not part attempts from retries")
            continue
        paused = np.where(stays.tried_us[here] >= 0, 0, stays.paused_us[here])
        seconds = np.where(is_cut, log.until_us - started, end_us - started - paused) / US_PER_S
        if station.per == "party":
            others = station.extra_person_share.value * (stays.persons[here] - 1)
            seconds = seconds / (1 + others)
        known = is_whole | is_cut
        table = calibrate_laws(
            study,
            key,
            station.service,
            words=found.arrival_words[stays.case[here[known]]],
            seconds=seconds[known],
            is_whole=is_whole[known],
            resolution_s=log.resolution_us / US_PER_S,
        )
        if table is not None:
            study.overlay.station(station.id)["service"] = one_or_many(table)


def walk_laws(study: Study) -> None:
    """Walks to every station: from the end of the visit before, or the door, to joining."""
    log, found = study.log, study.attribution
    stays, steps = log.stays, study.program.steps
    lead = np.flatnonzero(log.cases.is_lead)
    lead_of = lead[np.searchsorted(log.cases.party[lead], log.cases.party)]
    words = found.arrival_words[lead_of[stays.case]]
    own_walk = np.array([any(s.visit.walk for s in step.slots) for step in steps] + [True])
    boards = np.array([any(s.visit.boards for s in step.slots) for step in steps] + [True])
    for number, station in enumerate(study.scenario.spec.stations):
        key = f"stations.{station.id}.walk"
        here = np.flatnonzero(
            (found.station == number) & (found.step >= 0) & log.cases.is_lead[stays.case]
        )
        gap_us = stays.joined_us[here] - found.previous_us[here]
        is_seen = (stays.joined_us[here] >= 0) & (found.previous_us[here] >= 0) & (gap_us >= 0)
        held = is_seen & boards[found.step[here]]
        if station.walk is not None and len(here) and held.any():
            study.silent(key, "not identifiable: who comes before boarding opens is held, unseen")
            continue
        is_seen &= ~own_walk[found.step[here]]
        if not is_seen.any() or (station.walk is None and not gap_us[is_seen].any()):
            if station.walk is not None:
                study.silent(key, "the log does not show where people came from")
            continue
        seconds = gap_us[is_seen] / US_PER_S
        laws = station.walk or (NO_WALK,)
        table = calibrate_laws(
            study,
            key,
            laws,
            words=words[here[is_seen]],
            seconds=seconds,
            is_whole=np.ones(len(seconds), dtype=bool),
            resolution_s=log.resolution_us / US_PER_S,
        )
        if table is not None:
            study.overlay.station(station.id)["walk"] = one_or_many(table)


def patience_laws(study: Study) -> None:
    """Patience: those who left saw its end, those who were served only that it was longer."""
    log, found = study.log, study.attribution
    stays = log.stays
    for number, station in enumerate(study.scenario.spec.stations):
        key = f"stations.{station.id}.patience"
        here = np.flatnonzero((found.station == number) & (stays.joined_us >= 0))
        left = stays.ended[here] == Ended.RENEGED
        if station.patience is None:
            if left.any():
                study.silent(key, f"{int(left.sum())} left the queue; the scenario has no patience")
            continue
        if not left.any():
            study.silent(key, "not identifiable: nobody left the queue, so nobody showed how long")
            continue
        served = stays.started_us[here] >= 0
        until = np.where(left, stays.ended_us[here], stays.started_us[here])
        waits = (until - stays.joined_us[here]) / US_PER_S
        known = left | (served & (waits > 0))
        table = calibrate_laws(
            study,
            key,
            station.patience,
            words=found.arrival_words[stays.case[here[known]]],
            seconds=waits[known],
            is_whole=left[known],
            resolution_s=log.resolution_us / US_PER_S,
        )
        if table is not None:
            study.overlay.station(station.id)["patience"] = one_or_many(table)
