"""The document of all rates: whole, plain, refused where it could show nothing; and its plots."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sim.errors import InvalidInputError
from sim.matcher.population.people import Population
from sim.matcher.rates.document import errors_document
from sim.matcher.rates.parts import attacks
from sim.matcher.rates.sizes import Sizes, require_sizes
from sim.reporting.det import plot_det, plot_fpir
from sim.reporting.matcher_errors import errors_report, rate_text, shown_point

SMALL = Sizes(
    mated=200,
    probes=100,
    gallery=500,
    persons=200,
    galleries=(300,),
    strangers=50,
    mates=50,
    artefacts=80,
)


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return errors_document(Population(3), SMALL, fmrs=(1e-4, 1e-3), attempts=2, tell=lambda _: None)


def test_the_document_is_whole_and_plain(found: dict[str, Any]) -> None:
    """Every rate has counts and ends in order; no NaN."""
    document = json.loads(json.dumps(found, allow_nan=False))
    rates = list(_rates(document))

    assert len(rates) > 100
    for rate in rates:
        assert 0 <= rate["low"] <= rate["high"] <= 1
        if rate["trials"]:
            assert rate["value"] == rate["errors"] / rate["trials"]
        else:
            assert rate["value"] is None
    assert [point["fmr_asked"] for point in document["points"]] == [1e-3, 1e-4]
    assert document["points"] == document["classes"][0]["points"]
    assert [each["who"] for each in document["transactions"]][-2:] == [
        "adult, causes stay",
        "adult, every capture taken",
    ]
    assert all(each["source"].startswith("assumed") for each in document["attacks"]["species"])


def test_the_same_seed_gives_the_same_rates(found: dict[str, Any]) -> None:
    """Another seed gives other people."""
    again = attacks(Population(3), SMALL, {1e-3: 0.25})
    other = attacks(Population(4), SMALL, {1e-3: 0.25})

    assert again["bpcer_at"] == found["attacks"]["bpcer_at"] != other["bpcer_at"]


def test_all_faults_are_told_at_once() -> None:
    """Each with what was got and what to do; before any work."""
    sizes = Sizes(galleries=(0,), artefacts=5)
    with pytest.raises(InvalidInputError) as refused:
        require_sizes(sizes, [1e-9, 0.5, math.nan], 1)
    faults = [str(fault) for fault in refused.value.faults]

    assert len(faults) == 6
    assert "take at least 1,000,000,000 in all" in faults[0]
    assert "at most 0.001, got 0.5" in faults[1]
    assert "got nan" in faults[2]
    assert faults[3:] == [
        "attempts: expected 2 to 8, got 1",
        "n: a gallery has at least one person, got 0",
        "artefacts: expected at least 67, got 5",
    ]


def test_what_does_not_fit_in_memory_is_refused() -> None:
    """With what to take less of."""
    with pytest.raises(InvalidInputError, match="take fewer probes or people"):
        require_sizes(Sizes(galleries=(10**12,)), [1e-4], 3)


def test_the_tables_name_every_class_and_species(found: dict[str, Any]) -> None:
    """And state what is assumed."""
    console = Console(width=200, record=True, file=io.StringIO())
    for part in errors_report(found):
        console.print(part)
    text = console.export_text()

    for name in ("adult", "child 6 to 14", "masked", "mask of silicone", "causes stay", "GFRR, 2"):
        assert name in text
    assert "every law behind it assumed" in text
    assert shown_point(found) == 0


def test_a_rate_is_told_with_its_doubt() -> None:
    """Stars below thirty errors, trials where there is none."""
    told = {"value": 0.02, "low": 0.01, "high": 0.04, "errors": 40, "trials": 2000}

    assert rate_text(told) == "2.00% (1.00% to 4.00%)"
    assert rate_text({**told, "errors": 4}).startswith("2.00%* (")
    assert rate_text({**told, "errors": 0}) == "0 of 2,000"
    assert rate_text({**told, "trials": 0}) == "no trials"
    assert rate_text({**told, "value": 2e-5}).startswith("2.0e-05 (")


def test_plots_are_drawn_the_same_again(found: dict[str, Any], tmp_path: Path) -> None:
    """As SVG, byte for byte; without errors to draw too."""
    one, other = tmp_path / "one.svg", tmp_path / "other.svg"
    plot_det(found, one, targets={1e-4: (0.001, 0.01)})
    plot_det(found, other, targets={1e-4: (0.001, 0.01)})
    plot_fpir(found["identification"], tmp_path / "fpir.png")

    assert one.read_bytes() == other.read_bytes()
    assert (tmp_path / "fpir.png").stat().st_size > 5_000


def _rates(part: Any) -> Any:
    if isinstance(part, dict):
        if "trials" in part:
            yield part
        for each in part.values():
            yield from _rates(each)
    elif isinstance(part, list):
        for each in part:
            yield from _rates(each)
