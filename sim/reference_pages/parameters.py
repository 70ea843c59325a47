"""The page of parameters."""

from __future__ import annotations

from importlib.resources import files

from sim.parameters import REGISTRY, Parameter
from sim.reference_pages.evidence import bibliography, cited, linked
from sim.reference_pages.markdown import code, number, page, table

INTRODUCTION = """Every number of the model stands once, in a table of `sim/parameters/`, with its unit, its range and
its source. This page is written from those tables. `aperture parameters` prints the same, and `aperture run SCENARIO
--set NAME=VALUE` changes a value.

- **Range** is what is plausible: draws (`--draws`) sample it with the distribution named. *Fixed* means that draws
  leave the value alone. Where a wider or another interval may be set by hand, it stands in brackets.
- **Source** names facts, whose citations follow each table, or says *judgement*: then the reasoning says why, and the
  range is wide. Reasoning beside a fact says how the number was got from it.
- An entry that runs along an axis (domains of harm, jurisdictions, …) has one name for each place on it."""

READERS = {
    "channels": "sim/channels.py",
    "initial": "sim/initial/` and `sim/populations.py",
}
"""Tables that no kernel reads, with the modules that do."""

HEADS = ["Parameter", "Default", "Range", "Unit", "Distribution", "Meaning", "Source and reasoning"]


def parameters_page() -> str:
    """Return the page of all parameters, table by table; the regimes have a page of their own."""
    parts = [INTRODUCTION, _contents()]
    for name in _tables():
        fields = REGISTRY.fields(name).values()
        found = [fact for entries in fields for fact in cited(entries[0].source)]
        parts += [f"## {name}", f"Read by {code(reader(name))}.", table(HEADS, map(_row, fields))]
        parts += [f"Facts cited by `{name}`:\n\n{bibliography(found)}"] if found else []
    regimes = len(REGISTRY.table("regimes"))
    closing = (
        f"The {regimes} values of the table of release regimes are parameters too: see [Release regimes](regimes.md)."
    )
    return page("Parameters", *parts, "## regimes", closing)


def reader(table: str) -> str:
    """Return the file that reads a table."""
    kernel = f"sim/kernels/{table}.py"
    return kernel if (files("sim") / "kernels" / f"{table}.py").is_file() else READERS.get(table, f"sim/{table}.py")


def _tables() -> list[str]:
    return [name for name in REGISTRY.tables() if name != "regimes"]


def _contents() -> str:
    counts = [f"[{name}](#{name}) ({len(REGISTRY.table(name))})" for name in [*_tables(), "regimes"]]
    text = f"{len(REGISTRY)} parameters, {len(REGISTRY.uncertain())} of them with a range that draws sample: "
    return text + ", ".join(counts) + "."


def _row(entries: tuple[Parameter, ...]) -> list[str]:
    first = entries[0]
    alike = len({_range(entry) for entry in entries}) == 1
    return [
        "\n".join(code(entry.name) for entry in entries),
        "\n".join(value(entry.default) for entry in entries),
        _range(first) if alike else "\n".join(_range(entry) for entry in entries),
        first.unit,
        first.distribution,
        meaning(first),
        explained(first),
    ]


def value(default: float | str) -> str:
    """Return a default: a number in its shortest form, or the word."""
    return default if isinstance(default, str) else number(default)


def meaning(entry: Parameter) -> str:
    """Return the description without the place along the axis."""
    place = f" ({entry.label.replace('_', ' ')})" if entry.label else ""
    return entry.description.removesuffix(place)


def span(entry: Parameter) -> str:
    """Return the range that draws sample, ``fixed``, or the options."""
    if entry.options:
        return ", ".join(entry.options)
    if not entry.uncertain or entry.low is None or entry.high is None:
        return "fixed"
    return f"{number(entry.low)} to {number(entry.high)}"


def _range(entry: Parameter) -> str:
    if entry.bounds in (None, (entry.low, entry.high)):
        return span(entry)
    assert entry.bounds is not None
    return f"{span(entry)} [{number(entry.bounds[0])} to {number(entry.bounds[1])}]"


def explained(entry: Parameter) -> str:
    """Return source and reasoning."""
    return f"{linked(entry.source)}. {linked(entry.reasoning)}".strip()
