"""What a design of experiments moves: figures of a scenario, over a range or through values."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sim.errors import Fault, InvalidInputError, ScenarioError
from sim.scenario.load import Scenario, load_scenario
from sim.scenario.provenance import figures
from sim.scenario.wording import quoted

FORM = "give KEY=LOW:HIGH, KEY=A,B,C, or the KEY of a figure that has low and high"
FRACTION = 0.381966
"""A place within a range at which no whole number is likely to be."""

_RANGE = re.compile(r"\s*([^:,]+?)\s*:\s*([^:,]+?)\s*")


@dataclass(frozen=True, slots=True)
class Factor:
    """A key and what it is set to.

    Attributes
    ----------
    key : str
        Dotted key, as with ``--set``.
    values : tuple of str
        What it goes through, as written; empty where it has a range.
    low, high : float
        Its range; NaN where it has values.
    is_whole : bool
        Whether only whole numbers will do.
    """

    key: str
    values: tuple[str, ...] = ()
    low: float = math.nan
    high: float = math.nan
    is_whole: bool = False

    @property
    def ends(self) -> tuple[str, str]:
        """First and last of what it is set to, as written."""
        if self.values:
            return self.values[0], self.values[-1]
        return self.written(self.low), self.written(self.high)

    def at(self, u: float) -> str:
        """What it is set to at a place between 0 and 1, all parts equally likely."""
        if self.values:
            return self.values[min(int(u * len(self.values)), len(self.values) - 1)]
        if self.is_whole:
            return self.written(
                min(math.floor(self.low + u * (self.high - self.low + 1)), self.high)
            )
        return self.written(self.low + u * (self.high - self.low))

    def levels(self, count: int) -> list[str]:
        """Evenly spaced from end to end; values as they are."""
        if self.values:
            return list(self.values)
        steps = (self.low + (self.high - self.low) * n / (count - 1) for n in range(count))
        return list(dict.fromkeys(self.written(each) for each in steps))

    def written(self, number: float) -> str:
        """A number as an override has it."""
        return str(math.floor(number + 0.5)) if self.is_whole else repr(float(f"{number:.12g}"))


@dataclass(frozen=True, slots=True)
class Question:
    """A scenario that can be loaded with other figures.

    Attributes
    ----------
    name : str
        Built-in id or path.
    overrides : tuple of str
        What is set in any case.
    """

    name: str
    overrides: tuple[str, ...] = ()

    def load(self, settings: Sequence[str] = ()) -> Scenario:
        """The scenario with some settings.

        Raises
        ------
        ScenarioError
            With every fault.
        """
        return load_scenario(self.name, overrides=[*self.overrides, *settings])


def levers(scenario: Scenario, pattern: str = "*") -> list[Factor]:
    """Figures of a scenario that say how low and high they may be.

    Parameters
    ----------
    pattern : str
        Keys wanted, such as ``stations.*.service.*``.
    """
    found = []
    for row in figures(scenario):
        key = re.sub(r"\[(\d+)\]", r".\1", row.key)
        if row.low is None or row.high is None or not row.low < row.high:
            continue
        if fnmatchcase(key, pattern):
            found.append(Factor(key, low=row.low, high=row.high))
    return found


def factors(
    question: Question, written: Sequence[str], *, with_levers: bool = False
) -> tuple[list[Factor], list[Fault]]:
    """The factors that were asked for, each tried at both its ends.

    Parameters
    ----------
    written : sequence of str
        Each ``key=low:high``, ``key=a,b,c``, or a key or pattern of figures that have a range.
    with_levers : bool
        Whether all those that have a range are wanted too.

    Returns
    -------
    list of Factor
    list of Fault
        Levers that cannot be moved by themselves, such as one share of several that add up
        to one; they are left out.

    Raises
    ------
    ScenarioError
        If the scenario has faults as it is.
    InvalidInputError
        With everything wrong with what was written.
    """
    scenario = question.load()
    asked, of_file, faults = _read(scenario, written)
    if with_levers:
        of_file |= {each.key: each for each in levers(scenario)}
    left_out = list[Fault]()
    result = list[Factor]()
    for factor in (*asked.values(), *(each for key, each in of_file.items() if key not in asked)):
        tried = _tried(question, factor)
        if isinstance(tried, Factor):
            result.append(tried)
        elif factor.key in asked:
            faults += tried
        else:
            left_out.append(Fault(tried[0].message, key=factor.key))
    if not result and not faults:
        faults.append(Fault(f"nothing to move; {FORM}", "--over"))
    if faults:
        raise InvalidInputError(list(dict.fromkeys(faults)))
    return result, left_out


def _read(
    scenario: Scenario, written: Sequence[str]
) -> tuple[dict[str, Factor], dict[str, Factor], list[Fault]]:
    """Factors as written, levers that were named, and what is wrong with the rest."""
    asked, of_file, faults = dict[str, Factor](), dict[str, Factor](), list[Fault]()
    for text in written:
        key, equals, values = (part.strip() for part in text.partition("="))
        factor = _parsed(key, values) if equals else None
        if isinstance(factor, Fault):
            faults.append(factor)
        elif factor is not None and key in asked:
            faults.append(Fault("given twice; give it once", "--over", key=key))
        elif factor is not None:
            asked[key] = factor
        else:
            found = {each.key: each for each in levers(scenario, key)}
            if not found:
                known = ", ".join(each.key for each in levers(scenario)[:3]) or "none"
                message = f"{quoted(key)} names no figure with low and high, such as {known}"
                faults.append(Fault(f"{message}; {FORM}", "--over"))
            of_file |= found
    return asked, of_file, faults


def _parsed(key: str, written: str) -> Factor | Fault:
    within = _RANGE.fullmatch(written)
    if within is not None:
        try:
            low, high = (float(end) for end in within.groups())
        except ValueError:
            low = high = math.nan
        if math.isfinite(low) and math.isfinite(high) and low < high:
            return Factor(key, low=low, high=high)
        message = f"got {quoted(written)}; a range has two numbers, the lower first, as 90:180"
        return Fault(message, "--over", key=key)
    values = tuple(dict.fromkeys(part.strip() for part in _split(written)))
    if not key or len(values) < 2 or not all(values):
        return Fault(f"got {quoted(written)}; {FORM}", "--over", key=key)
    return Factor(key, values=values)


def _split(written: str) -> list[str]:
    """Parts between commas that are in no bracket or quotes."""
    parts, depth, quote = [""], 0, ""
    for letter in written:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        else:
            depth += (letter in "[{") - (letter in "]}")
        if letter == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _tried(question: Question, factor: Factor) -> Factor | list[Fault]:
    """The factor, told whether it takes whole numbers only; its faults where it takes none."""
    if not factor.values and factor.low.is_integer() and factor.high.is_integer():
        whole = Factor(factor.key, low=factor.low, high=factor.high, is_whole=True)
        between = factor.low + FRACTION * (factor.high - factor.low)
        if _faults(question, factor, [factor.written(between)]):
            factor = whole
    faults = _faults(question, factor, factor.values or factor.ends)
    return faults or factor


def _faults(question: Question, factor: Factor, values: Sequence[str]) -> list[Fault]:
    faults: list[Fault] = []
    for value in values:
        try:
            question.load([f"{factor.key}={value}"])
        except ScenarioError as error:
            faults += error.faults
    return faults
