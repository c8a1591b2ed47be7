"""What one session remembers: its levers in each scenario, the figures on show, its jobs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dashboard.address import Refusal, read_question
from dashboard.answer import Answer
from dashboard.jobs import Desk, Errand, Job
from dashboard.levers import Levers, levers_of
from dashboard.library import loaded
from dashboard.question import Question, unmoved
from sim.scenario.spec import ScenarioSpec

MOST_STEPS = 50
"""Steps that can be taken back."""


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
    jobs : dict of str to Job
        What was last asked for, by what it is for: a day, a comparison, a plan.
    variants : dict of str to dict of str to Question
        Questions kept under a name, by scenario.
    past, future : list of Question
        Questions before the present one, and those taken back; the nearest last.
    settings : dict of str to str
        Pages' own settings as the address had them, by name.
    kept : dict of str to object
        What pages remember of themselves, by name.
    name : str
        Name of the session among those who wait for jobs.
    """

    opening: Opening
    scenario: str
    questions: dict[str, Question]
    shown: Shown | None = None
    before: Shown | None = None
    looked_at: set[str] = field(default_factory=set)
    jobs: dict[str, Job] = field(default_factory=dict)
    variants: dict[str, dict[str, Question]] = field(default_factory=dict)
    past: list[Question] = field(default_factory=list)
    future: list[Question] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
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
        last = self.questions[question.scenario]
        if last != question:
            self.opening = Opening(question, (), "")
            self.past = [*self.past, last][-MOST_STEPS:]
            self.future = []
        self.scenario = question.scenario
        self.questions[question.scenario] = question

    def step(self, way: Literal["undo", "redo"]) -> Question | None:
        """The question of this scenario before, or after, the present one; None at the end."""
        here, there = (self.past, self.future) if way == "undo" else (self.future, self.past)
        now = self.questions[self.scenario]
        while here:
            question = here.pop()
            if question.scenario == self.scenario and question != now:
                there.append(now)
                self.questions[self.scenario] = question
                return question
        return None

    def can_step(self, way: Literal["undo", "redo"]) -> bool:
        """Whether there is somewhere to step to."""
        now = self.questions[self.scenario]
        steps = self.past if way == "undo" else self.future
        return any(each.scenario == self.scenario and each != now for each in steps)

    def variants_of(self, scenario: str) -> dict[str, Question]:
        """The questions kept under a name about a scenario."""
        return self.variants.setdefault(scenario, {})

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

    def job_of(self, purpose: str, errand: Errand | None) -> Job | None:
        """The job last asked for to some purpose, if it is of this errand."""
        job = self.jobs.get(purpose)
        return job if job is not None and errand is not None and job.key == errand.key else None

    def ask(self, desk: Desk, purpose: str, errand: Errand) -> None:
        """Have an errand done; what was waited for before to the same purpose is let go."""
        self.let_go(desk, purpose)
        self.jobs[purpose] = desk.ask(errand.key, errand, watcher=self.name)

    def let_go(self, desk: Desk, purpose: str) -> None:
        """Lose interest in what was last asked for."""
        job = self.jobs.get(purpose)
        if job is not None and not job.is_over:
            desk.leave(job, watcher=self.name)


def opened(query: Mapping[str, str], offered: tuple[str, ...]) -> Memory:
    """The memory of a session that begins at an address."""
    asked = query.get("scenario", offered[0])
    scenario = asked if asked in offered else offered[0]
    question, refusals = read_question(query, scenario, levers_of(loaded(scenario).spec))
    opening = Opening(question, refusals, "" if asked == scenario else asked[:40])
    return Memory(opening, scenario, {scenario: question}, settings=dict(query))
