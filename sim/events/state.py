"""What a facility looks like at one instant, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer in a queue.

    Attributes
    ----------
    passenger, visit, persons : int
        Who, on which step, and how many are to be served at once.
    joined_us : int
        When they joined the queue.
    is_call : bool
        Whether it is a request sent from another station.
    was_interrupted : bool
        Whether service had begun and an outage sent them back.
    """

    passenger: int
    visit: int
    persons: int
    joined_us: int
    is_call: bool
    was_interrupted: bool


@dataclass(frozen=True, slots=True)
class InService:
    """A customer with a server.

    Attributes
    ----------
    server : int
        Which server of the station.
    passenger, visit, persons : int
        Who, on which step, and how many are served at once.
    joined_us, started_us : int
        When they joined the queue, and when this service began.
    batch : int
        Number of the batch, or -1.
    is_call, is_paused : bool
        Whether it is a request from another station; whether the server has stopped for now.
    """

    server: int
    passenger: int
    visit: int
    persons: int
    joined_us: int
    started_us: int
    batch: int
    is_call: bool
    is_paused: bool


@dataclass(frozen=True, slots=True)
class StationState:
    """One station.

    Attributes
    ----------
    station : str
        Its id.
    open : int
        Servers open.
    down : tuple of int
        Servers out of order, by index; -1 is the whole bank.
    in_service : tuple of InService
        By server.
    waiting : tuple of Waiting
        In the order in which they joined, which is the order of service where there are no
        priorities; someone an outage sent back keeps their place.
    """

    station: str
    open: int
    down: tuple[int, ...]
    in_service: tuple[InService, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class SystemState:
    """The whole facility, after all events at or before an instant.

    Attributes
    ----------
    at_us : int
        The instant.
    events : int
        Events up to it.
    arrived, left : int
        Persons who have come, and who have reached their final outcome.
    stations : tuple of StationState
        In the order of the station list.
    elsewhere : tuple of int
        Passengers inside who are at no station: on the way, or waiting for boarding to open.
    boarding : tuple of int
        Departures whose boarding is open.
    """

    at_us: int
    events: int
    arrived: int
    left: int
    stations: tuple[StationState, ...]
    elsewhere: tuple[int, ...]
    boarding: tuple[int, ...]
