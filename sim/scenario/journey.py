"""Journeys as a scenario file describes them: steps, options, conditions, outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.figures import Figure, NonNegative, Positive, Share, Strict, is_one
from sim.scenario.laws import Laws
from sim.scenario.stations import Id, Text, TraitId

LEAVE = "leave"
"""Target of an outcome: the passenger gives up and leaves."""

EXIT = "exit"
"""Target of a route: the journey is complete."""


def name_steps(declared: Sequence[tuple[str | None, str | None]]) -> tuple[str, ...]:
    """Name of each step: its id, else its station, numbered where that is taken.

    Parameters
    ----------
    declared : sequence of (str or None, str or None)
        Id and station of each step as written.

    Examples
    --------
    >>> name_steps([(None, "desk"), (None, "desk"), ("last", "desk"), (None, None)])
    ('desk', 'desk-2', 'last', 'choice')
    """
    taken = {name for name, _ in declared if name is not None}
    numbers: dict[str, Iterator[int]] = {}
    names: list[str] = []
    for own, station in declared:
        stem = station or "choice"
        name = stem if own is None else own
        while own is None and name in taken:
            name = f"{stem}-{next(numbers.setdefault(stem, count(2)))}"
        taken.add(name)
        names.append(name)
    return tuple(names)


class Call(Strict):
    """A request to another station while the server is held.

    Attributes
    ----------
    station : str
        Where the request queues.
    after_share : Share
        When in the service it is sent, as a share of the service time.
    timeout_s : Positive or None
        How long the server waits for the answer; None is for ever.
    on_timeout : {"continue", "refer"}
        Treat the answer as good, or refer the passenger as after a failed match.
    share : Share
        Share of passengers for whom it is sent; drawn for each before the day starts.
    """

    station: Id
    after_share: Share
    timeout_s: Positive | None = None
    on_timeout: Literal["continue", "refer"] = "continue"
    share: Share = Field(default=Figure(value=1.0), exclude_if=is_one)


class Visit(Strict):
    """What a visit to a station means for the journey.

    Attributes
    ----------
    walk : Laws or None
        Walk to reach the station on this step, instead of the station's own.
    sets : dict of str to bool
        Traits set when service completes.
    sets_when : str
        Condition under which they are set.
    calls : tuple of Call
        Requests sent during service.
    checks_in : bool
        Completion is the check-in of the party.
    boards : bool
        Passengers wait here for boarding to open; completion is boarding.
    opens_before_min : Positive or None
        Boarding opens this long before the departure; boarding steps only.
    closes_before_min : NonNegative or None
        Nobody is accepted into the queue later than this before the departure.
    """

    walk: Laws | None = None
    sets: dict[TraitId, bool] = Field(default_factory=dict)
    sets_when: str = ""
    calls: Annotated[tuple[Call, ...], Field(strict=False)] = ()
    checks_in: bool = False
    boards: bool = False
    opens_before_min: Positive | None = None
    closes_before_min: NonNegative | None = None


class Option(Visit):
    """One of the stations a step offers.

    Attributes
    ----------
    station : str
        The station.
    share : Share
        Weight among the options open to the passenger.
    when : str
        Who the option is open to.
    """

    station: Id
    share: Share | None = None
    when: str = ""


class Branch(Strict):
    """Where a passenger goes next with some probability."""

    to: Id
    share: Share


class StepSpec(Visit):
    """A step of the journey: one station, or a choice among several.

    Attributes
    ----------
    when : str
        Condition on traits; passengers it does not hold for skip the step.
    choose : {"share", "shortest", "prefer"}
        By shares; by least estimated wait; or the first option until its estimated wait
        passes the passenger's `switch_after`.
    on_reject, on_balk, on_renege : str
        Step to go to, ``leave``, or "" to go on with the next step.
    next : tuple of Branch
        Random routing, only in journeys without conditions.
    """

    id: Id | None = None
    name: Text | None = None
    station: Id | None = None
    when: str = ""
    choose: Literal["share", "shortest", "prefer"] = "share"
    switch_after: Laws | None = None
    options: Annotated[tuple[Option, ...], Field(strict=False)] = ()
    on_reject: str = ""
    on_balk: str = LEAVE
    on_renege: str = LEAVE
    next: Annotated[tuple[Branch, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _one_or_many(self) -> StepSpec:
        if (self.station is None) == (not self.options):
            msg = "give either station or options"
            raise ValueError(msg)
        if self.choose == "prefer" and (len(self.options) < 2 or self.switch_after is None):
            msg = 'choose = "prefer" needs at least two options and switch_after'
            raise ValueError(msg)
        return self
