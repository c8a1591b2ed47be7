"""An outage drill, on a queue that can be worked out by hand."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.experiments.drill import Outage, run_drill, with_outage
from sim.reporting.drills import drill_document, drill_tables
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from tests.engines import ENGINES

EVERY_10_S = range(0, 600, 10)


@pytest.fixture
def desk(tmp_path: Path) -> Scenario:
    """One desk, somebody every 10 s for 10 minutes, 5 s each: nobody ever waits."""
    rows = [f"{at},5" for at in EVERY_10_S]
    (tmp_path / "trace.csv").write_text("\n".join(["arrival_s,desk", *rows]) + "\n")
    path = tmp_path / "desk.toml"
    path.write_text(
        'id = "desk"\nkind = "generic"\n[demand]\ntrace = "trace.csv"\n'
        '[[stations]]\nid = "desk"\nservers = 1\n[[journey]]\nstation = "desk"\n'
    )
    return load_scenario(path)


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_an_outage_of_a_minute_costs_what_it_costs_by_hand(desk: Scenario, engine) -> None:
    """Down from 100 to 160 s: waits of 60, 55, … 5 s, 390 s in all, ten above 10 s.

    They joined in the first five minutes, 390 s for 30 people on average 13 s, so with a band
    of 10 s the curve is back after 300 s, 140 s after the outage.
    """
    drill = run_drill(desk, Outage("desk", 100, 160), band_s=10, engine=engine)

    here = drill.summary["stations"]["desk"]
    assert here["extra_passenger_min"] == pytest.approx(390 / 60)
    assert here["delayed"] == 10
    assert here["worst_s"] == {"undisturbed": 5.0, "disturbed": 65.0}
    assert here["recovered_after_min"] == pytest.approx(140 / 60)
    assert drill.curves["desk"]["undisturbed_s"] == [5.0, 5.0]
    assert drill.curves["desk"]["disturbed_s"] == [pytest.approx(18.0), 5.0]
    assert drill.summary["facilities"]["desk"]["extra_passenger_min"] == pytest.approx(6.5)


def test_an_outage_when_nobody_is_there_costs_nothing(desk: Scenario) -> None:
    """After the last customer every figure is that of the undisturbed day."""
    here = run_drill(desk, Outage("desk", 700, 800)).summary["stations"]["desk"]

    assert here["extra_passenger_min"] == 0
    assert here["delayed"] == 0
    assert here["recovered_after_min"] == 0
    assert here["worst_s"]["undisturbed"] == here["worst_s"]["disturbed"]


def test_who_never_recovers_that_day_is_said_so(desk: Scenario) -> None:
    """Down until after the last arrival, the last curve stays apart."""
    drill = run_drill(desk, Outage("desk", 100, 5_000))

    assert drill.summary["stations"]["desk"]["recovered_after_min"] is None
    assert "not that day" in _text(drill)


def test_figures_of_several_days_have_intervals() -> None:
    """Means over days, each with its interval; curves are means too."""
    scenario = load_scenario("vca")

    drill = run_drill(scenario, Outage("security", 9 * 3600, 10 * 3600), reps=5)

    summary = drill.summary
    key = "stations.security.extra_passenger_min"
    minutes = [day["stations"]["security"]["extra_passenger_min"] for day in drill.days]
    mean = summary["stations"]["security"]["extra_passenger_min"]
    assert mean == pytest.approx(sum(minutes) / 5)
    assert summary["intervals"][key]["low"] < mean < summary["intervals"][key]["high"]
    assert min(minutes) > 60
    assert summary["facilities"]["vca"]["missed_more"] > 0
    assert drill_document(drill)["reps"] == 5


def test_the_outage_is_one_more_beside_those_of_the_file() -> None:
    """What the file says of outages stays, and the drill has an id of its own."""
    scenario = with_outage(load_scenario("sgn-t3-outage"), Outage("security", 100_000, 110_000))

    assert [each.station for each in scenario.spec.outages] == ["vneid", "security"]


def test_an_outage_that_cannot_be_is_refused(desk: Scenario) -> None:
    """Every fault at once, in the words of the command line."""
    with pytest.raises(ScenarioError) as refused:
        with_outage(desk, Outage("desc", 200, 100))

    assert [each.key for each in refused.value.faults] == ["--outage", "--until"]
    assert "did you mean desk?" in refused.value.faults[0].message


def _text(drill) -> str:
    from io import StringIO

    from rich.console import Console

    told = StringIO()
    console = Console(file=told, width=200)
    for part in drill_tables(drill_document(drill)):
        console.print(part)
    return told.getvalue()


WORLD = """\
id = "two"
kind = "world"
[[facilities]]
id = "line"
scenario = "inner.toml"
[[facilities]]
id = "lot"
scenario = "lot.toml"
"""
INNER = """\
id = "inner"
kind = "world"
[[facilities]]
id = "a"
scenario = "desk.toml"
[[facilities]]
id = "b"
scenario = "desk.toml"
"""
DESK = """\
id = "desk"
kind = "generic"
horizon_s = 1_200
[demand]
arrivals = { law = "poisson", rate_per_s = 0.1 }
[[stations]]
id = "desk"
servers = 1
service = { law = "deterministic", mean_s = 5 }
[[journey]]
station = "desk"
"""
LOT = """\
id = "lot"
kind = "parking"
horizon_s = 1_200
[demand]
arrivals = { law = "poisson", rate_per_s = 0.1 }
[[stations]]
id = "places"
kind = "parking-places"
servers = 400
service = { law = "deterministic", mean_s = 500 }
[[journey]]
station = "places"
"""


@pytest.fixture
def country(tmp_path: Path) -> Scenario:
    """A line of two stops, and a car park."""
    for name, text in (("two", WORLD), ("inner", INNER), ("desk", DESK), ("lot", LOT)):
        (tmp_path / f"{name}.toml").write_text(text)
    return load_scenario(tmp_path / "two.toml")


def test_a_line_is_one_place_and_its_stops_add_up(country: Scenario) -> None:
    """The world's file names two places; a line's minutes are those of its stops together."""
    document = drill_document(run_drill(country, Outage("line-a/desk", 300, 600)))
    facilities, places = document["facilities"], document["places"]

    assert set(places) == {"line", "lot"}
    both = [facilities[name]["extra_passenger_min"] for name in ("line-a", "line-b")]
    assert places["line"]["extra_passenger_min"] == sum(both) > 0
    assert both[1] == 0
    assert places["line"]["facilities"] == 2


def test_a_stay_in_a_car_park_is_no_time_lost(country: Scenario) -> None:
    """Without half its places for 5 min nobody waits for one: it costs nothing."""
    outage = Outage("lot/places", 300, 600, servers=tuple(range(200, 400)))
    here = run_drill(country, outage).summary["stations"]["lot/places"]

    assert here["extra_passenger_min"] == 0
    assert here["worst_s"] == {"undisturbed": 0.0, "disturbed": 0.0}


def test_a_world_is_shown_by_place_worst_first(country: Scenario) -> None:
    """Places and stations that nothing happened to are counted, not listed."""
    document = drill_document(run_drill(country, Outage("line-a/desk", 300, 600)))
    places, stations = drill_tables(document)

    assert list(places.columns[0].cells) == ["line", "1 other"]
    assert list(stations.columns[0].cells) == ["line-a/desk", "2 others"]
