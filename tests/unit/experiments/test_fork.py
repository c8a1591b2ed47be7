"""Forks: the same past, a changed future, and the parent in the manifest."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from sim.errors import DamagedRunError, RunError, ScenarioError
from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, EventLog, concat_blocks
from sim.events.memory import remember
from sim.events.store import open_run
from sim.experiments.day import Engine, run_day
from sim.experiments.fork import fork_run, prefix_of
from sim.experiments.verification import verify_path
from sim.projections.audit import audit
from sim.scenario.clock import to_us
from sim.scenario.load import load_scenario
from tests.properties.test_engines_agree import SMALLER

ENGINES: tuple[Engine, ...] = get_args(Engine)
NINE = to_us(9 * 3600)
FRAIL = """
id = "frail"
kind = "generic"
horizon_s = 7_200
[demand]
arrivals = { law = "poisson", rate_per_s = 0.1 }
[[stations]]
id = "desk"
servers = 2
service = { law = "exponential", mean_s = 15 }
[[failures]]
station = "desk"
mtbf_h = 0.1
mttr_min = 3
[[journey]]
station = "desk"
"""


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed day at VCA."""
    out = tmp_path_factory.mktemp("runs") / "vca"
    run_day(load_scenario("vca"), out=out)
    return out


def _events(log: EventLog) -> EventBlock:
    return concat_blocks(log.blocks())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SMALLER)
def test_fork_without_a_change_is_the_run(name: str, engine: Engine, tmp_path: Path) -> None:
    """Airports of every form, by either engine: the same chain head."""
    scenario = load_scenario(name, overrides=SMALLER[name])
    run = run_day(scenario, seed=3, replication=2, on=date(2025, 11, 30), out=tmp_path / "run")

    fork = fork_run(tmp_path / "run", at_us=NINE, out=tmp_path / "fork", engine=engine)

    assert fork.day.chain_head == run.chain_head
    assert fork.prefix.common == len(run.log)


@pytest.mark.parametrize("name", SMALLER)
def test_past_is_the_same_and_the_future_is_another(name: str, tmp_path: Path) -> None:
    """One lane from nine on: no event before differs, later ones do, nobody is lost."""
    scenario = load_scenario(name, overrides=SMALLER[name])
    run = run_day(scenario, out=tmp_path / "run")

    changes = ["stations.security.servers=1"]
    fork = fork_run(tmp_path / "run", at_us=NINE, changes=changes, out=tmp_path / "fork")

    before, after = _events(run.log), _events(fork.day.log)
    past = int(np.searchsorted(before.at_us, NINE))
    assert 0 < past == fork.prefix.before <= fork.prefix.common < len(before)
    assert int(np.searchsorted(after.at_us, NINE)) == past
    assert fork.day.chain_head != run.chain_head
    assert audit(fork.day.log, scenario.spec) == ()
    assert fork.day.summary["passengers"] == run.summary["passengers"]


@pytest.mark.parametrize(
    "change",
    [
        "stations.counter.servers=30",
        "stations.security.servers=[{from='09:30', until='22:00', servers=2}]",
        "outages=[{station='security', from='09:00', until='09:30', servers=[0]}]",
        "outages=[{station='counter', from='08:00', until='10:00'}]",
        "journey.check-in-bag.options.kiosk.share=0.9",
        "policy={remove=true}",
    ],
)
def test_engines_agree_on_every_sort_of_change(parent: Path, tmp_path: Path, change: str) -> None:
    """Servers beyond those installed, hours, outages, shares, policies."""
    heads = {
        fork_run(
            parent, at_us=NINE, changes=[change], out=tmp_path / engine, engine=engine
        ).day.chain_head
        for engine in ENGINES
    }

    assert len(heads) == 1
    assert heads != {open_run(parent).chain_head}
    assert verify_path(tmp_path / "compiled", resimulate=True).resimulated


