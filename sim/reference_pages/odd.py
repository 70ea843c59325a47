"""Parts of the ODD document that are written from the code: the month, and the parameters of each submodel."""

from __future__ import annotations

import ast
import inspect
from importlib.resources import files

from sim import month
from sim.parameters import REGISTRY, Parameter
from sim.reference_pages.evidence import linked
from sim.reference_pages.markdown import table
from sim.reference_pages.parameters import meaning

FOLDER = "reference/"
"""Way from the ODD document to the reference pages."""

KERNELS = tuple(name for name in REGISTRY.tables() if (files("sim") / "kernels" / f"{name}.py").is_file())
"""Submodels with a table of parameters."""


def month_body() -> str:
    """Return the body of the month as a block of code."""
    lines = inspect.getsource(month.month).splitlines()
    start = next(i for i, line in enumerate(lines) if '"""' in line) + 1
    return "\n".join(["```python", *(line.removeprefix("    ") for line in lines[start:]), "```"])


def stage_names() -> tuple[str, ...]:
    """Return the names of the stages, in the order of the month."""
    tree = ast.parse(inspect.getsource(month.month))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return tuple(node.func.id for node in calls if isinstance(node.func, ast.Name))


def kernel_parameters(table_name: str) -> str:
    """Return the parameters of a submodel: those from facts, then those that are judged."""
    fields = [entries[0] for entries in REGISTRY.fields(table_name).values()]
    link = f"{FOLDER}parameters.md#{table_name}"
    judged = ", ".join(_name(entry) for entry in fields if entry.source == "judgement")
    rows = [
        [_name(entry), meaning(entry), entry.unit, linked(entry.source, FOLDER)]
        for entry in fields
        if entry.source != "judgement"
    ]
    parts = [f"Parameters with facts behind them (values, ranges and reasoning: [table `{table_name}`]({link})):"]
    parts += [table(["Parameter", "Meaning", "Unit", "Facts"], rows)] if rows else ["none."]
    return "\n\n".join([*parts, f"Judged, with the reasoning in the same table: {judged or 'none'}."])


def start_parameters() -> str:
    """Return the parameters of the world at month 0."""
    return kernel_parameters("initial")


def _name(entry: Parameter) -> str:
    return f"`{entry.table}.{entry.field}`" + (f" by {entry.axis.replace('_', ' ')}" if entry.axis else "")
