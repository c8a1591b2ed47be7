"""What was simulated is found again; the full version is the claim ``calibration``."""

from __future__ import annotations

import pytest

from tests.closing_the_loop import AIRPORT, GENERIC, learned, verdicts

DAYS = 3


@pytest.mark.statistical
@pytest.mark.parametrize("name", [GENERIC, AIRPORT])
def test_known_figures_come_back(name: str) -> None:
    """Of some days' intervals of 95 % at least 88 % hold their figure (fixed seeds)."""
    held = [holds for seed in range(1, DAYS + 1) for holds in verdicts(name, seed).values()]

    assert len(held) >= 14 * DAYS
    assert sum(held) >= 0.88 * len(held)


def test_families_are_found_from_a_base_that_has_them_wrong() -> None:
    """Service, walk and patience get the law they were simulated with."""
    stations = learned(GENERIC, 3).overlay.stations

    assert stations["desk"]["service"]["law"] == "lognormal"
    assert stations["gate"]["service"]["law"] == "exponential"
    assert stations["gate"]["walk"]["law"] == "gamma"
    assert stations["desk"]["patience"]["law"] == "exponential"


def test_what_cannot_be_known_is_said() -> None:
    """Nobody had the choice that the counter rule took away; queues decide another."""
    kept = {each.key: each.reason for each in learned(AIRPORT, 3).silences}

    assert kept["journey.check-in-no-bag.options"].startswith("not identifiable: 0 parties")
    assert "depends on the queue" in kept["journey.id-habit.options"]
    assert "held, unseen" in kept["stations.boarding.walk"]
    assert "whole party" in kept["traits.special"]
