"""Where the facilities of the rollout lie, for the map: degrees north and east, rounded.

Positions from general knowledge, to a twentieth of a degree and not checked against charts; a
second terminal stands beside the first, and the facilities of the two largest cities stand in a
list in the sea beside them. They draw a map and enter no figure.
"""

from __future__ import annotations

ALONE: dict[str, tuple[float, float]] = {
    "dad-t1": (16.05, 108.20),
    "dad-t2": (16.55, 108.20),
    "cxr": (12.00, 109.20),
    "cxr-t2": (12.40, 109.20),
    "pqc": (10.15, 104.00),
    "pqc-intl": (10.55, 104.00),
    "hph": (20.80, 106.70),
    "vii": (18.75, 105.65),
    "hui": (16.40, 107.70),
    "vca": (10.10, 105.70),
    "vdo": (21.10, 107.40),
    "dli": (11.75, 108.35),
    "bmv": (12.65, 108.10),
    "uih": (13.95, 109.05),
    "vcs": (8.75, 106.65),
    "pxu": (14.00, 108.00),
    "thd": (19.90, 105.45),
    "vdh": (17.50, 106.60),
    "vcl": (15.40, 108.70),
    "tbb": (13.05, 109.35),
    "vkg": (9.95, 105.15),
    "cah": (9.20, 105.20),
    "din": (21.40, 103.00),
}
"""Facilities with room around them."""

HANOI = (
    "han-t1",
    "han-t2",
    "hanoi-station",
    "metro-2a",
    "metro-3",
    "parking-han-t1",
    "parking-metro",
    "parking-hoan-kiem",
)
HCMC = ("sgn-t1", "sgn-t2", "sgn-t3", "hcmc-1", "parking-sgn")

LISTS = {"hanoi": (22.2, 108.6, HANOI), "hcmc": (10.7, 108.1, HCMC)}
"""Where the list of a city begins, and what it holds."""

STEP = 0.42
"""Degrees from one line of a list to the next."""

POSITIONS = ALONE | {
    name: (north - STEP * (row + 1), east)
    for north, east, names in LISTS.values()
    for row, name in enumerate(names)
}
