"""Answers made up for tests: a counter with a band and a promise, and a gate without."""

from typing import Any

from dashboard.answer import Answer
from dashboard.briefing import StationBrief, briefs_of
from dashboard.i18n.catalogue import Language, words
from sim.scenario.spec import ScenarioSpec

HALF_HOUR_S = 1800.0
BAND_S = (600.0, 1200.0)

SPEC = ScenarioSpec.model_validate(
    {
        "id": "made-up",
        "kind": "generic",
        "horizon_s": 1,
        "demand": {"arrivals": {"law": "poisson", "rate_per_s": 1}},
        "stations": [
            {
                "id": "desk",
                "kind": "counter",
                "name": {"vi": "Quầy <A>", "en": "Desk <A>"},
                "servers": 3,
            },
            {"id": "gate", "servers": 1},
        ],
        "journey": [{"station": "desk"}, {"station": "gate"}],
    }
)


def answer_of(
    means_s: list[float], *, p95_s: float = 0.0, promise: float = 1.0, missed: int = 0
) -> Answer:
    """An answer whose desk has these mean waits by half hour from midnight."""
    verdict = "sub-optimum" if max(p95_s, *means_s) > BAND_S[1] else "over-design"
    worst = max(range(len(means_s)), key=lambda n: means_s[n])
    mean_s = sum(means_s) / len(means_s)
    desk = _station(
        wait_s={"mean": mean_s, "p50": 0.0, "p90": 0.0, "p95": p95_s, "p99": 0.0, "max": p95_s},
        worst_half_hour={
            "start_s": worst * HALF_HOUR_S,
            "arrivals": 10,
            "mean_s": means_s[worst],
            "p95_s": p95_s,
        },
        level_of_service={
            "verdict": verdict,
            "band_s": list(BAND_S),
            "shares": {"below": 0.5, "within": 0.2, "above": 0.3},
            "p95_day_s": p95_s,
            "p95_busiest_half_hour_s": p95_s,
        },
    )
    nobody = dict.fromkeys(desk["wait_s"])
    gate = _station(wait_s=nobody, worst_half_hour=None, level_of_service=None)
    columns = {
        "start_s": [n * HALF_HOUR_S for n in range(len(means_s))],
        "wait_mean_s": means_s,
        "queue": [float(n) for n in range(len(means_s))],
        "open": [3.0 for _ in means_s],
    }
    summary = {
        "passengers": 1000,
        "boarded": 1000 - missed,
        "exited": 0,
        "balked": 0,
        "reneged": 0,
        "missed": missed,
        "events": 12_345,
        "stations": {"desk": desk, "gate": gate},
        "targets": [
            {
                "station": "desk",
                "share": promise,
                "target_share": 0.9,
                "within_s": 1200.0,
                "is_met": promise >= 0.9,
            }
        ],
    }
    timelines = {"desk": columns, "gate": columns}
    return Answer(summary=summary, queues=timelines, waits=timelines, chain_head="0" * 64, took_s=1)


def briefs(answer: Answer, language: Language = "en") -> tuple[StationBrief, ...]:
    """Its stations, as the page sees them."""
    return briefs_of(answer, SPEC, words(language))


def _station(**figures: Any) -> dict[str, Any]:
    return {"arrivals": 10, "served": 10, "utilisation": 0.5, **figures}
