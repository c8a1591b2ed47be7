"""A world as its file describes it: several facilities, and what they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, WithJsonSchema

from sim.scenario.background import Background, Degraded
from sim.scenario.dates import Day
from sim.scenario.figures import Figure, NonNegative, Positive, Share, Strict, is_nothing
from sim.scenario.laws import Laws
from sim.scenario.merging import FIGURE_KEYS
from sim.scenario.spec import Failures, Outage, Sources, Target
from sim.scenario.stations import Id, StationSpec, Text, TraitId

MOST_FACILITIES = 500
"""Most facilities of a world."""

_WHOLE = ("law", "remove")
"""Keys of a table that is a value, not a step on the way to one."""


def _scenario_form(data: Any) -> str:
    return "resolved" if isinstance(data, dict) else "name"


class FacilityTable(Strict):
    """One facility of a world, and how its scenario is changed there.

    Attributes
    ----------
    scenario : str or dict
        File beside the world's, or a built-in id; resolved in the document of a run.
    overlay : tuple of str
        Files merged over the scenario, one after the other, as if they extended it.
    set_ : dict
        Values by dotted key, set after the overlays.
    shared : tuple of str
        Stations of its own that the world's stations of the same id stand for.
    draws : {"own", "alone"}
        Whether its people are drawn from streams of its own, or are those of the scenario run
        alone; by default as the world says.
    """

    id: Id
    scenario: Annotated[
        Annotated[str, Tag("name")]
        | Annotated[dict[str, Any], Tag("resolved"), WithJsonSchema({"type": "object"})],
        Discriminator(_scenario_form),
    ]
    overlay: Annotated[tuple[str, ...], Field(max_length=20, strict=False)] = ()
    set_: Annotated[dict[str, Any], Field(alias="set")] = Field(default_factory=dict)
    shared: Annotated[tuple[Id, ...], Field(max_length=100, strict=False)] = ()
    draws: Literal["own", "alone"] | None = None
    source: str | None = None


class Chain(Strict):
    """Some passengers of one facility first take steps of another one, then go over.

    Attributes
    ----------
    of, through : str
        Whose passengers they are, and the facility that they pass first.
    steps : tuple of str
        Steps of that one, in the order in which they are taken.
    trait : str
        Who goes that way: a trait of the facility's, or a new one.
    share : Share or None
        Share of parties that have a new trait.
    when : str
        For whom of them the coin is tossed.
    transfer : Laws
        The way over, in seconds.
    """

    id: Id
    of: Id
    through: Id
    steps: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100, strict=False)]
    trait: TraitId
    share: Share | None = None
    when: str = ""
    transfer: Laws
    source: str | None = None

    def local(self, name: str) -> str:
        """What a step or station of the other facility is called among this one's."""
        return f"{self.through}-{name}"


class WorldSpec(Strict):
    """A world as its file says it; what it comes to is a `ScenarioSpec` of all facilities.

    Attributes
    ----------
    overlay : tuple of str
        Files with tables of the world's own that go under this one.
    date : date or None
        The day of all facilities, set in each as ``--set date`` would; None: they agree on one.
    draws : {"own", "alone"}
        Facilities have streams of chance of their own, so that they vary independently; or each
        has the very people of its scenario run alone with the same seed.
    facilities : tuple of FacilityTable
        At least one.
    stations : tuple of StationSpec
        What facilities share, under ids of the world's.
    chains : tuple of Chain
        Journeys that begin in another facility.
    outages, failures, background, degraded, targets
        Of the world's own stations, or of ``facility/station``.
    """

    id: Id
    kind: Literal["world"]
    title: Text | None = None
    question: Text | None = None
    extends: str | None = None
    overlay: Annotated[
        tuple[str, ...], Field(max_length=20, strict=False, exclude_if=is_nothing)
    ] = ()
    date: Day | None = None
    horizon_s: Positive | None = None
    warmup_s: NonNegative = Figure(value=0.0)
    end_of_run: Literal["drain", "cut"] = "drain"
    draws: Literal["own", "alone"] = "own"
    facilities: Annotated[
        tuple[FacilityTable, ...],
        Field(min_length=1, max_length=MOST_FACILITIES, strict=False),
    ]
    stations: Annotated[tuple[StationSpec, ...], Field(max_length=1000, strict=False)] = ()
    chains: Annotated[tuple[Chain, ...], Field(max_length=1000, strict=False)] = ()
    outages: Annotated[tuple[Outage, ...], Field(max_length=10_000, strict=False)] = ()
    failures: Annotated[tuple[Failures, ...], Field(max_length=1000, strict=False)] = ()
    background: Annotated[tuple[Background, ...], Field(max_length=1000, strict=False)] = ()
    degraded: Annotated[tuple[Degraded, ...], Field(max_length=1000, strict=False)] = ()
    targets: Annotated[tuple[Target, ...], Field(max_length=1000, strict=False)] = ()
    sources: Sources = Field(default_factory=dict)


def settings(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys of a table of values, however it was written, with their values.

    Examples
    --------
    >>> dict(settings({"stations.desk.servers": 4, "demand": {"arrivals": {"rate_per_s": 2}}}))
    {'stations.desk.servers': 4, 'demand.arrivals.rate_per_s': 2}
    """
    for name, value in table.items():
        key = f"{above}.{name}" if above else name
        is_way = isinstance(value, dict) and value and not _is_value(value)
        if is_way:
            yield from settings(value, key)
        else:
            yield key, value


def _is_value(table: dict[str, Any]) -> bool:
    is_figure = "value" in table and table.keys() <= FIGURE_KEYS
    return is_figure or any(key in table for key in _WHOLE)
