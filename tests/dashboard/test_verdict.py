"""The day in one sentence."""

import re

from dashboard.answer import Answer
from dashboard.i18n.catalogue import words
from dashboard.i18n.formats import Formats
from dashboard.verdict import Verdict, span_above, verdict_on
from tests.dashboard.answers import HALF_HOUR_S, answer_of, briefs

EN = Formats(words("en"))


def told(answer: Answer) -> Verdict:
    return verdict_on(answer, briefs(answer), EN)


def plain(verdict: Verdict) -> str:
    return re.sub("<.*?>", "", verdict.sentence)


def test_queue_is_told_with_its_span_worst_half_hour_promise_and_victims() -> None:
    """Above the band the sentence says where, from when to when, how long, and what was broken."""
    answer = answer_of([0, 1300, 3000, 2000, 0, 1500], p95_s=3600, promise=0.6, missed=7)

    verdict = told(answer)

    assert verdict.is_over
    assert plain(verdict) == (
        "The queue forms at Desk &lt;A&gt; from 00:30 to 02:00: passengers who come at "
        "01:00–01:30 wait 50 min on average, against an optimum of at most 20 min; over the day "
        "only 60% are served within 20 min, though 90% was promised; 7 miss their departure."
    )


def test_short_peak_is_not_given_a_span() -> None:
    """Where only the slowest exceed the band, no half hour is said to be a queue."""
    verdict = told(answer_of([0, 900, 0], p95_s=1500, promise=0.95))

    assert verdict.is_over
    assert plain(verdict) == (
        "The queue at Desk &lt;A&gt; passes the optimum of 20 min for a while: longest for those "
        "who come at 00:30–01:00, 15 min on average; 95% are served within 20 min, which keeps "
        "the promise of 90%."
    )


def test_calm_day_names_the_longest_wait() -> None:
    """Without a queue the sentence says how long the longest wait is, and where."""
    verdict = told(answer_of([0, 100, 0], p95_s=444))

    assert not verdict.is_over
    assert plain(verdict).startswith("No place is beyond its optimum: the longest wait is at Desk")
    assert "at most 7.4 min" in plain(verdict)


def test_span_is_the_run_of_half_hours_around_the_worst() -> None:
    """Half hours above the limit count as long as none between them is below, or empty."""
    columns = {
        "start_s": [n * HALF_HOUR_S for n in range(7)],
        "wait_mean_s": [50.0, None, 60.0, 99.0, 60.0, 10.0, 60.0],
    }

    assert span_above(columns, 3 * HALF_HOUR_S, limit_s=40) == (2 * HALF_HOUR_S, 5 * HALF_HOUR_S)
    assert span_above(columns, 5 * HALF_HOUR_S, limit_s=40) is None
    assert span_above(columns, 99.0, limit_s=40) is None
