"""Everything that is measured, in one run: batches, objects, the reference workload, and what a person waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from benchmarks import startup
from benchmarks.apart import Apart
from benchmarks.batches import Batch
from benchmarks.calls import calls_a_month
from benchmarks.clock import Case, Timing, interleaved, machine
from benchmarks.objects import ObjectModel
from benchmarks.reference import Reference
from sim.memory import keep_freed_memory

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
    months: int = 12
    rounds: int = 8
    population: Mapping[str, int] = field(default_factory=dict)
    objects: int = 3
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
    one = Batch(1, plan.warm_up, population=plan.population)
    sizes = [(members, details) for members in plan.members for details in (True, False)]
    say("warming up")
    with ExitStack() as stack:
        cases: dict[object, Apart] = {key: stack.enter_context(Apart(_batch, plan, *key)) for key in sizes}
        cases["objects"] = stack.enter_context(Apart(_objects, plan))
        cases["reference"] = stack.enter_context(Apart(_reference, plan))
        say("measuring, all in turn")
        timings = interleaved({key: case.seconds for key, case in cases.items()}, plan.rounds)
    document["batches"] = [_figures(key, one, timings[key], plan) for key in sizes]
    document["objects"] = {
        "agents": one.agents,
        **timings["objects"].per(plan.objects * one.agents),
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


def _batch(plan: Plan, members: int, details: bool) -> Case:
    """Some months of a batch that has run for a while."""
    batch = Batch(members, _horizon(plan), details=details, population=plan.population)
    batch.advance(plan.warm_up)
    return partial(batch.advance, plan.months)


def _objects(plan: Plan) -> Case:
    """Some months of the object model, from where a batch of one is after a while."""
    source = Batch(1, _horizon(plan), population=plan.population)
    source.advance(plan.warm_up)
    model = ObjectModel(source.state)

    def step() -> None:
        for _ in range(plan.objects):
            model.step()

    return step


def _reference(plan: Plan) -> Case:
    """Some months of the reference workload, with memory kept as in a batch."""
    keep_freed_memory()
    reference = Reference(COMPARED, plan.reference_agents)
    reference.advance(plan.reference_months)
    return partial(reference.advance, plan.reference_months)


def _horizon(plan: Plan) -> int:
    return plan.warm_up + plan.rounds * max(plan.months, plan.objects)


def _figures(key: tuple[int, bool], one: Batch, timing: Timing, plan: Plan) -> dict[str, Any]:
    """What is said of a batch; `one` is of a single member of the same size."""
    members, details = key
    lanes = timing.per(plan.months * members * one.lanes)
    return {
        "members": members,
        "details": details,
        "agents": one.agents,
        "lanes": one.lanes,
        **timing.per(plan.months * members * one.agents),
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
