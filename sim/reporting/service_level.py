"""The service-level table of a run: where the queue forms, and how long people wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sim.reporting.punctuality import punctuality_in_words
from sim.reporting.wording import clock, minutes, number, seconds, share
from sim.reporting.worlds import (
    facility_table,
    policies_in_words,
    promises_in_words,
    stations_shown,
)
from sim.scenario.spec import ScenarioSpec

if TYPE_CHECKING:
    from rich.console import RenderableType

SHORT_S = 120.0
"""Waits shorter than this are shown in seconds."""

STYLES = {"sub-optimum": "bold red", "optimum": "green", "over-design": "cyan"}
CLOSING = {
    "idle_first": "an idle server closes first, a busy one when it finishes",
    "named": "the highest-numbered servers close, each finishing its passenger",
    "pause": "service stops and resumes when the server opens again",
}
END = {
    "drain": "everyone finishes",
    "cut": "stopped at the horizon, whoever is there counts as present",
}


def service_level_report(document: dict[str, Any], spec: ScenarioSpec) -> Iterator[RenderableType]:
    """What `sim run` prints of a run or a study.

    Parameters
    ----------
    document : dict
        As ``sim run --json`` prints it.
    spec : ScenarioSpec
        The scenario.

    Yields
    ------
    renderable
        Heading, table of stations, and the lines that say how to read it.
    """
    yield _heading(document, spec)
    if "facilities" in document:
        yield facility_table(document)
        yield ""
    yield _stations(document, spec)
    yield from _sentences(document, spec)


def _heading(document: dict[str, Any], spec: ScenarioSpec) -> str:
    title = spec.title.en if spec.title else spec.id
    days = len(document.get("replications") or [0])
    over = f"{days} days, means over days with 95 % intervals" if days > 1 else "one day"
    return f"\n[bold]{title}[/bold]  ({spec.id}, {over})"


def _stations(document: dict[str, Any], spec: ScenarioSpec) -> RenderableType:
    from rich.table import Table

    has_days = "replications" in document
    unit, shown = _unit_of(document)
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("Station", overflow="fold" if spec.kind == "world" else "ellipsis")
    for name in ("Open\nat most", "Customers", "Persons", "Busy"):
        table.add_column(name, justify="right")
    table.add_column(f"Wait, {unit}\nmean", justify="right")
    if has_days:
        table.add_column("95 %\ninterval", justify="right")
    for name in ("P95", "longest", "Longest\nqueue", f"Worst half hour\nmean wait, {unit}"):
        table.add_column(name, justify="right")
    table.add_column("Band\nmin", justify="right")
    table.add_column("Service level", no_wrap=True)
    names = [station.id for station in spec.stations]
    chosen, left_out = stations_shown(document, names) if spec.kind == "world" else (names, "")
    table.caption = left_out or None
    for station in (each for each in spec.stations if each.id in set(chosen)):
        figures = document["stations"][station.id]
        wait, standard = figures["wait_s"], figures["level_of_service"] or {}
        worst = figures["worst_half_hour"]
        verdict = standard.get("verdict")
        at_worst = "–"
        if worst is not None and worst["mean_s"] is not None:
            at_worst = shown(worst["mean_s"])
            if not has_days:
                at_worst = f"{clock(worst['start_s'])}  {at_worst:>5}"
        interval = [_interval(wait, shown)] if has_days else []
        table.add_row(
            station.id,
            str(_most_open(station.servers)),
            number(figures["arrivals"]),
            number(figures["persons"]),
            share(figures["utilisation"]),
            shown(wait["mean"]),
            *interval,
            shown(wait["p95"]),
            shown(wait["max"]),
            number(figures["queue"]["max"]),
            at_worst,
            _band(standard),
            f"[{STYLES[verdict]}]{verdict}[/]" if verdict else "no band",
        )
    return table


def _sentences(document: dict[str, Any], spec: ScenarioSpec) -> Iterator[str]:
    persons = document["passengers"]
    outcomes = [
        f"{number(document[name])} {name}"
        for name in ("boarded", "missed", "exited", "reneged", "balked", "present")
        if document[name]
    ]
    journey = document["journey_s"]
    is_short = (journey["max"] or 0.0) < SHORT_S
    unit, shown = ("s", seconds) if is_short else ("min", minutes)
    yield (
        f"\n{number(persons)} passengers: {', '.join(outcomes)}; journey "
        f"{shown(journey['mean'])} {unit} on average, {shown(journey['p95'])} {unit} at P95."
    )
    if "replications" not in document:
        day = {"seed": document["seed"], "replication": document.get("replication", 0)}
        if drawn := punctuality_in_words(spec, **day):
            yield drawn
    if bottleneck := _bottleneck(document):
        yield bottleneck
    is_world = "facilities" in document
    if is_world and (promises := promises_in_words(document["targets"])):
        yield promises
    for target in document["targets"]:
        if target["share"] is not None and not (is_world and target["is_met"]):
            yield _promise(target)
    if opening := document.get("opening"):
        yield _opening(opening)
    rules = dict.fromkeys(station.closing for station in spec.stations)
    closing = "; ".join(f"{rule}: {CLOSING[rule]}" for rule in rules)
    yield (
        f"Closing rule {closing}. End of run {document['end_of_run']}: "
        f"{END[document['end_of_run']]}."
    )
    in_words = policies_in_words if is_world else ", ".join
    policies = in_words(document["policies"]) or "none"
    yield (
        f"Policies in force: {policies} (as on {document['policies_as_on'] or 'no date'}). "
        f"Seed {document['seed']}, engine {document['engine']}, "
        f"model version {document['model_version']}."
    )
    events = number(document["events"])
    if timings := document.get("timings"):
        yield (
            f"{events} events in {timings['wall_s']:.1f} s "
            f"(sampling {timings['sample_s']:.1f}, engine {timings['engine_s']:.1f}, "
            f"writing {timings['write_s']:.1f}, figures {timings['project_s']:.1f})."
        )
    else:
        yield f"{events} events."
    yield f"Run: {document['run_dir']}\nChain head: {document['chain_head']}"


def _bottleneck(document: dict[str, Any]) -> str:
    """The sentence that says where the queue forms."""
    over = {
        name: figures
        for name, figures in document["stations"].items()
        if (figures["level_of_service"] or {}).get("verdict") == "sub-optimum"
        and figures["worst_half_hour"]
    }
    if not over:
        has_bands = any(figures["level_of_service"] for figures in document["stations"].values())
        return "No station's waits pass its optimum band." if has_bands else ""
    name, worst = max(
        ((name, f["worst_half_hour"]) for name, f in over.items()),
        key=lambda pair: pair[1]["mean_s"] or 0.0,
    )
    when = "" if "replications" in document else f" from {clock(worst['start_s'])}"
    return (
        f"[bold]The queue forms at {name}[/bold]: in its worst half hour{when} passengers "
        f"waited {minutes(worst['mean_s'])} min on average."
    )


def _promise(target: dict[str, Any]) -> str:
    kept = "kept" if target["is_met"] else "missed"
    each = " in every period" if target["periods"] else ""
    return (
        f"Promise at {target['station']}: {share(target['target_share'])} within "
        f"{minutes(target['within_s'])} min{each}: {kept}; {share(target['share'])} over the day."
    )


def _most_open(servers: Any) -> int:
    from sim.scenario.stations import Periods

    match servers:
        case Periods():
            return max(int(level.value) for level in servers.open)
        case tuple():
            return max((int(opening.servers.value) for opening in servers), default=0)
        case _:
            return int(servers.value)


def _unit_of(document: dict[str, Any]) -> tuple[str, Callable[[float | None], str]]:
    """Minutes, or seconds where nobody waits for two minutes."""
    longest = [figures["wait_s"]["max"] or 0.0 for figures in document["stations"].values()]
    return ("min", minutes) if max(longest, default=0.0) >= SHORT_S else ("s", seconds)


def _interval(wait: dict[str, Any], shown: Callable[[float | None], str]) -> str:
    """Bounds of a mean; no wait is below zero, whatever the interval's law allows."""
    if wait["low"] is None:
        return "–"
    return f"{shown(max(wait['low'], 0.0))}–{shown(wait['high'])}"


def _band(standard: dict[str, Any]) -> str:
    if not standard:
        return "–"
    low, high = standard["band_s"]
    return f"{low / 60:g}–{high / 60:g}"


def _opening(opening: dict[str, Any]) -> str:
    """Where a run begins that does not begin with its day."""
    stations = opening["stations"].values()
    waiting = sum(each["waiting"] for each in stations)
    serving = sum(each["in_service"] for each in stations)
    until = f"cut at {opening['until']}" if opening["until"] else "not cut"
    return (
        f"Begins at {opening['at']} with {number(opening['persons'])} persons present, {until}: "
        f"{number(waiting)} customers wait, {number(serving)} are served, "
        f"{number(opening['elsewhere'])} persons are on the way or held at a gate."
    )
