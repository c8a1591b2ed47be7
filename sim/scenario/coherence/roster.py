"""Rosters: shifts fit the grid, teams and posts are of stations there are."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.coherence.view import NO_STATION_ID, Finding, View
from sim.scenario.keys import KeyPath
from sim.scenario.suggestions import advice

LENGTHS_MIN = ("step_min", "start_every_min")
LENGTHS_H = ("shortest_h", "longest_h")
RESTS_MIN = ("rest_min", "night_rest_min", "every_min")
RESTS_H = ("after_h", "before_h")


def on_the_grid(view: View) -> Iterator[Finding]:
    """Shifts and rests are whole numbers of periods, and periods divide the hour."""
    roster = view.spec.roster
    if roster is None:
        return
    period = roster.period_min.value
    because: tuple[KeyPath, ...] = (("roster", "period_min"),)
    if period != int(period) or 60 % int(period):
        message = f"got {period:g}; give a whole number of minutes that divides 60, such as 15"
        yield Finding(("roster", "period_min"), message)
        return
    asked: list[tuple[KeyPath, float]] = []
    for number, shift in enumerate(roster.shifts):
        path: KeyPath = ("roster", "shifts", number)
        asked += [((*path, key), getattr(shift, key).value) for key in LENGTHS_MIN]
        asked += [((*path, key), getattr(shift, key).value * 60) for key in LENGTHS_H]
        edges = (("earliest", shift.earliest), ("latest", shift.latest))
        asked += [((*path, key), at / 60) for key, at in edges if at is not None]
    asked += [(("roster", "rest", key), getattr(roster.rest, key).value) for key in RESTS_MIN]
    asked += [(("roster", "rest", key), getattr(roster.rest, key).value * 60) for key in RESTS_H]
    for path, minutes in asked:
        if abs(minutes / period - round(minutes / period)) > 1e-9:
            message = f"{minutes:g} min is no multiple of period_min = {period:g}; give one"
            yield Finding(path, message, because)


def skills(view: View) -> Iterator[Finding]:
    """Teams, posts and prices are of stations there are, each said once."""
    roster = view.spec.roster
    named: list[tuple[KeyPath, str]] = [
        (("prices", number, "station"), each.station)
        for number, each in enumerate(view.spec.prices)
    ]
    yield from _twice("prices", [each.station for each in view.spec.prices])
    if roster is not None:
        for number, team in enumerate(roster.teams):
            path: KeyPath = ("roster", "teams", number, "stations")
            named += [((*path, place), name) for place, name in enumerate(team.stations)]
            if len(set(team.stations)) < len(team.stations):
                yield Finding(path, "names a station twice; keep one")
        named += [
            (("roster", "posts", number, "station"), post.station)
            for number, post in enumerate(roster.posts)
        ]
        yield from _twice("posts", [post.station for post in roster.posts])
        yield from _twice("teams", [team.id for team in roster.teams])
        yield from _twice("shifts", [shift.id for shift in roster.shifts])
    for path, name in named:
        if not view.knows_station(name):
            message = f"there is no station {name}; {advice(name, view.stations, kind='stations')}"
            yield Finding(path, message, (NO_STATION_ID,))


def _twice(key: str, names: list[str]) -> Iterator[Finding]:
    top: KeyPath = (key,) if key == "prices" else ("roster", key)
    for number, name in enumerate(names):
        if name in names[:number]:
            yield Finding((*top, number), f"{name} stands twice in {key}; keep one")


CHECKS = (on_the_grid, skills)
