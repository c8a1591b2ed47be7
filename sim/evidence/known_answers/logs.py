"""Whole scenarios: two engines, one log that adds up, and files that tell of any damage."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from sim.events.chain import Chain
from sim.events.log import COLUMNS, concat_blocks
from sim.events.store import open_run
from sim.events.verify import verify_run
from sim.evidence.known_answers.row import Row
from sim.experiments.day import Day, run_day
from sim.projections.audit import audit
from sim.scenario.load import load_scenario

SCENARIOS = ("vca", "hanoi-station", "ben-thanh-holiday")
"""An airport, a railway station, a car park: small enough for the engine that is to be read."""

SEALED = "vca"
OUTCOMES = ("boarded", "missed", "exited", "reneged", "balked", "present")

TWO_ENGINES = "the model written twice: sim/engine/reference.py"
ADDS_UP = "every person has one outcome, every customer one"
AUDIT = "the rules of the model, read off the events alone"
CHAIN = "FIPS 180-4 (SHA-256), chained"


def scenario_rows(name: str, *, seed: int = 1) -> list[Row]:
    """One day of a scenario by both engines, and what must add up in it."""
    scenario = load_scenario(name)
    by_reference = run_day(scenario, seed=seed, engine="reference")
    day = run_day(scenario, seed=seed, engine="compiled")
    is_equal = by_reference.chain_head == day.chain_head
    differing = 0 if is_equal else _differences(by_reference, day)
    return [
        Row("engines", name, "events", len(by_reference.log), len(day.log), 0, TWO_ENGINES),
        Row("engines", name, "events_that_differ", 0, differing, 0, TWO_ENGINES),
        *_conserved(name, day),
    ]


def sealed_rows(*, seed: int = 1) -> list[Row]:
    """A day sealed on disk: its chain, and whether one flipped bit is noticed in each file."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder, "run")
        scenario = load_scenario(SEALED)
        sealed = run_day(scenario, seed=seed, out=run).chain_head
        log = open_run(run)
        chain = Chain(log.stations, log.tables)
        for block in log.blocks():
            chain.write(block)
        again = run_day(scenario, seed=seed).chain_head
        files = sorted(each for each in run.rglob("*") if each.is_file()
                       and "projections" not in each.parts)  # fmt: skip
        sound = len(verify_run(run).faults)
        noticed = sum(_notices_damage(run, each) for each in files)
        left = len(verify_run(run).faults)
    return [
        Row("hashes", SEALED, "faults_of_a_sound_run", 0, sound + left, 0, CHAIN),
        Row("hashes", SEALED, "chain_from_the_files", 1, int(chain.head == sealed), 0, CHAIN),
        Row("hashes", SEALED, "same_seed_same_chain", 1, int(again == sealed), 0, CHAIN),
        Row("hashes", SEALED, "flipped_bits_noticed", len(files), noticed, 0, CHAIN),
    ]


def _conserved(name: str, day: Day) -> list[Row]:
    summary = day.summary
    persons = sum(summary[outcome] for outcome in OUTCOMES)
    stations = summary["stations"].values()
    came = sum(each["arrivals"] for each in stations)
    left = sum(each["served"] + each["balked"] + each["reneged"] for each in stations)
    contradictions = len(audit(day.log, day.scenario.spec))
    return [
        Row("conservation", name, "persons", summary["passengers"], persons, 0, ADDS_UP),
        Row("conservation", name, "customers_of_stations", came, left, 0, ADDS_UP),
        Row("conservation", name, "contradictions", 0, contradictions, 0, AUDIT),
    ]


def _differences(one: Day, other: Day) -> int:
    """How many events differ; at least one, since the chains do."""
    a, b = (concat_blocks(each.log.blocks()) for each in (one, other))
    both = min(len(a), len(b))
    differs = np.zeros(both, dtype=bool)
    for name in COLUMNS:
        differs |= getattr(a, name)[:both] != getattr(b, name)[:both]
    return max(1, int(differs.sum()) + abs(len(a) - len(b)))


def _notices_damage(run: Path, path: Path) -> bool:
    """Flip one bit in the middle of a file, verify, and put it back."""
    sound = path.read_bytes()
    middle = len(sound) // 2
    path.write_bytes(sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :])
    is_noticed = bool(verify_run(run).faults)
    path.write_bytes(sound)
    return is_noticed
