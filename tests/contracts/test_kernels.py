"""What holds for every kernel: pure arithmetic on arrays, member by member, that can be switched off."""

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sim.parameters import REGISTRY
from tests.contracts.kernel_cases import WITHOUT_MEMBERS, cases
from tests.contracts.kernel_inputs import LABS, MEMBERS, Inputs
from tests.support import KERNELS, kernel, rows_of

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "sim/kernels").glob("[a-z]*.py"))
CASES = cases()
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "sim").rglob("*.py")))
FORBIDDEN_NAMES = {"open", "print", "input", "exec", "eval", "globals", "setattr", "random", "time", "os", "sys"}
ALLOWED_IMPORTS = {
    "__future__",
    "dataclasses",
    "functools",
    "typing",
    "collections.abc",
    "numpy",
    "numpy.typing",
    "sim.axes",
}


def source(module: str) -> ast.Module:
    return ast.parse((ROOT / f"sim/kernels/{module}.py").read_text(encoding="utf-8"))


def public_functions(module: str) -> list[str]:
    return [n.name for n in source(module).body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]


def functions() -> list[str]:
    return [f"{module}.{name}" for module in MODULES for name in public_functions(module)]


def call(name: str, inputs: Inputs) -> list[np.ndarray[Any, Any]]:
    module, function = name.split(".")
    result = getattr(kernel(module), function)(**inputs)
    return list(result) if isinstance(result, tuple) else [result]


def by_member(value: Any, change: Callable[[Any], Any]) -> Any:
    """Apply `change` along the members of an input: a record, a dict of arrays, or an array with that axis."""
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{f.name: by_member(getattr(value, f.name), change) for f in fields(value)})
    if isinstance(value, dict):
        return {name: by_member(inner, change) for name, inner in value.items()}
    there = isinstance(value, np.ndarray) and value.ndim > 0 and value.shape[0] == MEMBERS
    return np.ascontiguousarray(change(value)) if there else value


def test_every_public_function_has_inputs() -> None:
    assert set(CASES) | set(WITHOUT_MEMBERS) == set(functions())


@pytest.mark.parametrize("module", MODULES)
def test_imports(module: str) -> None:
    allowed = ALLOWED_IMPORTS | {"sim.kernels.choice", "sim.kernels.picks"}
    for node in ast.walk(source(module)):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= allowed
        elif isinstance(node, ast.ImportFrom):
            assert node.module in allowed


@pytest.mark.parametrize("module", MODULES)
def test_no_randomness_no_input_and_output_no_state(module: str) -> None:
    tree = source(module)
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Global | ast.Nonlocal)
        if isinstance(node, ast.Name):
            assert node.id not in FORBIDDEN_NAMES
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"random", "default_rng", "load", "save", "fromfile", "tofile"}
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            assert not isinstance(node.value, ast.List | ast.Dict | ast.Set), f"line {node.lineno} can change"


@pytest.mark.parametrize("name", functions())
def test_says_what_it_does_and_types_everything(name: str) -> None:
    module, function = name.split(".")
    found = getattr(kernel(module), function)
    assert found.__doc__
    assert set(inspect.get_annotations(found)) == {*inspect.signature(found).parameters, "return"}


@pytest.mark.parametrize("name", functions())
def test_is_used_and_tested(name: str) -> None:
    module, function = name.split(".")
    assert re.search(rf"(?<!def )\b{function}\(|\b{module}\.{function}\b", TEXT), "nobody calls it"
    tests = (ROOT / "tests/unit/kernels").glob(f"test_{module}*.py")
    assert any(function in path.read_text(encoding="utf-8") for path in tests)


@pytest.mark.parametrize("module", KERNELS)
def test_parameters_are_a_frozen_record_of_the_table(module: str) -> None:
    record = kernel(module).Parameters
    assert is_dataclass(record)
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert {f.name for f in fields(record)} == set(REGISTRY.fields(module))
    assert "enabled" in REGISTRY.fields(module)


@pytest.mark.parametrize("name", CASES)
def test_leaves_its_inputs_alone(name: str) -> None:
    frozen = by_member(CASES[name], np.copy)
    for value in frozen.values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    call(name, frozen)


