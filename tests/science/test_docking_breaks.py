"""Docking rests on the kernels of the month: by its imports, and because it fails when one of them is broken."""

import ast
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import kernels
from sim.errors import InputError
from sim.validation.docking import MODELS, cases, close, dock

SIM = Path(kernels.__file__).parents[1]


def spoilt(value: Any, call: int) -> Any:
    """What a kernel gives, wrong: choices and truths turned round, numbers bent, now up and now down.

    Neither a shift nor a factor for all would do: thresholds and choices rightly do not mind those.
    """
    if isinstance(value, tuple):
        return tuple(spoilt(part, call) for part in value)
    array = np.asarray(value)
    if array.dtype == bool:
        return ~array
    if np.issubdtype(array.dtype, np.integer):
        return np.where(array == 0, 1, 0)
    every_second = (np.arange(array.size) % 2).reshape(array.shape) * 0.5 * np.abs(array).max(initial=0)
    return (array * (1.25 if call % 2 else 0.8) + 0.05 + every_second).astype(array.dtype)


KERNELS_NAMED = [(model, kernel) for model, published in MODELS.items() for kernel in published.kernels]


@pytest.mark.parametrize(("model", "kernel"), KERNELS_NAMED, ids=lambda x: str(x))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_broken_kernel_makes_docking_fail(model: str, kernel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Docking compares what kernels give, not a formula with itself: when one is wrong, a listed case is off."""
    module, function = kernel.split(".")
    broken = __import__(f"sim.kernels.{module}", fromlist=[function])
    original = getattr(broken, function)
    calls = count()
    monkeypatch.setattr(broken, function, lambda *given, **more: spoilt(original(*given, **more), next(calls)))
    listed = cases()[model]
    assert any(off(model, case, listed["rtol"]) for case in listed["cases"])


def off(model: str, case: dict[str, Any], tolerance: float) -> bool:
    """Whether a listed case is off, or no answer is found any more."""
    try:
        obtained = dock(model, case["inputs"])
    except (InputError, np.linalg.LinAlgError):
        return True
    return any(not close(obtained.get(key), value, tolerance) for key, value in case["expected"].items())


def test_docking_reaches_kernels_through_their_modules() -> None:
    """By import graph: every docking function that is named calls its kernels as attributes of a module of the month,
    and no docking module defines or copies a kernel."""
    month = reached_from("sim.month")
    for path in sorted((SIM / "validation/docking").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.kernels"):
                taken = {alias.name for alias in node.names}
                modules = {f"sim.kernels.{name}" for name in taken} if node.module == "sim.kernels" else {node.module}
                assert modules <= month, (path.name, modules - month)
                assert node.module == "sim.kernels" or all(name.isupper() or name[0].isupper() for name in taken)


def reached_from(start: str) -> set[str]:
    """Modules of the package that a module imports, directly or through others."""
    found, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        path = SIM.parent / (name.replace(".", "/") + ".py")
        path = path if path.is_file() else SIM.parent / name.replace(".", "/") / "__init__.py"
        if name in found or not path.is_file():
            continue
        found.add(name)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names if alias.name.startswith("sim")]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim"):
                waiting += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found
