"""The way through the journey: choices, and where outcomes lead."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.coherence.view import Finding, View
from sim.scenario.journey import LEAVE, StepSpec, Visit


def outcomes_lead_onward(view: View) -> Iterator[Finding]:
    """A failed match, a full or too long queue leads to a later step or away."""
    places = {name: number for number, name in reversed(list(enumerate(view.steps)))}
    for number, step in enumerate(view.spec.journey):
        for key in ("on_reject", "on_balk", "on_renege"):
            target = getattr(step, key)
            if target != LEAVE and target in places and places[target] <= number:
                message = (
                    f"{target} is not after this step; a passenger never goes back: "
                    f'name a later step or "{LEAVE}", or "" for the next one'
                )
                yield Finding(("journey", number, key), message, (("journey",),))


def visits_in_options(view: View) -> Iterator[Finding]:
    """Where a step offers options, each option says what its visit means."""
    for number, step in enumerate(view.spec.journey):
        if not step.options:
            continue
        for key, field in Visit.model_fields.items():
            if getattr(step, key) != field.get_default(call_default_factory=True):
                message = f"has no effect on a step with options; write {key} in its options"
                yield Finding(("journey", number, key), message)


def choices_meant(view: View) -> Iterator[Finding]:
    """Shares are given to all options or to none, and to at least one above zero."""
    for number, step in enumerate(view.spec.journey):
        path = ("journey", number)
        if step.switch_after is not None and step.choose != "prefer":
            message = f'has no effect with choose = "{step.choose}"; use "prefer" or take it out'
            yield Finding((*path, "switch_after"), message)
        if step.choose == "share" and step.options:
            yield from _shares(step, number)


def _shares(step: StepSpec, number: int) -> Iterator[Finding]:
    path = ("journey", number, "options")
    given = [option.share for option in step.options]
    missing = [index for index, share in enumerate(given) if share is None]
    if missing and len(missing) < len(given):
        for index in missing:
            message = "missing, while other options have one; give every option a share or none"
            yield Finding((*path, index, "share"), message, (path,))
    if not missing and not any(share and share.value for share in given):
        yield Finding(path, "every share is zero; give at least one above zero")


CHECKS = (outcomes_lead_onward, visits_in_options, choices_meant)
