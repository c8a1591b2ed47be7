"""Every scenario run twice by the command line: same bytes; another seed: another head."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.evidence.claim import Claim, Finding, Steps

SCENARIOS = ["airport-domestic", "vca", "sgn-t1", "sgn-t3", "sgn-t3-tet"]


def twice(name: str) -> dict[str, Any]:
    """Two processes with different PYTHONHASHSEED, and a third with another seed."""
    with TemporaryDirectory() as folder:
        runs = [Path(folder) / place for place in ("one", "two", "other")]
        heads = [
            _head(name, run, hash_seed=hash_seed, seed=seed)
            for run, hash_seed, seed in zip(runs, ("0", "4711", "0"), (1, 1, 2), strict=True)
        ]
        files = [_digests(run) for run in runs[:2]]
    return {
        "chain_head": heads[0],
        "files": len(files[0]),
        "same_bytes": files[0] == files[1] and heads[0] == heads[1],
        "another_seed_differs": heads[0] != heads[2],
    }


def examine(steps: Steps) -> Finding:
    """All scenarios."""
    found = steps.each(SCENARIOS, twice)
    return Finding(
        passed=all(each["same_bytes"] and each["another_seed_differs"] for each in found.values()),
        figures=found,
    )


def _head(name: str, run: Path, *, hash_seed: str, seed: int) -> str:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sim",
            "run",
            name,
            "--seed",
            str(seed),
            "--out",
            str(run),
            "--json",
        ],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)["chain_head"]


def _digests(run: Path) -> dict[str, str]:
    files = [*sorted((run / "events").iterdir()), *sorted(run.glob("*.parquet"))]
    return {str(f.relative_to(run)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


CLAIM = Claim(
    "same-bytes",
    "The same scenario and seed give the same bytes in every process; another seed does not.",
    examine,
)
