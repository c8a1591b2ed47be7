"""What verification found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.errors import Fault


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found.

    Attributes
    ----------
    status : str
        ``complete``, ``interrupted`` (a valid prefix, after a kill or a cancellation) or
        ``damaged``.
    events, segments : int
        What can be trusted.
    faults : tuple of Fault
        Everything that differs, each naming its file.
    notices : tuple of str
        What an interrupted run left behind.
    resimulated : bool or None
        Whether simulating again gave the same chain head; None if it was not asked.
    """

    path: str
    status: str
    events: int
    segments: int
    chain_head: str
    faults: tuple[Fault, ...] = ()
    notices: tuple[str, ...] = ()
    resimulated: bool | None = None

    @property
    def exit_code(self) -> int:
        """1 for any damage, 0 for a whole run or a valid prefix."""
        return 1 if self.faults else 0

    @property
    def sentence(self) -> str:
        """The finding in words."""
        counted = f"{self.events:,} events in {self.segments} segments"
        again = {None: "", True: "; simulated again: same chain head", False: ""}[self.resimulated]
        match self.status:
            case "complete":
                return f"{self.path}: whole, {counted}, chain head {self.chain_head[:16]}…{again}"
            case "interrupted":
                return f"{self.path}: interrupted, a valid prefix of {counted} remains"
            case _:
                return f"{self.path}: damaged; {len(self.faults)} faults found"

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "path": self.path,
            "status": self.status,
            "events": self.events,
            "segments": self.segments,
            "chain_head": self.chain_head,
            "resimulated": self.resimulated,
            "notices": list(self.notices),
            "faults": [{"path": f.path, "key": f.key, "message": f.message} for f in self.faults],
        }
