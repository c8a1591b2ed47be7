"""A question as a scenario file: what ``sim run FILE`` takes, and a colleague can read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import tomlkit

from dashboard.levers import Levers, Staffing, StaffLever
from dashboard.question import Question
from sim.scenario.stations import Periods

SOURCE = "set in the dashboard"


def scenario_file(question: Question, levers: Levers, *, name: str) -> str:
    """A file that extends the scenario by what was moved.

    Parameters
    ----------
    name : str
        Id of the new scenario: letters, digits and hyphens.
    """
    file = tomlkit.document()
    file.add(tomlkit.comment(f"{question.scenario} as changed in the dashboard; the same day is"))
    file.add(tomlkit.comment(f"{question.command(levers)}"))
    file["extends"] = question.scenario
    file["id"] = name
    arrays = {
        "stations": [
            {"id": lever.key, "servers": _servers(lever, question.staff[lever.key])}
            for lever in levers.staff
            if question.staff[lever.key] != lever.given
        ],
        "traits": [
            {"id": lever.trait, "share": _figure(float(text.partition("=")[2]))}
            for lever in levers.shares
            for text in lever.overrides(question.shares[lever.key])
        ],
        "policy": _policy(question, levers),
        "outages": [
            {
                "id": f"added-{number}",
                "station": each.station,
                "from": each.from_min * 60,
                "until": each.until_min * 60,
                "source": SOURCE,
            }
            for number, each in enumerate(question.breaks, start=1)
        ],
    }
    for key, tables in arrays.items():
        if tables:
            array = tomlkit.aot()
            for table in tables:
                array.append(tomlkit.item(table))
            file[key] = array
    return tomlkit.dumps(file)


def can_be_a_file(levers: Levers) -> bool:
    """Whether every station can be named in a file of its own: not those of a world's places."""
    return all("/" not in lever.key for lever in levers.staff)


def _servers(lever: StaffLever, chosen: Staffing) -> Any:
    if chosen.hours is not None:
        return _periods(60.0, [chosen.hours[0]] * lever.first_hour + list(chosen.hours))
    if chosen.constant is not None:
        return _figure(chosen.constant)
    scaled = list(lever.scaled(chosen.percent))
    match lever.station.servers:
        case Periods(period_min=period_min):
            return _periods(period_min.value, scaled)
        case tuple() as openings:
            array = tomlkit.array()
            for each, level in zip(openings, scaled, strict=True):
                array.append(_inline({"from": each.from_, "until": each.until, "servers": level}))
            return array
        case _:
            return _figure(scaled[0])


def _periods(period_min: float, levels: list[int]) -> Any:
    return _inline({"period_min": period_min, "open": levels, "source": SOURCE})


def _figure(value: float) -> Any:
    return _inline({"value": value, "source": SOURCE})


def _inline(table: dict[str, Any]) -> Any:
    inline = tomlkit.inline_table()
    inline.update(table)
    return inline


def _policy(question: Question, levers: Levers) -> list[dict[str, Any]]:
    rule = levers.rule
    if rule is None or question.rule is None or question.rule == rule.given:
        return []
    day = rule.held_on if question.rule else rule.held_on + timedelta(days=1)
    return [{"id": rule.policy.id, "effective": day}]
