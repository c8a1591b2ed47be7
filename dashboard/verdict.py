"""The day in one sentence: where the queue forms, how long, and what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from dashboard.answer import Answer
from dashboard.briefing import StationBrief, longest_wait, most_broken, most_over
from dashboard.i18n.formats import Formats

HALF_HOUR_S = 1800.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence about a day, as HTML, and whether somebody waits too long."""

    sentence: str
    is_over: bool


def verdict_on(answer: Answer, briefs: tuple[StationBrief, ...], formats: Formats) -> Verdict:
    """The sentence that the page begins with."""
    words = formats.words
    targets = answer.summary["targets"]
    missed = _missed(answer.summary["missed"], formats)
    worst = most_over(briefs)
    if worst is None:
        longest = longest_wait(briefs)
        if longest is None:
            return Verdict(words("verdict.none", missed=missed), is_over=False)
        sentence = words(
            "verdict.calm",
            station=escape(longest.name),
            p95=formats.wait(longest.wait_s["p95"]),
            promise=_promise(most_broken(targets, station=longest.id), formats),
            missed=missed,
        )
        return Verdict(sentence, is_over=False)
    assert worst.worst is not None  # a station is above its band only if somebody waited
    assert worst.band_s is not None
    span = span_above(answer.waits[worst.id], worst.worst["start_s"], limit_s=worst.band_s[1])
    values = {
        "station": escape(worst.name),
        "half_hour": formats.half_hour(worst.worst["start_s"]),
        "mean": formats.wait(worst.worst["mean_s"]),
        "limit": formats.wait(worst.band_s[1]),
        "promise": _promise(most_broken(targets, station=worst.id), formats),
        "missed": missed,
    }
    if span is None:
        return Verdict(words("verdict.brief", **values), is_over=True)
    start, end = (formats.clock(instant) for instant in span)
    text = words("verdict.over", span=words("verdict.span", start=start, end=end), **values)
    return Verdict(text, is_over=True)


def span_above(
    columns: dict[str, list[Any]], around_s: float, *, limit_s: float
) -> tuple[float, float] | None:
    """The half hours on end, around one of them, whose mean wait is above a limit."""
    starts, means = columns["start_s"], columns["wait_mean_s"]
    if around_s not in starts:
        return None
    first = last = starts.index(around_s)
    is_above = [mean is not None and mean > limit_s for mean in means]
    if not is_above[first]:
        return None
    while first > 0 and is_above[first - 1]:
        first -= 1
    while last + 1 < len(starts) and is_above[last + 1]:
        last += 1
    return starts[first], starts[last] + HALF_HOUR_S


def _promise(target: dict[str, Any] | None, formats: Formats) -> str:
    if target is None:
        return ""
    key = "verdict.promise_kept" if target["is_met"] else "verdict.promise_broken"
    return formats.words(
        key,
        share=formats.percent(target["share"]),
        within=formats.wait(target["within_s"]),
        target=formats.percent(target["target_share"]),
    )


def _missed(persons: int, formats: Formats) -> str:
    return formats.words("verdict.missed", n=formats.number(persons)) if persons else ""
