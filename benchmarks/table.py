"""The document of a run as a table for people, with ratios and budgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.suite import COMPARED

RATIO_NOW, RATIO_TARGET = 50, 100
NANOSECONDS_NOW, NANOSECONDS_TARGET = 50, 25
TIMES_REFERENCE = 2
CALLS = 800
LIMITS = (
    ("import sim", "import_sim", 0.3),
    ("aperture --help", "help", 0.5),
    ("4 scenarios × 32 members from cold", "page", 1.5),
    ("one member, 1,000,000 misusers", "wide", 60.0),
)
"""Seconds that a person may have to wait."""
SWEEP, SWEEP_RUNS, SWEEP_MINUTES = "10,000 runs on two processes", 10_000, 3
SPEED_UP, WIDE_MIB = 1.8, 2048
START, END = "<!-- measured -->", "<!-- end of what was measured -->"
"""Marks of a page between which the table stands."""


@dataclass(frozen=True)
class Budget:
    """A line of the budget: what, what it may be, what it is."""

    what: str
    allowed: str
    measured: str
    met: bool


def ratios(document: dict[str, Any]) -> dict[str, float]:
    """Ratios of the best times to the batch of `COMPARED` members, or the widest, with all outcomes and details."""
    batch = compared(document)
    found = {
        "objects_to_batch": document["objects"]["best_ns"] / batch["best_ns"],
        "objects_to_batch_median": document["objects"]["median_ns"] / batch["median_ns"],
        "batch_to_reference": batch["best_ns"] / document["reference"]["best_ns"],
        "batch_to_reference_median": batch["median_ns"] / document["reference"]["median_ns"],
    }
    calls, lanes = overhead(document)
    return {**found, "fixed_ms_a_month": calls * 1e3, "ns_each_agent_month_beyond": lanes * 1e9}


def compared(document: dict[str, Any]) -> dict[str, Any]:
    """The batch that ratios compare."""
    full = [batch for batch in document["batches"] if batch["details"]]
    return next((batch for batch in full if batch["members"] == COMPARED), full[-1])


def overhead(document: dict[str, Any]) -> tuple[float, float]:
    """Seconds of a month that do not depend on the size of the batch, and seconds of each agent-month beyond them.

    From the line through the smallest batch and the one that is compared.
    """
    small = min((b for b in document["batches"] if b["details"]), key=lambda b: b["members"])
    large = compared(document)
    months = [batch["members"] * batch["agents"] for batch in (small, large)]
    taken = [batch["best_ns"] * 1e-9 * count for batch, count in zip((small, large), months, strict=True)]
    if months[0] == months[1]:
        return 0.0, taken[0] / months[0]
    slope = (taken[1] - taken[0]) / (months[1] - months[0])
    return max(taken[0] - slope * months[0], 0.0), slope


def budgets(document: dict[str, Any]) -> list[Budget]:
    """The lines of the budget with what was measured."""
    found, batch = ratios(document), compared(document)
    per, faster, times = batch["best_ns"], found["objects_to_batch"], found["batch_to_reference"]
    lines = [
        Budget("Mesa objects / batch of 32", f"at least {RATIO_NOW}", f"{faster:.0f}", faster >= RATIO_NOW),
        Budget("  the target", f"at least {RATIO_TARGET}", f"{faster:.0f}", faster >= RATIO_TARGET),
        Budget("ns per agent-month, batch of 32", f"at most {NANOSECONDS_NOW}", f"{per:.0f}", per <= NANOSECONDS_NOW),
        Budget("  the target", f"at most {NANOSECONDS_TARGET}", f"{per:.0f}", per <= NANOSECONDS_TARGET),
        Budget("batch of 32 / reference", f"at most {TIMES_REFERENCE}", f"{times:.1f}", times <= TIMES_REFERENCE),
    ]
    calls = document["calls"]["calls_outside_populations"]
    lines.append(Budget("calls a month outside populations", f"at most {CALLS}", f"{calls:.0f}", calls <= CALLS))
    waiting = document.get("waiting", {})
    lines += [_wait(waiting, *limit) for limit in LIMITS if limit[1] in waiting]
    return lines + (_sweeps(waiting) if "wide_mib" in waiting else [])


def _wait(waiting: dict[str, float], what: str, name: str, limit: float) -> Budget:
    seconds = waiting[name]
    return Budget(what, f"at most {limit:g} s", f"{seconds:.2f} s", seconds <= limit)


def _sweeps(waiting: dict[str, float]) -> list[Budget]:
    minutes, gain, peak = SWEEP_RUNS / waiting["runs_a_second"] / 60, waiting["speed_up"], waiting["wide_mib"]
    return [
        Budget(SWEEP, f"at most {SWEEP_MINUTES} min", f"{minutes:.1f} min", minutes <= SWEEP_MINUTES),
        Budget("two processes / one", f"at least {SPEED_UP}", f"{gain:.2f}", gain >= SPEED_UP),
        Budget("wide member: peak memory", f"at most {WIDE_MIB} MiB", f"{peak:.0f} MiB", peak <= WIDE_MIB),
    ]


def insert(page: str, table: str) -> str:
    """The page with the table in place of what stands between its marks.

    Raises
    ------
    ValueError
        When the page lacks the marks.
    """
    before, found, rest = page.partition(START)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"the page has no lines {START} and {END}")
    return f"{before}{START}\n```text\n{table}\n```\n{END}{after}"


def render(document: dict[str, Any]) -> str:
    """The whole table."""
    parts = [_machine(document), _speeds(document), _ratios(document), _budgets(document)]
    return "\n\n".join(parts)


def _machine(document: dict[str, Any]) -> str:
    before, after = document["machine"], document["machine_after"]
    return (
        f"{before['processor']}, {before['cores']} cores, one used; Python {before['python']}, "
        f"NumPy {before['numpy']}; load {before['load_1_min']} before, {after['load_1_min']} after"
    )


def _speeds(document: dict[str, Any]) -> str:
    head = f"{'':<38}{'ns per agent-month':>22}{'ns per lane-month':>22}"
    lines = [head, f"{'':<38}{'best':>11}{'median':>11}{'best':>11}{'median':>11}"]
    for batch in document["batches"]:
        name = f"model, {batch['members']} members, {'with' if batch['details'] else 'without'} details"
        lanes = f"{batch['best_ns_lane']:11.1f}{batch['median_ns_lane']:11.1f}"
        lines.append(f"{name:<38}{batch['best_ns']:11.1f}{batch['median_ns']:11.1f}{lanes}")
    for name, label in (("objects", "the same rules as Mesa objects"), ("reference", "reference workload")):
        lines.append(f"{label:<38}{document[name]['best_ns']:11.1f}{document[name]['median_ns']:11.1f}")
    return "\n".join(lines)


def _ratios(document: dict[str, Any]) -> str:
    found = ratios(document)
    lines = [f"{'':<38}{'best':>11}{'median':>11}"]
    for name, label in (
        ("objects_to_batch", "Mesa objects / batch of 32"),
        ("batch_to_reference", "batch of 32 / reference workload"),
    ):
        lines.append(f"{label:<38}{found[name]:11.1f}{found[name + '_median']:11.1f}")
    fixed, each = found["fixed_ms_a_month"], found["ns_each_agent_month_beyond"]
    lines.append(f"A month costs {fixed:.1f} ms at any size of batch (calls) and {each:.1f} ns an agent of a member;")
    lines.append(f"it takes {document['calls']['calls']:.0f} calls of NumPy, those inside draws not counted.")
    return "\n".join(lines)


def _budgets(document: dict[str, Any]) -> str:
    lines = [f"{'budget':<38}{'allowed':>16}{'measured':>12}"]
    for line in budgets(document):
        lines.append(f"{line.what:<38}{line.allowed:>16}{line.measured:>12}  {'met' if line.met else 'NOT MET'}")
    waiting = document.get("waiting")
    if waiting:
        lines.append(f"{'from sim import run':<38}{'no budget':>16}{waiting['import_run']:>10.2f} s")
    return "\n".join(lines)
