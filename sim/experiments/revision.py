"""What a fork changes: a scenario's timelines, from an instant on, in words of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.demand.sample import outages_again
from sim.demand.workload import Workload
from sim.engine.network import Network, build_network
from sim.engine.splice import spliced, with_outages
from sim.errors import Fault, ScenarioError
from sim.scenario.clock import to_us
from sim.scenario.document import Document
from sim.scenario.layers import grow
from sim.scenario.load import scenario_from_document
from sim.scenario.opening import installed_servers
from sim.scenario.overrides import COMMAND_LINE, Override, apply_overrides, parse_override
from sim.scenario.program import Program
from sim.scenario.scenario import Scenario
from sim.scenario.stations import Servers, StationSpec
from sim.scenario.world_load import deal
from sim.scenario.world_union import BETWEEN

MAY_CHANGE = "stations.<id>.servers, outages, policy, journey.<step>.options.<station>.share"
"""Keys of timelines, as they are written."""

DRAWN = {
    "demand": "who comes and when is drawn before the day starts",
    "traits": "who has which traits is drawn before the day starts",
    "failures": "random failures are drawn before the day starts; write them as outages",
    "seed": "the seed decides who comes",
    "replication": "the replication decides who comes",
    "date": "the date decides who comes; change the date of a policy instead",
}
"""Why a fork keeps some things as they are."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Changes that take effect together.

    Attributes
    ----------
    at_us : int
        When they do, before anything else happens at that instant.
    changes : tuple of str
        Each ``key=value``, as with ``--set``.
    """

    at_us: int
    changes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As a manifest keeps it."""
        return {"at_us": self.at_us, "changes": list(self.changes)}


def revisions_in(notes: Mapping[str, Any]) -> tuple[Revision, ...]:
    """The revisions that a manifest's notes keep; none where nothing was changed on the way."""
    kept = (notes.get("fork") or notes.get("opening") or {}).get("revisions", ())
    return tuple(Revision(int(each["at_us"]), tuple(each["changes"])) for each in kept)


@dataclass(frozen=True, slots=True, eq=False)
class Revised:
    """A day as engines take it.

    Attributes
    ----------
    policies : tuple of str
        Ids of the policies in force at the start, then of those revisions brought.
    """

    network: Network
    workload: Workload
    policies: tuple[str, ...]


def revise(
    scenario: Scenario,
    day: Revised,
    *,
    revisions: Sequence[Revision],
    on: date | None,
    seed: int,
    replication: int,
) -> Revised:
    """Apply revisions to a day; its passengers and every draw stay as they are.

    Parameters
    ----------
    scenario : Scenario
        The scenario of the day, without any revision.
    day : Revised
        The day as planned.
    revisions : sequence of Revision
        In order of time.

    Raises
    ------
    ScenarioError
        With everything that a fork cannot change, or that makes no scenario.
    """
    for revision in revisions:
        after = revised_scenario(scenario, revision.changes)
        plans = [build_network(each.spec, each.program(on)) for each in (scenario, after)]
        _refuse_hours(*(each.program(on) for each in (scenario, after)))
        known = {policy.id for policy in scenario.program(on).policies}
        fresh = [policy.id for policy in after.program(on).policies if policy.id not in known]
        policies = (*day.policies, *(name for name in fresh if name not in day.policies))
        network = spliced(
            day.network,
            before=plans[0],
            after=plans[1],
            at_us=revision.at_us,
            policies=tuple(policies.index(name) for name in fresh),
        )
        tables = (
            outages_again(each, day.workload, seed=seed, replication=replication)
            for each in (scenario, after)
        )
        network, workload = with_outages(
            network, day.workload, before=next(tables), after=next(tables)
        )
        day, scenario = Revised(network, workload, policies), after
    return day


def _refuse_hours(before: Program, after: Program) -> None:
    """Refuse other policies or shares where policies change by the hour anyway."""
    names = dict.fromkeys(p.id for each in (before, after) for p in each.policies if p.hours)
    choices = [
        ([(s.permit, s.weight) for s in each.slots], [(t.at_us, t.permits) for t in each.turns])
        for each in (before, after)
    ]
    if names and choices[0] != choices[1]:
        text = (
            f"{', '.join(names)} holds at some hours only, so a fork cannot change policies or "
            "shares here; run the scenario anew with the hours you want"
        )
        raise ScenarioError([Fault(text, COMMAND_LINE.path, key="policy")])


