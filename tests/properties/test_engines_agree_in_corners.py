"""Days that dwell on what random ones seldom meet: equal turns, large banks, many failures."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts.engine.agreement import tell
from tests.contracts.engine.cases import Case, Person
from tests.contracts.engine.dice import Dice

DAYS = 200
CLOSINGS = ("idle_first", "named", "pause")


def equal_turns(dice: Dice) -> Case:
    """Several calls of one service to one station at one instant: only their order tells them."""
    calls = dice.roll(2, 6)
    asks = [{"station": "m", "after_share": dice.pick((0.0, 1.0))} for _ in range(calls)]
    for ask in asks:
        if dice.rarely(1):
            ask |= {"timeout_s": float(dice.roll(1, 3))}
    case = Case().station("a", 4).station("m", dice.roll(1, 4)).step("a", calls=asks)
    fails(case, dice, "m", servers=1)
    for number in range(12):
        answer = [dice.roll(0, 3) for _ in range(calls)]
        case.passenger(number // 3, serve=dice.roll(0, 3), answer=answer)
    return case


def visits_that_overlap(dice: Dice) -> Case:
    """Requests of several visits of one passenger at one station, begun anew now and then."""
    case = Case().station("m", dice.roll(3, 5))
    for name in "abcd":
        ask = {"station": "m", "after_share": 0.0, "timeout_s": float(dice.roll(1, 2))}
        case.station(name, 3).step(name, calls=[ask])
    fails(case, dice, "m", servers=3)
    for number in range(6):
        answers = [[dice.roll(1, 6)] for _ in "abcd"]
        case.passenger(number, serve=dice.rows(4, 0, 2), answer=answers)
    return case


def large_bank(dice: Dice) -> Case:
    """Fifteen servers, of which idle ones fail too: the lowest idle one takes the next."""
    closing = dice.pick(CLOSINGS)
    case = Case().station("desk", 15, closing=closing).step("desk")
    fails(case, dice, "desk", servers=15)
    for _ in range(60):
        case.passenger(dice.roll(0, 30), serve=dice.roll(1, 9))
    case.parties.sort(key=lambda party: party[0])
    return case


def estimates(dice: Dice) -> Case:
    """The shorter queue, or a preferred one, at stations that close, pause and fail at work."""
    case = Case()
    for name in "abc":
        levels = {at: dice.roll(0, 3) for at in (0, *(dice.roll(1, 30) for _ in range(5)))}
        closing, mean = dice.pick(CLOSINGS), dice.roll(1, 3)
        case.station(name, levels, installed=4, closing=closing, mean=mean)
        fails(case, dice, name, servers=3)
    ways: dict[str, Any] = {"choose": "shortest"}
    if dice.rarely(1):
        ways = {"choose": "prefer", "switch_after": {"law": "deterministic", "mean_s": 1}}
    case.step(options=[{"station": name} for name in "abc"], **ways)
    for number in range(40):
        serve = [dice.roll(1, 9) for _ in "abc"]
        case.passenger(number // 2, serve=serve, switch=dice.roll(0, 9))
    case.parties.sort(key=lambda party: party[0])
    return case


def parties_in_service(dice: Dice) -> Case:
    """Parties served, tried again, interrupted, paused and sent home as one."""
    levels = {at: dice.roll(0, 3) for at in (0, *(dice.roll(1, 30) for _ in range(4)))}
    more: dict[str, Any] = {"per": "party", "closing": dice.pick(CLOSINGS), "installed": 4}
    case = Case().says(traits=[{"id": "x"}])
    case.gates("a", levels, attempts=2, queue_limit=dice.roll(0, 3), **more)
    case.station("b", 2, per="party").station("c", 2)
    case.step("a", id="a", sets={"x": True}, on_balk=dice.pick(("leave", "", "last")))
    case.step("b", when="x", on_reject="last", checks_in=True).step("c", id="last")
    fails(case, dice, "a", servers=3)
    for number in range(12):
        persons = [_member(dice) for _ in range(dice.roll(1, 4))]
        case.party(number * 2, *persons)
    return case


def _member(dice: Dice) -> Person:
    return Person(
        serve=dice.rows(3, 0, 6),
        walk=dice.rows(3, 0, 2),
        patience=dice.rows(3, 0, 9, is_blank=lambda _: dice.rarely(1)),
        accept=dice.roll(0, 2),
        retry=[dice.roll(0, 3)],
    )


def fails(case: Case, dice: Dice, station: str, *, servers: int) -> None:
    """Let a bank and each of its servers fail and be repaired, one failure after the other."""
    for server in range(-1, servers):
        at = dice.roll(0, 30 if server < 0 else 6)
        for _ in range(dice.roll(0, 1 if server < 0 else 3)):
            end = at + dice.roll(1, 4)
            case.outage(station, at, end, server=server)
            at = end + dice.roll(1, 8)


@pytest.mark.parametrize(
    "make", [equal_turns, visits_that_overlap, large_bank, estimates, parties_in_service]
)
def test_corners_are_told_alike(make: Callable[[Dice], Case]) -> None:
    """No event differs on days that dwell on one thing."""
    for seed in range(DAYS):
        told = tell(make(Dice(random.Random(seed).randint)))

        assert told.difference == "", f"{make.__name__} of seed {seed}: {told.difference}"
