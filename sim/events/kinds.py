"""The vocabulary of the log: every kind of event, its frozen code and version."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What happened. Names are frozen; a change of meaning is a new version."""

    ARRIVED = "arrived"
    CHANNEL_CHOSEN = "channel_chosen"
    QUEUE_JOINED = "queue_joined"
    BALKED = "balked"
    RENEGED = "reneged"
    SERVICE_STARTED = "service_started"
    SERVICE_PAUSED = "service_paused"
    SERVICE_RESUMED = "service_resumed"
    SERVICE_INTERRUPTED = "service_interrupted"
    SERVICE_COMPLETED = "service_completed"
    MATCH_REQUESTED = "match_requested"
    MATCH_ACCEPTED = "match_accepted"
    MATCH_REJECTED = "match_rejected"
    REFERRED = "referred"
    ENROLLED = "enrolled"
    CHECKED_IN = "checked_in"
    BOARDED = "boarded"
    MISSED_DEPARTURE = "missed_departure"
    EXITED = "exited"
    SERVERS_CHANGED = "servers_changed"
    OUTAGE_STARTED = "outage_started"
    OUTAGE_ENDED = "outage_ended"
    DEGRADED_STARTED = "degraded_started"
    DEGRADED_ENDED = "degraded_ended"
    BOARDING_OPENED = "boarding_opened"
    BOARDING_CLOSED = "boarding_closed"
    DEPARTURE_LEFT = "departure_left"
    POLICY_EFFECTIVE = "policy_effective"
    CALL_TIMED_OUT = "call_timed_out"
    CARRIED_OVER = "carried_over"


KINDS: tuple[Kind, ...] = tuple(Kind)
"""Every kind by its code: append only, never reorder, the codes are hashed."""

CODE: dict[Kind, int] = {kind: code for code, kind in enumerate(KINDS)}
"""The uint8 code of each kind, as stored in blocks and hashed in the chain."""

KIND_VERSIONS: dict[str, int] = {kind.value: 1 for kind in KINDS}
"""The version of each kind that this release writes."""

FINAL_KINDS: tuple[Kind, ...] = (
    Kind.BOARDED,
    Kind.MISSED_DEPARTURE,
    Kind.EXITED,
)
"""Kinds that always end a passenger's journey.

``balked`` and ``reneged`` end it too when their ``detail`` is `LEAVES`.
"""

GOES_ON = 0
"""``detail`` of ``balked`` or ``reneged``: the passenger tries another step."""

LEAVES = 1
"""``detail`` of ``balked`` or ``reneged``: the passenger leaves, this event is the last."""

CHOOSES_AGAIN = 2
"""``detail`` of ``reneged``: the station has closed, the passenger chooses again."""
