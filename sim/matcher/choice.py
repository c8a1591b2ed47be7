"""Which kernel answers a search."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import UsageError
from sim.matcher import cuts
from sim.matcher.kernels.amx_int8 import AmxInt8, is_installed
from sim.matcher.kernels.gemm import Gemm
from sim.matcher.kernels.kernel import Kernel
from sim.matcher.kernels.naive import Naive
from sim.matcher.kernels.two_stage import TwoStage

KERNELS = ("auto", "naive", "gemm", "two-stage", "amx-int8")
"""Names the command line knows."""

SMALL_GALLERY = 20_000
"""Below so many people a matrix product is over before codes would help."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A kernel, and why it was chosen."""

    kernel: Kernel
    reason: str


def choose(
    name: str = "auto", *, people: int, probes: int, threshold: float | None = None
) -> Choice:
    """The kernel asked for, or the one that suits a search.

    Parameters
    ----------
    name : str
        One of `KERNELS`.
    people, probes : int
        Size of the gallery and of the batch.
    threshold : float or None
        Least cosine of a candidate.

    Raises
    ------
    UsageError
        If there is no such kernel, it is not installed, or ``two-stage`` is asked to search
        without a threshold it is calibrated for.
    """
    cut = cuts.cut_for(threshold)
    match name:
        case "naive":
            return Choice(Naive(), "asked for")
        case "gemm":
            return Choice(Gemm(), "asked for")
        case "amx-int8":
            return Choice(AmxInt8(), "asked for")
        case "two-stage":
            if cut is None:
                raise UsageError(_uncalibrated(threshold))
            return Choice(TwoStage(cut.distance), "asked for")
        case "auto":
            return _automatic(cut, people=people, probes=probes)
        case _:
            raise UsageError(f"kernel: there is no {name!r}; there are {', '.join(KERNELS)}")


def _automatic(cut: cuts.Cut | None, *, people: int, probes: int) -> Choice:
    if people < SMALL_GALLERY:
        return Choice(Gemm(), f"{people:,} people are few")
    if cut is not None:
        reason = f"at most {cut.lost:.1e} of accepted mates lost at a Hamming cut of {cut.distance}"
        return Choice(TwoStage(cut.distance), reason)
    why = "without a calibrated threshold the search is exhaustive"
    if is_installed() and probes > 1:
        return Choice(AmxInt8(), why)
    return Choice(Gemm(), why)


def _uncalibrated(threshold: float | None) -> str:
    lowest = cuts.CUTS[0].threshold
    given = "none was given" if threshold is None else f"got {threshold:g}"
    return (
        f"kernel two-stage: its first stage is calibrated for thresholds from {lowest:g}; {given}. "
        "Give such a threshold, or use --kernel auto, which searches exhaustively"
    )
