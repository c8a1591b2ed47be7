"""How long before their departure parties arrive."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.attribution import judge
from sim.calibration.clipped import Window, fit_clipped
from sim.calibration.findings import FEWEST, Study, seed_of
from sim.scenario.clock import US_PER_S
from sim.scenario.demand import ShowUp
from sim.scenario.guards import compile_guard
from sim.scenario.laws import mean_s

US_PER_MIN = 60 * US_PER_S


def show_up_profile(study: Study) -> None:
    """Margins of parties by class, the first wave's factor taken out, clipping heeded."""
    entries = study.scenario.spec.demand.show_up
    if not entries:
        return
    cases, found = study.log.cases, study.attribution
    lead = np.flatnonzero(cases.is_lead & (cases.departure_us >= 0) & (cases.arrived_us >= 0))
    if not len(lead):
        study.silent("demand.show_up", "not identifiable: the log tells no departure times")
        return
    words = found.arrival_words[lead]
    entry = np.full(len(lead), -1)
    for number, each in reversed(list(enumerate(entries))):
        guard = compile_guard(each.when, study.program.bits)
        verdicts = {w: judge(guard, w, found.arrival_unknown) for w in np.unique(words).tolist()}
        if None in verdicts.values():
            study.silent("demand.show_up", f"not identifiable: the log does not tell {each.when}")
            return
        entry[np.array([verdicts[w] for w in words.tolist()], dtype=bool)] = number
    written = [
        _entry(study, number, each, lead[entry == number]) for number, each in enumerate(entries)
    ]
    if any(is_new for _, is_new in written):
        study.overlay.demand["show_up"] = [table for table, _ in written]
    if study.scenario.spec.demand.first_wave is not None:
        study.silent("demand.first_wave.factor", "kept as known: it goes with the margins' means")


def _entry(
    study: Study, number: int, entry: ShowUp, lead: NDArray[np.int64]
) -> tuple[dict[str, Any], bool]:
    key = f"demand.show_up[{number}]"
    head: dict[str, Any] = {"when": entry.when} if entry.when else {}
    edges = {
        name: study.kept(f"{key}.{name}", getattr(entry, name))
        for name in ("earliest_min", "latest_min")
    }
    if len(lead) < FEWEST:
        study.silent(key, f"too few: {len(lead)} parties, {FEWEST} are needed")
        own = {n: study.kept(f"{key}.{n}", getattr(entry, n)) for n in ("mean_min", "sd_min")}
        return {**head, **own, **edges}, False
    window = _window(study, entry, lead)
    if np.count_nonzero(window.is_inside) < FEWEST:
        study.silent(key, "not identifiable: nearly all margins lie beyond the clipping")
        own = {n: study.kept(f"{key}.{n}", getattr(entry, n)) for n in ("mean_min", "sd_min")}
        return {**head, **own, **edges}, False
    fit = fit_clipped(window, test=study.is_tested, seed=seed_of(key))
    about = ", ".join(filter(None, _notes(study, fit.clipped)))
    facts: dict[str, Any] = {"n": fit.n, "p_value": fit.p_value, "about": about}
    mean = study.found(
        f"{key}.mean_min", fit.mean, fit.mean_bounds, base=entry.mean_min.value, **facts
    )
    sd = study.found(f"{key}.sd_min", fit.sd, fit.sd_bounds, base=entry.sd_min.value, **facts)
    return {**head, "mean_min": mean, "sd_min": sd, **edges}, True


def _window(study: Study, entry: ShowUp, lead: NDArray[np.int64]) -> Window:
    spec, cases = study.scenario.spec, study.log.cases
    leaves = cases.departure_us[lead]
    walk = _unseen_walk_min(study, lead)
    margin = (leaves - cases.arrived_us[lead]) / US_PER_MIN + walk
    factor = np.ones(len(lead))
    wave = spec.demand.first_wave
    if wave is not None:
        factor[leaves < wave.before * US_PER_S] = wave.factor.value
    since_start = (leaves - spec.day_starts * US_PER_S) / US_PER_MIN
    # where the walk was not seen it blurs the edges by about its length
    high = np.minimum(entry.earliest_min.value, since_start) - walk
    low = np.minimum(entry.latest_min.value + walk, high * 0.999)
    slack = study.log.resolution_us / US_PER_MIN
    return Window(
        x=np.clip(margin, low, high) / factor, low=low / factor, high=high / factor, slack=slack
    )


def _unseen_walk_min(study: Study, lead: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean walk to the first queue, where the log does not show people at the door."""
    walks = np.zeros(len(lead))
    if study.log.has_arrivals:
        return walks
    stays, stations = study.log.stays, study.scenario.spec.stations
    first = np.minimum(np.searchsorted(stays.case, lead), len(stays) - 1)
    place = study.attribution.station[first]
    for number, station in enumerate(stations):
        if station.walk:
            walks[place == number] = mean_s(station.walk[-1]) / 60
    return walks


def _notes(study: Study, clipped: int) -> list[str]:
    return [
        f"{clipped} of them clipped" if clipped else "",
        "" if study.log.has_arrivals else "arrival taken as a mean walk before the first queue",
        "" if study.log.has_parties else "each case taken as a party of its own",
    ]
