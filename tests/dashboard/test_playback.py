"""The playback of *Journey log*: its numbers are those of the table of all stations."""

import json
from pathlib import Path

import numpy as np
import pytest

from dashboard.components.playback import MOST_PLACES, places_of
from dashboard.errands.playback import PlaybackErrand, packed, unpacked
from dashboard.i18n.catalogue import LANGUAGES, Language, words
from dashboard.i18n.formats import Formats
from sim.events.store import open_run
from sim.experiments.day import run_day
from sim.reporting.runs import state_document
from sim.scenario.clock import clock_text
from sim.scenario.load import load_scenario
from tests.dashboard.page import html_of, open_page, wait_for_answer

LARGEST_BYTES = 300_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "vca"
    run_day(load_scenario("vca"), out=out)
    return out


def test_numbers_are_those_of_the_state_at_the_minute(run: Path) -> None:
    """What the player shows through the day is what ``sim show --at`` prints."""
    log = open_run(run)
    found = PlaybackErrand(str(run)).carry_out(lambda _: None)

    for row in range(0, found["minutes"], 97):
        state = state_document(log, clock_text(60 * (found["first"] + row)))
        for name, each in state["stations"].items():
            shown = found["stations"][name]
            assert [int(unpacked(shown[key])[row]) for key in ("open", "busy", "persons")] == [
                each["open"],
                each["busy"],
                each["waiting_persons"],
            ]
        assert int(unpacked(found["arrived"])[row]) == state["arrived"]
        assert int(unpacked(found["left"])[row]) == state["left"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_sends_the_day_once_and_small(run: Path, language: Language) -> None:
    """The columns of the run, every word of the language, less than a few hundred kB."""
    say = words(language)
    opened = wait_for_answer(
        open_page({"scenario": "vca", "at": "05:30", "lang": language}, name="journeys")
    )

    (player,) = opened.get("bidi_component")
    sent = json.loads(player.proto.json)

    assert len(player.proto.json) < LARGEST_BYTES
    assert sent["run"] == open_run(run).chain_head
    assert sent["words"]["play"] == say("playback.play")
    desk = next(each for each in sent["places"] if each["name"] == say("flows.in"))
    assert "open" not in desk
    found = PlaybackErrand(str(run)).carry_out(lambda _: None)
    security = next(each for each in load_scenario("vca").spec.stations if each.id == "security")
    name = say.of(security.name, otherwise="security")
    (place,) = [each for each in sent["places"] if each["name"] == name]
    assert place["persons"] == found["stations"]["security"]["persons"]
    body = (
        html_of(opened).partition(f"<caption>{say('playback.table')}")[2].partition("</table>")[0]
    )
    number = Formats(say).number
    row = 600 - found["first"]
    assert all(
        f">{number(int(unpacked(each['persons'])[row]))}<" in body.partition(">10:00<")[2]
        for each in found["stations"].values()
    )
    assert not any(
        mark in player.proto.js_content for mark in ("fetch(", "http:", "https:", "eval(")
    )


def test_every_scenario_has_a_place_for_every_station() -> None:
    """Nobody stands in another's place, and nobody walks to a place that is not drawn."""
    links = [("in", "desk", 9), ("desk", "gate", 8), ("gate", "boarded", 8), ("desk", "gate-2", 1)]
    found = {
        "stations": dict.fromkeys(("desk", "gate", "gate-2", "matcher")),
        "links": [{"source": a, "target": b, "total": n} for a, b, n in links],
    }

    places = places_of(found)

    assert len(set(places.values())) == len(places) == 6 < MOST_PLACES
    assert places["in"][0] < places["desk"][0] < places["gate"][0] < places["boarded"][0]
    assert places["matcher"][1] > max(row for name, (_, row) in places.items() if name != "matcher")


def test_a_day_without_anybody_has_its_stations() -> None:
    """A log in which nobody walks still shows what is open."""
    assert places_of({"stations": {"desk": None}, "links": []}) == {"desk": (0, 0.0)}


@pytest.mark.parametrize(
    ("largest", "width"), [(0, 1), (255, 1), (256, 2), (65_535, 2), (65_536, 4)]
)
def test_columns_take_the_least_bytes_and_come_back(largest: int, width: int) -> None:

    column = np.array([0, largest, 1])

    assert packed(column)["width"] == width
    assert unpacked(packed(column)).tolist() == column.tolist()
