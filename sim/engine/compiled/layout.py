"""The memory the compiled loop works in: a world of tables, as C structs know them.

Everything is a whole number. ``WORLD`` is a single record: scalars, and the address of each
table. A table is a NumPy array of records; a column is a table of records with one field.
NumPy builds these arrays and Numba compiles functions over their addresses, so that the
compiled code needs neither of the two to run.
"""

from __future__ import annotations

import numpy as np

from sim.events.log import BLOCK_ROWS, DTYPES

NEVER = -1
"""An instant or a limit that does not apply; nobody, nothing."""

SECOND_US = 1_000_000
"""Delays are worked out by the second."""

OWN_TURN = -1
"""Whose turn began a service: the customer's own, on joining."""

FIRST_CHANGE = -2
"""Whose turn began a service: the first change of staffing; earlier numbers are later ones."""

IDLE_FIRST, NAMED, PAUSE = range(3)
"""Closing rules."""

BY_SHARE, SHORTEST, PREFER = range(3)
"""Ways to choose."""

TO_LEVEL, REPAIR, FAIL, OPEN_BOARDING, CLOSE_BOARDING, LEAVE_GATE = range(6)
"""What the facility does, in the order of one instant."""

EFFECT, REOPEN, INSTALL = range(6, 9)
"""What else a fork may change: a policy in force, a slot, servers that exist."""

RECOVER, DEGRADE = range(9, 11)
"""A degraded mode ends, or begins."""

BLOCK_FULL, DAY_OVER, NEEDS_ROOM = range(3)
"""Why the loop returned."""


def _record(wide: str = "", narrow: str = "") -> np.dtype:
    """A record of int64 fields followed by int32 fields."""
    fields = [(name, np.int64) for name in wide.split()]
    return np.dtype([*fields, *((name, np.int32) for name in narrow.split())], align=True)


CUSTOMER = _record(
    "row joined done_at traits",
    "departure group persons slot visit first_step end_step "
    "station at_visit lane line server has_started waits after before "
    "spell attempt pending trial is_working is_asked is_refused in_batch held_after",
)
"""Someone or something at a station: passengers by their row, then requests.

``departure group slot visit row traits`` say where a passenger is on the journey (`group` is
how many move together, `row` the row of the draws), which lies between ``first_step`` and
``end_step``; the next line is their place at a station
(`line` is the priority's queue, `after` and `before` their neighbours in it); then the stretch
of work (`spell`), attempts, parts of the attempt to come (`pending`), stays begun anew
(`trial`), next in the same batch, next held until boarding opens.
"""

REQUEST = _record("takes_us", "of_stay of_call of_trial is_open issue next_free")
"""What a request adds to a customer: whose it is, and whether an answer is waited for."""

STATION = _record(
    "mean_service_us joins stretch_ppm",
    "installed closing queue_limit per_party by_departure lanes first_lane first_line classes "
    "first_server first_rule first_batch_us batch_cap alters_end "
    "level is_down down busy waiting formed alter free boards first_delay is_closed skips",
)
"""A station: how it is built (to ``alters_end``), then how it is now.

Servers, lanes, rules and batch times of all stations lie end to end; ``first_…`` is where the
station's own begin. ``classes`` are its priorities; ``alter`` is its next change of servers.
``first_delay`` is where its delays by the second begin, -1 without; ``skips`` is the station it
does not call in a degraded mode, or -1, and ``stretch_ppm`` scales its services then.
"""

LANE = _record(narrow="waiting")
LINE = _record(narrow="head tail")
SERVER = _record(narrow="serving is_paused is_down batch idle")
"""A server; ``idle`` of the first few is the heap of free servers, lowest index first."""

DEPARTURE = _record("at_us", "gate is_boarding held_first held_last")
GOING = _record(narrow="who outcome")
"""Who goes on before the next turn, and how their stay ended."""

ENTRY = _record("at_us key order what")
"""Something to happen: when, its turn within the instant, order of creation, and what."""

GUARD = _record(narrow="first_term end")
TERM = _record("mask want")
RULE = _record("late_us guard")
STEP = _record(narrow="guard way first_slot slots on_reject on_balk on_renege")
SLOT = _record(
    "weight turns_on turns_off opens_us closes_us",
    "step station guard permit sets_guard attempts checks_in boards first_call calls "
    "gallery gallery_per_departure mark",
)
CALL = _record("after_ppm timeout_us", "station refers")
CHANGE = _record("at_us value", "station ordinal what turn")
AMENDMENT = _record("weight", "slot permit")
"""What a fork changes about a slot."""
DEGRADATION = _record("stretch_ppm", "closes skips")
"""A degraded mode; `skips` is the station that is not called, or -1."""

TABLES: dict[str, np.dtype] = {
    "customers": CUSTOMER,
    "requests": REQUEST,
    "stations": STATION,
    "lanes": LANE,
    "lines": LINE,
    "servers": SERVER,
    "departures": DEPARTURE,
    "going": GOING,
    "calendar": ENTRY,
    "guards": GUARD,
    "terms": TERM,
    "rules": RULE,
    "steps": STEP,
    "slots": SLOT,
    "calls": CALL,
    "changes": CHANGE,
    "amendments": AMENDMENT,
    "degradations": DEGRADATION,
}
"""Tables of records by name."""

COLUMNS: dict[str, np.dtype] = {
    **dict.fromkeys(
        (
            "arrival_us",
            "first",
            "service_us",
            "walk_us",
            "patience_us",
            "retry_us",
            "call_us",
            "choice",
            "second_choice",
            "switch_us",
            "batch_us",
            "alters_us",
            "delay_us",
            "unsent",
            "levels_us",
            "joined_us",
            "given_service_us",
            "given_patience_us",
            "started_us",
            "completed_us",
            "busy_until_us",
        ),
        np.dtype(np.int64),
    ),
    **dict.fromkeys(
        ("levels", "who", "on_server", "handed_on_by", "busy_with", "busy_server", "idle_server"),
        np.dtype(np.int32),
    ),
    "party_size": np.dtype(np.int32),
    "route": np.dtype(np.int32),
    "accepted_on": np.dtype(np.uint8),
    **{f"log_{name}": dtype for name, dtype in DTYPES.items() if name != "seq"},
}
"""Plain columns by name; two-dimensional ones row by row."""

SCALARS = (
    # how the day is
    "start_us cut_us policies has_boarding has_routes people n_stations n_slots n_changes "
    "retries call_columns choices switches unsent_columns delay_seconds room entries_room "
    # how it goes
    "rows entries order to_go_on lead change free_request has_begun "
    # one station by itself, see `loop.recursion`
    "is_recursion visits installed by_name n_levels busy idle level has_patience wants_servers"
)

WORLD = np.dtype([(name, np.int64) for name in (*SCALARS.split(), *TABLES, *COLUMNS)])
"""The record the loop is given the address of."""

__all__ = ["BLOCK_ROWS", "COLUMNS", "TABLES", "WORLD"]
