"""Profiles of matchers: read, held to their form, put into stations."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.matcher.profile import measure_profile, write_profile
from sim.scenario.load import load_scenario
from sim.scenario.profile import read_profile
from sim.scenario.scenario import Scenario

SHIPPED = "epyc-one-core"
BASE = """
id = "gates"
kind = "generic"
horizon_s = 600
[demand]
arrivals = { law = "poisson", rate_per_s = 0.1 }
[[stations]]
id = "gate"
servers = 4
service = { law = "exponential", mean_s = 5 }
[stations.match]
mode = "1:N"
gallery = "city"
gallery_size = 1000
retry = { law = "deterministic", mean_s = 5 }
"""
JOURNEY = '[[journey]]\nstation = "gate"\n'


def gates(folder: Path, match: str) -> Scenario:
    path = folder / "gates.toml"
    path.write_text(BASE + match + "\n" + JOURNEY, encoding="utf-8")
    return load_scenario(path)


def test_the_shipped_profile_says_where_it_was_measured() -> None:
    """Processor, day, libraries; galleries from a departure to a city."""
    profile = read_profile(SHIPPED, folder=Path())

    assert profile.measured.cpu
    assert set(profile.measured.versions) >= {"python", "numpy", "numba"}
    assert profile.galleries[0].people == 200
    assert profile.galleries[-1].people >= 1_000_000
    assert len(profile.rates) >= 5


def test_a_gallery_between_two_takes_the_times_of_the_larger() -> None:
    """Never faster than measured."""
    profile = read_profile(SHIPPED, folder=Path())

    found = profile.times_for(201)
    assert found is not None
    assert found.people == profile.galleries[1].people
    assert profile.times_for(10**11) is None


def test_a_stricter_threshold_never_matches_more() -> None:
    """Also where no false match was seen."""
    profile = read_profile(SHIPPED, folder=Path())
    rates = [profile.false_match_rate(each.threshold) for each in profile.rates]

    assert rates == sorted(rates, reverse=True)
    assert rates[-1] > 0


def test_a_match_takes_its_errors_from_the_profile(tmp_path: Path) -> None:
    """Misses besides the written failures, false accepts of any in the gallery, with sources."""
    text = f'profile = "{SHIPPED}"\nthreshold = 0.32\n'
    bare = gates(tmp_path, text).spec.stations[0].match
    more = gates(tmp_path, text + "errors = [{ share = 0.02 }]").spec.stations[0].match
    rates = read_profile(SHIPPED, folder=Path()).rates_at(0.32)

    assert bare is not None
    assert more is not None
    assert rates is not None
    fnmr, fmr = rates.fnmr.share.value, rates.fmr.share.value
    assert bare.errors[0].share.value == pytest.approx(fnmr)
    assert more.errors[0].share.value == pytest.approx(1 - 0.98 * (1 - fnmr))
    assert bare.false_accept.value == pytest.approx(1 - (1 - fmr) ** 1000)
    assert str(bare.false_accept.source).startswith("measured on ")


@pytest.mark.parametrize(
    ("match", "words"),
    [
        (f'profile = "{SHIPPED}"', "match.threshold: missing; epyc-one-core was measured at 0.24"),
        (f'profile = "{SHIPPED}"\nthreshold = "high"', 'got "high"; epyc-one-core was measured'),
        ('profile = "none-such"\nthreshold = 0.4', "none-such is no profile"),
        (f'profile = "{SHIPPED}"\nthreshold = 0.4\nfalse_accept = 0.1', "comes from the profile"),
        ("attempts = 2", "errors is missing or empty"),
    ],
)
def test_what_a_match_cannot_take_is_said(tmp_path: Path, match: str, words: str) -> None:
    """With file, line and key."""
    with pytest.raises(ScenarioError) as refused:
        gates(tmp_path, match)
    assert words in str(refused.value)
    assert "gates.toml:" in str(refused.value)


def test_a_faulty_profile_is_told_as_a_scenario_is(tmp_path: Path) -> None:
    """The profile's own file and line."""
    tmp_path.joinpath("mine.toml").write_text('id = "mine"\ngalleries = 3\n', encoding="utf-8")

    with pytest.raises(ScenarioError) as refused:
        gates(tmp_path, 'profile = "mine"\nthreshold = 0.4')
    assert "mine.toml:2: galleries" in str(refused.value)
    assert "measured: missing" in str(refused.value)


def test_a_measured_profile_can_be_named(tmp_path: Path) -> None:
    """Measured small, written, read again: the same, and times rise with the batch."""
    made = measure_profile(
        "here", sizes=(50,), thresholds=(0.3,), rounds=1, mated=300, probes=20, tell=lambda _: None
    )
    write_profile(tmp_path / "here.toml", made)

    assert read_profile("here", folder=tmp_path) == made
    times = [each.service_s.value for each in made.galleries[0].buckets]
    assert times == sorted(times)
    assert made.rates[0].fnmr.trials == 300
    match = gates(tmp_path, 'profile = "here"\nthreshold = 0.3').spec.stations[0].match
    assert match is not None
    assert str(match.measured).startswith("here: measured on ")
