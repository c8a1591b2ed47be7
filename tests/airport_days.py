"""Days at airports, each simulated once however many tests look at it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import concat_blocks
from sim.experiments.day import Day, run_day
from sim.scenario.load import load_scenario


@lru_cache(maxsize=64)
def day_of(name: str, *overrides: str, on: date | None = None) -> Day:
    """A day of a built-in scenario with the compiled engine."""
    return run_day(load_scenario(name, overrides=list(overrides)), on=on)


def visitors(day: Day, station: str) -> set[int]:
    """Passengers who were served at a station: leads where a party is served as one."""
    events = concat_blocks(day.log.blocks())
    mine = events.station == list(day.log.stations).index(station)
    return set(events.passenger[mine & (events.kind == CODE[Kind.SERVICE_COMPLETED])].tolist())


def has(day: Day, trait: str) -> NDArray[np.bool_]:
    """Who arrived with a trait, by passenger."""
    return day.log.tables.passengers[trait].astype(bool)


def margin_min(day: Day) -> NDArray[np.float64]:
    """Minutes from each passenger's arrival to the departure."""
    tables = day.log.tables
    leaves_us = tables.departures["at_us"][tables.passengers["departure"]]
    return (leaves_us - tables.passengers["arrival_us"]) / 60e6
