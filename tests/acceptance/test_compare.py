"""`sim compare` as a user meets it."""

from __future__ import annotations

import json

from tests.acceptance.test_command_line import sim


def test_two_plans_are_compared() -> None:
    """One lane in place of the rest makes security slower; JSON on stdout, progress on stderr."""
    found = sim(
        "compare", "vca", "vca", "--set-b", "stations.security.servers=1", "--reps", "5", "--json"
    )
    document = json.loads(found.stdout)
    wait = document["figures"]["stations.security.wait_s.mean"]

    assert found.returncode == 0
    assert wait["outcome"] == "higher"
    assert wait["low"] > 0
    assert document["has_same_passengers"]
    assert any("wait at security" in line and "longer" in line for line in document["verdict"])
    assert "10 days" in found.stderr


def test_a_plan_is_compared_with_itself() -> None:
    """The table's place is taken by one sentence."""
    found = sim("compare", "vca", "vca", "--reps", "2")

    assert found.returncode == 0
    assert "the same plan to the last event of all 2 days" in " ".join(found.stdout.split())
    assert "2 days give a rough interval" in found.stderr


def test_faults_of_both_are_told_at_once() -> None:
    """A plan that is not there, and an override that does not fit: exit 2, both named."""
    found = sim("compare", "vca", "nowhere", "--set", "stations.nobody.servers=3")

    assert found.returncode == 2
    assert "nowhere" in found.stderr
    assert "nobody" in found.stderr
    assert "Traceback" not in found.stderr