def revised_scenario(scenario: Scenario, changes: Sequence[str]) -> Scenario:
    """A scenario with other timelines.

    Servers beyond those installed are installed; fewer servers leave the others in place.

    Raises
    ------
    ScenarioError
        With every fault at once.
    """
    refused, accepted = list[Fault](), list[Override]()
    for text in changes:
        override = parse_override(text)
        fault = override if isinstance(override, Fault) else _refusal(override)
        if fault is not None:
            refused.append(fault)
        elif isinstance(override, Override):
            accepted.append(override)
    try:
        after = scenario_from_document(
            scenario.document, overrides=[*accepted, *_installed(scenario, accepted)]
        )
    except ScenarioError as error:
        raise ScenarioError([*refused, *error.faults]) from None
    refused += _gates_added(scenario, after)
    if refused:
        raise ScenarioError(refused)
    return after


def _refusal(override: Override) -> Fault | None:
    is_of_facility = override.parts[0] == "facilities" and len(override.parts) > 2
    parts = override.parts[2:] if is_of_facility else override.parts
    match parts:
        case ("stations", _, "servers", *_) | ("outages" | "policy", *_):
            return None
        case ("journey", _, "options", _, "share") | (
            "journey",
            _,
            "options",
            _,
            "share",
            "value",
        ):
            return None
        case _:
            pass
    why = DRAWN.get("".join(parts[:1]), "a fork changes timelines only")
    text = f"{why}; from an instant on can change: {MAY_CHANGE}. Run the scenario anew for the rest"
    return Fault(text, COMMAND_LINE.path, key=override.key)


def _installed(scenario: Scenario, overrides: Sequence[Override]) -> Iterator[Override]:
    """Overrides that keep a changed station's servers, and install those that are added."""
    if not scenario.facilities:
        stations = scenario.spec.stations
        yield from _installed_of(scenario.document, stations, overrides, scenario.spec.day_starts)
        return
    dealt, world = deal(overrides), scenario.document
    own = [station for station in scenario.spec.stations if BETWEEN not in station.id]
    yield from _installed_of(world, own, dealt.own, scenario.spec.day_starts)
    for table, facility in zip(world["facilities"], scenario.facilities, strict=True):
        spec = facility.scenario.spec
        for each in _installed_of(
            table["scenario"],
            spec.stations,
            dealt.of_facility.get(facility.id, []),
            spec.day_starts,
        ):
            parts = ("facilities", facility.id, *each.parts)
            yield replace(each, key=".".join(parts), parts=parts)


def _installed_of(
    document: dict[str, Any],
    stations: Sequence[StationSpec],
    overrides: Sequence[Override],
    day_starts: int,
) -> Iterator[Override]:
    names = {each.parts[1] for each in overrides if each.parts[0] == "stations"}
    root = grow(document, Document(path="", folder=Path(), data=document))
    apply_overrides(root, overrides)
    start_us = to_us(day_starts)
    written = {each.get("id"): each for each in root.plain()["stations"]}
    for station in stations:
        if station.id not in names:
            continue
        try:
            servers = SERVERS.validate_python(written[station.id]["servers"])
        except ValidationError:
            continue  # in words when the scenario is read
        changed = StationSpec.model_construct(servers=servers, installed=None)
        most = max(
            installed_servers(station, start_us=start_us),
            installed_servers(changed, start_us=start_us),
        )
        key = f"stations.{station.id}.installed"
        yield Override(key, ("stations", station.id, "installed"), most)


SERVERS: TypeAdapter[Any] = TypeAdapter(Servers)


def _gates_added(scenario: Scenario, after: Scenario) -> Iterator[Fault]:
    start_us = to_us(scenario.spec.day_starts)
    for old, new in zip(scenario.spec.stations, after.spec.stations, strict=True):
        there, wanted = (installed_servers(each, start_us=start_us) for each in (old, new))
        if old.lanes == "by_departure" and wanted > there:
            text = (
                f"{wanted} servers, but departures leave from its {there} gates, one server "
                f"each; give at most {there}"
            )
            yield Fault(text, COMMAND_LINE.path, key=f"stations.{old.id}.servers")
