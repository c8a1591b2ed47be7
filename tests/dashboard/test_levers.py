"""What can be moved, and the overrides and addresses that a move amounts to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.address import read_question, write_question
from dashboard.briefing import station_name
from dashboard.i18n.catalogue import words
from dashboard.levers import LEAST_PERCENT, MOST_PERCENT, Levers, Staffing, levers_of
from dashboard.library import loaded, offered
from dashboard.question import MOST_SEED, Question, unmoved
from sim.scenario.load import load_scenario
from sim.scenario.stations import Opening

VCA = levers_of(loaded("vca").spec)
TEXTS = st.text(max_size=12) | st.integers(-5, 5000).map(str)


@st.composite
def questions(draw: st.DrawFn, levers: Levers) -> Question:
    staff = {}
    for lever in levers.staff:
        constants = st.integers(1, lever.most).map(lambda n: Staffing(constant=n))
        scales = st.integers(LEAST_PERCENT, MOST_PERCENT).map(lambda n: Staffing(percent=n))
        staff[lever.key] = draw(constants | scales if lever.is_scheduled else constants)
    return Question(
        "vca",
        staff=staff,
        shares={lever.key: draw(st.integers(0, 100)) for lever in levers.shares},
        rule=draw(st.booleans()),
        seed=draw(st.integers(0, MOST_SEED)),
    )


@pytest.mark.parametrize("name", offered())
def test_untouched_levers_change_nothing(name: str) -> None:
    """A scenario as it stands has no overrides, no date of its own and the shortest address."""
    levers = levers_of(loaded(name).spec)
    question = unmoved(name, levers)

    assert question.overrides(levers) == []
    assert question.on(levers) is None
    assert write_question(question, levers) == {"scenario": name}
    assert question.command(levers) == f"sim run {name}"


@pytest.mark.parametrize("name", offered())
def test_every_place_has_something_to_move(name: str) -> None:
    """Staff, gates or machines; nobody is offered what the place has not."""
    levers, spec = levers_of(loaded(name).spec), loaded(name).spec

    assert levers.staff
    assert {lever.key for lever in levers.staff} <= {station.id for station in spec.stations}
    assert (levers.rule is None) == (not spec.policy)


@pytest.mark.parametrize("name", ["sgn-t3", "vca", "han-t1", "han-t2", "pxu"])
def test_airports_have_the_levers_of_the_counter_rule(name: str) -> None:
    """Every airport has counters, kiosks, bag drops, lanes, both shares and the dated rule."""
    levers = levers_of(loaded(name).spec)

    assert {"counter", "kiosk", "bag-drop", "security"} <= {lever.key for lever in levers.staff}
    assert [lever.key for lever in levers.shares] == ["no-bag", "face"]
    assert levers.rule is not None
    assert levers.rule.policy.effective == date(2025, 12, 1)


def test_moved_levers_are_what_the_scenario_then_says() -> None:
    """A constant replaces the schedule; per cent without a bag become the share with one."""
    question = unmoved("vca", VCA)
    question.staff["counter"] = Staffing(constant=9)
    question.shares["no-bag"] = 70

    spec = load_scenario("vca", overrides=question.overrides(VCA)).spec

    counter = next(station for station in spec.stations if station.id == "counter")
    checked_bag = next(trait for trait in spec.traits if trait.id == "checked_bag")
    assert float(counter.servers) == 9  # pyright: ignore[reportArgumentType]
    assert checked_bag.share is not None
    assert checked_bag.share.value == pytest.approx(0.3)


@pytest.mark.parametrize("percent", [LEAST_PERCENT, 85, 120, MOST_PERCENT])
def test_scaled_schedule_keeps_its_hours_and_its_bounds(percent: int) -> None:
    """Every level moves by the per cent asked; none closes or exceeds what is installed."""
    counter = VCA.staff[0]
    question = unmoved("vca", VCA)
    question.staff["counter"] = Staffing(percent=percent)

    spec = load_scenario("vca", overrides=question.overrides(VCA)).spec

    servers = spec.stations[0].servers
    before = loaded("vca").spec.stations[0].servers
    assert isinstance(servers, tuple)
    assert isinstance(before, tuple)
    for new, old in zip(servers, before, strict=True):
        assert isinstance(new, Opening)
        assert (new.from_, new.until) == (old.from_, old.until)
        assert 1 <= new.servers.value <= counter.most
        exact = min(counter.most, old.servers.value * percent / 100)
        assert abs(new.servers.value - max(1, exact)) <= 0.5


@pytest.mark.parametrize(("rule", "on"), [(False, date(2025, 11, 30)), (True, None)])
def test_rule_chooses_the_day_whose_policies_hold(rule: bool, on: date | None) -> None:
    """Out of force means the day before it took effect; in force is the scenario's own date."""
    question = unmoved("vca", VCA)

    moved = Question("vca", question.staff, question.shares, rule)

    assert moved.on(VCA) == on


@given(questions(VCA))
def test_address_keeps_every_question(question: Question) -> None:
    """Whatever is written into the address is read back as it was, without a refusal."""
    assert read_question(write_question(question, VCA), "vca", VCA) == (question, ())


@given(st.dictionaries(st.sampled_from(["counter", "kiosk", "no-bag", "rule", "seed"]), TEXTS))
def test_no_address_is_trusted(query: dict[str, str]) -> None:
    """Any text gives a question within bounds; what was not used is refused by name."""
    question, refusals = read_question(query, "vca", VCA)

    for lever in VCA.staff:
        chosen = question.staff[lever.key]
        assert chosen.constant is None or 1 <= chosen.constant <= lever.most
        assert LEAST_PERCENT <= chosen.percent <= MOST_PERCENT
    assert all(0 <= percent <= 100 for percent in question.shares.values())
    assert 0 <= question.seed <= MOST_SEED
    assert {refusal.name for refusal in refusals} <= set(query)


def test_a_world_offers_its_gates_with_their_places() -> None:
    """Not every desk of every stop; what is moved is what the scenario then says."""
    levers = levers_of(loaded("metro-2a").spec)
    question = unmoved("metro-2a", levers)
    question.staff["cat-linh/gates"] = Staffing(constant=3)

    spec = load_scenario("metro-2a", overrides=question.overrides(levers)).spec

    assert len(levers.staff) == 12
    gates = next(station for station in spec.stations if station.id == "cat-linh/gates")
    assert float(gates.servers) == 3  # pyright: ignore[reportArgumentType]
    assert station_name(gates, words("en")) == "Fare gates, cat-linh"
