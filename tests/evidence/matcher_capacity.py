"""Match servers and memory for a terminal, a city and the nation, from the shipped profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.evidence.matching.capacity import Load, capacity_document, capacity_row
from sim.experiments.day import run_day
from sim.reporting.before_after import markdown
from sim.scenario.load import load_scenario
from sim.scenario.profile import read_profile
from tests.evidence.claim import Claim, Finding, Steps

PROFILE = "epyc-one-core"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "matcher-capacity.md"

T3_HOUR = 3_600
T3 = "3,600 enter T3 in the peak hour of Tet (scenario sgn-t3-tet, chosen); all use a gate: assumed"
CITY = "about three terminals and the metro of a city in the peak hour: 10,000 an hour, assumed"
NATION = (
    "107,000 domestic passengers a day (press, 2025) and as many by metro and rail; "
    "10 % in the peak hour: assumed"
)
LOADS = (
    Load("terminal, departures", 200, T3_HOUR, T3),
    Load("terminal, everyone of the day", 100_000, T3_HOUR, T3),
    Load("city, a million", 1_000_000, 10_000, CITY),
    Load("city, ten million", 10_000_000, 10_000, CITY),
    Load("nation, a hundred million", 100_000_000, 21_400, NATION),
    Load("terminal, but among the nation", 100_000_000, T3_HOUR, T3),
)
DAYS = ("sgn-t3-tet", "national")
"""Days whose own requests are put to the galleries beside the loads above."""


def examine(steps: Steps) -> Finding:
    """Every load, then what the simulated days ask themselves."""
    found = steps.each([load.name for load in LOADS], row, processes=1)
    days = steps.each(DAYS, of_day, processes=1)
    rows = list(found.values())
    holds = {
        "every load can be carried within 200 ms": all(each["cores"] for each in rows),
        "a larger gallery costs more": rows[0]["core_s_per_request"]
        < rows[1]["core_s_per_request"]
        < rows[3]["core_s_per_request"]
        < rows[5]["core_s_per_request"],
        "losing a group keeps the promise where one is spare": all(
            each["p99_spare_lost_s"] <= 0.2 for each in rows
        ),
        "so are the simulated days": all(
            each["cores"] and each["p99_s"] <= 0.2 for day in days.values() for each in day["rows"]
        ),
    }
    PAGE.write_text("\n".join(page(rows, days)) + "\n", encoding="utf-8")
    return Finding(passed=all(holds.values()), figures={"holds": holds, **found, "days": days})


def row(name: str) -> dict[str, Any]:
    """One load."""
    load = next(each for each in LOADS if each.name == name)
    return capacity_row(read_profile(PROFILE, folder=Path()), load)


def of_day(name: str) -> dict[str, Any]:
    """A simulated day's own requests in its busiest half hour."""
    profile = read_profile(PROFILE, folder=Path())
    return capacity_document(run_day(load_scenario(name), seed=1), profile)


HEADER = [
    "who asks, among whom",
    "people",
    "requests in the peak hour",
    "one search alone, ms",
    "cores for P99 within 200 ms",
    "P99, ms",
    "P99 with one group lost, ms",
    "cores with one group spare",
    "P99 with one of these lost, ms",
    "memory of one copy, GiB",
    "with one group spare, GiB",
    "core-seconds per 1,000 searches",
]


def cells(each: dict[str, Any], name: str) -> list[str]:
    """A row of the table."""
    lost = each["p99_one_group_lost_s"]
    spared = f"{each['groups_one_group_spare']} × {each['parts_one_group_spare']}"
    return [
        name,
        f"{each['people']:,}" + ("" if each["is_measured"] else " (in proportion)"),
        f"{each['per_h']:,.0f}",
        f"{1e3 * each['alone_s']:.3g}",
        f"{each['cores']} ({each['groups']} × {each['parts']})",
        f"{1e3 * each['p99_s']:.3g}",
        "no answer" if lost is None else f"{1e3 * lost:.3g}",
        f"{each['cores_one_group_spare']} ({spared})",
        f"{1e3 * each['p99_spare_lost_s']:.3g}",
        f"{each['bytes'] / 2**30:.3g}",
        f"{each['bytes_one_group_spare'] / 2**30:.3g}",
        f"{1e3 * each['core_s_per_request']:.3g}",
    ]


def page(rows: list[dict[str, Any]], days: dict[str, Any]) -> list[str]:
    """The page that the figures are told on."""
    loads = [cells(each, each["name"]) for each in rows]
    ones = [
        cells(each, f"`{name}`, {each['name']}")
        for name, day in days.items()
        for each in day["rows"]
    ]
    nation, departure = rows[5], rows[0]
    times = round(nation["core_s_per_request"] / departure["core_s_per_request"], -3)
    return [
        "# Match servers and memory at the peak",
        "",
        f"From the profile `{PROFILE}` (one core of the machine it was measured on), greedy",
        "batches. Written by `python -m tests.evidence matcher-capacity`; for any scenario",
        "`sim matcher capacity SCENARIO`. Cores are groups × cores of a group; the cores of a",
        "group search one batch together, a part of the gallery each, and hold one copy between",
        "them. *Lost*: the least cores with one group out of order all the time; where there is",
        "one group alone nobody answers. *Spare*: the least cores of which one group may be lost",
        "and the promise is kept, divided perhaps otherwise. Times beyond the largest measured",
        "gallery are **in proportion to size**; [matcher-trace.md](matcher-trace.md) has a hundred",
        "million as measured.",
        "",
        "## A terminal, a city, the nation",
        "",
        "Poisson requests of the peak hour, one search a passenger.",
        "",
        *markdown(HEADER, loads),
        "",
        *[f"* {name}." for name in dict.fromkeys(each["source"] for each in rows)],
        "",
        f"A national gallery costs {nation['core_s_per_request']:.2g} core-seconds a passenger,",
        f"some {times:,.0f} times a departure's, and {nation['bytes'] / 2**30:.0f} GiB a copy.",
        "",
        "## Simulated days",
        "",
        "Requests of the busiest half hour as they come, bursts and further attempts included:",
        "first what the day asks itself, then all requests put to larger galleries.",
        "",
        *markdown(HEADER, ones),
    ]


CLAIM = Claim(
    "matcher-capacity",
    "A terminal, a city and the nation are carried within 200 ms by a stated number of cores and "
    "so much memory, one group of cores lost.",
    examine,
)
