"""What a rollout found: promises by facility and month, and the months in which they break."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sim.experiments.day import DEFAULT_ENGINE, DEFAULT_SEED, Engine
from sim.experiments.intervals import mean_interval
from sim.scenario.dated import change_on
from sim.scenario.load import Scenario
from sim.scenario.model_version import MODEL_VERSION

ROLLOUT_FORMAT = "hanh-trinh-rollout"

DAYS = ("typical", "peak")
"""Days of a month that are looked at."""

State = Literal["kept", "broken", "unclear"]
"""Whether a promise is kept on every day simulated, on none, or on some."""


@dataclass(frozen=True, slots=True)
class Place:
    """A facility of the rollout.

    Attributes
    ----------
    name : str
        As the plan names it.
    group : str
        Group of the plan, or "" where it was named on the command line.
    due : date or None
        By when the directive wants it ready.
    scenario : Scenario
        What it is at first.
    phases : tuple of (date, Scenario)
        What it is from some days on.
    """

    name: str
    group: str
    due: date | None
    scenario: Scenario
    phases: tuple[tuple[date, Scenario], ...] = ()

    def on(self, day: date) -> Scenario:
        """What it is on a day."""
        return next((each for since, each in reversed(self.phases) if since <= day), self.scenario)


@dataclass(frozen=True, slots=True)
class AskedRollout:
    """What a rollout is asked.

    Attributes
    ----------
    months : tuple of date
        First day of each.
    milestones : tuple of (date, str)
        Dates to be told beside the changes.
    reps : int
        Days simulated for each kind of day, the same passengers in every month.
    """

    places: tuple[Place, ...]
    months: tuple[date, ...]
    pace: str = "base"
    literacy: float = 0.0
    milestones: tuple[tuple[date, str], ...] = ()
    reps: int = 1
    seed: int = DEFAULT_SEED
    engine: Engine = DEFAULT_ENGINE


def rollout_document(
    asked: AskedRollout,
    dates: dict[tuple[str, date], dict[str, date]],
    found: dict[tuple[str, str], list[dict[str, Any]]],
    *,
    status: str,
) -> dict[str, Any]:
    """What a rollout found, plain JSON; months whose days are not all there are left out.

    Parameters
    ----------
    dates : dict
        Days looked at by place and month: typical and peak.
    found : dict
        What was simulated, by place and day.
    status : str
        ``complete`` or ``cancelled``.
    """
    facilities = [_facility(place, asked, dates, found) for place in asked.places]
    return {
        "format": ROLLOUT_FORMAT,
        "format_version": 1,
        "status": status,
        "from": f"{asked.months[0]:%Y-%m}",
        "to": f"{asked.months[-1]:%Y-%m}",
        "adoption": asked.pace,
        "literacy": asked.literacy,
        "seed": asked.seed,
        "reps": asked.reps,
        "model_version": MODEL_VERSION,
        "milestones": [{"on": day.isoformat(), "title": text} for day, text in asked.milestones],
        "facilities": facilities,
    }


def _facility(
    place: Place,
    asked: AskedRollout,
    dates: dict[tuple[str, date], dict[str, date]],
    found: dict[tuple[str, str], list[dict[str, Any]]],
) -> dict[str, Any]:
    months: list[dict[str, Any]] = []
    for month in asked.months:
        days = dates[place.name, month]
        rows = {
            kind: _day(place, day, found[place.name, day.isoformat()])
            for kind, day in days.items()
            if len(found.get((place.name, day.isoformat()), ())) == asked.reps
        }
        if len(rows) == len(DAYS):
            months.append({"month": f"{month:%Y-%m}", "days": rows})
    spec = place.scenario.spec
    return {
        "scenario": place.name,
        "scenario_digest": place.scenario.digest,
        "title": spec.title.model_dump() if spec.title else None,
        "group": place.group or None,
        "due": place.due.isoformat() if place.due else None,
        "has_calendar": spec.demand.calendar is not None,
        "has_adoption": spec.adoption is not None,
        "months": months,
        "changes": [each for kind in DAYS for each in changes_of(months, kind)],
    }


def _day(place: Place, day: date, results: list[dict[str, Any]]) -> dict[str, Any]:
    results = sorted(results, key=lambda each: each["replication"])
    promises = [
        _promise(target, [each["promises"][target.id] for each in results])
        for target in place.on(day).spec.targets
    ]
    states = {each["state"] for each in promises} - {None}
    worst = max(
        (each["worst_station"] for each in results if each["worst_station"]),
        key=lambda each: each["p95_s"] if each["of_band"] is None else each["of_band"],
        default=None,
    )
    return {
        "date": day.isoformat(),
        "scenario": place.on(day).spec.id,
        "factor": change_on(place.on(day).spec, day).factor,
        "passengers": _mean([each["passengers"] for each in results]),
        "missed": _mean([each["missed"] for each in results]),
        "policies": results[0]["policies"],
        "shares": results[0]["shares"],
        "worst_station": worst,
        "promises": promises,
        "state": next((each for each in ("broken", "unclear", "kept") if each in states), None),
    }


def _promise(target: Any, days: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How a promise was kept over the days simulated."""
    shares = [each["share"] for each in days if each["share"] is not None]
    verdicts = {each["is_met"] for each in days} - {None}
    interval = mean_interval(shares) if shares else None
    state: State | None = "kept" if verdicts == {True} else "broken" if verdicts else None
    return {
        "id": target.id,
        "station": target.station,
        "within_s": target.within_s.value,
        "target_share": target.share.value,
        "share": interval.mean if interval else None,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "state": "unclear" if len(verdicts) > 1 else state,
    }


def changes_of(months: Sequence[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    """The months in which a facility stops or starts coping; unclear ones are passed over.

    Examples
    --------
    >>> def month(name, state):
    ...     return {"month": name, "days": {"peak": {"state": state, "promises": []}}}
    >>> rows = [month("2026-01", "kept"), month("2026-02", "unclear"), month("2026-03", "broken")]
    >>> [(each["month"], each["change"]) for each in changes_of(rows, "peak")]
    [('2026-03', 'stops')]
    """
    last: str | None = None
    for row in months:
        state = row["days"][kind]["state"]
        if state in (None, "unclear"):
            continue
        if last is not None and state != last:
            broken = [p["id"] for p in row["days"][kind]["promises"] if p["state"] == "broken"]
            change = "stops" if state == "broken" else "starts"
            yield {"month": row["month"], "day": kind, "change": change, "promises": broken}
        last = state


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def rollout_text(document: dict[str, Any]) -> bytes:
    """The document as its file holds it."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def rollout_table(document: dict[str, Any]) -> str:
    """One row for each facility, month, day and promise."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    header = "scenario,group,due,month,day,date,passengers,missed,promise,station,within_s"
    table.writerow([*header.split(","), "target_share", "share", "low", "high", "state"])
    for facility in document["facilities"]:
        for month in facility["months"]:
            for kind, day in month["days"].items():
                for promise in day["promises"]:
                    table.writerow(
                        [
                            *(facility[key] for key in ("scenario", "group", "due")),
                            month["month"],
                            kind,
                            *(day[key] for key in ("date", "passengers", "missed")),
                            *(promise[key] for key in ("id", "station", "within_s")),
                            *(promise[key] for key in ("target_share", "share", "low", "high")),
                            promise["state"],
                        ]
                    )
    return written.getvalue()
