"""*Plan*: promises in; the smallest certified staffing, its shifts, its bound, and why."""

from __future__ import annotations

import shlex
from html import escape
from typing import Any

import streamlit as st

from dashboard.briefing import station_name
from dashboard.components.asking import Asked
from dashboard.components.day import card, picture, say, titled
from dashboard.components.notices import faults_notice
from dashboard.components.planned import levels_picture, levels_table, plan_table, shift_table
from dashboard.components.progress import desk_of, pending, wants
from dashboard.components.session import memory, office
from dashboard.components.sheet import html
from dashboard.errands.planning import ROSTER_S, PlanErrand
from dashboard.i18n.formats import Formats
from dashboard.jobs import Job

PURPOSE = "plan"
PER_MIN = 30
MOST_SAID = 3

SHARES = ("estimate", "asked", "low", "exact", "share", "most_missed")
"""Figures of a sentence that are shares."""

KINDS = (
    "beyond_all_servers", "beyond_all_day", "departures_missed", "law_contradicted", "not_shown",
)  # fmt: skip
"""What may stand in the way, as `sim.planner.said` names it."""

OUTCOMES = ("CERTIFIED", "INFEASIBLE", "NOT_CERTIFIED")

LEAST_DAYS, MOST_DAYS, USUAL_DAYS = 50, 400, 100


def show(asked: Asked, formats: Formats) -> None:
    """Draw the page."""
    words = formats.words
    with card("ask", formats, "plan.title", escape(words("plan.subtitle"))):
        targets, days = _ask(asked, formats)
        is_pressed = st.button(
            words("plan.run"), key="plan-run", type="primary", icon=":material/checklist:",
            disabled=not targets or asked.task is None,
        )  # fmt: skip
    if asked.error is not None or asked.task is None:
        if asked.error is not None:
            faults_notice(asked.error, formats)
        return
    errand = PlanErrand(asked.task, targets, days)
    found = office().shelf.get(errand.key)
    if found is None:
        if targets and wants(PURPOSE, errand, is_pressed=is_pressed, is_automatic=False):
            memory().ask(desk_of(PURPOSE), PURPOSE, errand)
        running = memory().jobs.get(PURPOSE)
        if not pending(PURPOSE, errand, _told, formats):
            is_other = running is not None and not running.is_over
            st.info(words("plan.other" if is_other else "plan.empty"))
        return
    _draw(found, asked, targets, days, formats)


def _ask(asked: Asked, formats: Formats) -> tuple[tuple[str, ...], int]:
    """The promises: those of the scenario to begin with, at stations whose staff can be moved."""
    words, scenario = formats.words, asked.question.scenario
    names = {lever.key: station_name(lever.station, words) for lever in asked.levers.staff}
    given = {each.station: each for each in asked.spec.targets if each.station in names}
    first = next(iter(given), next(iter(names), ""))
    left, right = st.columns([3, 2])
    key = f"{scenario}/plan-stations"
    st.session_state.setdefault(key, [name for name in list(given)[:1] or [first] if name])
    chosen = left.multiselect(
        words("plan.stations"), list(names), format_func=names.__getitem__, key=key
    )
    days = right.slider(
        words("plan.days"), LEAST_DAYS, MOST_DAYS, USUAL_DAYS, step=50, key="plan-days",
        help=words("plan.days_help"),
    )  # fmt: skip
    texts = []
    for name in chosen:
        target = given.get(name)
        one, two = st.columns(2)
        share = one.slider(
            words("plan.share", station=names[name]), 50, 99,
            round(100 * target.share.value) if target else 90,
            format="%d%%", key=f"{scenario}/plan-share/{name}",
        )  # fmt: skip
        within = two.slider(
            words("plan.within", station=names[name]), 1, 60,
            max(1, round(target.within_s.value / 60)) if target else 10,
            key=f"{scenario}/plan-within/{name}",
        )  # fmt: skip
        texts.append(f"{name}:{share / 100:g}:{within * 60}:{PER_MIN}")
    return tuple(texts), days


def _told(job: Job, formats: Formats) -> tuple[float, str]:
    """What the search is doing, in its own words; how long it will take nobody knows."""
    seconds = formats.wait(job.elapsed_s)
    step = str(job.reached or "…")
    return min(0.95, job.elapsed_s / (job.elapsed_s + 60)), formats.words(
        "plan.running", seconds=seconds, step=step[:160]
    )


