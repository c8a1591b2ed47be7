"""Random routes: they are drawn whole before the day starts, so little else may decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.coherence.view import Finding, View
from sim.scenario.journey import EXIT, LEAVE

if TYPE_CHECKING:
    import numpy as np

MAX_VISITS = 300
"""Most visits a passenger may be expected to make; some make thirty times as many."""


def routed_is_plain(view: View) -> Iterator[Finding]:
    """Random routing goes with neither conditions, options, matches nor departures."""
    if not view.is_routed:
        return
    if view.spec.kind == "airport":
        message = 'random routing is for kind = "generic", not "airport"; use conditions'
        yield Finding(("kind",), message, (("journey",),))
    if view.has_departures:
        yield Finding(("demand",), "a journey with random routing has no departures; use arrivals")
    if any(share.value for share in view.spec.demand.party_sizes[1:]):
        message = "passengers on random routes travel alone; take it out"
        yield Finding(("demand", "party_sizes"), message)
    for number, flow in enumerate(view.spec.demand.flows):
        if flow.party_sizes is not None and any(share.value for share in flow.party_sizes[1:]):
            message = "passengers on random routes travel alone; take it out"
            yield Finding(("demand", "flows", number, "party_sizes"), message)
    for number, step in enumerate(view.spec.journey):
        path = ("journey", number)
        if step.when.strip():
            yield Finding((*path, "when"), "a journey with random routing has no conditions")
        if step.options:
            yield Finding((*path, "options"), "a journey with random routing has no options")
        for key in ("on_reject", "on_balk", "on_renege"):
            if getattr(step, key) not in {"", LEAVE}:
                message = f'with random routing this is "{LEAVE}", or "" to go on with the route'
                yield Finding((*path, key), message)
        station = view.stations.get(step.station or "")
        if station is not None and station.match is not None:
            message = f"{station.id} matches faces, which random routing does not allow"
            yield Finding((*path, "station"), message)


def branches_sum_to_one(view: View) -> Iterator[Finding]:
    """The shares of a step's branches are the whole."""
    for number, step in enumerate(view.spec.journey):
        if not step.next:
            continue
        total = sum(branch.share.value for branch in step.next)
        if abs(total - 1) > 1e-9:
            message = f"shares sum to {total:.12g}, not 1; send the rest to exit or another step"
            yield Finding(("journey", number, "next"), message)


def routes_end(view: View) -> Iterator[Finding]:
    """Every route comes to an end, within a sensible number of visits."""
    if not view.is_routed:
        return
    import numpy as np

    chances = _transitions(view)
    if chances is None:
        return
    reach = np.eye(len(chances), dtype=bool) | (chances > 0)
    for _ in range(max(1, len(chances).bit_length())):
        reach = (reach.astype(float) @ reach.astype(float)) > 0
    ends = chances.sum(axis=1) < 1 - 1e-9
    caught = np.flatnonzero(reach[0] & ~(reach & ends).any(axis=1))
    if len(caught):
        names = ", ".join(view.steps[number] for number in caught[:5])
        message = f"nobody who comes to {names} ever leaves; give a branch to exit"
        yield Finding(("journey", int(caught[0]), "next"), message, (("journey",),))
        return
    seen = np.flatnonzero(reach[0])
    try:
        visits = np.linalg.solve(np.eye(len(seen)) - chances[np.ix_(seen, seen)].T, seen == 0)
        total = float(visits.sum())
    except np.linalg.LinAlgError:
        total = np.inf
    if not 0 <= total <= MAX_VISITS:
        message = (
            f"a passenger would make {total:.6g} visits on average; "
            f"at most {MAX_VISITS}: send a larger share to exit"
        )
        yield Finding(("journey",), message)


CHECKS = (routed_is_plain, branches_sum_to_one, routes_end)


def _transitions(view: View) -> np.ndarray | None:
    """Chance of each step after each, or None where the routes are not coherent."""
    import numpy as np

    size = len(view.steps)
    chances = np.zeros((size, size))
    places = {name: number for number, name in enumerate(view.steps)}
    for number, step in enumerate(view.spec.journey):
        if not step.next and number + 1 < size:
            chances[number, number + 1] = 1.0
        for branch in step.next:
            if branch.to == EXIT:
                continue
            if branch.to not in places:
                return None
            chances[number, places[branch.to]] += branch.share.value
        if chances[number].sum() > 1 + 1e-9:
            return None
    return chances
