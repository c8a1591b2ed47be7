"""The program's own answer to each reference value, by the model's name in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import gammaln

from sim.experiments.intervals import student_interval
from sim.experiments.proportions import days_to_certify, quantile_rank, share_low
from sim.queueing import halfin_whitt, peak_half_hour, phase_type
from sim.queueing.blocking_line import blocking_line
from sim.queueing.bulk import bulk
from sim.queueing.dmc import dmc
from sim.queueing.erlang_a import erlang_a
from sim.queueing.erlang_b import erlang_b
from sim.queueing.fluid import fluid
from sim.queueing.fork_join import mean_of_the_later
from sim.queueing.jackson import jackson
from sim.queueing.machine_repair import machine_repair
from sim.queueing.mdc import mdc
from sim.queueing.mg1 import mg1
from sim.queueing.mmc import mmc
from sim.queueing.mmck import mmck
from sim.queueing.modified_load import servers_by_margin
from sim.queueing.mph1 import mph1
from sim.queueing.mphc import mphc
from sim.queueing.offered_load import sinusoidal_load
from sim.queueing.phase_type import PhaseType
from sim.queueing.platoon import even_platoon, exponential_platoon
from sim.queueing.priority import mg1_priority, mm1_preemptive, mmc_priority
from sim.queueing.staffing import servers_for_wait
from sim.queueing.steps import Steps
from sim.queueing.transient import Transient, transient
from sim.queueing.virtual_wait import mean_wait_if_kept
from sim.scenario.figures import Figure
from sim.scenario.laws import Deterministic, Erlang, Exponential

FILE = Path(__file__).with_name("reference_values.json")

ONE = Figure(value=1)

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Reference values of one model with one set of parameters."""

    model: str
    params: Params
    values: tuple[tuple[str, str, float], ...]
    tolerance: float

    @property
    def name(self) -> str:
        return f"{self.model} {self.values[0][0]}"


def groups() -> Iterator[Group]:
    for each in json.loads(FILE.read_text(encoding="utf-8"))["groups"]:
        values = tuple(tuple(value) for value in each["values"])
        yield Group(each["model"], each["params"], values, each.get("tolerance", 1e-6))


def answers(group: Group) -> list[tuple[str, str, float, float]]:
    """Id, quantity, reference and our answer, of every value of a group."""
    how = HOW[group.model](group.params)
    return [(id_, quantity, value, how(quantity)) for id_, quantity, value in group.values]


def _number(quantity: str, pattern: str) -> float | None:
    found = re.fullmatch(pattern, quantity)
    return float(found.group(1)) if found else None


def _waits(quantity: str, queue: Any) -> float:
    """A quantity of an object that knows waits, as the reference list words it."""
    if (share := _number(quantity, r"Wq quantile ([\d.]+)(?: \(units D\))?")) is not None:
        return queue.quantile(share)
    if (at := _number(quantity, r"P\(Wq<=([\d.]+)\)")) is not None:
        return float(queue.share_within(at))
    if (at := _number(quantity, r"P\(Wq?>([\d.]+)(?: ?D)?\)")) and at > 0:
        return float(queue.share_beyond(at))
    match quantity:
        case "P(W>0)" | "P(W>0) Erlang C":
            return queue.share_waiting
        case "E[Wq]" | "E[Wq] arbitrary customer" | "E[Wq | admitted]":
            return queue.mean_wait
        case "P(block)":
            return queue.share_balked
        case "P(abandon)":
            return queue.share_reneged
        case "E[W] (served+abandoned)":
            return queue.mean_time_in_queue
        case "E[L]":
            return queue.mean_present
        case "P0":
            return float(queue.shares[0])
        case _:
            raise LookupError(quantity)


How = Callable[[Params], Callable[[str], float]]


def _of(make: Callable[[Params], Any]) -> How:
    def how(p: Params) -> Callable[[str], float]:
        queue = make(p)
        return lambda quantity: _waits(quantity, queue)

    return how


def _one(answer: Callable[[Params], float]) -> How:
    return lambda p: lambda _: answer(p)


def _mmc(p: Params) -> Any:
    rate = p.get("lambda", p["c"] * p.get("rho", 0) * p["mu"])
    return mmc(servers=p["c"], arrival_rate=rate, mean_service=1 / p["mu"])


def _mmck(p: Params) -> Any:
    return mmck(servers=p["c"], room=p["K"], arrival_rate=p["lambda"], mean_service=1 / p["mu"])


def _erlang_a(p: Params) -> Any:
    return erlang_a(
        servers=p["c"],
        arrival_rate=p["lambda"],
        mean_service=1 / p["mu"],
        mean_patience=1 / p["theta"],
    )