@pytest.mark.parametrize("name", CASES)
def test_member_depends_only_on_itself(name: str) -> None:
    inputs, expected = CASES[name], call(name, CASES[name])
    order = np.array([3, 0, 6, 2, 5, 1, 4])
    for array, permuted in zip(expected, call(name, by_member(inputs, lambda x: x[order])), strict=True):
        assert_array_equal(array[order], permuted)
    for cut in (slice(0, 1), slice(2, 5), slice(6, 7)):
        for array, part in zip(expected, call(name, by_member(inputs, lambda x, c=cut: x[c])), strict=True):
            assert_array_equal(array[cut], part)


@pytest.mark.parametrize("name", CASES)
def test_numbers_are_finite_and_single(name: str) -> None:
    for array in call(name, CASES[name]):
        assert np.isfinite(array).all()
        if name not in {"choice.concentration", "picks.grouped"}:
            assert array.dtype in (np.float32, np.bool_, np.int64)


def unchanged(argument: str) -> Callable[[Inputs, Any], None]:
    """With the submodel off, the output is what went in as `argument`."""

    def check(inputs: Inputs, out: Any) -> None:
        assert_array_equal(out, np.broadcast_to(inputs[argument], out.shape))

    return check


def nothing(inputs: Inputs, out: Any) -> None:
    """With the submodel off, nothing comes out."""
    assert not np.any(out)


def inert(inputs: Inputs, out: Any) -> None:
    """With the submodel off, this says nothing by itself: a stage or another function applies the switch."""


OFF = {
    "capability.knowledge_step": unchanged("knowledge"), "capability.distillation": nothing,
    "capability.best_teacher": nothing, "capability.without_data": nothing, "safety.effort_step": unchanged("effort"),
    "safety.imitate": unchanged("effort"), "safety.accident_hazard": nothing, "security.theft_hazard": nothing,
    "security.strip_hazard": nothing, "market.budget_step": unchanged("budget"), "market.entry_hazard": nothing,
    "innovation.innovation_rate": nothing, "oversight.found": nothing, "misuse.uplift": nothing,
    "defence.patched": unchanged("unpatched"), "defence.tool_step": unchanged("tools"),
    "defence.investment_step": unchanged("invested"), "catastrophe.misuse_hazard": nothing,
    "catastrophe.accident_hazard": nothing, "catastrophe.correlated_hazard": nothing,
    "enforcement.stringency_step": unchanged("stringency"), "enforcement.audits": nothing,
    "enforcement.relocates": nothing, "enforcement.comes_back": nothing,
}  # fmt: skip
"""What each function must do when its submodel is switched off."""


@pytest.mark.parametrize("name", OFF)
def test_off_switch(name: str) -> None:
    off = CASES[name]["p"]
    off = type(off)(**{**vars(off), "enabled": np.zeros_like(off.enabled)})
    inputs = {**CASES[name], "p": off}
    (out,) = call(name, inputs)
    # Effort passes through log-odds and back, so that it returns with rounding.
    if name == "safety.effort_step":
        np.testing.assert_allclose(out, inputs["effort"], rtol=1e-5)
    else:
        OFF[name](inputs, out)
    (on,) = call(name, CASES[name])
    assert not np.array_equal(on, out)


@pytest.mark.parametrize("module", KERNELS)
def test_every_submodel_can_be_switched_off(module: str) -> None:
    reads = [name for name in OFF if name.startswith(f"{module}.")]
    assert reads or module == "release"  # release off: everybody takes the first permitted row; see its own tests


def test_release_off_takes_the_first_permitted_row() -> None:
    inputs = CASES["release.choose"]
    off = inputs["p"]
    off = type(off)(**{**vars(off), "enabled": np.zeros_like(off.enabled)})
    (chosen,) = call("release.choose", {**inputs, "p": off})
    assert_array_equal(chosen, np.argmax(inputs["allowed"], axis=-1))
    assert chosen.shape == (MEMBERS, LABS)


def test_rows_of_a_record_are_rows_of_its_columns() -> None:
    record = CASES["market.host_split"]["p"]
    assert_array_equal(rows_of(record, 2, 4).host_share, record.host_share[2:4])
