"""The side panel: a scenario, and what can be moved in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from dashboard.briefing import station_name
from dashboard.components.session import memory
from dashboard.i18n.formats import Formats
from dashboard.levers import (
    LEAST_PERCENT,
    MOST_PERCENT,
    STEP_PERCENT,
    Levers,
    RuleLever,
    ShareLever,
    Staffing,
    StaffLever,
)
from dashboard.question import LEAST_SEED, MOST_SEED, Question, unmoved
from sim.scenario.figures import Figure
from sim.scenario.spec import ScenarioSpec


def choose_scenario(
    offered: tuple[str, ...], title_of: Callable[[str], str], formats: Formats
) -> str:
    """Ask for the scenario; its id is kept under the key ``scenario``."""
    mark(formats)
    return st.selectbox(
        formats.words("panel.scenario"),
        offered,
        format_func=title_of,
        key="scenario",
        filter_mode=None,
    )


def mark(formats: Formats) -> None:
    """What the program is called."""
    words = formats.words
    st.html(
        f'<div class="mark">{escape(words("app.title"))}'
        f"<small>{escape(words('app.tagline'))}</small></div>"
    )


def note(text: str) -> None:
    """A few quiet words."""
    st.html(f'<p class="note">{escape(text)}</p>')


def ask_question(
    remembered: Question, spec: ScenarioSpec, levers: Levers, formats: Formats
) -> Question:
    """The levers, starting from what the session remembers; what they now say.

    Each widget is told where it starts in every run, not only in the first: a run that a key press
    cuts off may never reach the browser, where a slider without a start begins at its least.
    """
    words = formats.words
    scenario = remembered.scenario
    if spec.question is not None:
        st.html(f'<p class="note">{escape(words.of(spec.question, otherwise=""))}</p>')
    _group(words("panel.staff"))
    staff = {
        lever.key: _staff(scenario, lever, remembered.staff[lever.key], formats)
        for lever in levers.staff
    }
    if levers.shares:
        _group(words("panel.passengers"))
    shares = {
        lever.key: _share(scenario, lever, remembered.shares[lever.key], formats)
        for lever in levers.shares
    }
    rule = None
    if levers.rule is not None:
        _group(words("panel.rules"))
        rule = _rule(scenario, levers.rule, bool(remembered.rule), formats)
    _group(words("panel.day"))
    seed = _seed(scenario, remembered.seed, formats)
    st.button(
        words("panel.reset"),
        key="reset",
        type="tertiary",
        icon=":material/undo:",
        on_click=_reset,
        args=(scenario, levers),
    )
    return Question(scenario, staff, shares, rule, seed, remembered.breaks)


def run_bar(*, is_fresh: bool, formats: Formats) -> tuple[bool, bool]:
    """The button that runs; whether it was pressed, and whether every change should run."""
    words = formats.words
    with st.container(key="run-bar"):
        is_pressed = st.button(
            words("run.again") if is_fresh else words("run.button"),
            key="run",
            type="primary",
            disabled=is_fresh,
            width="stretch",
            icon=":material/check:" if is_fresh else ":material/play_arrow:",
        )
        is_automatic = st.toggle(words("run.auto"), key="auto", help=words("run.auto_help"))
    return is_pressed, is_automatic


def _group(title: str) -> None:
    st.html(f'<div class="group">{escape(title)}</div>')


def _staff(scenario: str, lever: StaffLever, remembered: Staffing, formats: Formats) -> Staffing:
    words = formats.words
    name = station_name(lever.station, words)
    keys = _keys(scenario, lever)
    if remembered.hours is not None:
        _hours(scenario, lever, remembered.hours, formats)
        return remembered
    constant = remembered.constant or max(servers for _, servers in lever.levels)
    if not lever.is_scheduled:
        given = formats.number(lever.given.constant)
        value = st.slider(
            name, 1, lever.most, constant, key=keys.constant, help=_help(lever, given, formats)
        )
        return Staffing(constant=value)
    by_hour, all_day = words("panel.by_hour"), words("panel.all_day")
    given = levels_text([servers for _, servers in lever.levels], formats)
    is_constant = st.segmented_control(
        name,
        (False, True),
        format_func=lambda chosen: all_day if chosen else by_hour,
        default=remembered.constant is not None,
        key=keys.is_constant,
        required=True,
        help=_help(lever, given, formats),
    )
    if is_constant:
        label = words("panel.constant", station=name)
        value = st.slider(
            label, 1, lever.most, constant, key=keys.constant, label_visibility="collapsed"
        )
        return Staffing(constant=value)
    percent = st.slider(
        words("panel.scale", station=name),
        LEAST_PERCENT,
        MOST_PERCENT,
        remembered.percent,
        step=STEP_PERCENT,
        format="%d%%",
        key=keys.percent,
        label_visibility="collapsed",
    )
    now = levels_text(list(lever.scaled(percent)), formats)
    key = "panel.levels_kept" if percent == 100 else "panel.levels"
    st.html(f'<p class="note">{escape(words(key, given=given, now=now))}</p>')
    return Staffing(percent=percent)


def _hours(scenario: str, lever: StaffLever, hours: tuple[int, ...], formats: Formats) -> None:
    """A station set hour by hour elsewhere: what it has, and the way back."""
    words = formats.words
    low, high = formats.number(min(hours)), formats.number(max(hours))
    st.button(
        words("panel.hours_back", station=station_name(lever.station, words)),
        key=f"{scenario}/{lever.key}/hours",
        type="tertiary",
        icon=":material/undo:",
        on_click=_drop_hours,
        args=(lever,),
        help=words("panel.hours_help"),
    )
    st.html(f'<p class="note">{escape(words("panel.hours", low=low, high=high))}</p>')


def _drop_hours(lever: StaffLever) -> None:
    session = memory()
    question = session.questions[session.scenario]
    session.remember(replace(question, staff={**question.staff, lever.key: lever.given}))


def _share(scenario: str, lever: ShareLever, remembered: int, formats: Formats) -> int:
    words = formats.words
    labels = {"no-bag": words("panel.no_bag"), "face": words("panel.face")}
    who = f"{words('panel.face_help')} " if lever.key == "face" else ""
    given = formats.percent(lever.given / 100)
    key = f"{scenario}/{lever.key}"
    bounds = lever.bounds
    return st.slider(
        labels[lever.key],
        0,
        100,
        remembered,
        format="%d%%",
        key=key,
        help=who + _figure_help(given, bounds, lever.figure, formats, unit="%"),
    )


def _rule(scenario: str, lever: RuleLever, remembered: bool, formats: Formats) -> bool:
    words = formats.words
    day = formats.date(lever.policy.effective)
    key = f"{scenario}/{lever.key}"
    title = words.of(lever.policy.title, otherwise=lever.policy.id)
    holds = st.segmented_control(
        words("panel.rule_label", title=title, date=day),
        (False, True),
        format_func=lambda holds: words("panel.rule_on" if holds else "panel.rule_off"),
        default=remembered,
        key=key,
        required=True,
        width="stretch",
        help=words("panel.rule_help"),
    )
    return bool(holds)


def _seed(scenario: str, remembered: int, formats: Formats) -> int:
    words = formats.words
    key = f"{scenario}/seed"
    return st.number_input(
        words("panel.seed"),
        LEAST_SEED,
        MOST_SEED,
        remembered,
        key=key,
        help=words("panel.seed_help"),
    )


def _help(lever: StaffLever, given: str, formats: Formats) -> str:
    figure = lever.figure
    bounds = None if figure.low is None or figure.high is None else (figure.low, figure.high)
    most = formats.words("panel.installed", n=formats.number(lever.most))
    return f"{_figure_help(given, bounds, figure, formats)} {most}"


def _figure_help(
    given: str,
    bounds: tuple[float, float] | None,
    figure: Figure,
    formats: Formats,
    *,
    unit: str = "",
) -> str:
    words = formats.words
    parts = [words("panel.scenario_value", value=given)]
    if bounds is not None:
        low, high = (f"{formats.number(bound)}{unit}" for bound in bounds)
        parts.append(words("panel.plausible", low=low, high=high))
    if figure.source:
        parts.append(words("panel.source", source=figure.source.rstrip(".") + "."))
    return " ".join(parts)


def levels_text(levels: list[int], formats: Formats) -> str:
    """Levels of a schedule in short: ``20 · 36 · 30 · 20``."""
    shown = [formats.number(level) for level in levels]
    return " · ".join(shown if len(shown) <= 6 else [*shown[:5], "…"])


@dataclass(frozen=True, slots=True)
class _Keys:
    """Names of a staff lever's widgets."""

    constant: str
    percent: str
    is_constant: str


def _keys(scenario: str, lever: StaffLever) -> _Keys:
    base = f"{scenario}/{lever.key}"
    return _Keys(f"{base}/constant", f"{base}/percent", f"{base}/is-constant")


def _reset(scenario: str, levers: Levers) -> None:
    """Put every lever back to the scenario's own figures."""
    question = unmoved(scenario, levers)
    memory().remember(question)
    seat(question, levers)


def seat(question: Question, levers: Levers) -> None:
    """Set every widget of the panel to what a question says."""
    state, scenario = st.session_state, question.scenario
    for lever in levers.staff:
        keys, chosen = _keys(scenario, lever), question.staff[lever.key]
        if chosen.hours is not None:
            continue
        state[keys.constant] = chosen.constant or max(n for _, n in lever.levels)
        if lever.is_scheduled:
            state[keys.is_constant] = chosen.constant is not None
            state[keys.percent] = chosen.percent
    for share in levers.shares:
        state[f"{scenario}/{share.key}"] = question.shares[share.key]
    if levers.rule is not None:
        state[f"{scenario}/{levers.rule.key}"] = bool(question.rule)
    state[f"{scenario}/seed"] = question.seed
