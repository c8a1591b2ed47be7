"""Dotted keys name places as a reader of the file would."""

import pytest

from sim.scenario.keys import dotted, element_ids, fitted, split_key
from sim.scenario.suggestions import advice, nearest

DATA = {
    "stations": [{"id": "desk", "servers": [{"until": 3}]}, {"id": "gate"}, {"id": "gate"}],
    "journey": [{"station": "desk"}, {"id": "a b", "options": [{"station": "gate"}]}],
    "demand": {"party_sizes": [0.5, 0.5], "a.b": 1},
}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("stations", 0, "servers", 0, "until"), "stations.desk.servers[0].until"),
        (("stations", 1, "id"), "stations[1].id"),
        (("journey", 0), "journey.desk"),
        (("journey", 1, "options", 0, "share"), 'journey."a b".options.gate.share'),
        (("demand", "party_sizes", 1), "demand.party_sizes[1]"),
        (("demand", "a.b"), 'demand."a.b"'),
        (("nowhere", 3, "x"), "nowhere[3].x"),
        ((), ""),
    ],
)
def test_places_are_named(path: tuple[str | int, ...], text: str) -> None:
    """Ids stand for elements where they are unambiguous, indices elsewhere."""
    assert dotted(DATA, path) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a.b.c", ("a", "b", "c")),
        (' a . "b.c" ', ("a", "b.c")),
        ("a.'b c'", ("a", "b c")),
        ("a..b", None),
        ("a.", None),
        (".a", None),
        ("", None),
        ('a."b', None),
    ],
)
def test_keys_are_split(text: str, parts: tuple[str, ...] | None) -> None:
    """Dots separate parts except in quotes; what is no key is None."""
    assert split_key(text) == parts


def test_steps_go_by_station() -> None:
    """A step without id goes by its station, numbered where another has the name."""
    steps = [{"station": "gate"}, {"station": "gate"}, {"id": "gate-2"}, {}, "no table"]

    assert element_ids("journey", steps) == ("gate", "gate-3", "gate-2", "choice", "choice-2")


def test_arrays_without_ids_have_none() -> None:
    """Elements of arrays that no key identifies have no id, whatever they hold."""
    assert element_ids("show_up", [{"id": "a"}]) == ("",)
    assert element_ids("stations", [{"id": 5}, {}, 3]) == ("", "", "")


def test_paths_of_the_model_fit_the_file() -> None:
    """The index of a single law written without its array is left out; missing keys stay."""
    data = {"service": {"law": "exponential"}, "walk": [{"law": "uniform"}]}

    assert fitted(data, ("service", 0, "mean_s")) == ("service", "mean_s")
    assert fitted(data, ("walk", 0, "low_s")) == ("walk", 0, "low_s")
    assert fitted(data, ("horizon_s",)) == ("horizon_s",)


def test_the_nearest_word_is_suggested() -> None:
    """Spelling, case, hyphens and underscores are forgiven; strangers are listed."""
    assert nearest("Bag-Drop", ["bag_drop", "bag-drop"]) == "bag-drop"
    assert nearest("servcie", ["service", "servers"]) == "service"
    assert advice("zebra", ["a", "b"]) == "known here: a, b"
    assert advice("x", []) == "known here: nothing"
    assert advice("zebra", [f"w{n}" for n in range(20)]).endswith("w11 and 8 more")
