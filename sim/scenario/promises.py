"""What a plan promises: of waits, of the people in a queue, of departures missed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.figures import NonNegative, Positive, Share, Strict, is_nothing
from sim.scenario.stations import Id, PlaceId

FORMS = {
    "within_s": ("station", "share"),
    "most_waiting": ("station", "share", "per_min"),
    "area_m2": ("station", "share", "per_min", "m2_per_person"),
    "most_missed": (),
}
"""The key that says what is promised, and the keys that must be beside it."""

FOREIGN = {
    "within_s": ("m2_per_person",),
    "most_waiting": ("m2_per_person",),
    "area_m2": (),
    "most_missed": ("station", "share", "per_min", "m2_per_person"),
}
"""Keys that mean nothing beside it."""


class PlanTarget(Strict):
    """A promise to plan for.

    Attributes
    ----------
    share : Share or None
        Of those who arrive, to be served within `within_s`; or of the time in each period in
        which no more than promised may wait.
    within_s : NonNegative or None
        Longest wait.
    per_min : Positive or None
        Holds in every period of this length, else over the day.
    day_share : Share or None
        Share of days on which it holds, where `meaning` is ``daily``.
    most_waiting : Positive or None
        Persons in the queue at most.
    area_m2, m2_per_person : Positive or None
        The same said by the area of the queue and what each person in it should have.
    most_missed : Share or None
        Share of all passengers with a departure who miss it at most.
    """

    id: Id = "target"
    station: PlaceId | None = None
    share: Share | None = None
    within_s: Annotated[NonNegative | None, Field(exclude_if=is_nothing)] = None
    per_min: Positive | None = None
    meaning: Literal["long_run", "daily"] = "long_run"
    day_share: Share | None = None
    source: str | None = None
    most_waiting: Annotated[Positive | None, Field(exclude_if=is_nothing)] = None
    area_m2: Annotated[Positive | None, Field(exclude_if=is_nothing)] = None
    m2_per_person: Annotated[Positive | None, Field(exclude_if=is_nothing)] = None
    most_missed: Annotated[Share | None, Field(exclude_if=is_nothing)] = None

    @model_validator(mode="after")
    def _of_one_thing(self) -> PlanTarget:
        said = [key for key in FORMS if getattr(self, key) is not None]
        if len(said) != 1:
            got = f"got {_listed(said)}, make a target of each" if said else "say one of them"
            msg = f"promises one thing: within_s, most_waiting, area_m2 or most_missed; {got}"
            raise ValueError(msg)
        missing = [key for key in FORMS[said[0]] if getattr(self, key) is None]
        foreign = [key for key in FOREIGN[said[0]] if getattr(self, key) is not None]
        wrong = []
        if missing:
            wrong.append(f"{said[0]} needs {_listed(missing)} beside it")
        if foreign:
            wrong.append(f"{_listed(foreign)} has no meaning beside {said[0]}; take it out")
        if self.persons is not None and self.persons < 1:
            room = "most_waiting" if self.area_m2 is None else "the area"
            wrong.append(f"{room} holds nobody, not one person; give more, or less each")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def persons(self) -> int | None:
        """Persons who may wait at most, where it is a promise of a queue."""
        if self.most_waiting is not None:
            return math.floor(self.most_waiting.value)
        if self.area_m2 is None or self.m2_per_person is None:
            return None
        return math.floor(self.area_m2.value / self.m2_per_person.value + 1e-9)


def _listed(keys: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(keys[:-1]), keys[-1])))
