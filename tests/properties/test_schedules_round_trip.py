"""Whatever flights are written to a schedule file are read again, on the days they run."""

import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from sim.scenario.schedules.ask import Schedule
from sim.scenario.schedules.found import ServiceDay, Sorter
from sim.scenario.schedules.gtfs import read_gtfs
from sim.scenario.schedules.mapped import read_mapped
from sim.scenario.schedules.ssim import read_legs, read_ssim
from tests.ssim_writer import Block, WrittenLeg, ssim_bytes
from tests.unit.scenario.schedules.files import FEED, zipped

DAY = date(2026, 6, 12)
AIRPORTS = st.sampled_from(["SGN", "HAN", "DAD", "BKK", "NRT"])
OFFSETS = st.sampled_from(["+0700", "+0900", "-0330", "+0000", "+1030", "-0800"])
CLOCKS = st.builds("{:02d}{:02d}".format, st.integers(0, 23), st.integers(0, 59))


@st.composite
def legs(draw: st.DrawFn, carrier: str) -> list[WrittenLeg]:
    """Flights of a carrier, each with a number of its own."""
    found: list[WrittenLeg] = []
    for number in draw(st.lists(st.integers(1, 9999), unique=True, max_size=6)):
        first = DAY + timedelta(days=draw(st.integers(-40, 20)))
        length = draw(st.none() | st.integers(0, 60))
        origin, target = draw(st.lists(AIRPORTS, min_size=2, max_size=2, unique=True))
        found.append(
            WrittenLeg(
                carrier, number, origin, draw(CLOCKS), target, draw(CLOCKS),
                days="".join(sorted(draw(st.sets(st.sampled_from("1234567"), min_size=1)))),
                period=(first, None if length is None else first + timedelta(days=length)),
                fortnightly=draw(st.booleans()),
                origin_utc=draw(OFFSETS), target_utc=draw(OFFSETS),
                origin_terminal=draw(st.sampled_from(["", "1", "T3"])),
                shifts=draw(st.sampled_from(["00", "01", "11", "J0", "02"])),
                configuration=draw(st.sampled_from(["", "C16Y187", "Y230"])),
            )
        )  # fmt: skip
    return found


@st.composite
def files(draw: st.DrawFn) -> list[Block]:
    carriers = draw(st.lists(st.sampled_from(["VN", "VJ", "0V", "QH"]), min_size=1, unique=True))
    return [Block(each, draw(st.sampled_from("UL")), draw(legs(each))) for each in carriers]


def leaves_on(leg: WrittenLeg, mode: str, day: date) -> str | None:
    """Local time of a flight that leaves on a local date, by trying every date of the flight."""
    first, last = leg.period
    for offset in range(-10, 11):
        flight = day + timedelta(days=offset)
        weeks = (flight - first).days // 7
        if flight < first or (last is not None and flight > last):
            continue
        if str(flight.isoweekday()) not in leg.days or (leg.fortnightly and weeks % 2):
            continue
        clock = time(int(leg.leaves[:2]), int(leg.leaves[2:]))
        shift = -1 if leg.shifts[0] == "J" else int(leg.shifts[0])
        at = datetime.combine(flight, clock) + timedelta(days=shift)
        if mode == "U":
            sign = -1 if leg.origin_utc[0] == "-" else 1
            hours, minutes = int(leg.origin_utc[1:3]), int(leg.origin_utc[3:])
            at += sign * timedelta(hours=hours, minutes=minutes)
        if at.date() == day:
            return at.strftime("%H:%M")
    return None


