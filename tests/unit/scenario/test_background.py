"""Background traffic and degraded modes in a scenario file: what fits and what does not."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.coherence.checks import incoherences
from sim.scenario.coherence.view import View
from sim.scenario.load import load_scenario
from sim.scenario.provenance import figures
from sim.scenario.spec import ScenarioSpec

HOURS = [1] * 24
SOUND: dict[str, Any] = {
    "id": "case",
    "kind": "service",
    "horizon_s": 86_400,
    "demand": {"arrivals": {"law": "poisson", "rate_per_s": 0.1}},
    "stations": [
        {"id": "gate", "servers": 2, "service": {"law": "deterministic", "mean_s": 7}},
        {
            "id": "desk",
            "servers": 1,
            "installed": 4,
            "service": {"law": "deterministic", "mean_s": 9},
        },
        {"id": "vneid", "servers": 5, "service": {"law": "deterministic", "mean_s": 1}},
    ],
    "journey": [
        {
            "id": "check",
            "options": [
                {
                    "station": "gate",
                    "share": 1,
                    "calls": [{"station": "vneid", "after_share": 0.0, "timeout_s": 5}],
                },
                {"station": "desk", "share": 0},
            ],
        }
    ],
    "background": [
        {"id": "web", "station": "vneid", "per_day": 10_000, "hours": HOURS, "service_s": 1}
    ],
    "degraded": [
        {
            "id": "closed",
            "station": "gate",
            "service": "vneid",
            "delay_s": 5,
            "after_min": 5,
            "closes": True,
            "repost_to": "desk",
            "repost_servers": 3,
        }
    ],
}


TWIN = SOUND["background"][0] | {"id": "more"}


def messages(**changes: Any) -> list[str]:
    """What the checks say of the sound scenario with keys of its two tables changed."""
    data = deepcopy(SOUND)
    for key, value in changes.items():
        table, _, name = key.partition("__")
        if name == "":
            data[table] = value
        elif value is None:
            del data[table][0][name]
        else:
            data[table][0][name] = value
    return [each.message for each in incoherences(View(ScenarioSpec.model_validate(data)))]


def test_a_sound_scenario_has_no_fault() -> None:
    """Traffic on a called station, and a gate that closes and lends its staff."""
    assert messages() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"background__station": "gate"}, "passengers visit gate themselves"),
        ({"background__station": "vnied"}, "there is no station vnied; did you mean vneid?"),
        (
            {"background": [*SOUND["background"], SOUND["background"][0] | {"id": "more"}]},
            "already",
        ),
        ({"background__per_day": 1e12}, "servers at once; at most 1000000"),
        ({"background__retry_factor": 2}, "no effect without retry_after_s"),
        ({"background__retry_factor": 0.5, "background__retry_after_s": 9}, "asks more"),
        ({"background__surges": [{"from": 9, "until": 9, "factor": 2}]}, "may not end before"),
        ({"horizon_s": 30 * 86_400}, "with background traffic at most 604800"),
        ({"degraded__service": "desk"}, "gate never calls desk"),
        ({"degraded__service": "vnied"}, "there is no station vnied; did you mean vneid?"),
        ({"degraded__skips_calls": True}, "says both closes and skips_calls"),
        ({"degraded__closes": False}, "says neither"),
        ({"background": []}, "has no [[background]], so it is never slow"),
        ({"degraded__mean_s": 9}, "has no effect without skips_calls"),
        ({"degraded__repost_to": None}, "missing; staff are re-posted to a station"),
        ({"degraded__repost_to": "gate"}, "gate closes itself"),
        ({"degraded__repost_servers": 4}, "desk has 4 servers installed, but up to 5 open"),
        ({"degraded": [*SOUND["degraded"], SOUND["degraded"][0] | {"id": "two"}]}, "already"),
    ],
)
def test_what_does_not_fit_is_said(changes: dict[str, Any], expected: str) -> None:
    """Each fault says what is wrong and what to do."""
    assert any(expected in message for message in messages(**changes)), messages(**changes)


def test_every_hour_of_weight_zero_is_refused() -> None:
    """There must be an hour at which the traffic comes."""
    with pytest.raises(ValueError, match="every hour has weight zero"):
        messages(background__hours=[0] * 24)


@pytest.mark.parametrize("name", ["sgn-t3-vneid", "sgn-t3-outage", "vneid", "vneid-overload"])
def test_figures_of_the_service_have_sources(name: str) -> None:
    """Every figure says where it comes from, and what VNeID can do is said to be assumed."""
    rows = figures(load_scenario(name))

    assert [row.key for row in rows if not row.source] == []
    own = [row for row in rows if row.key.startswith(("stations.vneid.", "degraded."))]
    assert own
    assert all(row.source.startswith("assumed") for row in own)


def test_an_overlay_goes_over_the_base() -> None:
    """T3 with VNeID is T3: the same flights and counters, and a service that gates ask."""
    plain, served = (load_scenario(name).spec for name in ("sgn-t3", "sgn-t3-vneid"))

    assert served.demand == plain.demand
    assert {each.id for each in served.stations} == {each.id for each in plain.stations} | {"vneid"}
    gate = next(step for step in served.journey if step.id == "id-face").options[0]
    assert [call.station for call in gate.calls] == ["vneid"]


@pytest.mark.parametrize("base", ["airport-small", "han-t1-tet", "sgn-t1", "vca"])
def test_the_overlays_go_over_any_domestic_terminal(base: str, tmp_path: Path) -> None:
    """Its gates, kiosks and counters ask VNeID, and its gates may close."""
    path = tmp_path / "mine.toml"
    path.write_text(
        f'id = "mine"\nextends = "{base}"\noverlay = ["_vneid-service.toml", "_vneid-calls.toml"]\n'
    )

    spec = load_scenario(path).spec

    places = [place for step in spec.journey for place in (step, *step.options)]
    asking = {place.station for place in places if place.calls}
    assert {"counter", "kiosk", "id-gate"} <= asking
    assert [mode.station for mode in spec.degraded] == ["id-gate"]


def test_a_missing_overlay_is_named(tmp_path: Path) -> None:
    """The file, the line and what there is."""
    path = tmp_path / "mine.toml"
    path.write_text('id = "mine"\nextends = "sgn-t3"\noverlay = ["_vnied-calls.toml"]\n')

    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)

    assert any(
        each.key == "overlay" and each.line == 3 and "_vnied-calls.toml" in each.message
        for each in refused.value.faults
    )