def test_policy_of_a_fork_is_logged_when_it_comes_into_force(tmp_path: Path) -> None:
    """A run of the day before, in which the rule holds from nine on."""
    run_day(load_scenario("vca"), on=date(2025, 11, 30), out=tmp_path / "run")
    (policy,) = load_scenario("vca").spec.policy

    fork = fork_run(
        tmp_path / "run",
        at_us=NINE,
        changes=[f"policy.{policy.id}.effective=2025-11-01"],
        out=tmp_path / "fork",
    )

    events = _events(fork.day.log)
    told = events[np.flatnonzero(events.kind == CODE[Kind.POLICY_EFFECTIVE])]
    assert (told.at_us.tolist(), told.detail.tolist()) == ([NINE], [0])
    assert open_run(tmp_path / "fork").manifest.notes["policies"] == [policy.id]


def test_manifest_names_the_parent(parent: Path, tmp_path: Path) -> None:
    """Run id, chain head, instant and changes; the scenario is the parent's."""
    changes = ["stations.security.servers=2"]
    fork_run(parent, at_us=NINE, changes=changes, out=tmp_path / "fork")
    first, fork = open_run(parent).manifest, open_run(tmp_path / "fork").manifest

    assert fork.notes["fork"] == {
        "parent": {"run_id": first.run_id, "chain_head": first.chain_head},
        "at_us": NINE,
        "changes": changes,
        "revisions": [{"at_us": NINE, "changes": changes}],
    }
    assert fork.run_id != first.run_id
    assert fork.scenario_digest == first.scenario_digest


def test_fork_of_a_fork_has_both_changes(parent: Path, tmp_path: Path) -> None:
    """It is verified like any run; without a change it is reproduced, whatever the instant."""
    one = fork_run(
        parent, at_us=NINE, changes=["stations.security.servers=2"], out=tmp_path / "one"
    )
    two = fork_run(
        tmp_path / "one",
        at_us=NINE + to_us(3600),
        changes=["stations.counter.servers=3"],
        out=tmp_path / "two",
    )
    same = fork_run(tmp_path / "two", at_us=to_us(3600 * 7), out=tmp_path / "same")

    assert two.prefix.before > prefix_of(open_run(parent), one.day.log, at_us=NINE).before
    assert verify_path(tmp_path / "two", resimulate=True).exit_code == 0
    assert same.day.chain_head == two.day.chain_head
    with pytest.raises(ScenarioError, match="--at 09:00 is before 10:00, when this run was forked"):
        fork_run(
            tmp_path / "two",
            at_us=NINE,
            changes=["stations.counter.servers=3"],
            out=tmp_path / "no",
        )


def test_everything_wrong_is_told_at_once(parent: Path, tmp_path: Path) -> None:
    """The instant, what a fork keeps, what is no key, what is no value."""
    changes = [
        "demand.departures=[]",
        "traits.vneid.share=0.5",
        "seed=2",
        "stations.counter.queue_limit=3",
        "stations.counter.servers=many",
        "stations.counters.servers=3",
        "stations.boarding.servers=99",
        "servers",
    ]

    with pytest.raises(ScenarioError) as refused:
        fork_run(parent, at_us=0, changes=changes, out=tmp_path / "fork")

    told = str(refused.value)
    for words in (
        "--at 00:00 is before the day starts",
        "demand.departures: who comes and when is drawn before the day starts",
        "traits.vneid.share: who has which traits",
        "seed: the seed decides who comes",
        "stations.counter.queue_limit: a fork changes timelines only",
        'stations.counter.servers: got "many"',
        "stations has no counters; did you mean counter?",
        'got "servers"; give key=value',
    ):
        assert words in told
    assert not (tmp_path / "fork").exists()


def test_gates_cannot_be_added(parent: Path, tmp_path: Path) -> None:
    """Departures were given their gates before the day started."""
    with pytest.raises(ScenarioError, match="one server each; give at most"):
        fork_run(
            parent, at_us=NINE, changes=["stations.boarding.servers=99"], out=tmp_path / "fork"
        )


def test_only_whole_runs_are_forked(parent: Path, tmp_path: Path) -> None:
    """Not a damaged one, not what is no run, not into a directory that is not empty."""
    damaged = tmp_path / "damaged"
    run_day(load_scenario("vca"), out=damaged)
    segment = damaged / "events" / "000000.parquet"
    segment.write_bytes(segment.read_bytes()[:-1] + b"x")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.json").write_text(json.dumps({}), encoding="utf-8")

    with pytest.raises(DamagedRunError):
        fork_run(damaged, at_us=NINE, out=tmp_path / "fork")
    with pytest.raises(RunError, match="no such run directory"):
        fork_run(tmp_path / "nothing", at_us=NINE, out=tmp_path / "fork")
    with pytest.raises(RunError, match="is a study; fork one of its runs"):
        fork_run(tmp_path / "study", at_us=NINE, out=tmp_path / "fork")
    with pytest.raises(RunError, match="is not empty"):
        fork_run(parent, at_us=NINE, out=damaged)


