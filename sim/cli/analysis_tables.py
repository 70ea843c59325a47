"""What analyses of sweeps print for people."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from sim.cli.printing import table
from sim.experiments.words import crux_report, describe, number
from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    from sim.experiments.depends import Dependence
    from sim.experiments.packages import Packages
    from sim.experiments.prim import Box
    from sim.experiments.studies import Discovered, Ranked, Turning

WIDTH = 110


def show_ranked(found: Ranked) -> None:
    """Print, for each outcome and for the preference, the score and rank of every policy by every rule."""
    print(f"{len(found.futures):,} futures; preference: {found.preference.words()}")
    _left_out(found.futures.left_out)
    for name, rules in found.tables.items():
        label = f"{OUTCOMES[name].label}, {OUTCOMES[name].unit}" if name in OUTCOMES else "Stated preference, utility"
        rows = [
            [rule, *(f"{number(s)} ({r:g}; {100 * f:.0f} %)" for s, r, f in zip(
                score, rules.ranks[rule], rules.first[rule], strict=True))]
            for rule, score in rules.scores.items()
        ]  # fmt: skip
        print()
        table(["rule", *rules.policies], rows, f"{label}: gain (rank; how often first in resampled futures)")
    pairs = found.tables["preference"].agreement[np.triu_indices(len(rows), 1)]
    if np.isfinite(pairs).any():
        print(
            f"\nAgreement of rankings by preference (Kendall's tau): {np.nanmin(pairs):.2f} to {np.nanmax(pairs):.2f}"
        )


def show_discovered(found: Discovered) -> None:
    """Print the box, how far it can be relied upon, and the tree."""
    d = found.found
    print(f"Where {found.statement}: {d.interest:,} of {d.futures:,} futures ({100 * d.interest / d.futures:.0f} %).")
    _left_out(found.futures.left_out)
    if not d.chosen.limits:
        print("No box holds up: whatever limits were found, luck explains as well.")
    rows = [
        [name, number(low), number(high), number(d.chances[name]), f"{100 * d.reproduced[name]:.0f} %", describe(name)]
        for name, (low, high) in d.chosen.limits.items()
    ]
    if rows:
        print()
        table(
            ["assumption", "from", "to", "chance", "found again", "what it is"], rows, "The box", numbers=(1, 2, 3, 4)
        )
    print()
    boxes = [["futures that it learnt from", *_box(d.chosen)], ["other futures", *_box(d.checked)]]
    table(["on", "coverage", "density", "futures in it"], boxes, numbers=(1, 2, 3))
    print(f"\nBoxes from other halves share {100 * d.overlap:.0f} % of their futures with it.")
    leaves = [[_limits(leaf), *_box(leaf)] for leaf in d.tree[:3]]
    print()
    table(["leaf", "coverage", "density", "futures in it"], leaves, "A classification tree, on other futures",
          numbers=(1, 2, 3))  # fmt: skip


def _box(box: Box) -> list[str]:
    return [f"{100 * box.coverage:.0f} %", f"{100 * box.density:.0f} %", f"{100 * box.mass:.0f} %"]


def _limits(box: Box) -> str:
    parts = []
    for name, (low, high) in box.limits.items():
        parts += [f"{name} ≥ {number(low)}"] if np.isfinite(low) else []
        parts += [f"{name} ≤ {number(high)}"] if np.isfinite(high) else []
    return " and ".join(parts) or "all"


def show_turning(found: Turning, top: int) -> None:
    """Print what a choice turns on, in words."""
    _left_out(found.futures.left_out)
    print("\n\n".join(fill(part, WIDTH, break_long_words=False) for part in crux_report(found, top)))
    rows = [
        [c.name, number(c.worth), f"{number(c.low)} to {number(c.high)}", number(c.chance),
         f"{number(c.lead[0])} to {number(c.lead[1])}"]
        for c in found.found.cruxes
    ]  # fmt: skip
    leader = found.futures.policies[found.found.leader]
    print()
    headers = ["assumption", "worth", "95 % interval", "chance", f"lead of {leader}"]
    table(headers, rows, "Value of knowing an assumption", numbers=(1, 2, 3, 4))


def show_dependence(found: Dependence, top: int) -> None:
    """Print effects, indices and tails of the assumptions that matter most."""
    outcome = OUTCOMES[found.outcome]
    what = found.policies[0] if len(found.policies) == 1 else f"{found.policies[1]} minus {found.policies[0]}"
    print(f"{outcome.label}, {what}: mean {number(found.mean)}, standard deviation {number(found.deviation)} "
          f"{found.unit} over {found.draws:,} draws × {found.replicates} replicates.")  # fmt: skip
    if found.effects is not None:
        e = found.effects
        rows = [
            [e.names[i], f"{number(e.absolute[i])} ± {number(e.half_width[i])}", number(e.mean[i]), number(e.spread[i])]
            for i in _ordered(e.absolute, e.names, top)
        ]
        print()
        headers = ["assumption", "mean absolute effect", "mean effect", "spread"]
        table(headers, rows, f"Elementary effects over {e.trajectories} trajectories", numbers=(1, 2, 3))
    if found.indices is not None:
        n = found.indices
        rows = [
            [n.names[i], f"{n.total[i]:.3f} ± {n.total_half[i]:.3f}", f"{n.first[i]:.3f} ± {n.first_half[i]:.3f}",
             f"{n.total_of_half[i]:.3f}", f"{found.tails.get(n.names[i], float('nan')):.3f}"]
            for i in _ordered(n.total, n.names, top)
        ]  # fmt: skip
        print()
        headers = ["assumption", "total", "alone", "total, half the blocks", "tails (PAWN)"]
        table(headers, rows, f"Shares of the variance, {n.blocks} blocks", numbers=(1, 2, 3, 4))
        print("\nThe indices have " + ("settled." if n.settled else "not settled: double the blocks."))
    elif found.tails:
        order = sorted(found.alone, key=lambda name: -found.alone[name])[:top]
        rows = [[n, f"{found.alone[n]:.3f}", f"{found.tails.get(n, float('nan')):.3f}"] for n in order]
        rows.append(["dummy", "", f"{found.tails['dummy']:.3f}"])
        print()
        title = f"Share of the variance that it explains alone; luck gives up to {found.luck:.3f}"
        table(["assumption", "alone", "tails (PAWN)"], rows, title, numbers=(1, 2))
    if found.chance == found.chance:
        print(f"The seed's share of the variance of single runs: {100 * found.chance:.1f} %.")
    if not found.sound:
        print("A dummy that no run reads seems to matter: rows of a block did not share their luck.")


def _ordered(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], names: tuple[str, ...], top: int) -> list[int]:
    """Places of the largest, and of the dummy, which is always shown."""
    order = [int(i) for i in np.argsort(-values, kind="stable")[:top]]
    return list(dict.fromkeys([*order, *(i for i, name in enumerate(names) if name == "dummy")]))


def show_packages(found: Packages) -> None:
    """Print the packages that nothing dominates."""
    print(
        f"{found.scenario}: {found.evaluations} packages searched over {found.budget.futures} futures, "
        f"{found.weighed} weighed again over {found.budget.confirmed:,}, {found.dominated} of them dominated there."
    )
    headers = [*found.levers, *(f"{OUTCOMES[n].label}, {OUTCOMES[n].unit}" for n in found.outcomes)]
    rows = [["as it is"] + [""] * (len(found.levers) - 1) + [number(v) for v in found.reference]]
    for settings, means, gap, half in zip(found.settings, found.means, found.differences, found.half, strict=True):
        cells = [f"{number(m)} ({g:+.2g} ± {h:.2g})" for m, g, h in zip(means, gap, half, strict=True)]
        rows.append([*map(number, settings), *cells])
    print()
    table(headers, rows, "Packages that nothing dominates: means (difference to the scenario as it is)")
    volumes = ", ".join(f"{v:.3f}" for v in found.hypervolumes)
    print(f"\nHypervolume of each search, as a share of the best: {volumes}.")


def _left_out(number_: int) -> None:
    if number_:
        print(f"Left out: {number_:,} futures in which a run failed or is missing.")
