"""Answers as plain values."""

import json
from typing import Any

import pytest

from sim.events.store import StoredLog
from sim.query.answer import ask


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("NULL", None),
        ("true", True),
        ("1::HUGEINT", 1),
        ("170141183460469231731687303715884105727::HUGEINT", 2**127 - 1),
        ("1.50::DECIMAL(4, 2)", 1.5),
        ("'nan'::DOUBLE", None),
        ("1 / 0", None),
        ("'Hà Nội'", "Hà Nội"),
        ("DATE '2026-02-10'", "2026-02-10"),
        ("TIME '10:00'", "10:00:00"),
        ("TIMESTAMP '2026-02-10 10:00'", "2026-02-10T10:00:00"),
        ("TIMESTAMPTZ '2026-02-10 10:00+07'", "2026-02-10T03:00:00+00:00"),
        ("'\\xAA'::BLOB", "aa"),
        ("[1, NULL]", [1, None]),
        ("{'a': 1.5}", {"a": 1.5}),
        ("MAP {'a': 1}", [["a", 1]]),
    ],
)
def test_values_are_plain(vca: StoredLog, sql: str, value: Any) -> None:
    """Whatever DuckDB's type, JSON can hold it."""
    ((found,),) = ask(vca, f"SELECT {sql}").rows

    assert json.loads(json.dumps(found, allow_nan=False)) == value


def test_a_limit_cuts_and_says_so(vca: StoredLog) -> None:
    """Exactly as many rows as asked for are not cut."""
    for limit, rows, is_cut in ((3, 3, True), (10, 10, False), (11, 10, False), (None, 10, False)):
        answer = ask(vca, "SELECT * FROM range(10)", limit=limit)
        assert len(list(answer.rows)) == rows
        assert answer.is_cut is is_cut
