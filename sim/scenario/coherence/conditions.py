"""Conditions: readable, on traits that exist, known when they are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.scenario.coherence.view import NO_TRAIT_ID, Finding, View
from sim.scenario.guards import GuardError, compile_guard, names_in
from sim.scenario.keys import KeyPath
from sim.scenario.suggestions import advice


def readable(view: View) -> Iterator[Finding]:
    """Every condition can be read and names declared traits."""
    for path, text in _all(view):
        try:
            unknown = sorted(names_in(text) - view.bits.keys())
            for name in unknown:
                message = f"there is no trait {name}; {advice(name, view.bits, kind='traits')}"
                yield Finding(path, message, because=(NO_TRAIT_ID,))
            if not unknown:
                compile_guard(text, view.bits)
        except GuardError as error:
            yield Finding(path, str(error))


def known_in_time(view: View) -> Iterator[Finding]:
    """What is drawn before the day starts does not ask for a trait that a step sets."""
    for path, text in _drawn_first(view):
        for name in sorted(_names(text) & view.dynamic.keys()):
            step = view.steps[view.dynamic[name].step]
            message = (
                f"depends on {name}, which step {step} sets, but is drawn before the day "
                "starts; use a trait passengers arrive with, or another station"
            )
            yield Finding(path, message, because=(("journey",),))


def traits_in_order(view: View) -> Iterator[Finding]:
    """A trait depends only on those declared before it."""
    for number, trait in enumerate(view.spec.traits):
        earlier = {each.id for each in view.spec.traits[:number]} | view.other_traits
        texts = [((), trait.when)]
        texts += [(("shares", i), each.when) for i, each in enumerate(trait.shares)]
        for below, text in texts:
            for name in sorted((_names(text) & view.bits.keys()) - earlier):
                message = f"depends on {name}, which is declared later; move {name} before it"
                yield Finding(("traits", number, *below, "when"), message, (("traits",),))


def classes_complete(view: View) -> Iterator[Finding]:
    """Where everyone needs a value the last class is for everyone, and only the last."""
    for path, classes, needs_all in _classes(view):
        for index, text in enumerate(classes):
            is_last = index == len(classes) - 1
            if text.strip() == "" and not is_last:
                message = "is for everyone, so the classes after it apply to nobody; put it last"
                yield Finding((*path, index), message)
        if needs_all and classes[-1].strip():
            message = (
                f'is only for "{classes[-1]}", so the others have none; '
                "end the list with one for everyone, without when"
            )
            yield Finding((*path, len(classes) - 1, "when"), message)


CHECKS = (readable, known_in_time, traits_in_order, classes_complete)


def _names(text: str) -> frozenset[str]:
    try:
        return names_in(text)
    except GuardError:
        return frozenset()


def _all(view: View) -> Iterator[tuple[KeyPath, str]]:
    spec = view.spec
    yield from _drawn_first(view)
    for number, show_up in enumerate(spec.demand.show_up):
        yield ("demand", "show_up", number, "when"), show_up.when
    for number, trait in enumerate(spec.traits):
        yield ("traits", number, "when"), trait.when
        for index, share in enumerate(trait.shares):
            yield ("traits", number, "shares", index, "when"), share.when
    for number, station in enumerate(spec.stations):
        for index, rule in enumerate(station.priority):
            yield ("stations", number, "priority", index, "when"), rule.when
    for number, step in enumerate(spec.journey):
        yield ("journey", number, "when"), step.when
        for index, option in enumerate(step.options):
            yield ("journey", number, "options", index, "when"), option.when
    for place in view.places:
        yield (*place.path, "sets_when"), place.visit.sets_when
    for number, policy in enumerate(spec.policy):
        for index, restriction in enumerate(policy.restrict):
            yield ("policy", number, "restrict", index, "to"), restriction.to


def _drawn_first(view: View) -> Iterator[tuple[KeyPath, str]]:
    for path, laws in view.laws():
        for index, law in enumerate(laws):
            yield (*path, index, "when"), law.when
    for number, station in enumerate(view.spec.stations):
        if station.match is not None:
            path = ("stations", number, "match")
            yield (*path, "retry", "when"), station.match.retry.when
            for index, error in enumerate(station.match.errors):
                yield (*path, "errors", index, "when"), error.when


def _classes(view: View) -> Iterator[tuple[KeyPath, Sequence[str], bool]]:
    for path, laws in view.laws():
        yield path, [law.when for law in laws], path[-1] in {"service", "switch_after"}
    for number, station in enumerate(view.spec.stations):
        if station.match is not None and station.match.errors:
            path = ("stations", number, "match", "errors")
            yield path, [error.when for error in station.match.errors], True
    for number, trait in enumerate(view.spec.traits):
        if trait.shares:
            yield ("traits", number, "shares"), [each.when for each in trait.shares], False
    if view.spec.demand.show_up:
        path = ("demand", "show_up")
        yield path, [each.when for each in view.spec.demand.show_up], True
