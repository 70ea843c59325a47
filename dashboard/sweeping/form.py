"""From a form to the text of a design file, the same that the command line reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sim

KINDS = {
    "sobol": "Sobol streams, one a factor",
    "halton": "Halton, all factors together",
    "latin_hypercube": "Latin hypercube",
    "saltelli": "Saltelli blocks, for Sobol indices",
    "morris": "Morris trajectories, for screening",
    "defaults": "no draws, the defaults",
}
"""Kinds of designs that the form offers; a grid and a file of draws are written by hand."""
FIRST: dict[str, Any] = {
    "title": "Delay against openness",
    "scenarios": ["staged_release", "status_quo"],
    "worlds": ["default", "offence_dominant"],
    "design": "halton",
    "samples": 64,
    "replicates": 1,
    "seed": 0,
    "months": 60,
    "parameters": ["misuse.*"],
    "levers": ["staged_release.delay_months"],
}
"""What the form says at first."""
RANGE = {"staged_release.delay_months": (0, 24)}
"""Ranges to begin with, where the admissible one is far wider than any proposal."""


def text_of(form: Mapping[str, Any]) -> str:
    """Return the text of a design file; what is empty is left out."""
    sampled = form.get("design") != "defaults"
    lines = ["schema_version = 1", f"title = {_quoted(form.get('title') or '')}"]
    for key in ("scenarios", "worlds"):
        if form.get(key):
            lines.append(f"{key} = {_quoted(form[key])}")
    lines.append(f"design = {_quoted(form.get('design') or 'sobol')}")
    for key in ("samples", "replicates", "seed", "months"):
        if form.get(key) not in (None, "") and (key != "samples" or sampled):
            lines.append(f"{key} = {form[key]}")
    if sampled:
        lines.append(f"parameters = {_quoted(form.get('parameters') or [])}")
        levers = [path for path in form.get("levers") or [] if path in lever_options()]
        lines += ["", "[levers]"] if levers else []
        lines += [f"{_quoted(path)} = {_range(path)}" for path in levers]
    return "\n".join(lines) + "\n"


def _quoted(value: Any) -> str:
    """Text or a list of texts as TOML writes them; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)


def _range(path: str) -> str:
    declared = _declared(path)
    if declared["type"] == "choice":
        return f"{{ values = {_quoted(list(declared['options']))} }}"
    low, high = RANGE.get(path, (declared["low"], declared["high"]))
    if declared["type"] == "date":
        return '{ low = "2026-01", high = "2030-01" }'
    return f"{{ low = {low:g}, high = {high:g} }}"


def _declared(path: str) -> Mapping[str, Any]:
    kind, _, field = path.partition(".")
    metadata: Mapping[str, Any] = sim.POLICIES[kind].__dataclass_fields__[field].metadata
    return metadata


def lever_options() -> list[str]:
    """Return the fields of policies that a design can vary."""
    return [
        f"{kind}.{name}"
        for kind, cls in sim.POLICIES.items()
        for name, field in cls.__dataclass_fields__.items()
        if field.metadata.get("type") in ("number", "integer", "date", "choice") and name != "end"
    ]


def parameter_options() -> list[dict[str, Any]]:
    """Return patterns of whole submodels first, then every parameter with a range."""
    uncertain = sim.REGISTRY.uncertain()
    tables = sorted({name.partition(".")[0] for name in uncertain})
    whole = [{"value": "*", "label": "every parameter"}]
    whole += [{"value": f"{table}.*", "label": f"{table}: every parameter"} for table in tables]
    single = [{"value": name, "label": name} for name in uncertain]
    return [{"group": "Several", "items": whole}, {"group": "One", "items": single}]
