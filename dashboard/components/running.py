"""The figures before a change, beside those after it."""

from __future__ import annotations

from dashboard.changes import changes_between
from dashboard.components.day import Before
from dashboard.components.session import memory
from dashboard.i18n.formats import Formats
from dashboard.levers import Levers
from dashboard.memory import Shown


def before_of(shown: Shown, levers: Levers, formats: Formats) -> Before | None:
    """What was drawn before of the same place, and what has been moved since."""
    before = memory().before
    if before is None:
        return None
    changes = changes_between(before.question, shown.question, levers, formats)
    is_same = before.question.seed == shown.question.seed
    key = "tile.compared" if is_same else "tile.compared_seed"
    return Before(before.answer, formats.words(key, changes="; ".join(changes)))
