"""What one session remembers: its levers in each scenario, the figures on show, its job."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.address import Refusal, read_question
from dashboard.answer import Answer, Task
from dashboard.jobs import Desk, Job
from dashboard.levers import Levers, levers_of
from dashboard.library import loaded
from dashboard.question import Question, unmoved
from sim.scenario.spec import ScenarioSpec


@dataclass(frozen=True, slots=True)
class Opening:
    """How a session began: what its address asked, and what of it could not be used.

    Attributes
    ----------
    question : Question
        What could be used.
    refusals : tuple of Refusal
        What could not.
    unknown : str
        Scenario that does not exist; "" if none was refused.
    """

    question: Question
    refusals: tuple[Refusal, ...]
    unknown: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures on the page, the question that they answer, and the scenario as asked."""

    question: Question
    answer: Answer
    spec: ScenarioSpec


@dataclass(slots=True)
class Memory:
    """One session's state; no other session sees it.

    Attributes
    ----------
    opening : Opening
        How it began.
    questions : dict of str to Question
        Last question asked about each scenario.
    shown : Shown or None
        The figures last drawn.
    before : Shown or None
        Those drawn before, of the same scenario with other settings.
    looked_at : set of str
        Scenarios that have been looked at.
    job : Job or None
        What was last asked for.
    name : str
        Name of the session among those who wait for jobs.
    """

    opening: Opening
    questions: dict[str, Question]
    shown: Shown | None = None
    before: Shown | None = None
    looked_at: set[str] = field(default_factory=set)
    job: Job | None = None
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    def recall(self, scenario: str, levers: Levers) -> Question:
        """The question last asked about a scenario."""
        return self.questions.setdefault(scenario, unmoved(scenario, levers))

    def looks_first(self, scenario: str) -> bool:
        """Whether this is the session's first look at a scenario; asking makes it so."""
        is_first = scenario not in self.looked_at
        self.looked_at.add(scenario)
        return is_first

    def remember(self, question: Question) -> None:
        """Keep a question; a first change settles what the address got wrong."""
        if self.questions[question.scenario] != question:
            self.opening = Opening(question, (), "")
        self.questions[question.scenario] = question

    def show(self, shown: Shown) -> None:
        """Keep what is drawn now; what was drawn before stays to compare with."""
        last = self.shown
        if last is not None and last.answer is not shown.answer:
            is_same_place = last.question.scenario == shown.question.scenario
            self.before = last if is_same_place else None
        self.shown = shown

    def shown_of(self, scenario: str) -> Shown | None:
        """The figures last drawn, if they are of this scenario."""
        is_of_it = self.shown is not None and self.shown.question.scenario == scenario
        return self.shown if is_of_it else None

    def job_of(self, task: Task | None) -> Job | None:
        """The job last asked for, if it is of this task."""
        return self.job if self.job is not None and task and self.job.key == task.key else None

    def ask(self, desk: Desk, task: Task) -> None:
        """Have a task simulated; what was waited for before is let go."""
        self.let_go(desk)
        self.job = desk.ask(task.key, task, watcher=self.name)

    def let_go(self, desk: Desk) -> None:
        """Lose interest in what was last asked for."""
        if self.job is not None and not self.job.is_over:
            desk.leave(self.job, watcher=self.name)


def opened(query: Mapping[str, str], offered: tuple[str, ...]) -> Memory:
    """The memory of a session that begins at an address."""
    asked = query.get("scenario", offered[0])
    scenario = asked if asked in offered else offered[0]
    question, refusals = read_question(query, scenario, levers_of(loaded(scenario).spec))
    opening = Opening(question, refusals, "" if asked == scenario else asked[:40])
    return Memory(opening, {scenario: question})
