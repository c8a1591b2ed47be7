"""Whether a study of dates is whole: its days, the runs it keeps, what it says of both."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from sim.errors import Fault, RunError, SimError
from sim.experiments.dates import head_of, run_name
from sim.experiments.day import run_day
from sim.experiments.day_records import FOLDER, DayRecord, read_record, record_path
from sim.experiments.seasons import season_figures
from sim.experiments.study import STUDY_FILE
from sim.experiments.verdict import Verdict
from sim.scenario.dated import scenario_on
from sim.scenario.load import Scenario, scenario_from_document
from sim.scenario.model_version import MODEL_VERSION

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\.json")


class Verify(Protocol):
    """Verifies one run."""

    def __call__(self, path: Path, *, resimulate: bool) -> Verdict:
        """What is found at `path`."""
        ...


def verify_dates(
    path: Path, document: dict[str, Any], *, verify: Verify, resimulate: bool
) -> Verdict:
    """Verify a study of dates: every day's file, and every run.

    Parameters
    ----------
    path : Path
        The study.
    document : dict
        Its study file.
    verify : callable
        Verifies a run.
    resimulate : bool
        Simulate each day again, from its run or from the study's own scenario.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the study file lacks what such a file has.
    """
    file, is_complete = path / STUDY_FILE, document["status"] == "complete"
    listed = {str(each["date"]): str(each["chain_head"]) for each in document["replications"]}
    keeps_logs = bool(document["asked"]["--keep-logs"])
    own = scenario_from_document(document["scenario_document"])
    there, faults = _days_there(path)
    days = [date.fromisoformat(each) for each in sorted({*listed, *there})]
    events = segments = 0
    for day in days:
        place = record_path(path, day)
        if is_complete and day.isoformat() not in listed:
            faults.append(Fault("the study does not list it", str(place)))
            continue
        try:
            record = read_record(path, day)
            found = _differences(record, listed, place)
            if keeps_logs:
                run = verify(path / run_name(day), resimulate=resimulate)
                found += _run_faults(run, record)
                segments += run.segments
            elif resimulate:
                found += _resimulated(own, record, place, document)
        except RunError as error:
            found = list(getattr(error, "faults", [Fault(str(error), str(place))]))
        else:
            events += record.summary["events"]
        faults += found
    names = {STUDY_FILE, FOLDER, *(run_name(day) for day in days if keeps_logs)}
    extra = [path / name for name in sorted({each.name for each in path.iterdir()} - names)]
    if head_of(list(listed.values())) != document["chain_head"]:
        faults.append(Fault("its chain head is not that of its days", str(file)))
    if is_complete:
        faults += [Fault("the study does not list it", str(each)) for each in extra]
    if is_complete and not faults:
        records = (read_record(path, day) for day in days)
        if season_figures(records, own.spec) != document["figures"]:
            faults.append(Fault("its figures are not what its days add up to", str(file)))
    begun = [f"{each}: begun, not done; `--resume` does it again" for each in extra]
    done = f"{path}: {len(there)} of {document['asked']['--days']} days are done"
    return Verdict(
        path=str(path),
        status="damaged" if faults else "complete" if is_complete else "interrupted",
        events=events,
        segments=segments,
        chain_head="" if faults else str(document["chain_head"]),
        faults=tuple(faults),
        notices=() if is_complete else (done, *begun),
        resimulated=True if resimulate and not faults else None,
    )


def _days_there(path: Path) -> tuple[set[str], list[Fault]]:
    """Dates that have a file; what else lies among them is a fault, half-written files apart."""
    folder = path / FOLDER
    names = sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
    matches = {name: _DAY.fullmatch(name) for name in names}
    strange = [n for n, found in matches.items() if not found and not n.endswith(".partial")]
    faults = [Fault("it is no day of the study", str(folder / name)) for name in strange]
    return {found[1] for found in matches.values() if found}, faults


def _differences(record: DayRecord, listed: dict[str, str], place: Path) -> list[Fault]:
    expected = listed.get(record.day.isoformat(), record.chain_head)
    if record.chain_head == expected:
        return []
    text = f"chain head {record.chain_head[:16]}… is not the study's {expected[:16]}…"
    return [Fault(text, str(place))]


def _run_faults(run: Verdict, record: DayRecord) -> list[Fault]:
    if run.faults or run.chain_head == record.chain_head:
        return list(run.faults)
    text = f"chain head {run.chain_head[:16]}… is not that of its day {record.chain_head[:16]}…"
    return [Fault(text, run.path)]


def _resimulated(
    own: Scenario, record: DayRecord, place: Path, document: dict[str, Any]
) -> list[Fault]:
    """Simulate a day again whose log was not kept."""
    if document["asked"]["model version"] != MODEL_VERSION:
        text = f"another model version made it, this is {MODEL_VERSION}; use that release"
        return [Fault(text, str(place))]
    on = document["on"]
    try:
        again = run_day(
            scenario_on(own, record.day),
            seed=int(document["seed"]),
            replication=record.replication,
            on=date.fromisoformat(on) if on else None,
        )
    except SimError as error:
        return [Fault(f"it cannot be simulated again: {error}", str(place))]
    if again.chain_head == record.chain_head:
        return []
    text = f"simulated again the chain head is {again.chain_head[:16]}…, it says "
    return [Fault(f"{text}{record.chain_head[:16]}…", str(place))]
