"""The table of ``sim matcher capacity``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

_UNITS = {"GiB": 2**30, "MiB": 2**20, "KiB": 2**10}


def match_servers_report(found: dict[str, Any]) -> Iterator[Table | str]:
    """Cores, memory and work by gallery, then what the words mean."""
    promise = f"{1e3 * found['promise_s']:g} ms"
    title = f"{found['scenario']}: {found['requests']:,} match requests of "
    table = Table(title=f"{title}{found['passengers']:,} passengers", title_justify="left")
    table.add_column("Gallery")
    for heading in (
        "people",
        "asked an hour, peak",
        f"cores, P99 in {promise}",
        "P99 ms",
        "one lost, ms",
        "one spare",
        "memory",
        "one spare",
        "core-s a 1,000 requests",
    ):
        table.add_column(heading, justify="right")
    for row in found["rows"]:
        table.add_row(
            row["name"],
            f"{row['people']:,}{'' if row['is_measured'] else ' *'}",
            f"{row['per_h']:,.0f}",
            *_cells(row),
            f"{1e3 * row['core_s_per_request']:.3g}",
        )
    yield table
    yield (
        f"Profile {found['profile']['id']}, {found['profile']['measured']}. Cores are groups x "
        "cores of a group; a group searches one batch together and holds a copy of the gallery."
    )
    yield (
        "One lost: P99 of the least cores while one group is out of order; one spare: the least "
        "cores of which a group may be lost and the promise is kept."
    )
    if not all(row["is_measured"] for row in found["rows"]):
        yield "* larger than was measured: time in proportion to size"


def _cells(row: dict[str, Any]) -> list[str]:
    """What hangs on there being cores enough."""
    memory = _size(row["bytes"])
    if row["cores"] is None:
        return ["none keep it", "", "", "", memory, ""]
    lost = row["p99_one_group_lost_s"]
    spared = f"{row['groups_one_group_spare']} x {row['parts_one_group_spare']}"
    return [
        f"{row['cores']} ({row['groups']} x {row['parts']})",
        f"{1e3 * row['p99_s']:.3g}",
        "no answer" if lost is None else f"{1e3 * lost:.3g}",
        f"{row['cores_one_group_spare']} ({spared})",
        memory,
        _size(row["bytes_one_group_spare"]),
    ]


def _size(amount: int) -> str:
    """Bytes as one reads them."""
    unit, size = next((each for each in _UNITS.items() if amount >= each[1]), ("bytes", 1))
    return f"{amount / size:.3g} {unit}"
