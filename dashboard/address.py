"""The page's address: a question written into the URL, and read back with distrust.

Only what was moved is written, so addresses are short and follow a scenario when its own
figures change: ``?scenario=sgn-t3-tet&counter=70&face=60&rule=before&lang=en``. A schedule
scaled reads ``counter=120%``, one by the hour ``counter=6x20.18x36``: six hours with 20, then
eighteen with 36. Added outages read ``outage=kiosk~0630~0700,counter~0900~0930``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TypeVar

from dashboard.levers import (
    HOURS,
    LEAST_PERCENT,
    MOST_PERCENT,
    Levers,
    Staffing,
    StaffLever,
)
from dashboard.outages import MOST_BREAKS, Break
from dashboard.question import DEFAULT_SEED, LEAST_SEED, MOST_SEED, Question

Value = TypeVar("Value")

RULE_WORDS = {"before": False, "after": True}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value in the address that cannot be used.

    Attributes
    ----------
    name, got : str
        Which value, and what it said.
    wanted : str
        What it may be.
    """

    name: str
    got: str
    wanted: str


def read_question(
    query: Mapping[str, str], scenario: str, levers: Levers
) -> tuple[Question, tuple[Refusal, ...]]:
    """The question an address asks about a scenario; what makes no sense is refused."""
    refusals: list[Refusal] = []

    def read(name: str, wanted: str, reader: Callable[[str], Value | None], given: Value) -> Value:
        if name not in query:
            return given
        value = reader(query[name])
        if value is None:
            refusals.append(Refusal(name, query[name][:40], wanted))
        return given if value is None else value

    percent = partial(_whole, least=0, most=100)
    seed = partial(_whole, least=LEAST_SEED, most=MOST_SEED)
    rule = levers.rule
    question = Question(
        scenario,
        staff={
            each.key: read(each.key, _wanted(each), partial(_staffing, lever=each), each.given)
            for each in levers.staff
        },
        shares={each.key: read(each.key, "0–100", percent, each.given) for each in levers.shares},
        rule=rule and read(rule.key, ", ".join(RULE_WORDS), RULE_WORDS.get, rule.given),
        seed=read("seed", f"{LEAST_SEED}–{MOST_SEED}", seed, DEFAULT_SEED),
        breaks=read(
            "outage",
            f"{levers.staff[0].key if levers.staff else 'desk'}~0630~0700",
            partial(_breaks, stations={each.key for each in levers.staff}),
            (),
        ),
    )
    return question, tuple(refusals)


def write_question(question: Question, levers: Levers) -> dict[str, str]:
    """The address of a question: the scenario and what differs from it."""
    query = {"scenario": question.scenario}
    for lever in levers.staff:
        chosen = question.staff[lever.key]
        if chosen != lever.given:
            query[lever.key] = _staffing_text(chosen)
    for share in levers.shares:
        if question.shares[share.key] != share.given:
            query[share.key] = str(question.shares[share.key])
    if levers.rule is not None and question.rule != levers.rule.given:
        query[levers.rule.key] = "after" if question.rule else "before"
    if question.seed != DEFAULT_SEED:
        query["seed"] = str(question.seed)
    if question.breaks:
        query["outage"] = ",".join(
            f"{each.station}~{_clock(each.from_min)}~{_clock(each.until_min)}"
            for each in question.breaks
        )
    return query


def _staffing_text(chosen: Staffing) -> str:
    if chosen.hours is not None:
        return ".".join(f"{len(list(run))}x{level}" for level, run in groupby(chosen.hours))
    return f"{chosen.percent}%" if chosen.constant is None else str(chosen.constant)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}{minutes % 60:02d}"


def _breaks(text: str, *, stations: set[str]) -> tuple[Break, ...] | None:
    breaks = []
    for part in text.split(","):
        match = re.fullmatch(
            r"([^~]{1,80})~([0-4][0-9])([0-5][0-9])~([0-4][0-9])([0-5][0-9])", part
        )
        if match is None or match[1] not in stations:
            return None
        from_min, until_min = (60 * int(match[n]) + int(match[n + 1]) for n in (2, 4))
        if until_min <= from_min:
            return None
        breaks.append(Break(match[1], from_min, until_min))
    return tuple(breaks) if len(breaks) <= MOST_BREAKS else None


def _hours(text: str, *, most: int) -> tuple[int, ...] | None:
    if not re.fullmatch(r"[0-9]{1,2}x[0-9]{1,6}(\.[0-9]{1,2}x[0-9]{1,6})*", text):
        return None
    runs = [tuple(map(int, run.split("x"))) for run in text.split(".")]
    hours = tuple(level for count, level in runs for _ in range(count))
    return hours if len(hours) == HOURS and max(hours) <= most else None


def _staffing(text: str, *, lever: StaffLever) -> Staffing | None:
    if "x" in text:
        hours = _hours(text, most=lever.most)
        return None if hours is None else Staffing(hours=hours)
    if lever.is_scheduled and text.endswith("%"):
        percent = _whole(text[:-1], least=LEAST_PERCENT, most=MOST_PERCENT)
        return None if percent is None else Staffing(percent=percent)
    constant = _whole(text, least=1, most=lever.most)
    return None if constant is None else Staffing(constant=constant)


def _wanted(lever: StaffLever) -> str:
    scaled = f", {LEAST_PERCENT}%–{MOST_PERCENT}%" if lever.is_scheduled else ""
    return f"1–{lever.most}{scaled}"


def _whole(text: str, *, least: int, most: int) -> int | None:
    if not re.fullmatch(r"[0-9]{1,7}", text):
        return None
    return int(text) if least <= int(text) <= most else None
