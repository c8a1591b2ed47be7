"""What is written: a scenario that loads, whole or not at all; every way in says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.calibration.calibrate import Calibration, calibrate
from sim.calibration.mapping import read_mapping
from sim.calibration.observed import Ended
from sim.calibration.overlay import overlay_text, write_overlay
from sim.calibration.reading import read_logs
from sim.errors import UsageError
from sim.events.reader import open_run
from sim.experiments.day import run_day
from sim.experiments.study import run_study
from sim.scenario.check import check_files
from sim.scenario.load import load_scenario
from sim.scenario.provenance import figures
from tests.closing_the_loop import AIRPORT, GENERIC, GUESS, learned, scenario


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed day of the airport."""
    out = tmp_path_factory.mktemp("calibration") / "run"
    run_day(scenario(AIRPORT), seed=3, out=out)
    return out


@pytest.fixture(scope="module")
def straight(run: Path) -> dict[str, tuple[float, float, float]]:
    """What the run itself tells."""
    return through(run)


def through(path: Path) -> dict[str, tuple[float, float, float]]:
    """What a log tells about the airport."""
    base = scenario(AIRPORT)
    names = read_mapping((), trait_ids=[trait.id for trait in base.spec.traits])
    log = read_logs([path], names=names, day_starts_s=base.spec.day_starts)
    return estimates(calibrate(log, base, test=False))


def estimates(calibration: Calibration) -> dict[str, tuple[float, float, float]]:
    return {each.key: (each.value, each.low, each.high) for each in calibration.findings}


def test_the_overlay_loads_and_carries_its_sources(tmp_path: Path) -> None:
    """It passes the check; calibrated figures say from what, kept ones what they said."""
    base, found, path = scenario(AIRPORT), learned(AIRPORT, 3), tmp_path / "mine.toml"

    write_overlay(found, base, path)

    assert check_files([path]) == []
    rows = {row.key: row for row in figures(load_scenario(path))}
    for each in found.findings:
        row = rows[each.key]
        assert row.value == pytest.approx(each.value, rel=1e-5)
        assert row.source.startswith(f"calibrated from day 3 (n = {each.n}), 95 % interval")
    kept = "stations.counter.service[1].mean_s"
    assert rows[kept].source == {row.key: row for row in figures(base)}[kept].source
    assert all(row.source for row in rows.values())
    assert [each.name for each in tmp_path.iterdir()] == ["mine.toml"]


def test_an_existing_file_is_refused(tmp_path: Path) -> None:
    """It stays as it was, and nothing is left beside it."""
    path = tmp_path / "mine.toml"
    path.write_text("mine")

    with pytest.raises(UsageError, match="it is there already"):
        write_overlay(learned(AIRPORT, 3), scenario(AIRPORT), path)

    assert path.read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_same_log_writes_the_same_file(tmp_path: Path) -> None:
    """Tests of fit are drawn from seeds of their own."""
    texts = {
        overlay_text(learned(GENERIC, 3, test=True), scenario(AIRPORT), tmp_path / "x.toml")
        for _ in range(2)
    }

    assert len(texts) == 1


@pytest.mark.parametrize(
    ("format_name", "name"),
    [("ocel2-sqlite", "x.sqlite"), ("ocel2-json", "x.json"), ("xes", "x.xes.gz"), ("csv", "x.csv")],
)
def test_exported_and_read_again_the_estimates_are_the_same(
    run: Path,
    straight: dict[str, tuple[float, float, float]],
    tmp_path: Path,
    format_name: str,
    name: str,
) -> None:
    """To the last digit, for every figure the format can tell."""
    formats = pytest.importorskip("sim.export.formats")
    source = pytest.importorskip("sim.export.source")
    formats.export(source.source_of(open_run(run)), format_name, tmp_path / name)

    around = through(tmp_path / name)
    if format_name == "csv":  # no traits by name, no parties
        assert (
            around["stations.boarding.service.mean_s"]
            == straight["stations.boarding.service.mean_s"]
        )
        return
    assert len(around) >= len(straight) - 4  # XES has no departures
    assert around == {key: straight[key] for key in around}


