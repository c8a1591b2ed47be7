"""Targets as the planner holds them: a share within a time, in every period of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.errors import Fault, InvalidInputError
from sim.scenario.clock import US_PER_S
from sim.scenario.scenario import Scenario
from sim.scenario.spec import Target
from sim.scenario.suggestions import advice

US_PER_MIN = 60 * US_PER_S
LONGEST_DAY_US = 400 * 86_400 * US_PER_S


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise the plan has to keep at one station.

    Attributes
    ----------
    share : float
        Share that must start service in time; with ``daily`` on the share `day_share` of days.
    within_us : int
        Longest wait that keeps it.
    per_us : int
        Length of the periods of arrival it holds in; longer than any day where it is of the day.
    """

    id: str
    station: str
    share: float
    within_us: int
    per_us: int
    meaning: Literal["long_run", "daily"] = "long_run"
    day_share: float = 1.0

    @property
    def asked(self) -> float:
        """The level its estimate must reach: the share, or with ``daily`` the share of days."""
        return self.share if self.meaning == "long_run" else self.day_share


def promises_of(scenario: Scenario, texts: Sequence[str] = ()) -> tuple[Promise, ...]:
    """The promises of a scenario, or those given in its place.

    Parameters
    ----------
    scenario : Scenario
        ``plan.targets`` count where there are any, else ``targets``.
    texts : sequence of str
        ``STATION:SHARE:WITHIN_S[:PER_MIN[:DAY_SHARE]]``; a day share makes it ``daily``.

    Raises
    ------
    InvalidInputError
        With everything that is wrong with them.
    """
    spec = scenario.spec
    faults: list[Fault] = []
    if texts:
        read = [_read(text, number, faults) for number, text in enumerate(texts)]
        found, place = [each for each in read if each is not None], "--target"
    else:
        own = spec.plan is not None and bool(spec.plan.targets)
        targets = spec.plan.targets if spec.plan is not None and own else spec.targets
        found, place = list(targets), "plan.targets" if own else "targets"
    known = {station.id: station for station in spec.stations}
    for target in found:
        key = f"{place}.{target.id}" if not texts else place
        faults += [Fault(message, key=key) for message in _wrong(target, known)]
    if not found and not faults:
        message = (
            "there is no promise to plan for; add [[targets]] to the file, or say "
            "--target security:0.95:600:30 (95 % within 600 s in every 30 minutes)"
        )
        faults.append(Fault(message, key="targets"))
    if faults:
        raise InvalidInputError(faults)
    return tuple(_promise(each) for each in found)


def _wrong(target: Target, known: dict) -> list[str]:
    """What is contradictory, absurd or beyond this search."""
    found = []
    station = known.get(target.station)
    if station is None:
        remedy = advice(target.station, known, kind="stations")
        found.append(f"there is no station {target.station}; {remedy}")
    else:
        if station.lanes == "by_departure":
            found.append(
                f"{target.station} has a lane for each departure, whose number follows the "
                "timetable; promise something of another station"
            )
        if station.batch is not None:
            found.append(
                f"{target.station} serves batches; it is sized by `sim matcher`, not by a roster"
            )
    if target.share.value >= 1:
        found.append(
            "share = 1 asks that nobody ever waits longer, which no number of days can show; "
            "promise less, such as 0.99"
        )
    if target.share.value <= 0:
        found.append("share = 0 is kept by every plan; promise more")
    if target.per_min is not None and target.per_min.value < 1:
        found.append(f"per_min = {target.per_min.value:g} is shorter than a minute; give 1 or more")
    if target.meaning == "daily" and target.day_share is None:
        found.append('meaning = "daily" without day_share; say on which share of days it holds')
    if target.meaning == "long_run" and target.day_share is not None:
        found.append(
            'day_share contradicts meaning = "long_run"; take it out, or say meaning = "daily"'
        )
    if target.day_share is not None and not 0 < target.day_share.value < 1:
        found.append(
            f"day_share = {target.day_share.value:g}; a share of days that can be shown lies "
            "between 0 and 1"
        )
    return found


def _promise(target: Target) -> Promise:
    per = target.per_min
    return Promise(
        id=target.id,
        station=target.station,
        share=target.share.value,
        within_us=round(target.within_s.value * US_PER_S),
        per_us=LONGEST_DAY_US if per is None else round(per.value * US_PER_MIN),
        meaning=target.meaning,
        day_share=1.0 if target.day_share is None else target.day_share.value,
    )


def _read(text: str, number: int, faults: list[Fault]) -> Target | None:
    form = "write STATION:SHARE:WITHIN_S[:PER_MIN[:DAY_SHARE]], as security:0.95:600:30"
    parts = text.split(":")
    if not 3 <= len(parts) <= 5:
        faults.append(Fault(f"{text!r} has {len(parts)} parts; {form}", key="--target"))
        return None
    names = ("share", "within_s", "per_min", "day_share")
    given: dict[str, object] = {"id": f"target-{number + 1}", "station": parts[0]}
    for name, part in zip(names, parts[1:], strict=False):
        if part == "" and name == "per_min":
            continue
        try:
            given[name] = float(part)
        except ValueError:
            message = f"{text!r}: {name} = {part!r} is not a number; {form}"
            faults.append(Fault(message, key="--target"))
            return None
    if "day_share" in given:
        given["meaning"] = "daily"
    try:
        return Target.model_validate(given)
    except ValueError as error:
        for each in getattr(error, "errors", list)():
            where = ".".join(str(part) for part in each["loc"])
            faults.append(Fault(f"{text!r}: {where}: {each['msg']}; {form}", key="--target"))
        return None
