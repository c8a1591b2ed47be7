"""Promises as they are written on the command line."""

from __future__ import annotations

from sim.errors import Fault
from sim.scenario.promises import PlanTarget

FORMS = {
    "wait": ("share", "within_s", "per_min", "day_share"),
    "waiting": ("most_waiting", "share", "per_min", "day_share"),
    "area": ("area_m2", "m2_per_person", "share", "per_min", "day_share"),
    "missed": ("most_missed", "day_share"),
}
"""Numbers of each form in their order, after the station and the word for all but waits."""

WRITTEN = {
    "wait": "STATION:SHARE:WITHIN_S[:PER_MIN[:DAY_SHARE]], as security:0.95:600:30",
    "waiting": "STATION:waiting:PERSONS:SHARE:PER_MIN[:DAY_SHARE], as security:waiting:80:0.95:30",
    "area": (
        "STATION:area:M2:M2_PER_PERSON:SHARE:PER_MIN[:DAY_SHARE], as security:area:120:1.2:0.95:30"
    ),
    "missed": "departures:missed:SHARE[:DAY_SHARE], as departures:missed:0.001",
}

NEEDED = {"wait": 2, "waiting": 3, "area": 4, "missed": 1}
"""How many of the numbers must be there."""


def read_target(text: str, number: int, faults: list[Fault]) -> PlanTarget | None:
    """A promise from its text; None with what is wrong added to `faults`.

    Parameters
    ----------
    text : str
        One of the forms in `WRITTEN`; a day share makes it ``daily``.
    number : int
        Which of the promises it is; gives the id.

    Examples
    --------
    >>> read_target("security:0.95:600:30", 0, []).within_s.value
    600.0
    """
    station, _, rest = text.partition(":")
    parts = rest.split(":") if rest else []
    form = parts[0] if parts and parts[0] in FORMS else "wait"
    values = parts if form == "wait" else parts[1:]
    names, how = FORMS[form], f"write {WRITTEN[form]}"

    def wrong(message: str) -> None:
        faults.append(Fault(f"{text!r}{message}; {how}", key="--target"))

    if not NEEDED[form] <= len(values) <= len(names):
        return wrong(f" has {len(values)} numbers")
    if form == "missed" and station != "departures":
        return wrong(f": got {station}, but departures are missed, not a station")
    given: dict[str, object] = {"id": f"target-{number + 1}"}
    if form != "missed":
        given["station"] = station
    for name, part in zip(names, values, strict=False):
        if part == "" and name == "per_min":
            continue
        try:
            given[name] = float(part)
        except ValueError:
            return wrong(f": {name} = {part!r} is not a number")
    if "day_share" in given:
        given["meaning"] = "daily"
    try:
        return PlanTarget.model_validate(given)
    except ValueError as error:
        for each in getattr(error, "errors", list)():
            where = ".".join(str(part) for part in each["loc"])
            wrong(f": {where}{': ' if where else ''}{each['msg'].removeprefix('Value error, ')}")
        return None
