"""The page of shipped scenarios and worlds."""

from __future__ import annotations

from sim.parameters import REGISTRY
from sim.policies import Policy, month_name
from sim.reference_pages.evidence import linked
from sim.reference_pages.markdown import code, number, page, table
from sim.scenario import Scenario, load, load_world, scenario_names, world_names
from sim.scenario_explain import expected
from sim.scenario_shipped import Form

INTRODUCTION = """A **scenario** is a dated package of policies on a baseline. A **world** is a set of assumptions:
parameters only. Any scenario runs in any world: `aperture run SCENARIO --with WORLD`. Each is one short file in
`scenarios/`; `aperture show NAME` explains a scenario with its dates, and `aperture resolve NAME` prints it as a file
that stands alone.

All scenarios but the baseline inherit the policies of *status quo* and differ from it only from the month in which
their own begin, so that they share the history up to then and what is open stays open. Months after 2030 rest on
assumptions about how growth saturates."""


def scenarios_page() -> str:
    """Return the page of all scenarios and worlds."""
    parts = [INTRODUCTION, "## Scenarios", *(_scenario(load(name)) for name in scenario_names())]
    parts += ["## Worlds", *(_world(name, load_world(name)[1]) for name in world_names())]
    return page("Scenarios and worlds", *parts)


def _scenario(scenario: Scenario) -> str:
    parent = load(scenario.baseline) if scenario.baseline and scenario.baseline != scenario.name else None
    inherited = parent.policies if parent else ()
    own = [policy for policy in scenario.policies if policy not in inherited]
    gone = [policy for policy in inherited if policy not in scenario.policies]
    last = month_name(scenario.start + scenario.months - 1)
    run = f"Runs from {month_name(scenario.start)} to {last}"
    lines = [f"- {_policy(policy)}" for policy in own] + [
        f"- without {code(policy.kind)} of the baseline" for policy in gone
    ]
    lines += [f"- {text}" for text in _values(scenario.parameters)]
    adds = "It adds:" if parent else "It holds:"
    parts = [
        *_prose(scenario.name, scenario),
        f"{run}, compared with {code(parent.name)}." if parent else f"{run}.",
        f"{adds}\n\n" + "\n".join(lines) if lines else "It adds nothing.",
        _sources(scenario.sources),
    ]
    return "\n\n".join(parts)


def _policy(policy: Policy) -> str:
    skipped = {"start", "end", "jurisdictions"}
    fields = {name: value for name, value in policy.changed_fields().items() if name not in skipped}
    dates = f"from {month_name(policy.start)}" + (f" to {month_name(policy.end)}" if policy.end is not None else "")
    settings = ", ".join(f"{code(name)} {_text(value)}" for name, value in fields.items())
    return f"{code(policy.kind)}: {policy.title}, {dates}, in {', '.join(policy.jurisdictions)}" + (
        f"; {settings}" * bool(settings)
    )


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return number(value) if isinstance(value, float | int) else str(value)


def _world(name: str, world: Form) -> str:
    rows = [
        [code(key), _text(given), _text(REGISTRY[key].default), REGISTRY[key].unit]
        for key, given in world.parameters.items()
    ]
    values = table(["Parameter", "Here", "Default", "Unit"], rows) if rows else "Every parameter has its default."
    return "\n\n".join([*_prose(name, world), values, _sources(world.sources)])


def _prose(name: str, item: Scenario | Form) -> list[str]:
    parts = [f"### `{name}`", f"**{item.title}.** *{item.question}*", " ".join(item.story.split())]
    told = "; ".join(expected(text) for text in item.expects)
    return [
        *parts,
        f"Tension: {item.tension}",
        *([f"Expected against the baseline, and tested: {told}."] if told else []),
    ]


def _values(parameters: object) -> list[str]:
    return [f"{code(key)} = {_text(value)}" for key, value in dict(parameters).items()] if parameters else []  # type: ignore[call-overload]


def _sources(sources: tuple[str, ...]) -> str:
    return "Sources:\n\n" + "\n".join(f"- {linked(source)}" for source in sources)