def test_added_servers_fail_like_the_others(tmp_path: Path) -> None:
    """Each from its own stream, from the instant on; both engines alike, and not one before."""
    file = tmp_path / "frail.toml"
    file.write_text(FRAIL, encoding="utf-8")
    run_day(load_scenario(file), out=tmp_path / "run")
    at_us = to_us(1800)

    forks = [
        fork_run(
            tmp_path / "run",
            at_us=at_us,
            changes=["stations.desk.servers=9"],
            out=tmp_path / engine,
            engine=engine,
        ).day
        for engine in ENGINES
    ]

    assert len({day.chain_head for day in forks}) == 1
    events = _events(forks[0].log)
    added = events[np.flatnonzero((events.server > 1) & (events.kind == CODE[Kind.OUTAGE_STARTED]))]
    assert len(added) > 10
    assert added.at_us.min() >= at_us
    assert audit(forks[0].log, forks[0].scenario.spec) == ()


def test_fork_after_the_last_event(parent: Path, tmp_path: Path) -> None:
    """Too late to matter: the change itself is all that is new."""
    log = open_run(parent)

    fork = fork_run(
        parent,
        at_us=to_us(48 * 3600),
        changes=["stations.security.servers=9"],
        out=tmp_path / "fork",
    )

    assert fork.prefix.before == fork.prefix.common == len(log)
    assert fork.day.summary["events"] == len(log) + 1


def test_prefix_of_a_log_that_ends_early(parent: Path) -> None:
    """What the other lacks counts as before, and is not in common."""
    log = open_run(parent)
    nothing = remember([], stations=log.stations, tables=log.tables)

    found = prefix_of(log, nothing, at_us=to_us(48 * 3600))

    assert (found.before, found.common, found.links) == (len(log), 0, 1)


def test_interrupted_run_has_no_fork(tmp_path: Path) -> None:
    """Its future is not known; it is to be run to its end."""

    def interrupt(events: int, at_us: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_day(load_scenario("vca"), out=tmp_path / "run", progress=interrupt)

    with pytest.raises(RunError, match=r"was interrupted after \d+ events; run it to its end"):
        fork_run(tmp_path / "run", at_us=NINE, out=tmp_path / "fork")


def test_run_of_another_model_version_has_no_fork(
    parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its passengers would do something else today."""
    monkeypatch.setattr("sim.experiments.fork.MODEL_VERSION", "999")

    with pytest.raises(RunError, match="this is 999; fork with the release that made it"):
        fork_run(parent, at_us=NINE, out=tmp_path / "fork")


def test_run_that_is_cut_cannot_change_after_the_cut(tmp_path: Path) -> None:
    """Before it, it can; the fork is cut at the same instant."""
    file = tmp_path / "frail.toml"
    file.write_text(FRAIL.replace('id = "frail"', 'id = "frail"\nend_of_run = "cut"'), "utf-8")
    run_day(load_scenario(file), out=tmp_path / "run")
    changes = ["stations.desk.servers=1"]

    fork = fork_run(tmp_path / "run", at_us=to_us(7_199), changes=changes, out=tmp_path / "fork")

    assert _events(fork.day.log).at_us[-1] < to_us(7_200)
    with pytest.raises(ScenarioError, match="--at 02:00 is not before the run is cut, 02:00"):
        fork_run(tmp_path / "run", at_us=to_us(7_200), changes=changes, out=tmp_path / "no")


def test_prefix_ends_with_the_first_difference(parent: Path) -> None:
    """Counted event by event, whatever the blocks."""
    log = open_run(parent)
    other = run_day(load_scenario("vca"), seed=2).log

    assert prefix_of(log, log, at_us=NINE).common == len(log)
    assert 0 < prefix_of(log, other, at_us=NINE).common < 100
