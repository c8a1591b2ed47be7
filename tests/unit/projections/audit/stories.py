"""Stories that audits are told, and what they find in them."""

from __future__ import annotations

from typing import Any

from sim.projections.audit import Contradiction, audit
from sim.scenario.spec import ScenarioSpec
from tests.unit.projections.logs import Story, spec_of

BATCH = {"id": "matcher", "batch": {"cap": 2, "buckets": [{"size": 2, "service_s": 1}]}}


def found(
    story: Story,
    spec: ScenarioSpec | None = None,
    *,
    parties: list[int] | None = None,
    is_complete: bool = False,
) -> tuple[Contradiction, ...]:
    spec = spec or spec_of(*story.stations)
    return audit(story.log(parties=parties), spec, is_complete=is_complete)


def rules(story: Story, spec: ScenarioSpec | None = None, **more: Any) -> set[str]:
    return {each.rule for each in found(story, spec, **more)}


def desk(servers: int = 1) -> Story:
    """A desk with passengers 0, 1 and 2 inside."""
    return Story("desk").open(0, "desk", servers).arrived(0, 0, 1, 2)


def calling() -> Story:
    """Passenger 0 at the gate has sent a request that waits at a closed matcher."""
    story = Story("gate", "matcher").open(0, "gate", 1).open(0, "matcher", 0).arrived(0, 0)
    return story.joined(0, 0, "gate").started(0, 0, "gate", 0).joined(1, 0, "matcher")
