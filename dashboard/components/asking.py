"""What the panel asks, and what it comes to: the ground that pages about a place stand on."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.answer import Answer, Task
from dashboard.components.panel import ask_question, choose_scenario
from dashboard.components.session import memory, office
from dashboard.i18n.formats import Formats
from dashboard.levers import Levers, levers_of
from dashboard.library import loaded, offered, titles
from dashboard.question import Question
from sim.errors import InvalidInputError
from sim.scenario.spec import ScenarioSpec


@dataclass(frozen=True, slots=True)
class Asked:
    """What the panel says, and what it comes to.

    Attributes
    ----------
    task : Task or None
        What to simulate; None where the question makes no sense.
    error : InvalidInputError or None
        Why it makes none.
    answer : Answer or None
        Known already, if somebody asked the same before.
    is_pressed, is_automatic : bool
        Whether the planner pressed the button, and whether every change is to run.
    """

    question: Question
    spec: ScenarioSpec
    levers: Levers
    task: Task | None = None
    error: InvalidInputError | None = None
    answer: Answer | None = None
    is_pressed: bool = False
    is_automatic: bool = False


def ask(formats: Formats) -> Asked:
    """The panel, and what its question comes to."""
    session = memory()
    scenario = choose_scenario(offered(), lambda name: title_of(name, formats), formats)
    base = loaded(scenario).spec
    levers = levers_of(base)
    question = ask_question(session.recall(scenario, levers), base, levers, formats)
    session.remember(question)
    return asked_of(question, base, levers)


def asked_of(question: Question, base: ScenarioSpec, levers: Levers) -> Asked:
    """What a question comes to."""
    try:
        task, spec = task_of(question, levers)
    except InvalidInputError as error:
        return Asked(question, base, levers, error=error)
    return Asked(question, spec, levers, task=task, answer=office().shelf.get(task.key))


def task_of(question: Question, levers: Levers) -> tuple[Task, ScenarioSpec]:
    """The day that a question asks for; raises `InvalidInputError` where it makes no sense."""
    chosen = loaded(question.scenario, tuple(question.overrides(levers)))
    task = Task(
        document=chosen.document,
        digest=chosen.digest,
        on=question.on(levers),
        seed=question.seed,
    )
    return task, chosen.spec


def title_of(scenario: str, formats: Formats) -> str:
    """A scenario as the language calls it."""
    return formats.words.of(titles().get(scenario), otherwise=scenario)
