"""The known-answer suite, run while the page waits."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.jobs import Report


@dataclass(frozen=True, slots=True)
class KnownAnswersErrand:
    """Known answers, asked anew.

    Attributes
    ----------
    parts : tuple of str
        What they are known from.
    """

    parts: tuple[str, ...]

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("known-answers", self.parts)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """As ``sim evidence --json`` prints it."""
        from sim.evidence.known_answers.suite import ask_all, questions

        asked = tuple(each for each in questions() if each.part in self.parts)
        return ask_all(lambda step: report(asdict(step)), asked)