def _min_servers(p: Params) -> float:
    return servers_for_wait(
        arrival_rate=p["lambda_per_h"] / 3600,
        mean_service=p["mean_service_s"],
        within=p["tau_s"],
        share_of_all=p["target"],
    )


def _limit(p: Params) -> float:
    if "beta" in p:
        return halfin_whitt.share_waiting(margin=p["beta"])
    return halfin_whitt.margin_for(share_of_waiting=p["alpha"])


def _mphc(p: Params) -> Any:
    kind = p["service"].split()[0]
    service: PhaseType
    if kind == "E2":
        service = phase_type.erlang(phases=2, mean=p["mean"])
    else:
        scv = float(p["service"].split()[1].removeprefix("scv="))
        service = phase_type.balanced_hyperexponential(mean=p["mean"], scv=scv)
    return mphc(servers=p["c"], arrival_rate=p["c"] * p["rho"] / p["mean"], service=service)


def _priority(p: Params) -> float:
    rates = [p["lambda1"], p["lambda2"]]
    return mmc_priority(servers=p["c"], arrival_rates=rates, mean_service=1 / p["mu"]).mean_waits[0]


def _mg1_priority(p: Params) -> float:
    found = mg1_priority(
        arrival_rates=[p["lambda1"], p["lambda2"]],
        mean_services=[p["mean1"], p["mean2"]],
        scvs=[p["scv1"], p["scv2"]],
    )
    return found.mean_waits[0]


def _preemptive(p: Params) -> float:
    rates = [p["lambda1"], p["lambda2"]]
    return mm1_preemptive(arrival_rates=rates, mean_service=1 / p["mu"]).mean_sojourns[0]


def _bulk(p: Params) -> Any:
    sizes = {int(size): chance for size, chance in p["batch_pmf"].items()}
    return bulk(servers=p["c"], batch_rate=p["batch_rate"], sizes=sizes, mean_service=1 / p["mu"])


def _platoon(p: Params) -> Callable[[str], float]:
    found = exponential_platoon(size=p["N"], servers=p["c"], mean_service=p["service_s"])

    def how(quantity: str) -> float:
        if quantity == "mean wait s":
            return found.mean_wait
        return float(found.last_within(1.1 * found.last_wait))

    return how


def _vickrey(p: Params) -> float:
    came = Steps.rates([p["arr_rate"]], period=p["N"] / p["arr_rate"])
    gates = Steps.always(1)
    return fluid(arrivals=came, servers=gates, mean_service=1 / p["capacity"], until=1e4).max_wait


def _tandem(p: Params) -> float:
    network = jackson(
        entering=[p["lambda_ext"], 0],
        routing=[[0, 1], [p["feedback"], 0]],
        servers=[1, 1],
        mean_services=[1 / p["mu1"], 1 / p["mu2"]],
    )
    return float(network.mean_present[1])


def _split(p: Params) -> float:
    network = jackson(
        entering=[p["lambda"] / 2] * 2,
        routing=np.zeros((2, 2)),
        servers=[1, 1],
        mean_services=[1 / p["mu"]] * 2,
    )
    station = network.stations[0]
    assert station is not None
    return station.mean_wait


def _feedback(p: Params) -> float:
    network = jackson(
        entering=[p["lambda"]], routing=[[p["p"]]], servers=[1], mean_services=[1 / p["mu"]]
    )
    return network.mean_sojourn


def _line(p: Params) -> float:
    return blocking_line(buffers=p["buffers"], mean_services=[1 / p["mu"]] * p["stations"])


def _student(p: Params) -> float:
    days = p["df"] + 1
    found = student_interval([float(k) for k in range(days)], confidence=1 - p["alpha2"])
    spread = np.arange(days).std(ddof=1) / sqrt(days)
    assert found.high is not None
    return (found.high - found.mean) / spread


def _sinusoid_load(p: Params) -> Callable[[str], float]:
    laws = {
        "exp mean1": Exponential(law="exponential", mean_s=ONE),
        "D=1": Deterministic(law="deterministic", mean_s=ONE),
        "Erlang2 mean1": Erlang(law="erlang", mean_s=ONE, phases=2),
    }

    def how(quantity: str) -> float:
        at = _number(quantity, r"m\(t=([\d.]+)\)")
        assert at is not None
        at = pi / 2 if abs(at - pi / 2) < 1e-6 else at  # printed with six digits
        return float(
            sinusoidal_load(
                mean_rate=100, amplitude=20, frequency=1, service=laws[p["service"]], time_s=at
            )
        )

    return how


def _instant(quantity: str) -> tuple[str, float]:
    found = re.fullmatch(r"(.*)\(([\d.]+)(\)?.*)", quantity)
    assert found, quantity
    return f"{found.group(1)}{found.group(3)}", float(found.group(2))


