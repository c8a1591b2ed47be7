"""A desk with a calendar, small enough that a month of it takes a second."""

from pathlib import Path

from sim.scenario.load import Scenario, load_scenario

TOML = """
id = "small-year"
kind = "generic"
date = 2026-01-14
horizon_s = 7200

[demand]
arrivals = { law = "poisson", rate_per_s = 0.1 }

[demand.calendar]
weekday = [1, 1, 1, 1, 1.1, 0.9, 0.9]
month = [1, 1, 1, 1, 1, 1.1, 1.1, 1.1, 1, 1, 1, 1]
roster_follows = 0.5

[[demand.calendar.holiday]]
id = "tet-rush"
date = "tet"
first = -7
last = -1
factor = 2

[[stations]]
id = "desk"
installed = 4
servers = 2
service = { law = "exponential", mean_s = 18.0 }
standard = { wait_low_min = 0, wait_high_min = 1 }

[[stations]]
id = "door"
servers = 1
service = { law = "deterministic", mean_s = 2.0 }

[[journey]]
station = "desk"

[[journey]]
station = "door"

[[targets]]
station = "desk"
share = 0.8
within_s = 60

[[policy]]
id = "new-rule"
effective = 2026-02-12
"""


def small_year(folder: Path) -> Path:
    """The scenario as a file."""
    path = folder / "small-year.toml"
    path.write_text(TOML)
    return path


def small_scenario(folder: Path) -> Scenario:
    """The scenario."""
    return load_scenario(small_year(folder))
