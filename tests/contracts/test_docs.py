"""The documentation agrees with the code: names exist, links lead somewhere, pages are current."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from sim import month, reference_pages
from sim.levers import LEVERS
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.policies import POLICIES
from sim.reference_pages.channels import CHANNELS, entries_of
from sim.reference_pages.odd import stage_names
from sim.regimes import REGIMES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ODD = DOCS / "odd.md"
PAGES = {str(path.relative_to(ROOT)): path for path in (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))}
STREAMS = {"docs/explanation/randomness.md"}
"""Pages on which names such as ``misuse.attempt`` are streams and not parameters."""

CITING = {"docs/reference/facts.md", "docs/reference/parameters.md", "docs/how-to/analyse_a_sweep.md"}
"""Pages that quote the names of sources as they are spelt."""

ELEMENTS = (
    "1. Purpose and patterns",
    "2. Entities, state variables and scales",
    "3. Process overview and scheduling",
    "4. Design concepts",
    "5. Initialisation",
    "6. Input data",
    "7. Submodels",
)
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip
WITHOUT_PARAMETERS = {"choice", "picks", "races"}
KERNELS = {path.stem for path in (ROOT / "sim" / "kernels").glob("*.py")} - {"__init__"}

UNMENTIONED = re.compile(
    r"/issues/|/pull/|\bissues? #?\d|\bsessions?\b|\bengineers?\b|\bthis (?:brief|task)\b", re.IGNORECASE
)
"""How the repository came about; paths and hosts are looked for in `tests/test_architecture.py`."""

AMERICAN = re.compile(
    r"\b(?:behaviors?|colors?|centers?|favors?|labors?|modeling|modeled|labeled|organizations?|analyz\w+|optimiz\w+|"
    r"regulariz\w+|initializ\w+|summariz\w+|customiz\w+|licenses\b)",
    re.IGNORECASE,
)
LINK = re.compile(r"\]\(([^()\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(text: str) -> str:
    """Text without blocks of code and without code in lines."""
    return re.sub(r"`[^`]*`", " ", FENCE.sub("", text))


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(path), re.MULTILINE | re.DOTALL)


def section(text: str, heading: str) -> str:
    """What stands under a heading of the second level, up to the next one."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/odd.md has no heading '## {heading}'"
    return found[1]


def test_generated_pages_are_current() -> None:
    stale = sorted(str(path.relative_to(ROOT)) for path in reference_pages.changes(DOCS))
    assert not stale, f"{', '.join(stale)}: the tables have changed. Update with: python -m sim.reference_pages"


def test_generated_parts_are_filled_everywhere() -> None:
    marked = {name for path in PAGES.values() for _, name, _ in reference_pages.MARK.findall(text_of(path))}
    assert marked == set(reference_pages.PARTS)
    for path in PAGES.values():
        text = text_of(path)
        assert text.count("<!-- begin generated") == len(reference_pages.MARK.findall(text)), path


def test_channels_name_what_exists() -> None:
    switches = set(REGISTRY.fields("channels"))
    for channel in CHANNELS:
        assert channel.kernel in KERNELS
        assert channel.switch in switches | {""}
        assert all(entries_of(name) for name in channel.strength)
    shown = {channel.switch for channel in CHANNELS} | {"release"}  # that switch is explained below the table
    assert switches <= shown


def test_odd_has_the_seven_elements() -> None:
    headings = re.findall(r"^## (.+)$", text_of(ODD), re.MULTILINE)
    assert tuple(headings) == ELEMENTS


def test_odd_has_the_eleven_design_concepts() -> None:
    concepts = re.findall(r"^### (.+)$", section(text_of(ODD), ELEMENTS[3]), re.MULTILINE)
    assert tuple(concepts) == CONCEPTS


def submodels() -> dict[str, str]:
    parts = re.split(r"^### Submodel: (\w+)\n", section(text_of(ODD), ELEMENTS[6]), flags=re.MULTILINE)[1:]
    names = [name.lower() for name in parts[::2]]
    assert len(names) == len(set(names)), "a submodel has two headings"
    return dict(zip(names, parts[1::2], strict=True))


def test_odd_has_one_heading_for_each_kernel() -> None:
    assert set(submodels()) == KERNELS