def _at_instants(day: Transient, service: float) -> Callable[[str], float]:
    def how(quantity: str) -> float:
        what, at = _instant(quantity)
        place = int(np.flatnonzero(np.isclose(day.at, at))[0])
        match what:
            case "E[N)]":
                return float(day.mean_present[place])
            case "E[Lq)]":
                return float(day.mean_queue[place])
            case "P(N)>=s)":
                return float(day.share_waiting[place])
            case "P(N)=0)":
                return float(day.populations[place].main[0])
            case "E[virtual W)]":
                return mean_wait_if_kept(day.populations[place], service=service)
            case "P(virtual W)>10)" | "P(virtual W)>7 min)":
                return float(1 - day.share_within[place])
            case _:
                raise LookupError(what)

    return how


def _mm1_transient(p: Params) -> Callable[[str], float]:
    day = transient(
        arrivals=Steps.always(p["lambda"]),
        servers=Steps.always(1),
        mean_service=1 / p["mu"],
        at=[1, 5, 10, 50],
    )
    return _at_instants(day, p["mu"])


def _sinusoid_day(p: Params) -> Callable[[str], float]:
    if p["case"] == "A":
        came = Steps.smooth(lambda t: 100 + 20 * sin(t), start=0, end=20, steps=200)
        at, mean, within = [5, 10, 15, 20], 1.0, None
    else:
        came = Steps.smooth(lambda t: 6 + 4 * sin(2 * pi * t / 180), start=0, end=450, steps=900)
        at, mean, within = [30, 60, 90, 120, 135, 180, 360, 450], 1.5, 10.0
    day = transient(
        arrivals=came, servers=Steps.always(p["s"]), mean_service=mean, at=at, within=within
    )
    return _at_instants(day, 1 / mean)


def _square_root(p: Params) -> Callable[[str], float]:
    """Staffing renewed every tenth; rates of a step are worked with as they change within it."""
    ends = 0.1 * np.arange(1, 163)
    middle = ends - 0.05
    load = 100 + 10 * (np.sin(middle) - np.cos(middle))
    levels = servers_by_margin(load=load, margin=p["beta"])
    came = Steps.smooth(lambda t: 100 + 20 * sin(t), start=0, end=ends[-1], steps=len(ends))
    start = np.arange(400)
    at_zero = 100 + 10 * (sin(0) - cos(0))
    day = transient(
        arrivals=came,
        servers=Steps.servers(levels, period=0.1),
        mean_service=1 / p["mu"],
        closing="preempt",
        mean_patience=1 / p["theta"] if p["theta"] else np.inf,
        at=ends[ends > 10 + 1e-9],
        initial=np.exp(start * np.log(at_zero) - at_zero - gammaln(start + 1)),
    )

    def how(quantity: str) -> float:
        waits = day.share_waiting
        return float(waits.min() if quantity.startswith("min") else waits.mean())

    return how


def _six_periods(closing: Any) -> How:
    def make(p: Params) -> Callable[[str], float]:
        edges = p["period_min"] * np.arange(len(p["servers"]) + 1)
        day = transient(
            arrivals=Steps.rates(p["lambda_per_min"], period=p["period_min"]),
            servers=Steps.servers(p["servers"], period=p["period_min"]),
            mean_service=p["mean_service_min"],
            closing=closing,
            within=p["tau_min"],
            periods=edges,
            at=edges[1:],
        )

        def how(quantity: str) -> float:
            found = re.search(r"period (\d)", quantity)
            assert found
            place = int(found.group(1)) - 1
            if quantity.startswith("SL"):
                return float(day.served_within[place])
            what = day.mean_queue if quantity.startswith("E[Lq]") else day.mean_present
            return float(what[place])

        return how

    return make


def _poisson_flight(p: Params) -> Callable[[str], float]:
    rates = p["N"] * np.array(p["showup_profile"]) / p["bin_min"]
    day = transient(
        arrivals=Steps.rates(rates, period=p["bin_min"]),
        servers=Steps.always(p["c"]),
        mean_service=p["mean_service_min"],
        at=[10, 30, 50, 70, 90, 110],
    )
    return _at_instants(day, 1 / p["mean_service_min"])


def _peak(p: Params) -> Callable[[str], float]:
    day = transient(
        arrivals=Steps.rates([p["lambda_per_min"]], period=p["horizon_min"]),
        servers=Steps.always(p["c"]),
        mean_service=p["mean_service_min"],
        at=[p["horizon_min"]],
        within=7.0,
    )
    return _at_instants(day, 1 / p["mean_service_min"])


