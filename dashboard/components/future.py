"""What becomes of a kept run: whether it is whole, another future, files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import streamlit as st

from dashboard.briefing import station_name
from dashboard.components.asking import Asked
from dashboard.components.progress import desk_of, fetched, pending, told_of_day
from dashboard.components.session import memory, office
from dashboard.components.tables import table
from dashboard.errands.runs import ExportErrand, ForkErrand, VerifyErrand
from dashboard.i18n.formats import Formats
from dashboard.jobs import Job
from sim.export.names import Format
from sim.scenario.clock import clock_text

Facts = dict[str, Any]

FORK, EXPORT = "fork", "export"


def verified(facts: Facts, formats: Formats) -> None:
    """A button that hashes every file again."""
    words = formats.words
    if st.button(words("log.verify"), key="verify", icon=":material/verified:"):
        memory().kept["verified"] = facts["folder"]
    if memory().kept.get("verified") == facts["folder"]:
        found = fetched(VerifyErrand(facts["folder"]), formats)
        if found is not None:
            is_whole = found["exit_code"] == 0
            (st.success if is_whole else st.error)(
                words("log.whole" if is_whole else "log.damaged", said=found["sentence"])
            )


def fork(facts: Facts, asked: Asked, formats: Formats) -> None:
    """Another number of servers from an instant on, and what it changes."""
    words, session = formats.words, memory()
    names = {each.key: station_name(each.station, words) for each in asked.levers.staff}
    most = {each.key: each.most for each in asked.levers.staff}
    at_min = st.session_state.get("moment", 600)
    left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    station = left.selectbox(
        words("break.station"), list(names), format_func=names.__getitem__, key="fork-station"
    )
    servers = middle.number_input(
        words("log.servers", most=formats.number(most[station])), 0, most[station],
        min(most[station], max(asked.levers.staff[list(names).index(station)].hourly(
            asked.question.staff[station]))), key=f"fork-servers/{station}",
    )  # fmt: skip
    is_pressed = right.button(
        words("log.fork_at", clock=formats.clock(60 * at_min)), key="fork-run", width="stretch",
        icon=":material/fork_right:",
    )  # fmt: skip
    quoted = f'"{station}"' if "/" in station else station
    changes = (f"stations.{quoted}.servers={int(servers)}",)
    if is_pressed:
        what = (facts["folder"], at_min, changes)
        out = office().archive.path(FORK, what)
        errand = ForkErrand(facts["folder"], 60 * at_min, changes, str(out))
        session.kept["fork-asked"] = errand
        if office().shelf.get(errand.key) is None or not out.exists():
            office().shelf.drop(errand.key)
            session.ask(desk_of(FORK), FORK, errand)
    errand: ForkErrand | None = session.kept.get("fork-asked")
    if errand is None or errand.folder != facts["folder"]:
        return
    found = office().shelf.get(errand.key)
    if found is None:
        pending(FORK, errand, told_of_day, formats)
        return
    _fork_table(found, names, formats)
    at = clock_text(errand.at_s)
    assert asked.task is not None
    st.button(
        words("log.go_on"), key="fork-open", on_click=session.kept.__setitem__,
        args=("fork", {"of": asked.task.key, "facts": found["facts"], "at": at}),
    )  # fmt: skip
    st.html(f"<code>sim fork RUN --at {at} --set {errand.changes[0]}</code>")


def _fork_table(found: dict[str, Any], names: dict[str, str], formats: Formats) -> None:
    words = formats.words
    outcomes = found["outcomes"]
    rows = [
        (words(f"flows.{name}"), *(formats.number(outcomes[side].get(name)) for side in SIDES))
        for name in ("boarded", "missed", "exited", "reneged", "balked")
        if any(outcomes[side].get(name) for side in SIDES)
    ]
    for name, each in found["stations"].items():
        waits = [each[side]["wait_s"]["p95"] for side in SIDES]
        if name in names and None not in waits:
            rows.append((words("log.p95_at", station=names[name]), *map(formats.wait, waits)))
    headers = [words(f"table.{name}") for name in ("figure", "as_it_was", "fork")]
    st.html(table(headers, rows))


SIDES = ("parent", "fork")


def exports(facts: Facts, asked: Asked, formats: Formats) -> None:
    """Files of the run for other programs; written when asked for."""
    words, session = formats.words, memory()
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    names: tuple[str, ...] = get_args(Format)
    name = left.selectbox(words("log.format"), names, key="export-format")
    out = office().archive.path(EXPORT, (facts["folder"], name))
    suffix = SUFFIX.get(name, "")
    errand = ExportErrand(facts["folder"], name, f"{out}{suffix}")
    found = office().shelf.get(errand.key)
    if right.button(words("log.export"), key="export", disabled=found is not None, width="stretch"):
        session.ask(desk_of(EXPORT), EXPORT, errand)
    if found is None:
        pending(EXPORT, errand, _told, formats)
        return
    file = Path(found["file"])
    if not file.exists():
        office().shelf.drop(errand.key)
        st.rerun()
    size = formats.number(found["bytes"] / 2**20, 1)
    st.download_button(
        words("log.download", size=size), key="export-file", data=file.read_bytes,
        file_name=f"{asked.question.scenario}-{name}{suffix}", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip


SUFFIX = {
    "ocel2-sqlite": ".sqlite",
    "ocel2-json": ".json.gz",
    "xes": ".xes.gz",
    "csv": ".csv.gz",
    "cloudevents": ".jsonl.gz",
    "vidigi": ".csv.gz",
}


def _told(job: Job, formats: Formats) -> tuple[float, str]:
    return float(job.reached or 0.0), formats.words(
        "log.writing", seconds=formats.wait(job.elapsed_s)
    )
