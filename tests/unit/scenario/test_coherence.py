"""The parts of a scenario fit; what cannot fit is told, what can is not.

Most refusals stand in tests/malformed; here are those with fine borders, and what is allowed.
"""

import math
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.check import check_files
from sim.scenario.coherence.checks import incoherences
from sim.scenario.coherence.routing import MAX_VISITS
from sim.scenario.coherence.timing import MAX_PASSENGERS, expected_passengers
from sim.scenario.coherence.view import View
from sim.scenario.find import builtin_scenarios
from sim.scenario.load import load_scenario
from sim.scenario.spec import ScenarioSpec
from tests.unit.scenario.cases import texts, toml_of

EXPONENTIAL = {"law": "exponential", "mean_s": 5}
BATCH = {"cap": 8, "buckets": [{"size": 8, "service_s": 0.1}]}
DEPARTURES: dict[str, Any] = {
    "departures": [{"id": "VN1", "at": "06:00", "persons": 100}],
    "show_up": [{"mean_min": 100, "sd_min": 30}],
}
BOARDING = {"boards": True, "opens_before_min": 40, "closes_before_min": 15}


def station(name: str = "desk", **keys: Any) -> dict[str, Any]:
    """A plain station."""
    return {"id": name, "servers": 2, "service": EXPONENTIAL, **keys}


def scenario(**tables: Any) -> dict[str, Any]:
    """A sound scenario of one desk, with tables of its own."""
    plain = {
        "id": "case",
        "kind": "generic",
        "horizon_s": 3600,
        "demand": {"arrivals": {"law": "poisson", "rate_per_s": 0.1}},
        "stations": [station()],
        "journey": [{"station": "desk"}],
    }
    return {**plain, **tables}


def findings(**tables: Any) -> list[tuple[str, str]]:
    """Where and what does not fit."""
    spec = ScenarioSpec.model_validate(scenario(**tables))
    found = incoherences(View(spec))
    return [(".".join(map(str, each.path)), each.message) for each in found]


def steps(*journey: dict[str, Any]) -> dict[str, Any]:
    """A journey at the desk."""
    return {"journey": [{"station": "desk", **step} for step in journey]}


TRAITS = [{"id": "bag", "share": 0.5}, {"id": "old", "share": 0.1, "when": "bag"}]

ALLOWED: dict[str, dict[str, Any]] = {
    "plain": {},
    "conditions": {
        "traits": TRAITS,
        **steps({"when": "bag and not old", "sets": {"bag": True}, "sets_when": "old"}),
    },
    "a set trait decides a later choice": {
        "traits": [*TRAITS, {"id": "enrolled"}],
        **steps({"sets": {"enrolled": True}}, {"when": "enrolled"}),
    },
    "priority may ask for a set trait": {
        "traits": [{"id": "late"}],
        "stations": [station(priority=[{"when": "late"}])],
        **steps({"sets": {"late": True}}),
    },
    "traits of arrival may be set later": {
        "traits": [{"id": "bag", "share": 0.5}, {"id": "old", "share": 0.1, "when": "not bag"}],
        **steps({"sets": {"bag": False}}),
    },
    "patience of some": {
        "traits": TRAITS,
        "stations": [station(patience={"when": "bag", **EXPONENTIAL})],
    },
    "outcomes": steps({"on_reject": "help", "on_balk": "leave", "on_renege": ""}, {"id": "help"}),
    "options without shares": {
        "journey": [{"id": "way", "options": [{"station": "desk"}, {"station": "desk"}]}]
    },
    "calls of a batch": {
        "stations": [station(), {"id": "matcher", "servers": 1, "batch": BATCH}],
        **steps({"calls": [{"station": "matcher", "after_share": 0.5}]}),
    },
    "feedback": steps({"next": [{"to": "desk", "share": 0.3}, {"to": "exit", "share": 0.7}]}),
    "routes beside plain steps": steps(
        {"next": [{"to": "desk-3", "share": 0.5}, {"to": "exit", "share": 0.5}]}, {}, {}
    ),
    "parties before persons": {
        "stations": [station(per="party"), station("gate")],
        "journey": [{"station": "desk"}, {"station": "desk"}, {"station": "gate"}],
    },
    "installed as many as open": {"stations": [station(installed=2)]},
    "openings that meet": {
        "stations": [
            station(
                servers=[
                    {"from": "06:00", "until": "07:00", "servers": 2},
                    {"from": "05:00", "until": "06:00", "servers": 1},
                ]
            )
        ]
    },
    "the last server fails": {
        "outages": [{"station": "desk", "from": "05:00", "until": "06:00", "servers": [0, 1]}]
    },
    "platoons": {"demand": {"arrivals": {"law": "platoon", "at_s": [0, 600], "size": 50}}},
    "departures without horizon": {
        "horizon_s": 86_400,
        "demand": DEPARTURES,
        **steps({}, BOARDING),
    },
    "boarding by lanes": {
        "demand": DEPARTURES,
        "stations": [station(), station("gate", lanes="by_departure")],
        "journey": [{"station": "desk"}, {"station": "gate", **BOARDING}],
    },
    "boarding in two halls": {
        "demand": DEPARTURES,
        "traits": TRAITS,
        "journey": [
            {
                "id": "board",
                "options": [
                    {"station": "desk", "when": "bag", **BOARDING},
                    {"station": "desk", "when": "not bag", **BOARDING},
                ],
            }
        ],
    },
    "counters that close": {
        "demand": DEPARTURES,
        **steps({"closes_before_min": 45}, BOARDING),
    },
    "a cut day": {"end_of_run": "cut"},
    "a daily promise": {
        "targets": [
            {
                "station": "desk",
                "share": 0.9,
                "within_s": 60,
                "meaning": "daily",
                "day_share": 0.9,
            }
        ]
    },
    "rare failures": {"failures": [{"station": "desk", "mtbf_h": 20_000, "mttr_min": 60}]},
}

REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a batch with a law": (
        {"stations": [station(batch=BATCH)]},
        [
            (
                "journey.0: desk serves in batches, which only requests do; "
                "call it from a step (calls = …) instead of visiting it"
            ),
            "stations.0.service: a batch station takes its times from buckets; remove service",
        ],
    ),
    "calls of impatient matchers": (
        {
            "stations": [
                station(),
                station(
                    "gate",
                    patience=EXPONENTIAL,
                    match={"errors": [{"share": 0.1}], "retry": EXPONENTIAL},
                ),
            ],
            **steps({"calls": [{"station": "gate", "after_share": 0.5}]}),
        },
        [
            ("journey.0.calls.0.station: gate cannot be called: it matches faces itself; "
             "call a plain or a batch station"),
            ("journey.0.calls.0.station: gate cannot be called: requests have no patience; "
             "give the call a timeout_s instead"),
        ],
    ),
    "galleries of unknown size": (
        {
            "stations": [
                station(
                    match={
                        "gallery": "national",
                        "errors": [{"share": 0.1, "when": "bag"}],
                        "retry": {"when": "bag", **EXPONENTIAL},
                    }
                ),
                station("gate", match={"gallery": "departure", "errors": [{"share": 0.1}],
                                       "retry": EXPONENTIAL}),
            ],
            "traits": TRAITS,
        },
        [
            ('stations.0.match.errors.0.when: is only for "bag", so the others have none; '
             "end the list with one for everyone, without when"),
            'stations.0.match.gallery_size: missing; gallery = "national" has no size of its own',
            "stations.0.match.retry.when: retries have one law for everyone; remove when",
            ("stations.1.match.gallery: departure galleries need departures in demand; "
             "choose another gallery"),
        ],
    ),
    "a hall for some": (
        {
            "demand": DEPARTURES,
            "traits": TRAITS,
            "journey": [
                {
                    "id": "board",
                    "options": [
                        {"station": "desk", "when": "bag", **BOARDING},
                        {"station": "desk", "when": "old", **BOARDING},
                    ],
                }
            ],
        },
        ["journey.0.options: leave somebody without a gate; make the last option for everyone"],
    ),
    "departures without habits": (
        {"demand": {"departures": DEPARTURES["departures"]}, **steps(BOARDING)},
        ["demand.show_up: missing; say how long before their departure passengers arrive"],
    ),
    "a wait for nothing": (
        {"journey": [{"station": "desk", "switch_after": EXPONENTIAL}]},
        [
            (
                'journey.0.switch_after: has no effect with choose = "share"; '
                'use "prefer" or take it out'
            ),
        ],
    ),
    "a cut day without end": (
        {
            "horizon_s": None,
            "demand": {"trace": "x.csv"},
            "stations": [{"id": "desk", "servers": 1}],
            "end_of_run": "cut",
        },
        [
            'horizon_s: missing; end_of_run = "cut" needs the instant to cut at, in seconds',
        ],
    ),
    "families on random routes": (
        {
            "demand": {
                "arrivals": {"law": "poisson", "rate_per_s": 0.1},
                "party_sizes": [0.5, 0.5],
            },
            **steps({"next": [{"to": "exit", "share": 1}]}),
        },
        ["demand.party_sizes: passengers on random routes travel alone; take it out"],
    ),
    "two windows for one departure": (
        {
            "demand": DEPARTURES,
            "journey": [
                {
                    "id": "board",
                    "options": [
                        {"station": "desk", **BOARDING},
                        {"station": "desk", **BOARDING, "closes_before_min": 20},
                    ],
                }
            ],
        },
        [
            ("journey.0.options.1.closes_before_min: got 20, but options[0] has 15; "
            "a departure boards at once"),
        ],
    ),
    "a mix of nothing": (
        {
            "demand": {
                "show_up": DEPARTURES["show_up"],
                "timetable": {
                    "per_hour": [1] * 24,
                    "aircraft": [{"id": "a", "seats": 200, "share": 0}],
                    "load_factor": 0.5,
                },
            },
            **steps(BOARDING),
        },
        ["demand.timetable.aircraft: every share is zero; give at least one above zero"],
    ),
    "a later day": (
        {"day_starts": "24:00"},
        ["day_starts: got 86400 s; give a time from 00:00 to 23:59"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED)
def test_what_fits_is_allowed(name: str) -> None:
    """No check refuses what the engines can run."""
    assert findings(**ALLOWED[name]) == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_fit_is_told(name: str) -> None:
    """Each contradiction is told once, at the place to mend."""
    tables, wanted = REFUSED[name]

    assert sorted(f"{path}: {message}" for path, message in findings(**tables)) == sorted(wanted)


@pytest.mark.parametrize("name", builtin_scenarios())
def test_builtin_scenarios_fit(name: str) -> None:
    """Also when their document is made again, where every default is written out."""
    scenario = load_scenario(name)
    facilities = [each["scenario"] for each in scenario.document.get("facilities", ())]
    for document in facilities or [scenario.document]:
        assert incoherences(View(ScenarioSpec.model_validate(document))) == []
    if not facilities:
        assert incoherences(View(scenario.spec)) == []


@pytest.mark.parametrize(("share", "is_allowed"), [(0.996, True), (0.997, False)])
def test_routes_end_in_measure(share: float, *, is_allowed: bool) -> None:
    """Feedback with share s makes 1 / (1 - s) visits; at most 300 are allowed."""
    loop = [{"to": "desk", "share": share}, {"to": "exit", "share": 1 - share}]

    found = findings(**steps({"next": loop}))

    assert (found == []) is is_allowed
    assert is_allowed == (1 / (1 - share) <= MAX_VISITS)


def test_shares_of_branches_sum_to_one_as_near_as_numbers_can() -> None:
    """Ten tenths are one, though not in floating point."""
    tenths = [{"to": "exit", "share": 0.1}] * 10
    assert sum([0.1] * 10) != 1

    assert findings(**steps({"next": tenths})) == []


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        ({"arrivals": {"law": "poisson", "rate_per_s": 2}}, 7200),
        ({"arrivals": {"law": "poisson", "rate_per_s": 2, "batch": 3}}, 21_600),
        (
            {
                "arrivals": {"law": "poisson", "rate_per_s": 2},
                "party_sizes": [0.5, 0.5],
            },
            10_800,
        ),
        (
            {"arrivals": {"law": "poisson", "period_min": 20, "rate_per_min": [3, 6]}},
            20 * 3 + 40 * 6,
        ),
        ({"arrivals": {"law": "platoon", "at_s": [0, 9], "size": 40}}, 80),
        (DEPARTURES, 100),
        (
            {
                "show_up": DEPARTURES["show_up"],
                "timetable": {
                    "per_hour": [1] * 24,
                    "aircraft": [
                        {"id": "a", "seats": 200, "share": 0.25},
                        {"id": "b", "seats": 100, "share": 0.25},
                    ],
                    "load_factor": 0.5,
                },
            },
            24 * 150 * 0.5,
        ),
    ],
)
def test_demand_is_known_before_it_is_drawn(demand: dict[str, Any], expected: float) -> None:
    """The mean number of passengers follows from rate, periods, parties and seats."""
    spec = ScenarioSpec.model_validate(scenario(demand=demand))

    assert math.isclose(expected_passengers(spec), expected)


def test_demand_has_a_limit() -> None:
    """Just at the limit is allowed, just above is not."""
    rate = MAX_PASSENGERS / 3600

    def found(rate_per_s: float) -> list[tuple[str, str]]:
        return findings(demand={"arrivals": {"law": "poisson", "rate_per_s": rate_per_s}})

    assert found(rate) == []
    assert [path for path, _ in found(rate * 1.001)] == ["demand"]


def test_gates_of_a_table_are_told_at_their_row(tmp_path: Path) -> None:
    """A departure from a gate that is not there names the table and the line."""
    (tmp_path / "case.csv").write_text("id,at,persons,gate\nVN1,06:00,9,1\nVN2,07:00,9,2\n")
    tables = scenario(
        demand={**DEPARTURES, "departures": "case.csv"},
        stations=[station("gate", lanes="by_departure")],
        journey=[{"station": "gate", **BOARDING}],
    )
    path = tmp_path / "case.toml"
    path.write_text(toml_of(tables))

    assert texts(check_files([path])) == [
        f"{tmp_path / 'case.csv'}:3: gate: departure VN2: gate has gates 0 to 1; got 2"
    ]
