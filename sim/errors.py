"""What can go wrong, in the words of the file the reader can edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class SimError(Exception):
    """Base of every error this program raises on purpose."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input, and where.

    Attributes
    ----------
    message : str
        What is wrong, what was got and what to do.
    path : str
        File the reader can edit, or "" where there is none.
    line : int
        Line in that file, from 1; 0 where unknown.
    key : str
        Dotted key inside the file, such as ``stations.security.servers``.
    """

    message: str
    path: str = ""
    line: int = 0
    key: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        return f"{place}{self.key}: {self.message}" if self.key else f"{place}{self.message}"


class InvalidInputError(SimError):
    """An input has faults; all of them are listed at once.

    Parameters
    ----------
    faults : sequence of Fault
        At least one fault.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[Any, ...]:  # to come whole from another process
        return type(self), (self.faults,)


class ScenarioError(InvalidInputError):
    """A scenario file, an override or a trace cannot be used as it stands."""


class UsageError(InvalidInputError):
    """A command was asked for something it cannot do."""

    def __init__(self, message: str) -> None:
        super().__init__([Fault(message)])

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults[0].message,)


class RunError(SimError):
    """A run directory is not there or cannot take what was asked of it."""


class DamagedRunError(RunError):
    """A run directory differs from what its manifest promises.

    Parameters
    ----------
    faults : sequence of Fault
        Every difference found, each naming its file.
    """

    exit_code = 1

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults,)


class AuditError(SimError):
    """A log contradicts itself: a bug in an engine, not in an input."""

    exit_code = 1


class TheoryError(SimError):
    """A law was asked about a system that its assumptions do not cover."""


class UnstableSystemError(TheoryError):
    """More work is offered than the servers can carry: there is no steady state."""


class FewReplicationsWarning(UserWarning):
    """An interval stands on so few days that its width is itself uncertain."""