def _manual(p: Params) -> Callable[[str], float]:
    straight = p["PHP"] * p["PK"] * (1 - p["BR"] - p["CR"])
    banks = [(p["CD"], float(p["PTcd_s"])), (p["BD"], float(p["PTbd_s"]))]
    came = peak_half_hour.downstream_demand(upstream=banks, walk_ins=straight)
    desks = peak_half_hour.desks_for_peak(
        passengers=came,
        service_s=p["PTpd_s"],
        longest_wait_min=p["MQT_min"],
        correction=p["Cf"],
    )
    return lambda quantity: came if quantity.startswith("P30") else float(desks.desks)


def _bag_claim(_: Params) -> float:
    passenger, bag = phase_type.erlang(phases=1, mean=12.0), phase_type.erlang(phases=3, mean=18.0)
    return mean_of_the_later(passenger, bag)


HOW: dict[str, How] = {
    "M/G/c/c (Erlang B)": _one(lambda p: erlang_b(servers=p["c"], offered_load=p["a"])),
    "M/M/c": _of(_mmc),
    "M/M/c min staffing": _one(_min_servers),
    "Halfin-Whitt QED": _one(_limit),
    "M/M/c/K": _of(_mmck),
    "M/M/c+M (Erlang A)": _of(_erlang_a),
    "M/G/1": _of(lambda p: mg1(arrival_rate=p["lambda"], mean_service=p["mean"], scv=p["scv"])),
    "M/D/1": _of(lambda p: mdc(servers=1, arrival_rate=p["lambda"], service=p["mean"])),
    "M/E2/1": _of(
        lambda p: mph1(
            arrival_rate=p["lambda"], service=phase_type.erlang(phases=2, mean=p["mean"])
        )
    ),
    "M/D/c": _of(lambda p: mdc(servers=p["c"], arrival_rate=p["c"] * p["rho"], service=p["D"])),
    "M/PH/c": _of(_mphc),
    "M/M/c 2-class non-preemptive priority": _one(_priority),
    "M/G/1 non-preemptive priority": _one(_mg1_priority),
    "M/M/1 preemptive-resume": _one(_preemptive),
    "M^[X]/M/c bulk arrivals": _of(_bulk),
    "Platoon N at t=0, D service, c gates": _one(
        lambda p: even_platoon(size=p["N"], servers=p["c"], service=p["service_s"]).last_wait
    ),
    "Platoon N at t=0, exp service, c gates": _platoon,
    "Fluid platoon (Vickrey)": _one(_vickrey),
    "Machine repair M/M/c//N": _of(
        lambda p: machine_repair(
            servers=p["c"], population=p["N"], call_rate=p["lambda"], mean_service=1 / p["mu"]
        )
    ),
    "Jackson tandem M/M/1->M/M/1 with feedback": _one(_tandem),
    "Fork-join inf-server bag claim": _one(_bag_claim),
    "Random split 2 x M/M/1": _one(_split),
    "Pooled M/M/2": _of(lambda p: _mmc({"c": 2, **p})),
    "M/M/1 Bernoulli feedback to tail": _one(_feedback),
    "Saturated exp line, blocking-after-service": _one(_line),
    "D/M/c": _of(
        lambda p: dmc(servers=p["c"], interval=1 / (p["c"] * p["rho"]), mean_service=1 / p["mu"])
    ),
    "Binomial demonstration test": _one(
        lambda p: days_to_certify(
            share=p["p0"], confidence=p["conf"], failures=p["allowed_failures"]
        )
    ),
    "Clopper-Pearson one-sided lower bound": _one(
        lambda p: share_low(successes=p["successes"], days=p["n"], confidence=p["conf"])
    ),
    "Order-statistic quantile UCB": _one(
        lambda p: quantile_rank(days=p["n"], quantile=p["q"], confidence=p["conf"]) or -1
    ),
    "t quantile": _one(_student),
    "Mt/G/inf (stationary-periodic)": _sinusoid_load,
    "M/M/1 transient from empty": _mm1_transient,
    "Mt/M/s": _sinusoid_day,
    "Mt/M/s(t) MOL staffing": _square_root,
    "Mt/M/s(t)+M MOL staffing": _square_root,
    "Mt/M/s(t) exhaustive (finish service on close)": _six_periods("idle_first"),
    "Mt/M/s(t) preemptive (service interrupted on close, returns to head of queue)": _six_periods(
        "preempt"
    ),
    "Mt/M/c with same mean profile (Poisson demand)": _poisson_flight,
    "M/M/c transient peak-30 (ADRM example)": _peak,
    "IATA ADRM worked example (departure passport control)": _manual,
    "M/M/3 lambda=2 mu=1 (queuecomputer JSS validation)": _of(_mmc),
}
"""How each model's values are worked out."""

ELSEWHERE = {"Shift covering MILP": "shifts are no queue: the planner's roster answers it"}
"""Models whose values are not for this room, with the reason."""