def clock_of(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"


@given(blocks=files(), airport=AIRPORTS, end=st.sampled_from(["\n", "\r\n"]), fill=st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_ssim(blocks: list[Block], airport: str, end: str, fill: bool) -> None:
    """Every leg comes back as it was written, and flies when its words say."""
    data = ssim_bytes(blocks, end=end, fill=fill)
    asked: Any = TypeAdapter(Schedule).validate_python(
        {"file": "x", "format": "ssim", "airport": airport}
    )
    reading = read_ssim(data, path="x", asked=asked, day=ServiceDay(DAY))
    wanted = {
        f"{leg.carrier}{leg.number}": leaves_on(leg, block.mode, DAY)
        for block in blocks
        for leg in block.legs
        if leg.origin == airport
    }

    assert not reading.faults
    assert reading.tally.read == len(data.splitlines())
    assert {f.id: clock_of(f.at) for f in reading.flights} == {
        name: at for name, at in wanted.items() if at is not None
    }


@given(block=legs("VN"))
@settings(max_examples=60, deadline=None)
def test_periods_expand_to_dates(block: list[WrittenLeg]) -> None:
    """The dates of a period are those on which it runs, within the period and on its days."""
    read = read_legs(ssim_bytes([Block("VN", "L", block)]), Sorter("x"))

    assert len(read) == len(block)
    for written, leg in zip(block, (each.leg for each in read), strict=True):
        dates = leg.dates()
        first, last = written.period
        for day in dates:
            assert first <= day <= (last or date.max)
            assert str(day.isoweekday()) in written.days
        if not written.fortnightly and last is not None:
            span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            assert len(dates) == sum(str(day.isoweekday()) in written.days for day in span)


@given(data=st.binary(max_size=900) | st.text(max_size=500).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_no_bytes_crash_a_reader(data: bytes) -> None:
    """Anything is read or refused line by line, and the lines add up."""
    ssim: Any = TypeAdapter(Schedule).validate_python(
        {"file": "x", "format": "ssim", "airport": "SGN"}
    )
    table: Any = TypeAdapter(Schedule).validate_python(
        {"file": "x", "format": "csv", "columns": {"id": "a", "at": "b"}}
    )
    for reading in (
        read_ssim(data, path="x", asked=ssim, day=ServiceDay(DAY)),
        read_ssim(
            ssim_bytes([Block("VN")])[:400] + data, path="x", asked=ssim, day=ServiceDay(DAY)
        ),
        read_mapped(b"a,b\n" + data, path="x", asked=table, day=ServiceDay(DAY)),
    ):
        assert reading.tally.adds_up
        assert reading.tally.rejected == 0 or reading.faults


@given(
    table=st.sampled_from(sorted(set(FEED) - {"agency.txt"})),
    at=st.integers(0, 600),
    text=st.text(max_size=60),
)
@settings(max_examples=120, deadline=None)
def test_no_text_crashes_the_feed_reader(table: str, at: int, text: str) -> None:
    """A feed with anything written into one of its tables is read or refused row by row."""
    old = FEED[table]
    feed = FEED | {table: old[: at % len(old)] + text + old[at % len(old) :]}
    asked: Any = TypeAdapter(Schedule).validate_python(
        {"file": "x", "format": "gtfs", "stop": "BT"}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "feed.zip")
        path.write_bytes(
            zipped({n: t.encode("utf-8", "replace").decode() for n, t in feed.items()})
        )
        reading = read_gtfs(str(path), asked=asked, day=ServiceDay(DAY))

    assert reading.tally.adds_up
    assert reading.tally.rejected == 0 or reading.faults


@given(
    flights=st.dictionaries(
        st.text("ABC123", min_size=1, max_size=6),
        st.tuples(st.integers(0, 86_399), st.integers(0, 400)),
        max_size=12,
    )
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_csv(flights: dict[str, tuple[int, int]]) -> None:
    """Rows come back with time and passengers."""
    rows = [
        f"{n};{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d};{p}" for n, (s, p) in flights.items()
    ]
    asked: Any = TypeAdapter(Schedule).validate_python(
        {"file": "x", "format": "csv", "columns": {"id": "F", "at": "T", "persons": "P"},
         "time_format": "%H:%M:%S", "separator": ";"}
    )  # fmt: skip
    reading = read_mapped("\n".join(["F;T;P", *rows]).encode(), path="x", asked=asked,
                          day=ServiceDay(DAY))  # fmt: skip

    assert {f.id: (f.at, f.persons) for f in reading.flights} == flights
