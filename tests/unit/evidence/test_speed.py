"""What ``sim bench`` measures and when its gate closes."""

import json
from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.evidence.speed.days import PlainDay
from sim.evidence.speed.figures import counters, engine_figure, recursion_figure
from sim.evidence.speed.gate import document, read_baseline, regressions
from sim.evidence.speed.timing import compare


def _found(ratio: float = 2.0, events: int = 10) -> dict:
    figure = {"name": "engine", "reference": "SimPy", "ratio": {"median": ratio}}
    return document([figure], {"plain": {"events": events}})


def test_ratio_is_of_the_same_round() -> None:
    """Work that does twice as much in the same time is about twice as fast."""
    load = list(range(20_000))
    figure = compare(
        "twice",
        "",
        lambda: 2 * len(sorted(load, reverse=True)),
        lambda: len(sorted(load, reverse=True)),
        unit="numbers",
        against="itself",
        rounds=9,
    )

    assert 1 < figure.ratio["median"] < 4
    assert figure.ratio["low"] <= figure.ratio["median"] <= figure.ratio["high"]


def test_plain_day_is_the_same_for_both() -> None:
    """SimPy logs the events the engine does, but for the staffing of each station."""
    day = PlainDay(300)

    figure = engine_figure(day, rounds=1)

    from sim.engine.compiled import simulate

    events = sum(map(len, simulate(day.network, day.workload)))
    assert day.by_simpy(len(day.workload)) == events - day.stations
    assert figure.more["visits_per_s_without_log"] > 0


def test_recursion_is_timed_on_its_own_day() -> None:
    """With the bare loop beside it."""
    figure = recursion_figure(rounds=1, customers=2_000)

    assert figure.more["times_bare_numba"]["median"] > 0


def test_counters_do_not_change() -> None:
    """Sizes are of the model, not of the machine."""
    assert counters() == counters()


def test_gate_passes_what_scatters_and_stops_what_falls() -> None:
    """A fifth less passes, half does not, and no counter may move."""
    assert regressions(_found(1.6), _found(2.0)) == []
    assert "1 times SimPy, 2 in the baseline" in regressions(_found(1.0), _found(2.0))[0]
    assert regressions(_found(events=11), _found()) == ["plain: events is 11, 10 in the baseline"]


def test_gate_misses_a_figure() -> None:
    """A part that is no longer measured does not pass unseen."""
    found = {**_found(), "figures": []}

    assert regressions(found, _found()) == ["engine: not measured, the baseline has it"]


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"format": "other"})])
def test_baseline_must_be_one(tmp_path: Path, text: str) -> None:
    """What else it is, is said."""
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match=r"sim bench --json"):
        read_baseline(path)
