"""Stations as a scenario file describes them: servers, service, queue, standards."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from sim.scenario.clock import ClockTime
from sim.scenario.figures import Count, Figure, NonNegative, Positive, Share, Strict, Whole
from sim.scenario.laws import Law, Laws

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""Name of a station or step: lower-case letters, digits and hyphens."""

PlaceId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}(/[a-z0-9][a-z0-9-]{0,63})?$")]
"""Name of a station, in a world ``facility/station`` or one of the world's own."""

TraitId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""Name of a trait: lower-case letters, digits and underscores."""


class Text(Strict):
    """The same words in Vietnamese and English."""

    vi: str
    en: str


class Periods(Strict):
    """Servers open by equal periods from local midnight; the last level stays."""

    period_min: Positive
    open: Annotated[tuple[Count, ...], Field(min_length=1, max_length=100_000, strict=False)]
    source: str | None = None


class Opening(Strict):
    """Servers open between two instants of the day."""

    from_: Annotated[ClockTime, Field(alias="from")]
    until: ClockTime
    servers: Count

    @model_validator(mode="after")
    def _forward(self) -> Opening:
        if self.until <= self.from_:
            msg = "until is not after from; a period may not end before it starts"
            raise ValueError(msg)
        return self


def _servers_form(data: Any) -> str:
    if isinstance(data, Periods) or (isinstance(data, dict) and "value" not in data):
        return "periods"
    return "opening" if isinstance(data, list | tuple) else "count"


Servers = Annotated[
    Annotated[Count, Tag("count")]
    | Annotated[Periods, Tag("periods")]
    | Annotated[tuple[Opening, ...], Field(strict=False), Tag("opening")],
    Discriminator(_servers_form),
]
"""A constant number, levels by period, or openings with nobody in between."""


class PriorityRule(Strict):
    """Who is served before the others; an earlier rule goes first."""

    when: str = ""
    late_within_min: Positive | None = Field(
        default=None, description="only when joining this close to the departure"
    )


class MatchError(Strict):
    """Share of first attempts that fail for one class of passenger."""

    when: str = ""
    share: Share


class Match(Strict):
    """Biometric attempts that are part of the service.

    Attributes
    ----------
    mode : {"1:1", "1:N"}
        Against one reference, or against a gallery.
    gallery : {"chip", "vneid", "departure", "airport-day", "city", "national"}
        What the probe is compared with.
    gallery_size : Positive or None
        Identities in the gallery; None: one for ``chip`` and ``vneid``, the persons booked on
        the departure for ``departure``, everyone of the day for ``airport-day``.
    attempts : int
        Attempts before the passenger is referred.
    errors : tuple of MatchError
        Share of genuine first attempts that fail, by class; first that fits.
    error_correlation : Share
        How much a failed attempt says about the next: 0 independent, 1 the same again.
    retry : Law
        Time each further attempt takes.
    false_accept : Share
        Share of impostor attempts accepted.
    attack_accept : Share or None
        Share of attempts with an artefact, such as a photograph, that are accepted: those the
        presentation check passes (APCER) and the comparison then matches.
    profile : str or None
        A measured profile, which gives `false_accept` and adds its misses to `errors`.
    threshold : float or None
        Least cosine of an accepted comparison; one the profile was measured at.
    measured : str or None
        What was taken from the profile, and where that was measured; not to be written.
    """

    mode: Literal["1:1", "1:N"] = "1:1"
    gallery: Literal["chip", "vneid", "departure", "airport-day", "city", "national"] = "chip"
    gallery_size: Whole | None = None
    attempts: Annotated[int, Field(ge=1, le=9)] = 3
    errors: Annotated[tuple[MatchError, ...], Field(strict=False)] = ()
    error_correlation: Share = Figure(value=0.0)
    retry: Law
    false_accept: Share = Figure(value=0.0)
    attack_accept: Share | None = None
    profile: str | None = None
    threshold: Annotated[float, Field(ge=-1, le=1)] | None = None
    measured: str | None = None

    @model_validator(mode="after")
    def _erring(self) -> Match:
        if not self.errors and self.profile is None:
            msg = "errors is missing or empty; give [{ share = 0.03 }] or a profile"
            raise ValueError(msg)
        return self


class BatchBucket(Strict):
    """Time of a batch of up to `size` requests."""

    size: Annotated[int, Field(ge=1, le=4096)]
    service_s: NonNegative


class Batch(Strict):
    """Service of several requests at once, as match servers do.

    A batch of *n* takes the time of the smallest bucket that holds *n*.

    Attributes
    ----------
    cap : int
        Most requests of a batch.
    buckets : tuple of BatchBucket
        Times by size, rising.
    profile : str or None
        A measured profile that gives the buckets instead.
    people : int or None
        Identities in the gallery that is searched, where a profile is named.
    measured : str or None
        What was taken from the profile, and where that was measured; not to be written.
    """

    cap: Annotated[int, Field(ge=1, le=4096)]
    buckets: Annotated[tuple[BatchBucket, ...], Field(strict=False)] = ()
    profile: str | None = None
    people: Annotated[int, Field(ge=1, le=10_000_000_000)] | None = None
    measured: str | None = None

    @model_validator(mode="after")
    def _covering(self) -> Batch:
        if not self.buckets and self.profile is not None:
            return self
        if not self.buckets:
            msg = "buckets is missing or empty; give [{ size = 1, service_s = 0.05 }] or a profile"
            raise ValueError(msg)
        sizes = [bucket.size for bucket in self.buckets]
        if sizes != sorted(set(sizes)) or sizes[-1] < self.cap:
            msg = f"bucket sizes {sizes} must rise and reach cap = {self.cap}"
            raise ValueError(msg)
        return self


class Standard(Strict):
    """What good service at a station is: the optimum band of waits, and space.

    Attributes
    ----------
    wait_low_min, wait_high_min : NonNegative
        Optimum band of waiting time in minutes; below is over-design, above sub-optimum.
    space_m2 : Positive or None
        Least space per waiting person in square metres.
    area_m2 : Positive or None
        Queueing area there is, where known.
    """

    wait_low_min: NonNegative
    wait_high_min: NonNegative
    space_m2: Positive | None = None
    area_m2: Positive | None = None
    source: str | None = None


class StationSpec(Strict):
    """A place where passengers queue and are served.

    Attributes
    ----------
    servers : Servers
        Servers open through the day.
    installed : Count or None
        Servers that exist; None means the highest level of `servers`.
    closing : {"idle_first", "named", "pause"}
        Which servers go when fewer are open than busy.
    service : Laws or None
        Service time by class; None at batch stations and under trace demand.
    extra_person_share : Share
        Time of each further member of a party as a share of the first's.
    queue_limit : Count or None
        Most customers that may wait; an arrival beyond balks.
    priority : tuple of PriorityRule
        Rules in order; none is first come, first served.
    patience : Laws or None
        How long a customer waits before leaving the queue.
    per : {"person", "party"}
        Whether each person or each party is a customer.
    lanes : {"shared", "by_departure"}
        One queue for all servers, or one server per departure's gate.
    walk : Laws or None
        Walk to reach the station.
    """

    id: Id
    name: Text | None = None
    kind: str = ""
    servers: Servers
    installed: Count | None = None
    closing: Literal["idle_first", "named", "pause"] = "idle_first"
    service: Laws | None = None
    extra_person_share: Share = Figure(value=1.0)
    queue_limit: Count | None = None
    priority: Annotated[tuple[PriorityRule, ...], Field(strict=False)] = ()
    patience: Laws | None = None
    per: Literal["person", "party"] = "person"
    lanes: Literal["shared", "by_departure"] = "shared"
    batch: Batch | None = None
    match: Match | None = None
    walk: Laws | None = None
    standard: Standard | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _coherent(self) -> StationSpec:
        if self.batch is not None and (self.match or self.priority or self.patience):
            msg = "a batch station takes no match, priority or patience; remove them"
            raise ValueError(msg)
        if self.batch is not None and self.closing == "pause":
            msg = 'a batch station cannot pause a batch; use closing = "idle_first" or "named"'
            raise ValueError(msg)
        if self.batch is not None and self.lanes == "by_departure":
            msg = 'a batch station cannot have lanes by departure; use lanes = "shared"'
            raise ValueError(msg)
        return self
