"""*Compare*: two settings over the same days; who gains, who loses, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from dashboard.components.asking import Asked, task_of, title_of
from dashboard.components.comparison import (
    class_table,
    forest_picture,
    headline_rows,
    headline_table,
)
from dashboard.components.day import card, picture, say
from dashboard.components.notices import faults_notice
from dashboard.components.progress import desk_of, pending, wants
from dashboard.components.session import memory, note_in_address, office, page_value
from dashboard.components.sheet import html
from dashboard.errands.comparing import CompareErrand
from dashboard.i18n.formats import Formats
from dashboard.jobs import Job
from dashboard.levers import levers_of
from dashboard.library import loaded, offered
from dashboard.question import Question, unmoved
from sim.errors import InvalidInputError

PURPOSE = "compare"
LEAST_DAYS, MOST_DAYS, USUAL_DAYS = 5, 100, 10
OF_PLACE = "@"
"""Begins the names of sides that are another scenario."""


def show(asked: Asked, formats: Formats) -> None:
    """Draw the page."""
    words = formats.words
    sides = _sides(asked, formats)
    with card("sides", formats, "compare.title", escape(words("compare.subtitle"))):
        names, days, by_class = _choose(asked, sides, formats)
        is_pressed = st.button(
            words("compare.run"),
            key="compare-run",
            type="primary",
            icon=":material/compare_arrows:",
        )
    try:
        questions = [sides[name][1] for name in names]
        tasks = [task_of(each, levers_of(loaded(each.scenario).spec))[0] for each in questions]
    except InvalidInputError as error:
        faults_notice(error, formats)
        return
    errand = CompareErrand(
        tasks[0], replace(tasks[1], seed=tasks[0].seed), days=days, by_class=by_class
    )
    found = office().shelf.get(errand.key)
    if found is None:
        if wants(PURPOSE, errand, is_pressed=is_pressed, is_automatic=False):
            memory().ask(desk_of(PURPOSE), PURPOSE, errand)
        if not pending(PURPOSE, errand, _told, formats):
            st.info(words("compare.empty"))
        return
    labels = [sides[name][0] for name in names]
    if by_class:
        _draw_classes(found, labels, formats)
    else:
        _draw_stations(found, labels, questions, formats)


def _sides(asked: Asked, formats: Formats) -> dict[str, tuple[str, Question]]:
    """What may be compared, by name: a label, and the question it stands for."""
    words, question, levers = formats.words, asked.question, asked.levers
    sides = {
        "given": (words("compare.given"), unmoved(question.scenario, levers)),
        "now": (words("compare.now"), question),
    }
    if levers.rule is not None:
        title = words.of(levers.rule.policy.title, otherwise=levers.rule.policy.id)
        sides["before"] = (words("compare.before", title=title), replace(question, rule=False))
        sides["after"] = (words("compare.after", title=title), replace(question, rule=True))
    for name, kept in memory().variants_of(question.scenario).items():
        sides[f"kept {name}"] = (words("compare.kept", name=name), kept)
    for other in offered():
        if other != question.scenario:
            its = Question(other, {}, {}, None, question.seed)
            sides[f"{OF_PLACE}{other}"] = (title_of(other, formats), its)
    return sides


def _choose(
    asked: Asked, sides: dict[str, tuple[str, Question]], formats: Formats
) -> tuple[list[str], int, bool]:
    words = formats.words
    is_moved = asked.question != sides["given"][1]
    usual = ("given", "now") if is_moved or asked.levers.rule is None else ("before", "after")
    left, right = st.columns(2)
    names = []
    for place, letter, given in ((left, "a", usual[0]), (right, "b", usual[1])):
        key = f"compare-{letter}"
        wanted = st.session_state.get(key) or page_value(letter) or given
        st.session_state[key] = wanted if wanted in sides else given
        name = place.selectbox(
            words(f"compare.{letter}"),
            list(sides),
            format_func=lambda each: sides[each][0],
            key=key,
        )
        names.append(name)
        if name != given:
            note_in_address(letter, name)
    for number, name in enumerate(names):
        if name.startswith(OF_PLACE):
            other = name.removeprefix(OF_PLACE)
            question = replace(
                unmoved(other, levers_of(loaded(other).spec)), seed=asked.question.seed
            )
            sides[name] = (sides[name][0], question)
        del number
    days_text = page_value("days") or ""
    st.session_state.setdefault(
        "compare-days",
        min(max(int(days_text), LEAST_DAYS), MOST_DAYS)
        if days_text.isascii() and days_text.isdigit() and len(days_text) < 6
        else USUAL_DAYS,
    )
    days = left.slider(words("compare.days"), LEAST_DAYS, MOST_DAYS, key="compare-days")
    by_class = right.segmented_control(
        words("compare.by"),
        (False, True),
        format_func=lambda each: words("compare.classes" if each else "compare.stations"),
        key="compare-by",
        default=False,
        required=True,
    )
    if days != USUAL_DAYS:
        note_in_address("days", str(days))
    return names, days, bool(by_class)


def _told(job: Job, formats: Formats) -> tuple[float, str]:
    """Share of the days, and how long the rest will take."""
    done = float(job.reached or 0.0)
    left = formats.wait(job.elapsed_s * (1 - done) / done) if done > 0.02 else "…"
    return done, formats.words("compare.running", done=formats.percent(done), left=left)


def _draw_stations(
    found: dict[str, Any], labels: list[str], questions: list[Question], formats: Formats
) -> None:
    words = formats.words
    spec = loaded(questions[0].scenario).spec
    rows = headline_rows(found, spec, formats)
    gains = [row for row in rows if row.outcome == "lower"]
    loses = [row for row in rows if row.outcome == "higher"]
    is_over = False
    if found["is_identical"]:
        sentence = words("compare.same", days=found["days"])
    elif not gains and not loses:
        sentence = words("compare.noise", days=found["days"])
    else:
        best = max(gains + loses, key=lambda row: abs(row.mean) / max(row.a, row.b, 1e-9))
        way = "shorter" if best.is_time else "fewer"
        if best.outcome == "higher":
            way = "longer" if best.is_time else "more"
        key = f"compare.{way}"
        is_over = best.outcome == "higher"
        sentence = words(
            key, what=escape(best.name), size=best.told(abs(best.mean)),
            low=best.told(best.least), high=best.told(best.most),
            gains=len(gains), loses=len(loses), days=found["days"],
        )  # fmt: skip
    say(sentence, is_over=is_over)
    html(_who_is_who(labels, formats))
    if not found["has_same_passengers"]:
        st.warning(words("compare.others"))
    with card("forest", formats, "compare.forest", escape(words("compare.forest_under"))):
        picture(forest_picture(rows, formats), headline_table(rows, formats), formats)
    html(f'<p class="note">{escape(words("compare.method", days=found["days"]))}<br>'
            f"<code>{escape(_command(questions, found))}</code></p>")  # fmt: skip


def _draw_classes(found: dict[str, Any], labels: list[str], formats: Formats) -> None:
    words = formats.words
    verdicts = [each["wait_s"]["verdict"] for each in found["classes"].values()]
    sentence = words(
        "compare.verdict_classes",
        gains=verdicts.count("gains"),
        loses=verdicts.count("loses"),
        days=found["reps"],
    )
    say(sentence, is_over=verdicts.count("loses") > 0)
    html(_who_is_who(labels, formats))
    with card("classes", formats, "compare.classes_title", escape(words("compare.classes_under"))):
        html(class_table(found, formats))


def _who_is_who(labels: list[str], formats: Formats) -> str:
    a, b = (escape(label) for label in labels)
    return f'<p class="note">{formats.words("compare.who", a=a, b=b)}</p>'


def _command(questions: list[Question], found: dict[str, Any]) -> str:
    parts = [f"sim compare {' '.join(each.scenario for each in questions)}"]
    for letter, each in zip("ab", questions, strict=True):
        levers = levers_of(loaded(each.scenario).spec)
        own = each.command(levers).split(" --seed")[0].split(" ", 3)
        rest = own[3] if len(own) > 3 else ""
        rest = rest.replace("--set ", f"--set-{letter} ").replace("--on ", f"--on-{letter} ")
        parts.append(rest)
    parts.append(f"--reps {found['days']} --seed {found['seed']}")
    return " ".join(part for part in parts if part)
