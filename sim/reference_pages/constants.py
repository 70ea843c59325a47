"""The page of constants that are not parameters, read from the source."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

from sim.reference_pages.markdown import code, page, table

ROOT = Path(__file__).parents[2]
PLACES = ("kernels", "stages", "actors", "initial", "populations.py", "state.py", "levers.py", "conservation.py")
GUARDS = (
    *("LEAST", "TINY", "ABSENT", "NEVER", "NO_", "NOTHING", "FAR", "UNUSED", "SMALLEST", "CERTAIN", "STEEP", "MOST"),
    *("FEWEST", "INFINITE", "TOLERANCE", "TRIED"),
)
"""Beginnings of names of constants that keep arithmetic finite or say "none"."""
MEANT = ("LEAST_SERVED", "TRIED")
"""Constants with such names that define a word instead."""
POINTS = ("YEAR", "MONTHS", "LN2", "LN10", "SCALE", "FIRST_SLICE", "REFERENCE_YEAR")
"""Ends of names of units and points of reference."""
INTRODUCTION = """A number that could differ between worlds is a [parameter](parameters.md). What is left in the
code are named constants of three kinds, each explained where it stands: **guards**, which keep a
division or a logarithm finite or say "none", and which matter at the edges of the ranges of
parameters only; **units and points of reference**, in which parameters are stated; and
**definitions and layout**, which say what a word means in the model (from when on weights count
as open) or how finely it is cut. A bare number in a kernel or stage fails a test."""


class Constant(NamedTuple):
    """A named constant of the source."""

    name: str
    value: str
    file: str
    meaning: str


def constants() -> list[Constant]:
    """Return every constant with a number for a value, by file and line."""
    found = []
    for place in PLACES:
        whole = ROOT / "sim" / place
        for path in sorted(whole.glob("*.py")) if whole.is_dir() else [whole]:
            found += _of_file(path)
    return found


def _of_file(path: Path) -> list[Constant]:
    text = path.read_text("utf-8")
    tree, lines, found = ast.parse(text), text.splitlines(), []
    for place, statement in enumerate(tree.body):
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        name, value = statement.targets[0].id, _number(statement.value)
        if not name.isupper() or value is None:
            continue
        after = tree.body[place + 1] if place + 1 < len(tree.body) else None
        told = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
        comment = lines[statement.lineno - 1].partition("#")[2].strip()
        meaning = " ".join(str(told or comment).split())
        found.append(Constant(name, value, path.relative_to(ROOT / "sim").as_posix(), meaning))
    return found


def _number(node: ast.expr) -> str | None:
    """The source of a number, plain or as float32; None of anything else."""
    inner = node.args[0] if isinstance(node, ast.Call) and len(node.args) == 1 else node
    sign = "-" if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub) else ""
    inner = inner.operand if isinstance(inner, ast.UnaryOp) else inner
    value = inner.value if isinstance(inner, ast.Constant) else None
    return f"{sign}{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else None


def kind(name: str) -> str:
    """Return which of the three kinds a constant is."""
    if name.startswith(GUARDS) and name not in MEANT:
        return "Guards"
    return "Units and points of reference" if name.endswith(POINTS) else "Definitions and layout"


def constants_page() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for title in ("Definitions and layout", "Units and points of reference", "Guards"):
        rows = [[code(c.name), c.value, code(c.file), c.meaning] for c in constants() if kind(c.name) == title]
        parts += [f"## {title}", table(["Constant", "Value", "In `sim/`", "Meaning"], rows)]
    return page("Constants that are not parameters", *parts)