@pytest.mark.parametrize("name", sorted(KERNELS))
def test_odd_says_what_each_submodel_needs(name: str) -> None:
    text = submodels()[name]
    assert f"`sim/kernels/{name}.py`" in text
    if name in WITHOUT_PARAMETERS:
        assert name not in REGISTRY.tables()
        return
    assert "```text" in text
    for part in ("**Off switch.**", "**Rival forms", f"<!-- begin generated: parameters of {name} -->"):
        assert part in text, part
    for stage in re.findall(r"`(\w+)`", text.split("used by", 1)[1].split(".", 1)[0]):
        assert stage in stage_names()
    for rival in (option for entry in REGISTRY.table(name) if entry.structural for option in entry.options):
        assert f"`{rival}`" in text, f"the rival form {rival} is not explained"


def test_odd_names_the_stages_of_the_month() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(sim/[\w/]+\.py)`", section(text_of(ODD), ELEMENTS[2]), re.MULTILINE)
    assert tuple(name for name, _ in rows) == stage_names()
    for name, path in rows:
        source = inspect.getsourcefile(getattr(month, name))
        assert source is not None
        assert Path(source) == ROOT / path, f"{name} stands in {source}"


def test_odd_measures_patterns_by_outcomes_that_exist() -> None:
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \| \[", section(text_of(ODD), ELEMENTS[0]), re.MULTILINE)
    assert len(rows) >= 10
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} <= set(OUTCOMES)


@pytest.mark.parametrize("page", sorted(PAGES.keys() - STREAMS))
def test_parameters_that_are_mentioned_exist(page: str) -> None:
    tables = "|".join(REGISTRY.tables())
    for name in re.findall(rf"(?<![\w./-])((?:{tables})\.[a-z]\w*)(?![\w(/])", text_of(PAGES[page])):
        table, _, field = name.partition(".")
        if field not in ("py", "toml", "md"):
            assert name in REGISTRY or field in REGISTRY.fields(table), f"{page}: there is no parameter {name}"


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_mentioned_exist(page: str) -> None:
    for name in re.findall(r"`((?:sim|scenarios|tests|benchmarks)/[\w./]+)`", text_of(PAGES[page])):
        assert name.isupper() or "NAME" in name or "TABLE" in name or (ROOT / name).exists(), f"{page}: {name}"


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    text = FENCE.sub("", text_of(path))
    return {slug(line) for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)} | set(
        re.findall(r'<a id="([^"]+)"', text)
    )


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    path = PAGES[page]
    for target in LINK.findall(FENCE.sub("", text_of(path))):
        if re.match(r"https?://", target):
            continue
        file, _, anchor = target.partition("#")
        goal = (path.parent / file).resolve() if file else path
        assert goal.exists(), f"{page}: {target} leads nowhere"
        assert not anchor or anchor in anchors(goal), f"{page}: {file or 'the page'} has no heading #{anchor}"


def test_every_page_can_be_reached() -> None:
    reached, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = (target.partition("#")[0] for target in LINK.findall(text_of(page)) if "://" not in target)
        todo += [(page.parent / file).resolve() for file in links if file and (page.parent / file).exists()]
    assert not {str(path.relative_to(ROOT)) for path in PAGES.values()} - {str(p.relative_to(ROOT)) for p in reached}


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_mentioned_that_must_not_be(page: str) -> None:
    found = UNMENTIONED.search(text_of(PAGES[page]))
    assert not found, f"{page}: {found and found[0]!r}"


@pytest.mark.parametrize("page", sorted(PAGES.keys() - CITING))
def test_spelling_is_british(page: str) -> None:
    found = AMERICAN.search(prose(text_of(PAGES[page])))
    assert not found, f"{page}: {found and found[0]!r}"


def test_reference_pages_hold_every_name() -> None:
    parameters, policies = (
        text_of(DOCS / "reference" / f"{name}.md") for name in ("parameters", "levers_and_policies")
    )
    assert all(f"`{entry.name}`" in parameters for entry in REGISTRY if entry.table != "regimes")
    assert all(f"`{name}`" in policies for name in [*LEVERS, *POLICIES])
    assert all(f"| `{name}`" in text_of(DOCS / "reference" / "outcomes.md") for name in OUTCOMES)
    assert all(f"| `{row.id}` |" in text_of(DOCS / "reference" / "regimes.md") for row in REGIMES)


def test_package_shows_the_readme() -> None:
    assert '\nreadme = "README.md"\n' in text_of(ROOT / "pyproject.toml")
