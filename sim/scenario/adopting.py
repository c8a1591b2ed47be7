"""A scenario at another stage of adoption: its shares and times moved along the curves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sim.scenario.adoption import Adoption, Curve, Stage, share_then
from sim.scenario.demand import TraitSpec
from sim.scenario.figures import Figure
from sim.scenario.keys import KeyPath, fitted
from sim.scenario.laws import Law
from sim.scenario.overrides import Override
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec

MOVED = "moved by adoption"
"""How the source of a figure begins that the adoption made."""

NO_FIGURE = frozenset({"cv", "phases", "weights"})
"""Parameters of a law that stay when its times are shortened."""


def same_class(one: str | None, other: str) -> bool:
    """Whether two conditions are written alike, blanks apart; None is written nowhere."""
    return one is not None and one.split() == other.split()


def stage_of(spec: ScenarioSpec, day: date | None = None) -> Stage | None:
    """The stage that a scenario asks for on a date; None where it says nothing of adoption."""
    adoption, on = spec.adoption, day or spec.date
    if adoption is None or on is None:
        return None
    return Stage(on, adoption.pace, adoption.literacy.value)


def anchor_of(spec: ScenarioSpec) -> Stage | None:
    """The stage that the written shares hold for."""
    if spec.adoption is None or spec.date is None:
        return None
    written = spec.adoption.anchor
    if written is None:
        return Stage(spec.date)
    return Stage(written.on, written.pace, written.literacy.value)


def moved(spec: ScenarioSpec, data: Any, *, day: date | None = None) -> list[Override]:
    """What must be set so that a scenario's shares hold for the stage it asks for.

    Parameters
    ----------
    spec : ScenarioSpec
        The scenario as written.
    data : dict
        The tables it was read from: a single law may stand there without its array.
    day : date or None
        The date; None is the scenario's own.

    Returns
    -------
    list of Override
        Empty where the shares hold for that stage already.
    """
    anchor, then = anchor_of(spec), stage_of(spec, day)
    if spec.adoption is None or anchor is None or then is None or anchor == then:
        return []
    overrides = [
        *_moved_shares(spec, spec.adoption, anchor=anchor, then=then),
        *_shortened(spec, spec.adoption, data, literacy=then.literacy - anchor.literacy),
    ]
    stage = {
        "on": then.on,
        "pace": then.pace,
        "literacy": {"value": then.literacy, "source": f"{MOVED}: the stage of these shares"},
    }
    return [*overrides, Override("adoption.anchor", ("adoption", "anchor"), stage)]


def curve_for(adoption: Adoption, trait: str, when: str) -> Curve | None:
    """The curve of one class of a trait: its own, else the one for every class."""
    mine = [each for each in adoption.curves if each.trait == trait]
    own = (each for each in mine if same_class(each.when, when))
    general = (each for each in mine if each.when is None)
    return next(own, None) or next(general, None)


def shares_of(trait: TraitSpec) -> Iterator[tuple[tuple[str, ...], str, Figure]]:
    """Where each share of a trait stands below it, whose it is, and the share."""
    if trait.share is not None:
        yield ("share",), trait.when, trait.share
    for number, entry in enumerate(trait.shares):
        yield ("shares", str(number), "share"), entry.when, entry.share


def _moved_shares(
    spec: ScenarioSpec, adoption: Adoption, *, anchor: Stage, then: Stage
) -> Iterator[Override]:
    for trait in spec.traits:
        for below, when, figure in shares_of(trait):
            curve = curve_for(adoption, trait.id, when)
            if curve is None:
                continue
            ends = {
                name: share_then(curve, end, anchor=anchor, then=then)
                for name in ("value", "low", "high")
                if (end := getattr(figure, name)) is not None
            }
            if ends["value"] != figure.value:
                told = f"{figure.value:g} on {anchor.on}, {_told(anchor)}"
                source = f"{MOVED} curve {curve.id} to {then.on}, {_told(then)}, from {told}"
                yield _override(("traits", trait.id, *below), {**ends, "source": source})


def _told(stage: Stage) -> str:
    return f"{stage.pace} pace, literacy {stage.literacy:g}"


def _shortened(
    spec: ScenarioSpec, adoption: Adoption, data: Any, *, literacy: float
) -> Iterator[Override]:
    if not literacy:
        return
    for number, station in enumerate(spec.stations):
        for index, law in enumerate(station.service or ()):
            for lesson in adoption.lessons:
                if lesson.station == station.id and lesson.when in (None, law.when):
                    factor = lesson.time_factor.value**literacy
                    place = fitted(data, ("stations", number, "service", index))
                    yield from _times(station, law, place, factor=factor)
                    break


def _times(station: StationSpec, law: Law, place: KeyPath, *, factor: float) -> Iterator[Override]:
    below = [str(part) for part in place[2:]]
    source = f"{MOVED}: {factor:g} times what is written, by digital literacy"
    for name in type(law).model_fields:
        value: Any = getattr(law, name)
        parts = ("stations", station.id, *below, name)
        if isinstance(value, Figure) and name not in NO_FIGURE:
            given = {end: getattr(value, end) for end in ("value", "low", "high")}
            ends = {end: x * factor for end, x in given.items() if x is not None}
            yield _override(parts, {**ends, "source": source})
        elif name == "values_s":
            yield _override(parts, [each * factor for each in law.values_s])  # type: ignore[union-attr]


def _override(parts: tuple[str, ...], value: Any) -> Override:
    return Override(".".join(parts), parts, value)
