"""Stations that name a profile: what was measured put in its place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.scenario.keys import dotted
from sim.scenario.layers import Node, grow, is_array_of_nodes
from sim.scenario.merging import is_number
from sim.scenario.profile import MatcherProfile, read_profile
from sim.scenario.wording import quoted

DEPARTURE_GALLERY = 160
"""Identities in the gallery of a departure, where a match does not say; assumed."""


class _CannotTakeError(Exception):
    """What a profile does not hold; the message names the key."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def with_profiles(root: Node) -> list[Fault]:
    """Put the measured figures into every batch and match that names a profile.

    A batch gets ``buckets`` of the smallest measured gallery with at least ``people``; a match
    gets ``errors`` and ``false_accept`` at ``threshold``. Both keep what was taken in
    ``measured``, in place of ``profile``, so that a run needs the file no more.

    Parameters
    ----------
    root : Node
        The scenario's tables, changed in place.

    Returns
    -------
    list of Fault
        What cannot be taken, and why.
    """
    stations = root.child("stations")
    if stations is None or not is_array_of_nodes(stations.value):
        return []
    faults: list[Fault] = []
    for number, station in enumerate(stations.value):
        for name, take in (("batch", _batch), ("match", _match)):
            node = station.child(name)
            if node is None or not isinstance(node.get("profile"), str):
                continue
            path = ("stations", number, name)
            try:
                said = node.value["profile"]
                profile = read_profile(said.value, folder=said.origin.document.folder)
                for key, value in take(node, profile):
                    node.value[key] = grow(value, said.origin.document, said.origin.key)
                del node.value["profile"]
            except _CannotTakeError as error:
                faults.append(_fault(root, (*path, error.key), str(error)))
            except ScenarioError as error:
                faults += [
                    fault if fault.path else _fault(root, (*path, "profile"), fault.message)
                    for fault in error.faults
                ]
    return faults


def _batch(node: Node, profile: MatcherProfile) -> Iterator[tuple[str, Any]]:
    _only_from_profile(node, "buckets")
    people = node.get("people")
    if not isinstance(people, int) or isinstance(people, bool) or people < 1:
        got = "" if people is None else f", got {quoted(people)}"
        raise _CannotTakeError("people", f"a profile needs the people in the gallery{got}")
    times = profile.times_for(people)
    if times is None:
        most = profile.galleries[-1].people
        message = (
            f"{people:,}, but {profile.id} was measured up to {most:,} people; "
            f"measure again: sim matcher profile --n {people}"
        )
        raise _CannotTakeError("people", message)
    source = f"{profile.measured.words}, {times.kernel} among {times.people:,} people"
    yield "measured", f"{profile.id}: {source}"
    yield (
        "buckets",
        [
            {"size": each.size, "service_s": {"value": each.service_s.value, "source": source}}
            for each in times.buckets
        ],
    )


def _match(node: Node, profile: MatcherProfile) -> Iterator[tuple[str, Any]]:
    _only_from_profile(node, "false_accept")
    threshold = node.get("threshold")
    rates = profile.rates_at(float(threshold)) if is_number(threshold) else None
    if rates is None:
        known = ", ".join(f"{each.threshold:g}" for each in profile.rates) or "none"
        got = "missing" if threshold is None else f"got {quoted(threshold)}"
        raise _CannotTakeError("threshold", f"{got}; {profile.id} was measured at {known}")
    source = f"{profile.measured.words}, synthetic faces, threshold {rates.threshold:g}"
    yield "measured", f"{profile.id}: {source}"
    errors = node.child("errors")
    written = errors.plain() if errors is not None else [{"share": 0.0}]
    if isinstance(written, list) and all(isinstance(each, dict) for each in written):
        yield "errors", [_missed(each, rates.fnmr.share.value, source) for each in written]
    size = _gallery(node)
    yield (
        "false_accept",
        {
            "value": _any_of(size, profile.false_match_rate(rates.threshold)),
            "source": f"{source}; any of {size:,} comparisons",
        },
    )


def _missed(written: dict[str, Any], fnmr: float, source: str) -> dict[str, Any]:
    """A class's share of failures, with those of the comparison besides the written ones."""
    share = written.get("share", 0.0)
    figure = dict(share) if isinstance(share, dict) else {"value": share}
    if not all(is_number(figure.get(end, 0.0)) for end in ("value", "low", "high")):
        return written  # the model says what is wrong with it
    ends = {
        end: 1 - (1 - figure[end]) * (1 - fnmr) for end in ("value", "low", "high") if end in figure
    }
    own = figure.get("source")
    both = f"{source}; and {own}" if own and figure.get("value") else source
    return {**written, "share": {**ends, "source": both}}


def _any_of(size: int, fmr: float) -> float:
    """Share of searches in which one of `size` independent comparisons is a false match."""
    return 1.0 if fmr >= 1 else -math.expm1(size * math.log1p(-fmr))


def _gallery(node: Node) -> int:
    """How many people a probe is compared with."""
    given = node.child("gallery_size")
    size = given.plain() if given is not None else None
    size = size.get("value") if isinstance(size, dict) else size
    if node.get("mode") != "1:N":
        return 1
    if isinstance(size, int | float) and not isinstance(size, bool):
        return int(size)
    if node.get("gallery") in {"chip", "vneid", None}:
        return 1
    if node.get("gallery") == "departure":
        return DEPARTURE_GALLERY
    raise _CannotTakeError("gallery_size", "missing; a profile needs the people in the gallery")


def _only_from_profile(node: Node, key: str) -> None:
    if node.child(key) is not None:
        message = f"comes from the profile; remove it ({key} = {{ remove = true }}) or the profile"
        raise _CannotTakeError(key, message)


def _fault(root: Node, path: tuple[str | int, ...], message: str) -> Fault:
    origin = root.origin_at(path)
    return Fault(message, path=origin.path, line=origin.line, key=dotted(root.plain(), path))
