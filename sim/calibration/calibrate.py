"""A scenario calibrated from observed logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.calibration.arrivals import arrival_rates
from sim.calibration.attribution import attribute
from sim.calibration.durations import patience_laws, service_laws, walk_laws
from sim.calibration.findings import Finding, Overlay, Silence, Study
from sim.calibration.observed import NONE, ObservedLog
from sim.calibration.shares import channel_shares, refusals, routes, trait_shares
from sim.calibration.showup import show_up_profile
from sim.errors import Fault, InvalidInputError
from sim.scenario.provenance import figures
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ScenarioSpec
from sim.scenario.suggestions import advice


@dataclass(frozen=True, slots=True)
class Calibration:
    """What logs taught about a scenario.

    Attributes
    ----------
    findings : tuple of Finding
        Figures that were estimated.
    silences : tuple of Silence
        Figures that keep their value, and why.
    overlay : Overlay
        What to write over the scenario.
    remarks : tuple of str
        What was dropped or set aside.
    """

    findings: tuple[Finding, ...]
    silences: tuple[Silence, ...]
    remarks: tuple[str, ...]
    overlay: Overlay = field(repr=False)
    log: ObservedLog = field(repr=False)


def calibrate(
    log: ObservedLog,
    scenario: Scenario,
    *,
    station_names: Mapping[str, str] | None = None,
    test: bool = True,
) -> Calibration:
    """Estimate every figure of a scenario that a log can tell.

    Parameters
    ----------
    log : ObservedLog
        One or several logs, see `together`.
    scenario : Scenario
        The scenario they are of; its laws, steps and conditions are taken as they stand.
    station_names : mapping of str to str or None
        What the log calls a station, and its id in the scenario.
    test : bool
        Whether to test the fit of laws.

    Raises
    ------
    InvalidInputError
        If no station of the log is in the scenario.
    """
    places, strangers = _places(log.stations, scenario.spec, station_names or {})
    program = scenario.program()
    study = Study(
        log=log,
        scenario=scenario,
        program=program,
        attribution=attribute(log, program, places, nobodys=_nobodys(scenario.spec)),
        base={row.key: row for row in figures(scenario)},
        is_tested=test,
    )
    show_up_profile(study)
    arrival_rates(study)
    trait_shares(study)
    channel_shares(study)
    routes(study)
    if scenario.trace is None:
        service_laws(study)
    else:
        study.silent("stations.*.service", "the scenario replays a trace")
    refusals(study)
    walk_laws(study)
    patience_laws(study)
    remarks = [*log.remarks]
    if strangers:
        remarks.append(f"not in the scenario, left out: {', '.join(strangers)}")
    return Calibration(
        findings=tuple(study.findings),
        silences=tuple(study.silences),
        remarks=tuple(remarks),
        overlay=study.overlay,
        log=log,
    )


def _places(
    names: Sequence[str], spec: ScenarioSpec, given: Mapping[str, str]
) -> tuple[list[int], list[str]]:
    """Row of each of the log's stations in the scenario, and those that have none."""
    ids = [station.id for station in spec.stations]
    unknown = sorted(set(given.values()) - set(ids))
    if unknown:
        message = f"--map names the station {unknown[0]!r}; {advice(unknown[0], ids)}"
        raise InvalidInputError([Fault(message)])
    known = {plain(name): row for row, name in enumerate(ids)}
    known |= {plain(theirs): ids.index(ours) for theirs, ours in given.items()}
    rows = [known.get(plain(name), NONE) for name in names]
    seen_names = [name for name in names if name]
    if seen_names and all(row == NONE for row in rows):
        seen = ", ".join(repr(name) for name in seen_names[:5])
        message = (
            f"none of its stations is in {spec.id}: it has {seen}, the scenario {', '.join(ids)}; "
            f'say which is which, such as --map "station.{ids[0]}={seen_names[0]}"'
        )
        raise InvalidInputError([Fault(message)])
    strangers = [name for name, row in zip(names, rows, strict=True) if name and row == NONE]
    return rows, strangers


def plain(name: str) -> str:
    """A station's name without capitals, spaces and signs.

    Examples
    --------
    >>> plain("Check-in Counter_3")
    'check-in-counter-3'
    """
    words = "".join(each if each.isalnum() else " " for each in name.casefold()).split()
    return "-".join(words)


def _nobodys(spec: ScenarioSpec) -> list[str]:
    """Traits that nobody arrives with: no share gives them, and no carrier."""
    timetable = spec.demand.timetable
    given = {carrier.trait for carrier in timetable.carriers} if timetable else set()
    return [
        trait.id
        for trait in spec.traits
        if trait.share is None and not trait.shares and trait.id not in given
    ]
