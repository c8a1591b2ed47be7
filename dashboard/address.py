"""The page's address: a question written into the URL, and read back with distrust.

Only what was moved is written, so addresses are short and follow a scenario when its own
figures change: ``?scenario=sgn-t3-tet&counter=70&face=60&rule=before&lang=en``. A schedule
scaled reads ``counter=120%``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from dashboard.levers import LEAST_PERCENT, MOST_PERCENT, Levers, Staffing, StaffLever
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
    )
    return question, tuple(refusals)


def write_question(question: Question, levers: Levers) -> dict[str, str]:
    """The address of a question: the scenario and what differs from it."""
    query = {"scenario": question.scenario}
    for lever in levers.staff:
        chosen = question.staff[lever.key]
        if chosen != lever.given:
            constant = chosen.constant
            query[lever.key] = f"{chosen.percent}%" if constant is None else str(constant)
    for share in levers.shares:
        if question.shares[share.key] != share.given:
            query[share.key] = str(question.shares[share.key])
    if levers.rule is not None and question.rule != levers.rule.given:
        query[levers.rule.key] = "after" if question.rule else "before"
    if question.seed != DEFAULT_SEED:
        query["seed"] = str(question.seed)
    return query


def _staffing(text: str, *, lever: StaffLever) -> Staffing | None:
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
