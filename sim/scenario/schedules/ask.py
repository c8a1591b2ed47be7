"""What a scenario asks of a schedule file: which stop, whose flights, how many seats."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.scenario.clock import ClockTime
from sim.scenario.figures import Figure, Range, Share, Strict
from sim.scenario.stations import TraitId

Seats = Annotated[
    Figure,
    Range(
        lambda x: 1 <= x <= 5_000 and x == int(x),
        "a number of seats; give a whole number 1 to 5000",
        {"type": "integer", "minimum": 1, "maximum": 5_000},
    ),
]
Airport = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Code = Annotated[str, Field(min_length=1, max_length=64)]
Codes = Annotated[tuple[Code, ...], Field(max_length=1000, strict=False)]


def _each_a_list(data: Any) -> Any:
    """Cells wanted, where one may stand without its array."""
    if not isinstance(data, dict):
        return data
    return {key: [each] if isinstance(each, str) else each for key, each in data.items()}


Wanted = Annotated[
    dict[str, Annotated[tuple[str, ...], Field(min_length=1, max_length=1000, strict=False)]],
    BeforeValidator(_each_a_list),
    Field(json_schema_extra={"additionalProperties": {"type": ["string", "array"]}}),
]


class Flight(Strict):
    """One flight or train at the stop on the day, as its file has it.

    Attributes
    ----------
    id : str
        The same on every day that it runs.
    at : ClockTime
        Seconds since midnight of the service day.
    aircraft : str
        Type of aircraft or train, as the file calls it.
    seats, persons : int or None
        Seats and passengers where the file says so.
    """

    id: str
    at: ClockTime
    carrier: str = ""
    aircraft: str = ""
    seats: Annotated[int, Field(ge=1, le=5_000)] | None = None
    persons: Annotated[int, Field(ge=0, le=5_000)] | None = None
    gate: Annotated[int, Field(ge=-1, le=10_000)] = -1
    international: bool = False


class SeatedType(Strict):
    """Seats of one type of aircraft or train, by the code its file uses."""

    id: Code
    seats: Seats
    source: str | None = None


class Operator(Strict):
    """A carrier, by the code of its file; its passengers get the trait."""

    id: Code
    trait: TraitId


class _Asked(Strict):
    """What is asked of a schedule in whatever format.

    Attributes
    ----------
    file : str
        The schedule, beside the scenario file.
    direction : {"departures", "arrivals"}
        Which of them are meant.
    aircraft : tuple of SeatedType
        Seats by type of aircraft or train, where the file has none of its own for a flight.
    load_factor : Share or None
        Share of seats taken, where the file does not count passengers.
    carriers : tuple of Operator
        Traits by carrier.
    flights : tuple of Flight or None
        What the file says of the day, once read; not for scenario files.
    sha256 : str
        Digest of what was read; not for scenario files.
    """

    file: Annotated[str, Field(min_length=1)]
    direction: Literal["departures", "arrivals"] = "departures"
    aircraft: Annotated[tuple[SeatedType, ...], Field(max_length=1000, strict=False)] = ()
    load_factor: Share | None = None
    carriers: Annotated[tuple[Operator, ...], Field(max_length=1000, strict=False)] = ()
    flights: Annotated[tuple[Flight, ...], Field(strict=False)] | None = None
    sha256: str = ""
    source: str | None = None


class SsimFile(_Asked):
    """Flights of an airport from an IATA SSIM chapter 7 file.

    Attributes
    ----------
    airport : str
        Code of the airport.
    terminal : str or None
        Passenger terminal as the file writes it; None takes all.
    only : tuple of str
        Carriers wanted; none takes all.
    domestic : tuple of str or None
        Airports of the country: flights to and from others are international.
    scope : {"all", "domestic", "international"}
        Which flights are wanted; needs `domestic`.
    """

    format: Literal["ssim"]
    airport: Airport
    terminal: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,2}$")] | None = None
    only: Codes = ()
    domestic: Annotated[tuple[Airport, ...], Field(max_length=1000, strict=False)] | None = None
    scope: Literal["all", "domestic", "international"] = "all"


class GtfsFile(_Asked):
    """Trains or buses at a stop from a static GTFS feed.

    Attributes
    ----------
    stop : str
        ``stop_id`` of a platform, or of a station with all its platforms.
    routes : tuple of str
        ``route_id`` of the lines wanted; none takes all.
    direction_id : {0, 1} or None
        The way along the line, as the feed numbers it; None takes both.
    """

    format: Literal["gtfs"]
    stop: Code
    routes: Codes = ()
    direction_id: Literal[0, 1] | None = None


class Columns(Strict):
    """Which column of a table says what.

    Attributes
    ----------
    id, at : str
        Columns of the flight's name and of its time.
    date : str or None
        Column of the day; None where `at` holds it, or the table is of one day.
    """

    id: Code
    at: Code
    date: Code | None = None
    carrier: Code | None = None
    aircraft: Code | None = None
    seats: Code | None = None
    persons: Code | None = None
    gate: Code | None = None
    international: Code | None = None


class CsvFile(_Asked):
    """Flights from a table such as an airport's database exports.

    Attributes
    ----------
    columns : Columns
        Which column says what.
    time_format, date_format : str
        How times and dates are written, in the signs of ``strptime``; the time may hold the
        date.
    encoding, separator : str
        How the file is written.
    where : dict of str to tuple of str
        Cells wanted by column: rows with others are left out.
    international, domestic : tuple of str
        Cells of the column `international` that mean so.
    """

    format: Literal["csv"]
    columns: Columns
    time_format: Code = "%H:%M"
    date_format: Code = "%Y-%m-%d"
    encoding: Literal["utf-8", "utf-16", "windows-1258", "windows-1252", "latin-1"] = "utf-8"
    separator: Literal[",", ";", "\t", "|"] = ","
    where: Wanted = Field(default_factory=dict)
    international: Codes = ("true", "I")
    domestic: Codes = ("false", "D")


Schedule = Annotated[SsimFile | GtfsFile | CsvFile, Field(discriminator="format")]
"""Flights or trains of the day from a file."""
