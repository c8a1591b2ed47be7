"""How many are booked on the flights of a schedule: seats by type, times the load factor."""

from __future__ import annotations

from sim.scenario.demand import DepartureRow
from sim.scenario.schedules.ask import Flight, Schedule


def seats_by_type(schedule: Schedule) -> dict[str, int]:
    """Seats that the scenario gives for each type."""
    return {each.id: int(each.seats.value) for each in schedule.aircraft}


def seats_on(flight: Flight, seats: dict[str, int]) -> int:
    """Seats of a flight: the file's own, else those of its type, else 0."""
    return flight.seats if flight.seats is not None else seats.get(flight.aircraft, 0)


def booked_rows(schedule: Schedule) -> tuple[DepartureRow, ...]:
    """Departures of a schedule that has been read.

    Passengers are those the file counts, else seats times load factor, rounded.
    """
    seats = seats_by_type(schedule)
    share = schedule.load_factor.value if schedule.load_factor is not None else 0.0
    return tuple(
        DepartureRow(
            id=flight.id,
            at=flight.at,
            persons=_persons(flight, seats_on(flight, seats), share),
            carrier=flight.carrier,
            aircraft=flight.aircraft,
            seats=seats_on(flight, seats),
            gate=flight.gate,
            international=flight.international,
        )
        for flight in schedule.flights or ()
    )


def _persons(flight: Flight, seats: int, share: float) -> int:
    return flight.persons if flight.persons is not None else int(seats * share + 0.5)
