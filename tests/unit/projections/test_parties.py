"""How many persons a balk stands for."""

from sim.projections.day import Day, fold_day
from sim.projections.parties import parties_of
from tests.unit.projections.logs import Story, spec_of, tables_of


def persons(story: Story, parties: list[int]) -> list[int]:
    spec = spec_of({"id": "desk", "per": "party"}, "gate")
    day: Day = fold_day(story.log(parties=parties), spec)
    return day.visits.rows.persons.tolist()


def test_parties_are_read_from_the_passenger_table() -> None:
    """Members are next to each other, the lead first."""
    parties = parties_of(tables_of([4, 4, 7, 8, 8, 8]))

    assert parties.lead.tolist() == [0, 0, 2, 3, 3, 3]
    assert parties.size.tolist() == [2, 2, 1, 3, 3, 3]


def test_party_that_balks_counts_all_its_persons() -> None:
    """A full queue turns away three persons in one customer."""
    story = Story("desk", "gate").arrived(0, 0, 1, 2).balked(1, 0, "desk")

    assert persons(story, [0, 0, 0]) == [3]


def test_person_who_balks_alone_counts_one() -> None:
    """At a station for persons, and at one for parties after the party has parted."""
    story = Story("desk", "gate").arrived(0, 0, 1).balked(1, 0, "gate", leaves=False)
    story.balked(2, 0, "desk", 1)

    assert persons(story, [0, 0]) == [1, 1]
