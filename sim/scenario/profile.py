"""What a matcher was measured to do: how long batches take, how often it errs."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from sim.errors import Fault, ScenarioError
from sim.scenario.document import read_document
from sim.scenario.faults import explain, in_order
from sim.scenario.figures import Share, Strict
from sim.scenario.find import SUFFIX, exists, scenario_folder, shown_path
from sim.scenario.layers import grow
from sim.scenario.stations import BatchBucket, Id
from sim.scenario.suggestions import advice

FOLDER = "profiles"
"""Folder of the shipped profiles, in that of the scenarios."""


class Measured(Strict):
    """Where the figures of a profile come from.

    Attributes
    ----------
    on : date
        Day of the measurement.
    cpu : str
        Processor.
    threads : int
        Cores that worked at a time.
    clock : str
        What was read: the time of the wall, or of the processor where others shared it.
    rounds : int
        Turns of each batch; the median counts.
    threshold : float
        Least cosine of a candidate while batches were timed.
    templates : str
        Whose faces: synthetic ones, and which.
    versions : dict of str
        Of Python and the libraries.
    """

    on: dt.date
    cpu: str
    threads: Annotated[int, Field(ge=1)]
    clock: str
    rounds: Annotated[int, Field(ge=1)]
    threshold: float
    templates: str
    versions: dict[str, str]

    @property
    def words(self) -> str:
        """As a source of a figure says it."""
        return f"measured on {self.on}, {self.cpu}, one core"


class GalleryTimes(Strict):
    """Times of batches among so many people."""

    people: Annotated[int, Field(ge=1)]
    kernel: str
    buckets: Annotated[tuple[BatchBucket, ...], Field(min_length=1, strict=False)]


class MeasuredRate(Strict):
    """Errors among trials, with the 95 % interval of their share."""

    errors: Annotated[int, Field(ge=0)]
    trials: Annotated[int, Field(ge=1)]
    share: Share

    @property
    def most(self) -> float:
        """Upper end of the interval."""
        return self.share.value if self.share.high is None else self.share.high


class ThresholdRates(Strict):
    """Error rates at a threshold.

    Attributes
    ----------
    threshold : float
        Least cosine of an accepted comparison.
    fmr, fnmr : MeasuredRate
        False matches and false non-matches, one to one (ISO/IEC 19795-1).
    """

    threshold: Annotated[float, Field(ge=-1, le=1)]
    fmr: MeasuredRate
    fnmr: MeasuredRate


class MatcherProfile(Strict):
    """What ``sim matcher profile`` writes and scenarios name."""

    id: Id
    measured: Measured
    galleries: Annotated[tuple[GalleryTimes, ...], Field(min_length=1, strict=False)]
    rates: Annotated[tuple[ThresholdRates, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _in_order(self) -> MatcherProfile:
        people = [each.people for each in self.galleries]
        thresholds = [each.threshold for each in self.rates]
        if people != sorted(set(people)) or thresholds != sorted(set(thresholds)):
            msg = "galleries by people and rates by threshold must rise; put them in order"
            raise ValueError(msg)
        return self

    def times_for(self, people: int) -> GalleryTimes | None:
        """Times of the smallest measured gallery with so many people; None beyond all."""
        return next((each for each in self.galleries if each.people >= people), None)

    def rates_at(self, threshold: float) -> ThresholdRates | None:
        """Rates at a measured threshold; None at any other."""
        return next((each for each in self.rates if each.threshold == threshold), None)

    def false_match_rate(self, threshold: float) -> float:
        """FMR that a simulation takes at a measured threshold.

        Notes
        -----
        Where no false match was seen, the rate of the next lower threshold that had any, since
        a stricter one never matches more; where none had, the upper end of its interval.
        """
        there = [each.fmr for each in self.rates if each.threshold <= threshold]
        seen = [rate.share.value for rate in there if rate.errors]
        return seen[-1] if seen else min(rate.most for rate in there)


def read_profile(name: str, *, folder: Path) -> MatcherProfile:
    """The profile that a scenario names: a file beside it, else a shipped one by its id.

    Raises
    ------
    ScenarioError
        With every fault of the file, or that there is none.
    """
    path = _path(name, folder=folder)
    if path is None:
        known = sorted(each.stem for each in (scenario_folder() / FOLDER).glob(f"*{SUFFIX}"))
        message = f"{name} is no profile; {advice(name, known, kind='shipped')}"
        raise ScenarioError([Fault(message, path="")])
    return _read(shown_path(path))


@lru_cache(maxsize=8)
def _read(path: str) -> MatcherProfile:
    document = read_document(path)
    try:
        return MatcherProfile.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        root = grow(document.data, document)
        faults = explain(error, model=MatcherProfile, root=root)
        raise ScenarioError(in_order(faults)) from None


def _path(name: str, *, folder: Path) -> Path | None:
    if not name or "\0" in name or len(name) > 1000:
        return None
    beside = Path(folder, name)
    for tried in (beside, beside.with_name(f"{beside.name}{SUFFIX}")):
        if exists(tried) and not tried.is_dir():
            return tried
    shipped = scenario_folder() / FOLDER / f"{name.removesuffix(SUFFIX)}{SUFFIX}"
    return shipped if "/" not in name and shipped.is_file() else None
