"""Every number stands once, in a table, with unit, range and source; and somebody reads it."""

from __future__ import annotations

import ast
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import sim
from sim.axes import AXES
from sim.parameters import REGISTRY
from sim.parameters.entries import facts
from sim.reference_pages.constants import constants, kind
from sim.regimes import REGIMES

ROOT = Path(sim.__file__).parent
RULES = sorted(path for room in ("kernels", "stages") for path in (ROOT / room).glob("*.py"))
TABLES = [table for table in REGISTRY.tables() if table != "regimes"]
READERS = ("stages", "actors", "outcomes", "initial", "populations.py", "channels.py")
"""Where parameters are read besides their own kernel."""
PLAIN = {0, 1, 2, 0.5, 10, 12}
"""Numbers that need no name: of arithmetic, decades and months of the year (and their negatives)."""


@pytest.mark.parametrize("name", REGISTRY.names())
def test_an_entry_says_what_it_is(name: str) -> None:
    parameter = REGISTRY[name]
    assert parameter.description.strip() and parameter.unit.strip() and parameter.source.strip()
    assert parameter.axis is None or parameter.label in AXES[parameter.axis]
    if parameter.low is None or parameter.high is None or parameter.bounds is None:
        assert parameter.default in parameter.options and len(parameter.options) > 1
        return
    assert parameter.bounds[0] <= parameter.low <= float(parameter.default) <= parameter.high <= parameter.bounds[1]
    assert parameter.low < parameter.high or parameter.distribution == "fixed" or parameter.label, "needs a range"


@pytest.mark.parametrize("name", REGISTRY.names())
def test_a_source_can_be_looked_up(name: str) -> None:
    parameter, known = REGISTRY[name], facts()
    if parameter.source == "judgement":
        assert parameter.reasoning.strip()
        return
    assert known is not None
    cited = [part.strip() for part in parameter.source.split(",")]
    assert set(cited) <= known.keys()
    if any(known[fact] == "unverified" for fact in cited):
        assert parameter.reasoning.strip(), "an unverified fact may be cited for a range only: say why"


@pytest.mark.parametrize("table", TABLES)
def test_the_record_of_a_kernel_has_the_fields_of_its_table(table: str) -> None:
    module = REGISTRY.table(table)[0].kernel
    record = getattr(import_module(module), "Parameters", None)
    assert is_dataclass(record), f"{module} has no dataclass Parameters"
    assert {field.name for field in fields(record)} == REGISTRY.fields(table).keys()
    assert record.__dataclass_params__.frozen  # type: ignore[union-attr]


@cache
def _trees(*places: str) -> tuple[ast.AST, ...]:
    found: list[Path] = []
    for place in places:
        found += sorted((ROOT / place).rglob("*.py")) if (ROOT / place).is_dir() else [ROOT / place]
    return tuple(ast.parse(path.read_text("utf-8")) for path in found if path.is_file())


def _attributes_read(*places: str) -> set[str]:
    nodes = (node for tree in _trees(*places) for node in ast.walk(tree))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}


@pytest.mark.parametrize("table", TABLES)
def test_every_field_is_read(table: str) -> None:
    module = REGISTRY.table(table)[0].kernel.removeprefix("sim.").replace(".", "/")
    read = _attributes_read(f"{module}.py", *READERS)
    assert not [field for field in REGISTRY.fields(table) if field not in read]


@pytest.mark.parametrize("attribute", REGIMES.attributes)
def test_every_attribute_of_a_regime_is_read(attribute: str) -> None:
    trees = _trees("kernels", *READERS)
    nodes = [node for tree in trees for node in ast.walk(tree)]
    assert any(isinstance(node, ast.Constant) and node.value == attribute for node in nodes)


def _explained_constants(tree: ast.Module, lines: list[str]) -> set[ast.AST]:
    """Nodes inside constants of the module that have an upper-case name and a docstring or comment."""
    found: set[ast.AST] = set()
    for place, statement in enumerate(tree.body):
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        named = all(isinstance(target, ast.Name) and target.id.isupper() for target in targets)
        after = tree.body[place + 1] if place + 1 < len(tree.body) else None
        docstring = (
            isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
        )
        text = lines[statement.lineno - 1 : statement.end_lineno]
        comment = any("#" in line for line in text) or lines[statement.lineno - 2].lstrip().startswith("#")
        if named and (docstring or comment):
            found.update(ast.walk(statement))
    return found


def unexplained_numbers(text: str) -> list[str]:
    """Numbers in the source of a kernel or stage that ought to be parameters or named constants, with their lines."""
    tree = ast.parse(text)
    allowed = _explained_constants(tree, text.splitlines())
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("axis", "ndmin", "maxsize"):  # layout, not science
            allowed.update(ast.walk(node.value))
    found = [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, complex)
        if node not in allowed and node.value not in PLAIN
    ]
    return [f"line {line}: {value!r}" for line, value in sorted(found)]


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_rule_holds_no_numbers_of_its_own(path: Path) -> None:
    assert not unexplained_numbers(path.read_text("utf-8"))


def test_numbers_are_found() -> None:
    text = """
TINY = 1e-9
'Avoids the logarithm of zero.'
BARE = 3.5
DAYS = 30.4  # in a month

def f(x):
    y = 7 * x - 12 + 0.5
    return y.sum(axis=3) ** -4
"""
    assert unexplained_numbers(text) == ["line 4: 3.5", "line 8: 7", "line 9: 4"]


def test_every_constant_says_what_it_is_for() -> None:
    assert len(constants()) > 40
    assert not [f"{c.file}: {c.name}" for c in constants() if not c.meaning]
    assert {kind(c.name) for c in constants()} == {"Guards", "Units and points of reference", "Definitions and layout"}
