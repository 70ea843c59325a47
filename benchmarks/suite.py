"""Everything that is measured, in one run: batches, objects, the reference workload, and what a person waits for."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from benchmarks import startup
from benchmarks.batches import Batch
from benchmarks.calls import calls_a_month
from benchmarks.clock import Case, Timing, interleaved, machine
from benchmarks.objects import ObjectModel
from benchmarks.reference import Reference

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What to measure, and how long.

    Attributes
    ----------
    members : tuple of int
        Sizes of batches.
    warm_up, months, rounds : int
        Months before the clock starts; months in a round; rounds.
    population : mapping of str to int
        Sizes other than the default ones.
    objects : int
        Months of the object model in a round.
    reference_agents, reference_months : int
        Agents of a member of the reference workload, and its months in a round.
    page_replicates, page_months : int
        Size of the page of four scenarios; 0 months skips all that needs a process of its own.
    sweep_replicates, wide_misusers : int
        Runs of the sweep on one and on two processes, and misusers of a single wide member; 0 skips them.
    """

    members: tuple[int, ...] = (1, 8, 32, 64, 128)
    warm_up: int = 12
    months: int = 6
    rounds: int = 8
    population: Mapping[str, int] = field(default_factory=dict)
    objects: int = 1
    reference_agents: int = 2000
    reference_months: int = 12
    page_replicates: int = 32
    page_months: int = 120
    sweep_replicates: int = 0
    wide_misusers: int = 0


QUICK = Plan(members=(1, 32), months=2, rounds=3, page_months=24)
"""A glance, in a fraction of the time."""
LONG = Plan(sweep_replicates=512, wide_misusers=1_000_000)
"""With sweeps and a wide member too."""
COMPARED = 32
"""Members of the batch that ratios compare."""


def run(plan: Plan, say: Say) -> dict[str, Any]:
    """Measure everything in the plan and return it as a document of plain values."""
    document: dict[str, Any] = {"machine": machine(), "plan": asdict(plan)}
    say("warming up")
    batches = {
        (members, details): _warm(Batch(members, _horizon(plan), details=details, population=plan.population), plan)
        for members in plan.members
        for details in (True, False)
    }
    source = _warm(Batch(1, _horizon(plan), population=plan.population), plan)
    objects = ObjectModel(copy.deepcopy(source.state))
    reference = Reference(COMPARED, plan.reference_agents)
    reference.advance(plan.reference_months)
    cases: dict[object, Case] = {key: partial(batch.advance, plan.months) for key, batch in batches.items()}
    cases["objects"] = partial(_step, objects, plan.objects)
    cases["reference"] = partial(reference.advance, plan.reference_months)
    say("measuring, all in turn")
    timings = interleaved(cases, plan.rounds)
    document["batches"] = [_batch(key, batches[key], timings[key], plan) for key in batches]
    document["objects"] = {
        "agents": source.agents,
        **timings["objects"].per(plan.objects * source.agents),
        "seconds": timings["objects"].seconds,
    }
    document["reference"] = {
        "members": COMPARED,
        "agents": plan.reference_agents,
        **timings["reference"].per(plan.reference_months * COMPARED * plan.reference_agents),
        "seconds": timings["reference"].seconds,
    }
    say("counting calls")
    document["calls"] = calls_a_month(warm_up=plan.warm_up, population=plan.population)
    if plan.page_months:
        document["waiting"] = _waiting(plan, say)
    document["machine_after"] = machine()
    return document


def _step(model: ObjectModel, months: int) -> None:
    for _ in range(months):
        model.step()


def _horizon(plan: Plan) -> int:
    return plan.warm_up + plan.rounds * max(plan.months, plan.objects)


def _warm(batch: Batch, plan: Plan) -> Batch:
    batch.advance(plan.warm_up)
    return batch


def _batch(key: tuple[int, bool], batch: Batch, timing: Timing, plan: Plan) -> dict[str, Any]:
    months = plan.months * batch.members
    lanes = timing.per(months * batch.lanes)
    return {
        "members": key[0],
        "details": key[1],
        "agents": batch.agents,
        "lanes": batch.lanes,
        **timing.per(months * batch.agents),
        "best_ns_lane": lanes["best_ns"],
        "median_ns_lane": lanes["median_ns"],
        "seconds": timing.seconds,
    }


def _waiting(plan: Plan, say: Say) -> dict[str, float]:
    """Seconds that a person waits, each in a fresh process."""
    say("importing, helping")
    found = {
        "import_sim": startup.import_seconds("import sim", 5),
        "import_run": startup.import_seconds("from sim import run", 3),
        "help": startup.help_seconds(5),
    }
    say("running a page of four scenarios")
    found["page"] = startup.page_seconds(plan.page_replicates, plan.page_months, 1)
    if plan.sweep_replicates:
        say("sweeping on one process, then on two")
        alone, both = (startup.workers_seconds(plan.sweep_replicates, plan.page_months, n) for n in (1, 2))
        found |= {"speed_up": alone / both, "runs_a_second": plan.sweep_replicates / both}
    if plan.wide_misusers:
        say("running one wide member")
        found["wide"], found["wide_mib"] = startup.wide(plan.wide_misusers, plan.page_months)
    return found
