"""Random small days on which called services are slow or down, and callers degrade."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.scenario.clock import US_PER_S
from tests.contracts.engine.cases import Case, Person
from tests.contracts.engine.dice import Dice, Roll
from tests.contracts.engine.random_cases import random_case

NOT_SENT = -1 / US_PER_S
"""A call that is not made, in seconds."""


def troubled_case(roll: Roll, most: int) -> Case:
    """A random day with background traffic and degraded modes, where its stations have a call."""
    case = random_case(roll, most)
    return _Trouble(roll, case).made()


def gates_case(roll: Roll, most: int) -> Case:
    """Gates that ask a service, desks that do not, and a service that is down for a while."""
    dice = Dice(roll)
    per = dice.pick(("person", "party"))
    closing = dice.pick(("idle_first", "named", "pause"))
    case = Case().says(traits=[{"id": "x"}])
    case.station("gate", roll(1, 2), closing=closing, per=per, priority=[{"when": "x"}])
    case.station("desk", roll(0, 2), installed=6, per=per)
    case.station("ask", roll(1, 3))
    options: list[dict[str, Any]] = [
        {"station": "gate", "calls": [{"station": "ask", "after_share": 0.5}]},
        {"station": "desk", "when": dice.pick(("", "x"))},
    ]
    choose = dice.pick(("share", "shortest", "prefer"))
    more: dict[str, Any] = {"choose": choose}
    if choose == "share":
        options = [
            {**option, "share": share} for option, share in zip(options, (0.8, 0.2), strict=True)
        ]
    if choose == "prefer":
        more["switch_after"] = {"law": "deterministic", "mean_s": 1}
    case.step(options=options, **more).step("desk" if dice.rarely(1) else "gate", when="x")
    start = roll(2, 10)
    case.outage("ask", start, start + roll(3, 15))
    mode = {"id": "no-answer", "station": "gate", "service": "ask", "closes": True}
    mode |= {"after_min": roll(0, 4) / 60, "recovers_min": roll(0, 4) / 60}
    if dice.rarely(1):
        mode |= {"repost_to": "desk", "repost_servers": roll(1, 3), "repost_min": roll(0, 3) / 60}
    case.says(degraded=[mode])
    at = 0
    while most > 0:
        at += roll(0, 2)
        size = min(dice.pick((1, 2, 3)), most)
        case.party(at, *(_someone(dice) for _ in range(size)))
        most -= size
    return case


def _someone(dice: Dice) -> Person:
    return Person(
        traits=("x",) if dice.rarely(1) else (),
        serve=dice.rows(3, 0, 5),
        walk=dice.rows(3, 0, 2),
        patience=dice.rows(3, 3, 12, is_blank=lambda _: dice.rarely(1)),
        answer=[dice.roll(0, 3)],
        choose=dice.rows(2, 0, 7, scale=0.125),
        again=dice.rows(2, 0, 7, scale=0.125),
        switch=dice.rows(2, 0, 20),
    )


class _Trouble(Dice):
    def __init__(self, roll: Roll, case: Case) -> None:
        super().__init__(roll)
        self.case = case
        self.stations = {station["id"]: station for station in case.stations}
        places = [place for step in case.steps for place in step.get("options", [step])]
        self.visited = [place["station"] for place in places]
        self.calls: dict[str, list[str]] = {}
        for place in places:
            for call in place.get("calls", ()):
                self.calls.setdefault(place["station"], []).append(call["station"])

    def made(self) -> Case:
        """The case, with what troubles it."""
        called = sorted({name for names in self.calls.values() for name in names})
        traffic = [self.traffic(name) for name in called if name not in self.visited]
        slow = {each["station"] for each in traffic}
        for name in called:
            self.outage(name)
        modes = list[dict[str, Any]]()
        for station, services in sorted(self.calls.items()):
            if not self.rarely():
                modes.append(self.mode(station, self.pick(services), slow=slow))
        closing = {mode["station"] for mode in modes if mode["closes"]}
        for mode in modes:
            self.repost(mode, closing)
        self.case.parties = [
            (at, departure, tuple(map(self.person, persons)))
            for at, departure, persons in self.case.parties
        ]
        return self.case.says(background=traffic, degraded=modes)

    def person(self, person: Person) -> Person:
        """The same, for whom some calls are not made."""
        if not person.answer:
            return person
        return replace(person, answer=[NOT_SENT if self.rarely(3) else a for a in person.answer])

    def outage(self, name: str) -> None:
        """Sometimes a service that is never down as a whole is, for a while."""
        banks = {station for station, _, _, server in self.case.outages if server < 0}
        if name not in banks and self.rarely(1):
            start = self.roll(5, 20) + self.case.parties[0][0]
            self.case.outage(name, start, start + self.roll(5, 15))

    def traffic(self, name: str) -> dict[str, Any]:
        """Up to three requests of one second a second, sometimes more, sometimes asked again."""
        more: dict[str, Any] = {}
        if self.rarely(1):
            start = self.roll(0, 20)
            until = start + self.roll(1, 10)
            more["surges"] = [{"from": start, "until": until, "factor": self.roll(0, 4)}]
        if self.rarely(1):
            more |= {"retry_after_s": self.roll(1, 4), "retry_factor": self.roll(1, 3)}
        per_s = self.pick((0, 0.5, 1, 1.5, 3))
        return {
            "id": f"to-{name}",
            "station": name,
            "per_day": per_s * 86_400,
            "hours": [1] * 24,
            "service_s": 1,
            **more,
        }

    def mode(self, station: str, service: str, *, slow: set[str]) -> dict[str, Any]:
        """What a station does without one of the services it calls."""
        is_gate = self.stations[station].get("lanes") == "by_departure"
        closes = not is_gate and self.rarely(1)
        more: dict[str, Any] = {}
        if service in slow and self.rarely(1):
            more["delay_s"] = self.roll(1, 6)
        law = self.stations[station]["service"]
        if not closes and law["mean_s"] and self.rarely(1):
            more["mean_s"] = self.roll(1, 5)
        return {
            "id": station,
            "station": station,
            "service": service,
            "after_min": self.roll(0, 5) / 60,
            "recovers_min": self.roll(0, 5) / 60,
            "closes": closes,
            "skips_calls": not closes,
            **more,
        }

    def repost(self, mode: dict[str, Any], closing: set[str]) -> None:
        """Sometimes staff go to a station that has room for them and does not close."""
        free = [
            name
            for name, station in self.stations.items()
            if name not in closing and station.get("lanes") != "by_departure"
        ]
        if free and self.rarely(1):
            to = self.stations[self.pick(free)]
            to["installed"] = max(to.get("installed", 0), 30)
            mode |= {
                "repost_to": to["id"],
                "repost_servers": self.roll(1, 2),
                "repost_min": self.roll(0, 4) / 60,
            }
