"""A trace is read as written: nearest microsecond, blanks skip, ties keep their order."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.clock import LONGEST_S, to_us
from sim.scenario.trace import BLANK, Trace, read_trace
from sim.scenario.trace_cells import quick_cells, slow_cells
from tests.unit.scenario.cases import faults_when, texts

COLUMNS = ["arrival_s", "desk", "gate"]


def written(path: Path, content: str | bytes) -> Path:
    """A trace file with this content."""
    file = path / "case.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def read(path: Path, body: str) -> Trace:
    """A trace of two stations with this body."""
    return read_trace(written(path, f"arrival_s,desk,gate\n{body}"), stations=["desk", "gate"])


def test_times_are_whole_microseconds(tmp_path: Path) -> None:
    """Each time is rounded to the nearest microsecond, once, as everywhere else."""
    cells = ["0.1", "1e-7", "0.0000015", "12.3456789", "34560000", "2.5e3"]

    trace = read(tmp_path, "".join(f"{cell},1,\n" for cell in sorted(cells, key=float)))

    assert trace.arrival_us.tolist() == sorted(to_us(float(cell)) for cell in cells)
    assert trace.arrival_us.dtype == trace.service_us.dtype == np.int64


def test_blanks_skip(tmp_path: Path) -> None:
    """A blank cell is a station the passenger does not visit; all may be blank."""
    trace = read(tmp_path, "0,,2\n1,,\n2,3,\n3,0,0\n")

    assert trace.service_us.tolist() == [
        [BLANK, 2_000_000],
        [BLANK, BLANK],
        [3_000_000, BLANK],
        [0, 0],
    ]


def test_rows_are_sorted_and_ties_keep_their_order(tmp_path: Path) -> None:
    """Rows come by arrival; those of one microsecond in the order of the file."""
    trace = read(tmp_path, "5,1,1\n2,2,2\n5,3,3\n2.0000000001,4,4\n0,5,5\n")

    assert (trace.service_us[:, 0] // 1_000_000).tolist() == [5, 2, 4, 1, 3]
    assert trace.arrival_us.tolist() == [0, 2_000_000, 2_000_000, 5_000_000, 5_000_000]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfarrival_s,desk,gate\n0,1,2\n1,,2\n",
        b"arrival_s,desk,gate\r\n0,1,2\r\n1,,2\r\n",
        b"arrival_s,desk,gate\n0,1,2\n1,,2",
        b"arrival_s,desk,gate\n0,1,2\n1,,2\n\n\n",
        b"arrival_s , desk, gate\n 0, 1, 2\n1 ,  , 2\n",
        b'"arrival_s","desk","gate"\n"0","1","2"\n"1","","2"\n',
        b"arrival_s,desk,gate\n1,,2\n0,+1.0,2e0\n",
    ],
    ids=["mark", "windows", "no end", "blank end", "spaces", "quotes", "numbers"],
)
def test_one_content_has_one_digest(tmp_path: Path, content: bytes) -> None:
    """How the file was written does not matter, only what it says."""
    plain = read(tmp_path, "0,1,2\n1,,2\n")

    trace = read_trace(written(tmp_path, content), stations=["desk", "gate"])

    assert trace.digest == plain.digest
    assert np.array_equal(trace.service_us, plain.service_us)


def test_another_content_has_another_digest(tmp_path: Path) -> None:
    """A microsecond, a blank for a zero, or another station is another trace."""
    bodies = ["0,1,2\n", "0.000001,1,2\n", "0,1,0\n", "0,1,\n"]

    digests = {read(tmp_path, body).digest for body in bodies}
    other = read_trace(written(tmp_path, "arrival_s,desk,door\n0,1,2\n"), stations=None)

    assert len(digests | {other.digest}) == len(bodies) + 1


def test_a_trace_cannot_be_changed(tmp_path: Path) -> None:
    """Its arrays are for reading."""
    trace = read(tmp_path, "0,1,2\n")

    with pytest.raises(ValueError, match="read-only"):
        trace.arrival_us[0] = 1
    assert len(trace) == 1
    assert trace.path.is_absolute()


def test_every_faulty_cell_is_told_with_its_line(tmp_path: Path) -> None:
    """Several faults of a row, and a faulty header, are told together."""
    path = written(tmp_path, "arrival_s,desk,door\n0,1,2\nx,-1,\n1,2\n")

    faults = texts(faults_when(lambda: read_trace(path, stations=["desk", "gate"])))

    assert [fault.removeprefix(f"{path}:").split(";")[0] for fault in faults] == [
        '1: header "arrival_s,desk,door" lacks gate and has no use for "door"',
        '3: arrival_s: got "x"',
        '3: desk: got "-1"',
        '4: got "1,2"',
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ":1: has no header; start with arrival_s,desk,gate"),
        (b"\n\n", ":1: has no header"),
        (b"arrival_s\n0\n", ':1: header "arrival_s" lacks desk, gate'),
        (b"arrival_s,desk,gate,gate\n0,1,2,3\n", "is not in the order of the journey"),
        (b"0,1,2\n", "lacks arrival_s, desk, gate"),
        (b"\x00\x01\x02", ":1: holds binary data"),
        (b"arrival_s,desk,gate\n0,1,2\n\x00,1,2\n", ":3: holds binary data"),
        (b"arrival_s,desk,gate\n0,1,2\n\xff,1,2\n", ":3: byte 0xff is not UTF-8"),
        ("arrival_s,desk,gate\n0,1,2\n".encode("utf-16"), ":1: is UTF-16"),
        (b"arrival_s,desk,gate\r0,1,2\r", ":1: header"),
        (b"arrival_s;desk;gate\n0;1;2\n", ":1: header"),
    ],
)
def test_what_is_no_trace_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    """Files of another kind are told for what they are."""
    path = written(tmp_path, content)

    faults = texts(faults_when(lambda: read_trace(path, stations=["desk", "gate"])))

    assert any(fault in each for each in faults)
    assert all(each.startswith(str(path)) for each in faults)


CELLS = st.one_of(
    st.just(""),
    st.floats(0, 1e6).map(repr),
    st.integers(-3, 10**6).map(str),
    st.sampled_from(
        ["1e3", ".5", "5.", "+1", "-0", "1e400", "nan", "inf", "1_0", "0x1", "1 2", " "]
    ),
    st.text(alphabet="0123456789.eE+-", max_size=6),
)


@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_the_quick_way_agrees_with_the_slow_one(rows: list[list[str]]) -> None:
    """Wherever the quick way answers, each cell is what the slow way makes of it."""
    body = "".join(",".join(row) + "\n" for row in rows)

    quick = quick_cells(body.encode(), 3)
    slow, faults = slow_cells(body, COLUMNS, path="case.csv", longest_s=LONGEST_S)

    if quick is not None and not faults:
        assert np.array_equal(quick, slow, equal_nan=True)
    if quick is not None and faults:  # of values, which the reader looks at in both
        given = quick[~np.isnan(quick)]
        assert np.isnan(quick[:, 0]).any() or (given < 0).any() or (given > LONGEST_S).any()


@pytest.mark.parametrize("body", ["1,2\n3", "1,2,3,4\n", "1,2,3\n4,5\n", "1,2,3\n\n4,5,6\n", ""])
def test_the_quick_way_leaves_odd_rows_alone(body: str) -> None:
    """Rows of another length, and empty ones, are for the slow way to explain."""
    assert quick_cells(body.encode(), 3) is None


def test_a_hundred_thousand_rows_take_the_quick_way(tmp_path: Path) -> None:
    """A large clean trace is read without looking at each cell in Python."""
    rng = np.random.default_rng(1)
    times = np.cumsum(rng.exponential(1, 100_000))
    service = rng.exponential(1, (100_000, 2))
    body = "".join(
        f"{at:.6f},{a:.6f},{b:.6f}\n"
        for at, (a, b) in zip(times.tolist(), service.tolist(), strict=True)
    )
    path = written(tmp_path, "arrival_s,desk,gate\n" + body)

    trace = read_trace(path, stations=["desk", "gate"])

    assert quick_cells(body.encode(), 3) is not None
    assert len(trace) == 100_000
