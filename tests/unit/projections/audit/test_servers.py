"""Servers: one customer each, open, and working."""

from __future__ import annotations

import pytest

from tests.unit.projections.audit.stories import BATCH, desk, found, rules
from tests.unit.projections.logs import Story, spec_of


def test_server_with_two_customers_is_found() -> None:
    """One server, one customer."""
    story = desk(2).joined(1, 0, "desk").started(1, 0, "desk", 0)
    story.joined(2, 1, "desk").started(2, 1, "desk", 0)

    assert rules(story) == {"one customer per server"}


def test_paused_passenger_occupies_the_server() -> None:
    """A server that stopped for now starts nobody else."""
    spec = spec_of({"id": "desk", "closing": "pause"})
    story = desk().joined(1, 0, "desk").started(1, 0, "desk", 0).paused(2, 0, "desk", 0)
    story.joined(3, 1, "desk").started(3, 1, "desk", 0)

    assert rules(story, spec) == {"one customer per server"}


def test_start_without_a_server_is_found() -> None:
    """Every service has a server."""
    assert "a server serves" in rules(desk().joined(1, 0, "desk").started(1, 0, "desk", -1))


def test_batch_shares_a_server_up_to_its_cap() -> None:
    """Two requests of one batch are served together, three are too many."""
    story = Story("matcher").open(0, "matcher", 1).arrived(0, 0, 1, 2)
    for passenger in range(3):
        story.joined(1, passenger, "matcher")
    story.started(1, 0, "matcher", 0, ref=0).started(1, 1, "matcher", 0, ref=0)

    assert rules(story, spec_of(BATCH)) == set()
    assert rules(story.started(1, 2, "matcher", 0, ref=0), spec_of(BATCH)) == {"batch size"}


def test_batch_at_two_servers_is_found() -> None:
    """A batch is at one server."""
    story = Story("matcher").open(0, "matcher", 2).arrived(0, 0, 1)
    story.joined(1, 0, "matcher").joined(1, 1, "matcher")
    story.started(1, 0, "matcher", 0, ref=0).started(1, 1, "matcher", 1, ref=0)

    assert rules(story, spec_of(BATCH)) == {"one server per batch"}


def test_more_in_service_than_open_is_found() -> None:
    """Under idle_first nobody starts unless fewer are busy than open."""
    story = desk(1).joined(1, 0, "desk").started(1, 0, "desk", 0)
    story.joined(2, 1, "desk").started(2, 1, "desk", 1)

    assert [each.message for each in found(story)] == [
        "desk starts passenger 1 as number 2 in service while 1 servers are open"
    ]


def test_busy_server_may_finish_after_closing() -> None:
    """Fewer open than busy is no contradiction as long as nobody starts."""
    story = desk(2).joined(1, 0, "desk").started(1, 0, "desk", 0).joined(1, 1, "desk")
    story.started(1, 1, "desk", 1).open(2, "desk", 1).completed(3, 0, "desk", 0)

    assert rules(story) == set()


def test_closed_server_that_starts_is_found() -> None:
    """Under named and pause only the open indices start anyone."""
    story = desk(1).joined(1, 0, "desk").started(1, 0, "desk", 1)

    for closing in ("named", "pause"):
        assert rules(story, spec_of({"id": "desk", "closing": closing})) == {
            "starts only while open"
        }


def test_start_before_any_server_is_announced_is_found() -> None:
    """A station opens before it serves."""
    story = Story("desk").arrived(0, 0).joined(1, 0, "desk").started(1, 0, "desk", 0)

    assert rules(story) == {"starts only while open"}


@pytest.mark.parametrize("server", [0, -1], ids=["server", "bank"])
def test_start_at_a_server_that_is_down_is_found(server: int) -> None:
    """Nothing starts during an outage, of the server or of the whole bank."""
    story = desk(2).fails(1, "desk", server, up=1)
    story.joined(2, 0, "desk").started(2, 0, "desk", 0)

    assert rules(story) == {"nothing starts during an outage"}


def test_start_after_a_repair_is_sound() -> None:
    """The outage is over at its end."""
    story = desk(2).fails(1, "desk", 0, up=1).repaired(2, "desk", 0, up=2)
    story.joined(2, 0, "desk").started(2, 0, "desk", 0)

    assert rules(story) == set()


def test_service_that_goes_on_through_an_outage_is_found() -> None:
    """An outage sends the passenger back at that very instant."""
    story = desk(1).joined(1, 0, "desk").started(1, 0, "desk", 0).fails(2, "desk", 0, up=0)

    assert rules(story) == {"an outage interrupts"}
