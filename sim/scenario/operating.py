"""Operating points of a face comparison: what a threshold misses and what it lets in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from sim.errors import ScenarioError
from sim.scenario.document import read_document
from sim.scenario.faults import explain, in_order
from sim.scenario.figures import Positive, Share, Strict
from sim.scenario.find import scenario_folder
from sim.scenario.layers import grow
from sim.scenario.stations import Id

SECURITY_FILE = "_security.toml"
"""Name of the shipped figures, beside the scenarios and none of them."""

Rate = Annotated[float, Field(gt=0, lt=0.5)]


class TradeOff(Strict):
    """How false matches and misses hang together, in a straight line on normal deviates.

    Attributes
    ----------
    fmr, fnmr : float, Share
        A known point: false match rate, and false non-match rate at the same threshold.
    slope : Positive
        Deviates of the miss rate for each deviate of the false match rate.
    points : tuple of float
        False match rates to look at.
    """

    fmr: Rate
    fnmr: Share
    slope: Positive
    points: Annotated[tuple[Rate, ...], Field(min_length=1, strict=False)]

    def fnmr_at(self, fmr: float) -> float:
        """The miss rate at a false match rate.

        Notes
        -----
        ``probit(FNMR) = probit(FNMR0) - slope (probit(FMR) - probit(FMR0))``.

        Examples
        --------
        >>> from sim.scenario.figures import Figure
        >>> known, one = Figure(value=0.01), Figure(value=1.0)
        >>> trade = TradeOff(fmr=1e-5, fnmr=known, slope=one, points=(1e-5,))
        >>> round(trade.fnmr_at(1e-5), 12), round(trade.fnmr_at(1e-6), 4)
        (0.01, 0.033)
        """
        from scipy.special import ndtr, ndtri

        moved = ndtri(self.fnmr.value) - self.slope.value * (ndtri(fmr) - ndtri(self.fmr))
        return float(ndtr(moved))


class Group(Strict):
    """Whose misses are a multiple of others'."""

    when: str
    factor: Positive


class Attacks(Strict):
    """Who tries to pass as somebody else, and what stops them.

    Attributes
    ----------
    impostors, artefacts : Share
        Of all passengers: those who show their own face, and those who show an artefact.
    apcer : Share
        Of artefacts: those the presentation check takes for a living face.
    artefact_matches : Share
        Of those that pass it: those the comparison takes for the person.
    officer_miss : Share
        Of impostors: those an officer takes for the person.
    stress : Share
        Impostors among simulated passengers, so that folds have something to count.
    """

    impostors: Share
    artefacts: Share
    apcer: Share
    artefact_matches: Share
    officer_miss: Share
    stress: Share


class OperatingPoints(Strict):
    """What a file of operating points holds."""

    id: Id
    trade_off: TradeOff
    groups: Annotated[tuple[Group, ...], Field(strict=False)] = ()
    attacks: Attacks


@lru_cache(maxsize=4)
def load_operating_points(path: Path | None = None) -> OperatingPoints:
    """Figures from a file, by default the shipped ones.

    Raises
    ------
    ScenarioError
        With every fault of the file.
    """
    document = read_document(path or scenario_folder() / SECURITY_FILE)
    try:
        return OperatingPoints.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        root = grow(document.data, document)
        faults = explain(error, model=OperatingPoints, root=root)
        raise ScenarioError(in_order(faults)) from None
