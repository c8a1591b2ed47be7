"""Words for what happened to a case at a station, ours and those of XES."""

from __future__ import annotations

from enum import StrEnum

from sim.events.kinds import Kind


class Word(StrEnum):
    """What an observed event says."""

    ARRIVED = "arrived"
    JOINED = "joined"
    STARTED = "started"
    COMPLETED = "completed"
    PAUSED = "paused"
    RESUMED = "resumed"
    INTERRUPTED = "interrupted"
    RENEGED = "reneged"
    BALKED = "balked"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LEFT = "left"
    DEPARTED = "departed"
    OTHER = "other"


OURS = {
    Kind.ARRIVED: Word.ARRIVED,
    Kind.QUEUE_JOINED: Word.JOINED,
    Kind.SERVICE_STARTED: Word.STARTED,
    Kind.SERVICE_COMPLETED: Word.COMPLETED,
    Kind.SERVICE_PAUSED: Word.PAUSED,
    Kind.SERVICE_RESUMED: Word.RESUMED,
    Kind.SERVICE_INTERRUPTED: Word.INTERRUPTED,
    Kind.RENEGED: Word.RENEGED,
    Kind.BALKED: Word.BALKED,
    Kind.MATCH_ACCEPTED: Word.ACCEPTED,
    Kind.MATCH_REJECTED: Word.REJECTED,
    Kind.BOARDED: Word.LEFT,
    Kind.MISSED_DEPARTURE: Word.LEFT,
    Kind.EXITED: Word.LEFT,
    Kind.DEPARTURE_LEFT: Word.DEPARTED,
}
"""Kinds of our own log that matter here; the others are `Word.OTHER`."""

XES = {
    "schedule": Word.JOINED,
    "enqueue": Word.JOINED,
    "start": Word.STARTED,
    "begin": Word.STARTED,
    "complete": Word.COMPLETED,
    "end": Word.COMPLETED,
    "suspend": Word.PAUSED,
    "resume": Word.RESUMED,
    "withdraw": Word.RENEGED,
    "ate_abort": Word.RENEGED,
    "pi_abort": Word.RENEGED,
    "abandon": Word.RENEGED,
    **dict.fromkeys(
        ("assign", "reassign", "autoskip", "manualskip", "unknown", "approved"), Word.OTHER
    ),
}
"""Transitions of the XES lifecycle (IEEE 1849), and what people write for them."""

WORDS: dict[str, Word] = {
    **{kind.value: Word.OTHER for kind in Kind},
    **XES,
    **{word.value: word for word in Word},
    **{kind.value: word for kind, word in OURS.items()},
}
"""Every word known without ``--map``."""
