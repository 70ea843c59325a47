"""What the numbers rest on: the scenarios, the parameters that were changed, and the ones that are contested most."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.figures.about import About, PolicyLine
from sim.figures.numbers import digits
from sim.figures.timeline import spoken
from sim.figures.view import View
from sim.report.html import bullets, card, details, esc, grid, paragraph, section, table

if TYPE_CHECKING:
    from sim.parameters import Parameter

CONTESTED = (
    "defence.form",
    "defence.persistent_share",
    "defence.slice_patch_rate",
    "defence.tool_per_oom",
    "defence.tool_adoption",
    "misuse.uplift_per_oom",
    "misuse.uplift_cap",
    "misuse.safeguard_trend",
    "misuse.reporting_unseen",
    "misuse.exposure_growth",
    "security.strip_rate_per_month",
    "capability.open_commons_gain",
    "capability.distillation_share",
    "innovation.flywheel_gain",
    "market.demand_elasticity",
    "catastrophe.misuse_rate",
    "catastrophe.correlated_rate",
)
"""Fields that the debate on openness turns on: chosen by judgement, until a sensitivity analysis ranks them."""
HEADERS = ("Parameter", "What it is", "Value", "Unit", "Range", "Source")


def scenarios(view: View) -> str:
    """Return what each scenario is: question, story, policies."""
    return section("scenarios", "The scenarios", grid([_scenario(view, about) for about in view.abouts.values()]))


def _scenario(view: View, about: About) -> str:
    name = f"<h3>{esc(about.title)}</h3>"
    role = "The baseline. " if about.name == view.baseline else ""
    same = view.abouts[view.baseline].policies if view.baseline and about.name != view.baseline else ()
    own = [_policy(policy) for policy in about.policies if policy not in same]
    heading = "Policies beyond the baseline’s" if same else "Policies"
    listed = f"<p><strong>{heading}</strong></p>{bullets(own)}" if own else ""
    tension = paragraph(f"Expected tension: {about.tension}", "note") if about.tension else ""
    return card(name, paragraph(role + about.question, "note"), paragraph(about.story), listed, tension)


def _policy(policy: PolicyLine) -> str:
    start = f" from {spoken(policy.start)}" if policy.start is not None else ""
    settings = f"<br><small>{esc('; '.join(policy.settings))}</small>" if policy.settings else ""
    return f"{esc(policy.title)}{start}{settings}"


def assumptions(view: View) -> str:
    """Return worlds, changed parameters and contested parameters."""
    from sim.parameters import REGISTRY

    worlds = [str(world) for world in view.provenance.get("worlds", ())]
    text = f"World: {', '.join(worlds)}." if worlds else "No world was added: parameters stand at their defaults."
    changed = _changed(view)
    none = "" if changed else paragraph("No scenario changes a parameter.")
    contested = [p for field in CONTESTED for p in REGISTRY if f"{p.table}.{p.field}" == field]
    body = table(HEADERS, _rows(contested), "Value at default, range, and identifiers of facts or “judgement”", "words")
    more = details(f"{len(contested)} contested parameters, chosen by judgement, with ranges and sources", body)
    judged = sum(p.source == "judgement" for p in REGISTRY)
    note = (
        f'<p class="note">The model has {len(REGISTRY)} parameters; {judged} rest on judgement instead of a published '
        "measurement. <code>aperture parameters</code> lists them all with their sources and reasons.</p>"
    )
    return section("assumptions", "Assumptions", paragraph(text), none, changed, more, note)


def _changed(view: View) -> str:
    """Return the parameters that differ from their defaults, scenario by scenario."""
    from sim.parameters import REGISTRY

    names = dict.fromkeys(name for about in view.abouts.values() for name in about.parameters)
    rows = []
    for name in names:
        values = [_value(about.parameters.get(name, "default")) for about in view.abouts.values()]
        known = name in REGISTRY
        description, default = (REGISTRY[name].description, _value(REGISTRY[name].default)) if known else ("", "–")
        rows.append([esc(name), esc(description), esc(default), *map(esc, values)])
    headers = ["Parameter", "What it is", "Default", *(esc(title) for title in view.shown.values())]
    return table(headers, rows, "Parameters that differ from their defaults", "words") if rows else ""


def _rows(parameters: Iterable[Parameter]) -> list[list[str]]:
    return [
        [
            esc(p.name),
            esc(p.description),
            esc(_value(p.default)),
            esc(p.unit),
            esc(_range(p)),
            esc(p.source),
        ]
        for p in parameters
    ]


def _range(parameter: Parameter) -> str:
    if parameter.low is None or parameter.high is None:
        return " or ".join(parameter.options)
    return f"{_value(parameter.low)} to {_value(parameter.high)}"


def _value(value: Any) -> str:
    return digits(float(value)) if isinstance(value, int | float) else str(value)
