"""Everything that can be wrong with a run on disk, found in one pass."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from sim.errors import Fault
from sim.events.derived import projection_faults
from sim.events.inspection import inspect_run
from sim.events.layout import shown
from sim.events.manifest import Manifest
from sim.events.proof import attempt, read_segment, read_tables


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What is true of a run on disk.

    Attributes
    ----------
    path : str
        The run directory.
    status : {"complete", "interrupted", "damaged"}
        Interrupted is a valid prefix, after a kill or a cancellation.
    events, segments : int
        Length of the prefix that can be trusted: all of it unless damaged.
    chain_head : str
        Head of the chain over that prefix; "" where not even its start can be trusted.
    faults : tuple of Fault
        All the damage, each naming its file; empty unless damaged.
    notices : tuple of str
        What an interrupted run left behind, and that it is ignored.
    """

    path: str
    status: Literal["complete", "interrupted", "damaged"]
    events: int
    segments: int
    chain_head: str
    faults: tuple[Fault, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 for any damage, 0 for a whole run or a valid prefix."""
        return 1 if self.faults else 0


def verify_run(path: Path | str) -> VerifyReport:
    """Re-hash a run, decode it and follow its chain.

    Parameters
    ----------
    path : Path or str
        The run directory.

    Returns
    -------
    VerifyReport
        All faults at once, whatever bytes the directory holds.

    Raises
    ------
    RunError
        If the directory does not exist or holds neither manifest file.

    Notes
    -----
    Each segment is proven against the link before it in the manifest, so
    segments are proven side by side, and one damaged segment does not cast doubt
    on the next. What nobody can find without knowing the chain head from
    elsewhere is a run forged whole, with every digest made anew.
    """
    directory = Path(path)
    seen = inspect_run(directory)
    if seen.manifest is None:
        return VerifyReport(shown(directory), "damaged", 0, 0, "", seen.faults, seen.notices)
    manifest = seen.manifest
    start = attempt(partial(read_tables, directory, manifest))[1]
    segments = _segment_faults(directory, manifest)
    projections = projection_faults(directory, manifest.chain_head)
    faults = (*seen.faults, *start, *sum(segments, ()), *projections)
    trusted = 0 if start else next((n for n, found in enumerate(segments) if found), len(segments))
    return VerifyReport(
        path=shown(directory),
        status="damaged" if faults else "interrupted" if seen.is_interrupted else "complete",
        events=sum(manifest.segment(number).rows for number in range(trusted)),
        segments=trusted,
        chain_head="" if start else manifest.chain[trusted],
        faults=faults,
        notices=seen.notices,
    )


def _segment_faults(directory: Path, manifest: Manifest) -> list[tuple[Fault, ...]]:
    """Faults of each segment, in order; hashing lets threads run beside each other."""

    def faults(number: int) -> tuple[Fault, ...]:
        return attempt(partial(read_segment, directory, number, manifest))[1]

    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        return list(pool.map(faults, range(manifest.segments)))
