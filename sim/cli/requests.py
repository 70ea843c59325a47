"""From arguments to a checked request for runs, before anything is run or written."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import MOST_DRAWS, whole
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

BYTES_PER_MONTH = 900
"""Outcomes and details that one run keeps a month."""
LONG_SECONDS = 1800
LARGE_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Request:
    """Runs that are asked for; everything in it has been checked.

    Attributes
    ----------
    scenarios : tuple of Scenario
        Resolved, with distinct names.
    baseline : str or None
        Name of the one to compare with, if it is a comparison.
    draws : int or mapping of str to ndarray
        As `sim.runner.run` takes them.
    months : int
        The same for all scenarios.
    """

    scenarios: tuple[Scenario, ...]
    baseline: str | None
    replicates: int
    draws: int | Mapping[str, Any]
    seed: int
    months: int
    workers: int
    command: str

    @property
    def draw_count(self) -> int:
        """Number of parameter draws."""
        return self.draws if isinstance(self.draws, int) else len(next(iter(self.draws.values())))


def read_request(args: argparse.Namespace, names: Sequence[str], baseline: str | None = None) -> Request:
    """Read scenarios, draws and the output directory from arguments.

    Parameters
    ----------
    args : Namespace
        With the options of `sim.cli.arguments`.
    names : sequence of str
        Scenarios, shipped names or files.
    baseline : str, optional
        The scenario to compare with; it is added if it is not among the names.

    Raises
    ------
    InputError
        For anything unknown, out of range, or that does not fit together.
    """
    if baseline is not None and baseline not in names:
        names = [baseline, *names]
    scenarios = load_all(names, args.worlds, args.settings)
    if args.out is not None:
        from sim.results.saving import check_directory

        check_directory(args.out)
    _check_names(scenarios)
    return Request(
        scenarios,
        None if baseline is None else scenarios[list(names).index(baseline)].name,
        args.replicates,
        read_number_or_draws(args.draws),
        args.seed,
        _months(scenarios, args.months),
        args.workers,
        command(args, names, baseline),
    )


def load_all(names: Sequence[str], worlds: Sequence[str], settings: Sequence[str]) -> tuple[Scenario, ...]:
    """Load scenarios in the same worlds with the same settings.

    A setting of a policy (``staged_release.delay_months=6``) holds for the scenarios that have the policy; one must.
    """
    from sim.policies import POLICIES
    from sim.scenario import load
    from sim.scenario_settings import apply_settings

    scenarios = [load(name, worlds) for name in names]
    kinds = [{policy.kind for policy in scenario.policies} for scenario in scenarios]
    for setting in settings:
        head = setting.partition(".")[0].strip()
        optional = head in POLICIES and any(head in own for own in kinds)
        for i, own in enumerate(kinds):
            if not optional or head in own:
                scenarios[i] = apply_settings(scenarios[i], [setting])
    return tuple(scenarios)


def command(args: argparse.Namespace, names: Sequence[str], baseline: str | None) -> str:
    """Write the command that makes the same numbers again, defaults spelt out."""
    words = ["aperture", args.command, *names]
    words += ["--baseline", baseline] if baseline else []
    words += ["--replicates", str(args.replicates), "--draws", args.draws, "--seed", str(args.seed)]
    words += ["--months", str(args.months)] if args.months else []
    words += [word for world in args.worlds for word in ("--with", world)]
    words += [word for setting in args.settings for word in ("--set", setting)]
    if getattr(args, "signs", None):
        words += ["--signs", str(args.signs)]
    return shlex.join(words)


def _check_names(scenarios: Sequence[Scenario]) -> None:
    seen: set[str] = set()
    for scenario in scenarios:
        if scenario.name in seen:
            raise InputError(f"scenario {scenario.name!r}", "it is named twice.", "Give two files two names.")
        seen.add(scenario.name)


def _months(scenarios: Sequence[Scenario], months: int | None) -> int:
    """One number of months for all, counted from one start."""
    from sim.policies import month_name

    starts = {scenario.name: scenario.start for scenario in scenarios}
    if len(set(starts.values())) > 1:
        text = ", ".join(f"{name} in {month_name(start)}" for name, start in starts.items())
        raise InputError("scenarios", f"they start at different times ({text}).", "Add --set start=YYYY-MM.")
    lengths = {scenario.name: scenario.months for scenario in scenarios}
    if months is None and len(set(lengths.values())) > 1:
        text = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InputError("scenarios", f"they differ in months ({text}).", "Add --months N.")
    return scenarios[0].months if months is None else months


def read_number_or_draws(text: str) -> int | dict[str, Any]:
    """Read the argument of ``--draws``: a number, a shipped name, or a file."""
    from sim.draw_files import NAMED, named_draws

    name = text.rpartition(":")[0] or text
    if name in NAMED or name.lower().endswith(".csv") or "/" in text:
        return dict(named_draws(text))
    try:
        return whole(1, MOST_DRAWS)(text)
    except argparse.ArgumentTypeError as error:
        raise InputError("--draws", f"{error}.", "Or name a CSV file of draws, or calibrated.") from None


def check_budget(request: Request, extra_scenarios: int, yes: bool, quiet: bool) -> None:
    """Estimate the work before it starts, say it, and refuse what is long or large without ``--yes``."""
    from sim.experiments.cost import NANOSECONDS_PER_AGENT_MONTH

    per_scenario = request.draw_count * request.replicates * request.months
    agents = sum(sum(_populations(scenario)) for scenario in request.scenarios)
    share = 1 + extra_scenarios / len(request.scenarios)
    cells = per_scenario * agents * share
    seconds = cells * NANOSECONDS_PER_AGENT_MONTH * 1e-9 / request.workers
    size = per_scenario * len(request.scenarios) * share * BYTES_PER_MONTH
    runs = request.draw_count * request.replicates
    what = f"{len(request.scenarios) + extra_scenarios} scenarios × {runs} runs × {request.months} months"
    ask(what, cells, seconds, size, yes, quiet)


def ask(what: str, cells: float, seconds: float, size: float, yes: bool, quiet: bool) -> None:
    """Say what work costs, and refuse what is long or large without ``--yes``."""
    from sim.cli.printing import note

    text = f"{what}: {cells:.1e} agent-months, about {_duration(seconds)}, {size / 1e6:.0f} MB of results"
    if (seconds > LONG_SECONDS or size > LARGE_BYTES) and not yes:
        raise InputError("work", text + ".", "Add --yes to go ahead, or ask for fewer runs, draws or months.")
    note(text, quiet)


def _populations(scenario: Scenario) -> tuple[int, ...]:
    population = scenario.population
    return population.misusers, population.defenders, population.builders


def _duration(seconds: float) -> str:
    for length, word in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {word}"
    return f"{max(1, seconds):.0f} s"