def test_the_command_writes_and_refuses(run: Path, tmp_path: Path) -> None:
    """One JSON document and exit code 0; of a strange log exit code 2 and words."""
    out = tmp_path / "mine.toml"

    def sim(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sim", "calibrate", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    first = sim(str(run), "--scenario", AIRPORT, "-o", str(out), "--json")
    strange = tmp_path / "a.csv"
    strange.write_text("case,station,at\n1,casino,06:00\n")
    unknown = sim(str(strange), "--scenario", AIRPORT, "-o", str(tmp_path / "b.toml"))

    document = json.loads(first.stdout)
    assert first.returncode == 0, first.stderr
    assert {"key", "base", "value", "low", "high", "n", "p_value", "verdict"} <= document[
        "figures"
    ][0].keys()
    assert unknown.returncode == 2
    assert "none of its stations is in vca" in unknown.stderr
    assert not (tmp_path / "b.toml").exists()


def test_a_log_without_a_door_counts_arrivals_a_walk_before_the_queue(
    run: Path, tmp_path: Path
) -> None:
    """Visits alone, in whole seconds: show-up is found, the walk to the first queue is not."""
    log = read_logs([run], names=read_mapping(()))
    stays, cases = log.stays, log.cases
    header = ["case", "station", "joined", "started", "completed", "departure", "party", "persons"]
    rows = [",".join([*header, "checked_bag"])]
    for row in np.flatnonzero(stays.ended == Ended.COMPLETED).tolist():
        case = stays.case[row]
        instants = (
            each // 1_000_000
            for each in (stays.joined_us[row], stays.started_us[row], stays.ended_us[row])
        )
        told = (cases.departure_us[case] // 1_000_000, cases.party[case], stays.persons[row])
        bag = cases.traits["checked_bag"][case]
        rows.append(
            ",".join(map(str, [case, log.stations[stays.station[row]], *instants, *told, bag]))
        )
    path = tmp_path / "desks.csv"
    path.write_text("\n".join(rows))

    found = through(path)

    assert found["demand.show_up[0].mean_min"][1] < 105 < found["demand.show_up[0].mean_min"][2]
    assert found["demand.show_up[1].sd_min"][1] < 30 < found["demand.show_up[1].sd_min"][2]
    assert "stations.counter.walk.mean_s" not in found
    assert "stations.security.walk.mean_s" in found


def test_a_law_that_nothing_fits_is_written_as_quantiles(tmp_path: Path) -> None:
    """Services of half a minute or two minutes; the overlay loads and keeps the two humps."""
    rng = np.random.default_rng(1)
    service = np.concatenate([rng.normal(30, 2, 300), rng.normal(120, 4, 300)])
    start = np.arange(600) * 45.0
    rows = [
        f"{n},desk,{s:.3f},{s + x:.3f}" for n, (s, x) in enumerate(zip(start, service, strict=True))
    ]
    path = tmp_path / "humps.csv"
    path.write_text("\n".join(["case,station,started,completed", *rows]))
    base = scenario(AIRPORT)
    found = calibrate(
        read_logs([path], names=read_mapping(())), base, station_names={"desk": "bag-drop"}
    )

    write_overlay(found, base, tmp_path / "mine.toml")

    station = next(
        each
        for each in load_scenario(tmp_path / "mine.toml").spec.stations
        if each.id == "bag-drop"
    )
    assert station.service is not None
    assert station.service[0].law == "empirical"
    (finding,) = found.findings
    assert finding.p_value == 0.005
    assert "no law tried fits" in finding.verdict


def test_a_study_is_several_days(tmp_path: Path) -> None:
    """Every run in it counts, and its figures stand on all of them."""
    run_study(scenario(GUESS), reps=2, seed=1, jobs=1, out=tmp_path / "study")

    log = read_logs([tmp_path / "study"], names=read_mapping(()))

    assert log.days == 2
    rate = estimates(calibrate(log, scenario(GUESS), test=False))["demand.arrivals.rate_per_min[0]"]
    assert rate[1] < 1.0 < rate[2]
