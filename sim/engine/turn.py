"""Whose turn it is within an instant."""

from enum import IntEnum

STATION_BITS, PASSENGER_BITS, VISIT_BITS = 12, 31, 15
"""Widths by which turn, station, passenger and visit make one key, in that order of weight."""


class Turn(IntEnum):
    """Class of an event within its instant, in order."""

    PATCH = 0
    COMPLETION = 1
    FACILITY = 2
    PATIENCE = 3
    ARRIVAL = 4