def _draw(
    found: dict[str, Any], asked: Asked, targets: tuple[str, ...], days: int, formats: Formats
) -> None:
    words = formats.words
    names = {each.id: station_name(each, words) for each in asked.spec.stations}
    is_success = bool(found["overlay"])
    more = [
        (each["server_periods"], each["today_server_periods"])
        for each in found["stations"].values()
    ]
    hours = found["period_s"] / 3600
    planned, today = (sum(pair[n] for pair in more) * hours for n in (0, 1))
    if is_success:
        certificate = found["certificate"]
        sentence = words(
            "plan.verdict",
            planned=formats.number(planned), today=formats.number(today),
            confidence=formats.percent(certificate["confidence"] if certificate else None),
            days=certificate["days"] if certificate else days,
        )  # fmt: skip
    else:
        sentence = words(
            "plan.failed",
            outcome=escape(words(f"plan_outcome.{found['outcome']}")),
            says=escape(_said(found, names, formats)),
        )
    say(sentence, is_over=not is_success)
    for number, name in enumerate(found["stations"]):
        title = f"{words('plan.levels')}: {names.get(name, str(name))}"
        with titled(f"levels-{number}", title, escape(words("plan.levels_under"))):
            drawn = levels_picture(found, name, names.get(name, str(name)), formats)
            picture(drawn, levels_table(found, name, formats), formats)
    with card("bound", formats, "plan.bound", escape(words("plan.bound_under"))):
        html(plan_table(found, names, formats))
    if found["why"]:
        with card("why", formats, "plan.why", escape(words("plan.why_under"))):
            html("".join(f'<p class="note">{_why(each, names, formats)}</p>'
                            for each in found["why"]))  # fmt: skip
    if found.get("roster") and found["roster"].get("shifts"):
        with card("roster", formats, "plan.roster", _cost(found["roster"], formats)):
            html(shift_table(found["roster"], formats))
    with st.container(horizontal=True):
        if is_success:
            st.download_button(
                words("plan.file"), key="plan-file", data=found["overlay"].encode(),
                file_name=f"plan-{asked.question.scenario}.toml", mime="application/toml",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip
    command = plan_command(asked, targets, days)
    took = formats.wait(found["elapsed_s"])
    html(
        f'<p class="note">{escape(words("plan.took", took=took))}<br>'
        f"<code>{escape(command)}</code></p>"
    )


def plan_command(asked: Asked, targets: tuple[str, ...], days: int) -> str:
    """The command line that gives the same plan."""
    on = asked.question.on(asked.levers)
    parts = ["sim", "plan", asked.question.scenario]
    for text in asked.question.overrides(asked.levers):
        parts += ["--set", text]
    for text in targets:
        parts += ["--target", text]
    parts += ["--on", on.isoformat()] if on else []
    parts += ["--days", str(days), "--seed", str(asked.question.seed)]
    parts += ["--roster-s", f"{ROSTER_S:g}"]
    return shlex.join(parts)


def _said(found: dict[str, Any], names: dict[str, str], formats: Formats) -> str:
    """What stands in the way, a few of it, and what to do."""
    words = formats.words
    told = [said_text(each, names, formats) for each in found["says_parts"][:MOST_SAID]]
    return " ".join([*told, words(f"plan_remedy.{found['outcome']}")])


def said_text(said: dict[str, Any], names: dict[str, str], formats: Formats) -> str:
    """One thing that stands in the way, in the words of the page."""
    figures: dict[str, str] = {}
    for name, value in said.items():
        if name in SHARES:
            figures[name] = formats.number(100 * value, 2) + "%"
        elif isinstance(value, int | float):
            figures[name] = formats.number(value)
        elif value is not None:
            figures[name] = names.get(value, str(value)) if name == "station" else str(value)
    return formats.words(f"plan_says.{said['kind']}", **figures)


def _why(cause: dict[str, Any], names: dict[str, str], formats: Formats) -> str:
    """Where and when a promise is tightest today, and what one more server would do."""
    more = cause.get("share_with_one_more")
    told = formats.words("plan.one_more", more=formats.percent(more)) if more is not None else ""
    sentence = formats.words(
        "plan.cause",
        station=escape(names.get(cause["station"], str(cause["station"]))),
        start=formats.clock(cause["from_s"]),
        until=formats.clock(cause["until_s"]),
        share=formats.percent(cause["share"]),
        asked=formats.percent(cause["promised"]),
        late=formats.number(cause["late_per_day"]),
    )
    return f"{sentence} {told}".strip()


def _cost(roster: dict[str, Any], formats: Formats) -> str:
    return escape(
        formats.words(
            "plan.roster_under",
            people=formats.number(roster["people"]),
            hours=formats.number(roster["hours"]),
            cost=formats.number(roster["cost"], 1),
            bound=formats.number(roster["bound"], 1),
        )
    )
