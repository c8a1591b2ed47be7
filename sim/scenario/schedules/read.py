"""A schedule file in any of the formats, for the day of a scenario."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from sim.errors import Fault
from sim.scenario.reading import read_bytes
from sim.scenario.schedules.ask import GtfsFile, Schedule, SsimFile
from sim.scenario.schedules.found import Reading, ServiceDay, Tally
from sim.scenario.schedules.gtfs import read_gtfs
from sim.scenario.schedules.mapped import formats_amiss, read_mapped
from sim.scenario.schedules.ssim import read_ssim

MAX_BYTES = 100_000_000
"""Largest schedule file."""


def read_schedule(path: str, *, asked: Schedule, day: ServiceDay) -> Reading:
    """What a schedule file says of one day, and what became of each of its lines.

    Parameters
    ----------
    path : str
        The file; for GTFS a zip archive or a folder.
    asked : Schedule
        What is wanted of it.
    day : ServiceDay
        The day.

    Returns
    -------
    Reading
        With faults where a line is rejected, or nothing is left of the day.
    """
    if isinstance(asked, GtfsFile):
        reading = read_gtfs(path, asked=asked, day=day)
        return _with_something(reading, path, day)
    wrong = [] if isinstance(asked, SsimFile) else formats_amiss(asked)
    data = read_bytes(path, limit=MAX_BYTES, what="schedule")
    if isinstance(data, Fault) or wrong:
        faults = [Fault(message, key=key) for key, message in wrong]
        return Reading((), Tally(), (data, *faults) if isinstance(data, Fault) else (*faults,))
    if isinstance(asked, SsimFile):
        reading = read_ssim(data, path=path, asked=asked, day=day)
    else:
        reading = read_mapped(data, path=path, asked=asked, day=day)
    digest = hashlib.sha256(data).hexdigest()
    return _with_something(replace(reading, sha256=digest), path, day)


def _with_something(reading: Reading, path: str, day: ServiceDay) -> Reading:
    if reading.flights or reading.faults:
        return reading
    message = f"has nothing that is asked for on {day.day}; {reading.tally.sentence}"
    return replace(reading, faults=(Fault(message, path=path),))
