"""Whose turn it is within an instant."""

from enum import IntEnum


class Turn(IntEnum):
    """Class of an event within its instant, in order."""

    PATCH = 0
    COMPLETION = 1
    FACILITY = 2
    PATIENCE = 3
    ARRIVAL = 4
