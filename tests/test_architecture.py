"""Rules of the code's shape that neither ruff nor import-linter can state."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[1]
FOLDERS = ("sim", "scenarios", "dashboard", "benchmarks", "tests", "docs", ".ci")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
"""Lines without the docstring."""

STANDARD = {"__future__", "collections.abc", "dataclasses", "enum", "functools", "math", "types", "typing"}
LEAVES = {
    "sim/axes.py": set(),
    "sim/streams.py": {"numpy", "numpy.typing", "hashlib", "sys"},
    "sim/levers.py": {"numpy", "numpy.typing", "sim.axes"},
    "sim/kernels/*.py": {"numpy", "numpy.typing", "sim.axes", "sim.kernels.choice", "sim.kernels.picks"},
}
"""What leaves may import besides STANDARD."""

UNLOADED = {
    "sim": {"numpy", "mesa", "pandas", "xarray", "plotly", "pydantic", "dash"},
    "sim.cli": {"numpy", "mesa", "pandas", "xarray", "plotly", "pydantic", "dash"},
    "sim.runner": {"mesa", "pandas", "xarray", "plotly", "dash"},
    "sim.month": {"mesa", "pandas", "xarray", "plotly", "pydantic", "dash"},
}
"""What the import of a module must not load: a sweep's workers, and ``aperture --help``, pay for each."""


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found.add(node.module or "")
    return found


def exists(module: str) -> bool:
    return find_spec(module) is not None


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*FOLDERS)}
    assert not {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_FILE}


def test_functions_are_short() -> None:
    long = {}
    for path in python_files("sim", "dashboard", "benchmarks"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                start, first = node.lineno, body[0].lineno if body else node.lineno
                documented = first - node.body[0].lineno if ast.get_docstring(node) else 0
                length = (node.end_lineno or start) - start + 1 - documented
                if length > LONGEST_FUNCTION:
                    long[f"{path.relative_to(ROOT)}:{start} {node.name}"] = length
    assert not long


@pytest.mark.parametrize("pattern", LEAVES)
def test_leaves_import_only_what_they_need(pattern: str) -> None:
    paths = list(ROOT.glob(pattern))
    assert paths
    extra = {path.name: imports(path) - STANDARD - LEAVES[pattern] for path in paths}
    assert not {name: modules for name, modules in extra.items() if modules}


@pytest.mark.parametrize("module", [module for module in UNLOADED if exists(module)])
def test_import_stays_light(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not UNLOADED[module] & set(done.stdout.split())


def test_no_module_bears_the_name_of_something_public() -> None:
    modules = {path.stem for path in (ROOT / "sim").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert not modules & set(sim._HOMES)


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in python_files("sim", "scenarios", "dashboard", "benchmarks")}
    assert not {str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").exists()}


def test_no_path_of_a_machine_and_no_host_of_a_registry() -> None:
    foreign = re.compile(r"""(?:^|[\s"'(=:])/(?:home|root|tmp|work)/|\.\./shared|file://|pythonhosted|pypi\.org""")
    tops = [path for path in ROOT.iterdir() if path.is_file()]
    texts = [
        p for folder in FOLDERS for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts
    ]
    found = []
    for path in tops + texts:
        if path.suffix in {".py", ".md", ".toml", ".lock", ".cff", ".csv", ".yml", ".json", ""} and path != Path(
            __file__
        ):
            lines = path.read_text(encoding="utf-8").splitlines()
            found += [f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if foreign.search(line)]
    assert not found


def test_versions_agree() -> None:
    assert f"version: {sim.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf"^## \[({re.escape(sim.__version__)}|Unreleased)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)


def test_lock_covers_what_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    declared = [*project["dependencies"], *(requirement for extra in extras for requirement in extra)]
    names = {re.split(r"[^A-Za-z0-9_.-]", requirement)[0].lower() for requirement in declared} - {project["name"]}
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M))
    assert names <= locked
