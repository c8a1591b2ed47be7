"""Classes of passenger that reports tell apart, and traits that only reports ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from sim.errors import ScenarioError
from sim.scenario.demand import TraitSpec
from sim.scenario.document import read_document
from sim.scenario.faults import explain, in_order
from sim.scenario.figures import Strict
from sim.scenario.find import scenario_folder
from sim.scenario.guards import names_in
from sim.scenario.layers import grow
from sim.scenario.load import scenario_from_document
from sim.scenario.scenario import Scenario
from sim.scenario.stations import Id, Text

CLASSES_FILE = "_classes.toml"
"""Name of the shipped classes, beside the scenarios and none of them."""


class PassengerClass(Strict):
    """Passengers that a report tells apart.

    Attributes
    ----------
    when : str
        Condition on traits at arrival; "" is everyone. Classes may overlap.
    """

    id: Id
    when: str = ""
    name: Text


class ClassFile(Strict):
    """What a file of classes holds.

    Attributes
    ----------
    traits : tuple of TraitSpec
        Traits that scenarios do not have, because nothing in them depends on them.
    classes : tuple of PassengerClass
        The classes, in the order of the report.
    """

    traits: Annotated[tuple[TraitSpec, ...], Field(strict=False)] = ()
    classes: Annotated[tuple[PassengerClass, ...], Field(min_length=1, strict=False)]


@lru_cache(maxsize=4)
def load_classes(path: Path | None = None) -> ClassFile:
    """Classes from a file, by default the shipped ones.

    Raises
    ------
    ScenarioError
        With every fault of the file.
    """
    document = read_document(path or scenario_folder() / CLASSES_FILE)
    try:
        return ClassFile.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        root = grow(document.data, document)
        raise ScenarioError(in_order(explain(error, model=ClassFile, root=root))) from None


def observed(scenario: Scenario, classes: ClassFile) -> Scenario:
    """A scenario whose passengers have the traits that only reports ask for, too.

    They come last and each is drawn from a stream of its own, so that everyone else's draws,
    and every event but the trait bits of arrivals, stay as they are.
    """
    known = {trait.id for trait in scenario.spec.traits}
    added = [
        json.loads(trait.model_dump_json(by_alias=True, exclude_none=True))
        for trait in classes.traits
        if trait.id not in known and _asks_for(trait) <= known
    ]
    if not added:
        return scenario
    document = deepcopy(scenario.document)
    document["traits"] = [*document["traits"], *added]
    return scenario_from_document(document)


def classes_in(scenario: Scenario, classes: ClassFile) -> dict[str, str]:
    """The classes that a scenario's traits can tell apart: condition by id."""
    known = {trait.id for trait in scenario.spec.traits}
    return {each.id: each.when for each in classes.classes if _names(each.when) <= known}


def _asks_for(trait: TraitSpec) -> frozenset[str]:
    return frozenset().union(*(_names(when) for when in _conditions(trait)))


def _conditions(trait: TraitSpec) -> Iterator[str]:
    yield trait.when
    for entry in trait.shares:
        yield entry.when


def _names(when: str) -> frozenset[str]:
    return names_in(when) if when.strip() else frozenset()
