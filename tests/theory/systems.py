"""Queues that theory knows, as scenarios, with the reference values each must reproduce."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from sim.demand.sample import sample
from sim.engine.network import build_network
from sim.events.log import concat_blocks
from sim.scenario.load import scenario_from_document
from sim.scenario.program import build_program
from tests.engines import ENGINES
from tests.theory import observed
from tests.theory.observed import Day, Measure, Ratio
from tests.theory.student import Comparison, compare

VALUES = Path(__file__).with_name("reference_values.json")

SEED = 24_2025
"""Seed of all comparisons, mixed with the system's name; fixed, so that the verdict is too."""

Document = dict[str, Any]
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """A scenario without its length, and how long it takes to forget how it began.

    Attributes
    ----------
    document : dict
        Everything but ``horizon_s`` and ``warmup_s``.
    visits_per_s : float
        Long-run rate of visits to queues.
    relaxation_s : float
        Time in which the distance to the steady state falls by a factor e; 0 where each
        replication is a whole day from its empty start.
    day_s : float
        Length of such a day.
    visits_per_day : float
        Visits of such a day.
    """

    document: Document
    visits_per_s: float = 0.0
    relaxation_s: float = 0.0
    day_s: float = 0.0
    visits_per_day: float = 0.0


@dataclass(frozen=True, slots=True)
class Reference:
    """A known value: which quantity, and the log's measure of it."""

    id: str
    quantity: str
    value: float
    measure: Measure


@dataclass(frozen=True, slots=True)
class System:
    """A model with its parameters and all that is known about it."""

    name: str
    model: str
    shape: Shape
    references: tuple[Reference, ...]

    def but(self, ids: Set[str]) -> System:
        """The same without some of its references."""
        kept = tuple(reference for reference in self.references if reference.id not in ids)
        return replace(self, references=kept)


WARMUP_RELAXATIONS = 10
"""Warm-up in relaxation times: what is left of the empty start is below 5 in 100,000."""

TAIL_RELAXATIONS = 2
"""Arrivals go on for so long after the last that is counted: low priorities still have company."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is simulated for a system."""

    replications: int
    visits: int

    def window_s(self, shape: Shape) -> float:
        """Time in which visits are counted, per replication; twice the warm-up at least."""
        wanted = self.visits / self.replications / shape.visits_per_s
        return max(wanted, 2 * WARMUP_RELAXATIONS * shape.relaxation_s)


