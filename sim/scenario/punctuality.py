"""How punctual departures are: delays and cancellations, by carrier."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.figures import Figure, NonNegative, Positive, Share, Strict


class OnTime(Strict):
    """A carrier's own punctuality.

    Attributes
    ----------
    on_time : Share
        Share of its departures that are on time.
    cancelled : Share or None
        Share cancelled, where it differs from that of all.
    """

    id: Annotated[str, Field(min_length=1, max_length=64)]
    on_time: Share
    cancelled: Share | None = None
    source: str | None = None


class Punctuality(Strict):
    """Departures that leave late or not at all, drawn before the day starts.

    Attributes
    ----------
    on_time : Share
        Share of departures on time, of carriers without an entry of their own.
    carriers : tuple of OnTime
        By the carrier's code in the departures.
    on_time_within_min : NonNegative
        A departure counts as on time up to so many minutes after its time; those on time are
        taken to leave at their time.
    late_mean_min : Positive
        Mean delay of those that are not: the minutes above, and an exponential time more.
    longest_min : Positive
        No delay is longer.
    known_before : Share
        Share of late departures whose passengers know before they leave home, and come for
        the new time. The others come for the old one, and wait.
    cancelled : Share
        Share of departures that do not leave; their passengers are told in time and stay away.
    """

    on_time: Share
    carriers: Annotated[tuple[OnTime, ...], Field(max_length=1000, strict=False)] = ()
    on_time_within_min: NonNegative = Figure(
        value=15.0, source="assumed: the usual definition, within 15 minutes; no published figure"
    )
    late_mean_min: Positive
    longest_min: Positive = Figure(value=360.0, source="assumed: default of the model")
    known_before: Share
    cancelled: Share = Figure(value=0.0)
    source: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Punctuality:
        within, mean, longest = (
            each.value for each in (self.on_time_within_min, self.late_mean_min, self.longest_min)
        )
        if not within < mean < longest:
            msg = (
                f"late_mean_min = {mean:g} is not between on_time_within_min = {within:g} "
                f"and longest_min = {longest:g}; order them"
            )
            raise ValueError(msg)
        return self
