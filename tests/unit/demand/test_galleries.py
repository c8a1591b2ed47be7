"""Galleries that matches refer to."""

from typing import Any

import numpy as np
import pytest

from sim.demand.workload import Workload
from tests.unit.demand.cases import airport, constant, generic, sampled


def match(gallery: str, **changes: Any) -> dict[str, Any]:
    return {"gallery": gallery, "errors": [{"share": 0.1}], "retry": constant(8), **changes}


def day_of(*matches: dict[str, Any] | None) -> Workload:
    stations = [
        {"id": f"gate-{n}", "servers": 1, "service": constant(1), "match": each}
        for n, each in enumerate(matches)
    ]
    journey = [{"station": station["id"]} for station in stations]
    return sampled(generic(stations=stations, journey=journey))


def rows_of(day: Workload) -> list[tuple[str, str, int]]:
    table = day.tables.galleries
    return list(zip(table["id"], table["mode"], table["size"].tolist(), strict=True))


def test_a_departure_gallery_holds_the_persons_booked() -> None:
    """One row for each departure, in the departures' order."""
    day = sampled(airport())
    departures = day.tables.departures

    assert rows_of(day) == [
        (f"departure/{name}", "1:N", persons)
        for name, persons in zip(departures["id"], departures["persons"], strict=True)
    ]
    assert day.gallery_of_slot.tolist() == [-1, -1, 0, -1, -1]
    assert day.gallery_per_departure.tolist() == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("gallery", "size"),
    [("chip", 1), ("vneid", 1), ("city", 10_000_000), ("national", 100_000_000)],
)
def test_galleries_have_their_natural_size(gallery: str, size: int) -> None:
    """One reference on a chip, a city's or the nation's in the large ones."""
    assert rows_of(day_of(match(gallery))) == [(gallery, "1:1", size)]


def test_the_gallery_of_the_day_holds_everyone() -> None:
    """An airport-day gallery, or departures' where there are none, has all passengers."""
    day = day_of(match("airport-day", mode="1:N"), match("departure"))

    assert [size for _, _, size in rows_of(day)] == [len(day), len(day)]
    assert not day.gallery_per_departure.any()


def test_slots_that_ask_for_the_same_share_it() -> None:
    """Equal galleries are one row; another size or mode is another, with an id of its own."""
    day = day_of(
        match("vneid"), None, match("vneid"), match("vneid", gallery_size=500), match("chip")
    )

    assert rows_of(day) == [("vneid", "1:1", 1), ("vneid#2", "1:1", 500), ("chip", "1:1", 1)]
    assert day.gallery_of_slot.tolist() == [0, -1, 0, 1, 2]


def test_no_match_no_gallery() -> None:
    """Without matches the table is empty and every slot points nowhere."""
    day = day_of(None)

    assert rows_of(day) == []
    assert np.array_equal(day.gallery_of_slot, [-1])