def systems() -> tuple[System, ...]:
    """Every system with a reference value, in the order of the file."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for entry in json.loads(VALUES.read_text(encoding="utf-8"))["references"]:
        by_name.setdefault(_name(entry), []).append(entry)
    return tuple(_system(name, entries) for name, entries in by_name.items())


def comparisons_of(
    system: System, *, size: Size, family: int, engine: str = "reference", twist: float = 1.0
) -> list[Comparison]:
    """Simulate a system and compare all that is known about it.

    Parameters
    ----------
    family : int
        Comparisons of the whole suite, for Bonferroni's correction.
    twist : float
        Factor on every service time: a planted error.
    """
    days = replications(system, size=size, engine=engine, twist=twist)
    ratios = list(zip(*days, strict=True))
    return [
        compare(
            f"{system.name} {reference.id} {reference.quantity}",
            reference=reference.value,
            numerators=[top for top, _ in days_of],
            denominators=[bottom for _, bottom in days_of],
            comparisons=family,
        )
        for reference, days_of in zip(system.references, ratios, strict=True)
    ]


def replications(
    system: System, *, size: Size, engine: str = "reference", twist: float = 1.0
) -> Iterator[list[Ratio]]:
    """The ratio of every reference, replication by replication."""
    shape = system.shape
    if shape.relaxation_s:
        begin_s = WARMUP_RELAXATIONS * shape.relaxation_s
        end_s = begin_s + size.window_s(shape)
        horizon_s, count = end_s + TAIL_RELAXATIONS * shape.relaxation_s, size.replications
    else:
        begin_s, end_s, horizon_s = 0.0, shape.day_s, shape.day_s
        count = max(size.replications, round(size.visits / shape.visits_per_day))
    seed = SEED ^ crc32(system.name.encode())
    document = {"horizon_s": horizon_s, "warmup_s": begin_s, **shape.document}
    scenario = scenario_from_document(_twisted(document, twist))
    program = build_program(scenario.spec)
    network = build_network(scenario.spec, program)
    for number in range(count):
        workload = sample(scenario, program=program, seed=seed, replication=number)
        events = concat_blocks(ENGINES[engine](network, workload))
        day = Day.of(events, begin_s=begin_s, end_s=end_s)
        yield [reference.measure(day) for reference in system.references]


# -- scenarios -----------------------------------------------------------------------------


def _exponential(mean_s: float) -> Document:
    return {"law": "exponential", "mean_s": mean_s}


def _poisson(rate_per_s: float, **more: Any) -> Document:
    return {"arrivals": {"law": "poisson", "rate_per_s": rate_per_s, **more}}


def _one_desk(
    *, demand: Document, servers: Any, service: Any, traits: Sequence[Document] = (), **more: Any
) -> Document:
    return {
        "id": "theory",
        "kind": "generic",
        "demand": demand,
        "traits": list(traits),
        "stations": [{"id": "desk", "servers": servers, "service": service, **more}],
        "journey": [{"station": "desk"}],
    }


def _relaxation_s(
    *, servers: int, load: float, mean_s: float, scv: float = 1.0, burst: float = 1.0
) -> float:
    """Relaxation time of a stable M/M/c, stretched for variable services and for bursts."""
    queue = burst * (1 + scv) / 2 / (servers * (1 - load**0.5) ** 2)
    return mean_s * max(queue, 1.0)


def _mgc(servers: int, rate: float, *, service: Any, mean_s: float = 1.0, scv: float) -> Shape:
    load = rate * mean_s / servers
    return Shape(
        _one_desk(demand=_poisson(rate), servers=servers, service=service),
        visits_per_s=rate,
        relaxation_s=_relaxation_s(servers=servers, load=load, mean_s=mean_s, scv=scv),
    )


def _of_load(p: Params, service: Document, scv: float) -> Shape:
    return _mgc(p["servers"], p["servers"] * p["load"], service=service, scv=scv)


def _mmc(p: Params) -> Shape:
    return _of_load(p, _exponential(1.0), 1.0)


def _mdc(p: Params) -> Shape:
    return _of_load(p, {"law": "deterministic", "mean_s": 1.0}, 0.0)


def _mec(p: Params) -> Shape:
    return _of_load(p, {"law": "erlang", "mean_s": 1.0, "phases": 2}, 0.5)


def _mhc(p: Params) -> Shape:
    quick, slow = p["mean_s"]
    service = [{"when": "quick", **_exponential(quick)}, _exponential(slow)]
    scv = 2 * (p["share"] * quick**2 + (1 - p["share"]) * slow**2) - 1
    shape = _of_load(p, {}, scv)
    shape.document["stations"][0]["service"] = service
    shape.document["traits"] = [{"id": "quick", "share": p["share"]}]
    return shape


def _mg1(p: Params) -> Shape:
    return _mgc(1, p["rate_per_s"], service=p["service"], scv=p["scv"])


def _dmc(p: Params) -> Shape:
    """Evenly spaced arrivals are platoons of one."""
    rate = p["servers"] * p["load"]
    shape = _of_load(p, _exponential(1.0), 1.0)
    relaxation_s = shape.relaxation_s / 2
    span_s = 400 * relaxation_s
    at_s = [number / rate for number in range(int(span_s * rate))]
    shape.document["demand"] = {"arrivals": {"law": "platoon", "at_s": at_s, "size": 1}}
    return Shape(shape.document, visits_per_s=rate, relaxation_s=relaxation_s)


def _split(p: Params) -> Shape:
    rate = p["rate_per_s"] / p["banks"]
    document = _one_desk(demand=_poisson(p["rate_per_s"]), servers=1, service=_exponential(1.0))
    desk = document["stations"][0]
    document["stations"] = [{**desk, "id": f"desk-{n}"} for n in range(p["banks"])]
    options = [{"station": f"desk-{n}", "share": 1 / p["banks"]} for n in range(p["banks"])]
    document["journey"] = [{"options": options}]
    return Shape(
        document,
        visits_per_s=p["rate_per_s"],
        relaxation_s=_relaxation_s(servers=1, load=rate, mean_s=1.0),
    )


def _finite(p: Params, *, service: Document, room: int) -> Shape:
    """`room` counts everyone there; a queue limit counts those who wait."""
    servers, rate = p["servers"], p["rate_per_s"]
    document = _one_desk(
        demand=_poisson(rate), servers=servers, service=service, queue_limit=room - servers
    )
    return Shape(document, visits_per_s=rate, relaxation_s=max(room / servers, 2.0) * 4)


def _mmck(p: Params) -> Shape:
    return _finite(p, service=_exponential(1.0), room=p["room"])


def _mgcc(p: Params) -> Shape:
    return _finite(p, service=p["service"], room=p["servers"])


def _erlang_a(p: Params) -> Shape:
    rate, patience_s = p["rate_per_s"], p["patience_s"]
    document = _one_desk(
        demand=_poisson(rate),
        servers=p["servers"],
        service=_exponential(1.0),
        patience=_exponential(patience_s),
    )
    return Shape(document, visits_per_s=rate, relaxation_s=max(patience_s, 1.0))


def _priority(p: Params, *, servers: int, services: Sequence[Document], load: float) -> Shape:
    first, others = p["rates_per_s"]
    document = _one_desk(
        demand=_poisson(first + others),
        servers=servers,
        service=[{"when": "first", **services[0]}, services[1]],
        traits=[{"id": "first", "share": first / (first + others)}],
        priority=[{"when": "first"}],
    )
    return Shape(
        document,
        visits_per_s=first + others,
        relaxation_s=_relaxation_s(servers=servers, load=load, mean_s=services[1]["mean_s"]),
    )


def _mmc_priority(p: Params) -> Shape:
    services = [_exponential(1.0), _exponential(1.0)]
    load = sum(p["rates_per_s"]) / p["servers"]
    return _priority(p, servers=p["servers"], services=services, load=load)


def _mg1_priority(p: Params) -> Shape:
    means_s = [service["mean_s"] for service in p["service"]]
    load = sum(rate * mean_s for rate, mean_s in zip(p["rates_per_s"], means_s, strict=True))
    return _priority(p, servers=1, services=p["service"], load=load)


def _bulk(p: Params) -> Shape:
    rate = p["batch_rate_per_s"] * p["batch"]
    document = _one_desk(
        demand=_poisson(p["batch_rate_per_s"], batch=p["batch"]),
        servers=p["servers"],
        service=_exponential(1.0),
    )
    relaxation_s = _relaxation_s(
        servers=p["servers"], load=rate / p["servers"], mean_s=1.0, burst=(p["batch"] + 1) / 2
    )
    return Shape(document, visits_per_s=rate, relaxation_s=relaxation_s)


def _jackson(p: Params) -> Shape:
    first_s, last_s = p["means_s"]
    rate = p["rate_per_s"] / (1 - p["feedback"])
    document = _one_desk(demand=_poisson(p["rate_per_s"]), servers=1, service=_exponential(first_s))
    document["stations"].append({"id": "last", "servers": 1, "service": _exponential(last_s)})
    document["journey"].append({"station": "last", "next": _back_to("desk", p["feedback"])})
    return Shape(
        document,
        visits_per_s=2 * rate,
        relaxation_s=2 * _relaxation_s(servers=1, load=rate * last_s, mean_s=last_s),
    )


def _feedback(p: Params) -> Shape:
    rate = p["rate_per_s"] / (1 - p["feedback"])
    document = _one_desk(demand=_poisson(p["rate_per_s"]), servers=1, service=_exponential(1.0))
    document["journey"][0]["next"] = _back_to("desk", p["feedback"])
    relaxation_s = _relaxation_s(servers=1, load=rate, mean_s=1.0) / (1 - p["feedback"])
    return Shape(document, visits_per_s=rate, relaxation_s=relaxation_s)


def _back_to(step: str, share: float) -> list[Document]:
    return [{"to": step, "share": share}, {"to": "exit", "share": 1 - share}]


def _platoon(p: Params, service: Document) -> Shape:
    demand = {"arrivals": {"law": "platoon", "at_s": [1.0], "size": p["size"]}}
    document = _one_desk(demand=demand, servers=p["servers"], service=service)
    return Shape(document, day_s=10.0, visits_per_day=p["size"])


def _platoon_even(p: Params) -> Shape:
    return _platoon(p, {"law": "deterministic", "mean_s": p["mean_s"]})


def _platoon_exponential(p: Params) -> Shape:
    return _platoon(p, _exponential(p["mean_s"]))


def _periods(p: Params) -> Shape:
    """Arrivals and servers by periods; the day ends with the last."""
    period_min, rates, servers = p["period_min"], p["rate_per_min"], p["servers"]
    if not isinstance(servers, int):
        servers = {"period_min": period_min, "open": servers}
    demand = {"arrivals": {"law": "poisson", "period_min": period_min, "rate_per_min": rates}}
    document = _one_desk(demand=demand, servers=servers, service=_exponential(60 * p["mean_min"]))
    return Shape(
        document,
        day_s=60 * period_min * len(rates),
        visits_per_day=period_min * sum(rates),
    )


SHAPES: dict[str, Callable[[Params], Shape]] = {
    "M/M/c": _mmc,
    "M/D/c": _mdc,
    "M/E2/c": _mec,
    "M/H2/c": _mhc,
    "M/G/1": _mg1,
    "D/M/c": _dmc,
    "M/M/1 split": _split,
    "M/M/c/K": _mmck,
    "M/G/c/c": _mgcc,
    "M/M/c+M": _erlang_a,
    "M/M/c priority": _mmc_priority,
    "M/G/1 priority": _mg1_priority,
    "M^X/M/c": _bulk,
    "Jackson tandem with feedback": _jackson,
    "M/M/1 with feedback": _feedback,
    "platoon, equal services": _platoon_even,
    "platoon, exponential services": _platoon_exponential,
    "Mt/M/s(t)": _periods,
}


# -- reference values ----------------------------------------------------------------------


def _name(entry: Mapping[str, Any]) -> str:
    if "called" in entry:
        return f"{entry['model']} ({entry['called']})"
    told = ", ".join(f"{key}={_short(value)}" for key, value in entry["params"].items())
    return f"{entry['model']} ({told})"


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return "[" + " ".join(map(_short, value)) + "]"
    if isinstance(value, dict):
        return " ".join(map(_short, value.values()))
    return str(value)


def _system(name: str, entries: Sequence[Mapping[str, Any]]) -> System:
    model, params = entries[0]["model"], entries[0]["params"]
    references = tuple(
        Reference(entry["id"], _told(entry), entry["value"], _measure(entry)) for entry in entries
    )
    return System(name, model, SHAPES[model](params), references)


def _told(entry: Mapping[str, Any]) -> str:
    return entry["quantity"] + (f"({entry['at']:g})" if "at" in entry else "")


def _measure(entry: Mapping[str, Any]) -> Measure:
    match entry["quantity"]:
        case "share_within":
            return observed.share_within(entry["at"])
        case "share_beyond":
            return observed.share_beyond(entry["at"])
        case "share_last_within":
            return observed.share_last_within(entry["at"])
        case "share_within_in_period":
            period_s = 60 * entry["params"]["period_min"]
            return observed.share_within_in_period(
                entry["at"], period=entry["period"], period_s=period_s
            )
        case "mean_present":
            return observed.mean_present_at(0)
        case "mean_present_last":
            return observed.mean_present_at(1)
        case "mean_present_at":
            return observed.present_just_before(entry["at"], is_waiting=False)
        case "mean_queue_at":
            return observed.present_just_before(entry["at"], is_waiting=True)
        case plain:
            return getattr(observed, plain)


def _twisted(document: Document, twist: float) -> Document:
    """The same with every service time longer by a factor."""

    def stretched(law: Document) -> Document:
        times = {"mean_s", "low_s", "mode_s", "high_s"}
        longer = {key: value * twist for key, value in law.items() if key in times}
        if "values_s" in law:
            longer["values_s"] = [value * twist for value in law["values_s"]]
        return {**law, **longer}

    def of_station(station: Document) -> Document:
        laws = station["service"]
        laws = laws if isinstance(laws, list) else [laws]
        return {**station, "service": [stretched(law) for law in laws]}

    return {**document, "stations": [of_station(station) for station in document["stations"]]}
