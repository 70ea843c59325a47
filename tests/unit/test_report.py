"""The report: one file, safe, complete, and a summary that follows the numbers."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import sim.outcomes
from sim.errors import InputError
from sim.figures import Effect, Measure, View
from sim.figures.words import chance, interval, percent, settled, share
from sim.report import findings, picture, write
from sim.report.html import embedded, esc
from sim.results import Comparison, Results
from tests.unit import synthetic

VOID = {"meta", "link", "br", "input", "img", "hr"}
WILD = '<img src=x onerror="alert(1)"> & </script><b>"bold"</b>'


@pytest.fixture(autouse=True)
def outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.outcomes, "OUTCOMES", synthetic.OUTCOMES)
    monkeypatch.setattr(sim.outcomes, "HEADLINES", tuple(synthetic.OUTCOMES))


def text_of(source: Comparison | Results, folder: Path, **more: object) -> str:
    write(source, folder / "report.html", **more)  # type: ignore[arg-type]
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sim.outcomes, "OUTCOMES", synthetic.OUTCOMES)
        patch.setattr(sim.outcomes, "HEADLINES", tuple(synthetic.OUTCOMES))
        signs = {"nested": {"Harm": 0.6}, "level": {"Harm": 0.1}}
        return text_of(synthetic.comparison(replicates=2, draws=4), tmp_path_factory.mktemp("report"), signs=signs)


def own_part(page: str) -> str:
    """The page without plotly's own code."""
    start = page.index("<script>", page.index('id="shared"'))
    return page[:start] + page[page.index("</script>", start) + len("</script>") :]


class Outline(HTMLParser):
    """Checks that elements nest, and keeps what tests ask about."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        self.elements.append((tag, known))
        if known.get("id"):
            self.ids.append(str(known["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(own_part(page))
    parser.close()
    return parser


def test_the_page_is_well_formed_with_language_and_one_outline(outline: Outline) -> None:
    assert outline.open == []
    assert ("html", {"lang": "en-GB"}) in outline.elements
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after <= before + 1 for before, after in steps)
    assert len(outline.ids) == len(set(outline.ids))


def test_the_page_asks_for_nothing_from_elsewhere(page: str, outline: Outline) -> None:
    for tag, attributes in outline.elements:
        assert "src" not in attributes, f"<{tag}> loads something"
        assert (attributes.get("href") or "#").startswith(("#", "data:"))
    assert "http" not in own_part(page).replace("http-equiv", "")
    assert "@import" not in page and "url(" not in re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    assert page.count("plotly.js v") == 1


def test_links_within_the_page_lead_somewhere(outline: Outline) -> None:
    targets = [a["href"] for tag, a in outline.elements if tag == "a"]
    assert len(targets) > 8
    assert {str(target).removeprefix("#") for target in targets} <= set(outline.ids)


def test_every_figure_has_a_heading_data_and_a_table(page: str, outline: Outline) -> None:
    charts = [a["data-figure"] for _, a in outline.elements if "data-figure" in a]
    assert len(charts) > 25
    figures = re.findall(r"<figure.*?</figure>", page, re.S)
    assert len(figures) == len(charts)
    for figure, name in zip(figures, charts, strict=True):
        assert "<h3" in figure and "<details>" in figure and "<caption>" in figure
        found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', figure, re.S)
        assert found
        drawing = json.loads(found[1])
        assert "title" not in drawing["layout"] and "template" not in drawing["layout"]
        assert drawing["data"]


def test_tables_name_their_rows_and_columns_and_can_be_scrolled_by_keyboard(outline: Outline) -> None:
    heads = [attributes for tag, attributes in outline.elements if tag == "th"]
    assert heads and all(attributes.get("scope") in ("row", "col") for attributes in heads)
    boxes = [attributes for _, attributes in outline.elements if attributes.get("class") == "table"]
    assert boxes and all(a["tabindex"] == "0" and a["role"] == "region" and a["aria-label"] for a in boxes)
    assert not any(attributes.get("role") == "img" for _, attributes in outline.elements)


@pytest.mark.parametrize(
    "part",
    [
        "In brief",
        "Headline outcomes",
        "Compared with Status quo",
        "Does openness help?",
        "Over time",
        "Where harm comes from",
        "Difference in harm by channel",
        "Open and closed models",
        "Whose models are used",
        "Against counterfactuals",
        "no AI uplift",
        "Parameters that differ from their defaults",
        "misuse.reconsider_share",
        "defence.persistent_share",
        "not a forecast",
        "Months beyond 2030",
        "Reproduce",
        "aperture compare status_quo",
        "parameters and chance: 4 parameter draws",
    ],
)
def test_the_page_has(page: str, part: str) -> None:
    assert part in page


def test_styles_for_dark_print_and_narrow(page: str) -> None:
    for media in ("prefers-color-scheme: dark", "@media print", "max-width: 30rem", "prefers-reduced-motion"):
        assert media in page
    assert '"showSendToCloud":false' in page


def test_titles_with_markup_are_shown_letter_by_letter(tmp_path: Path) -> None:
    runs = synthetic.results(months=24, replicates=2, draws=1)
    known = json.loads(json.dumps(runs.provenance))
    for entry in known["scenarios"].values():
        entry |= {"title": f"{entry['title']} {WILD}", "story": WILD, "question": WILD, "tension": WILD}
        entry["policies"] = [{"kind": WILD, "start": "2025-01", WILD: WILD}]
        entry["parameters"] = {WILD: WILD}
    known |= {"command": WILD, "worlds": [WILD], "channels": [WILD] * 4}
    page = text_of(Comparison(dataclasses.replace(runs, provenance=known), "status_quo"), tmp_path)
    parser = Outline()
    parser.feed(own_part(page))
    assert parser.open == []
    assert not any(tag in ("img", "b") for tag, _ in parser.elements)
    assert "<img" not in own_part(page) and "&lt;img" in page


def test_chance_only_single_runs_short_runs_and_no_baseline(tmp_path: Path) -> None:
    one = text_of(synthetic.comparison(months=24, replicates=1, draws=1, counterfactuals=False), tmp_path)
    assert "A single run" in one and "too few runs" in one and "nan" not in own_part(one).lower().replace("finance", "")
    chance_only = text_of(synthetic.comparison(months=24, replicates=3, draws=1, counterfactuals=False), tmp_path)
    assert "chance only" in chance_only
    runs = synthetic.results(("status_quo",), months=12, replicates=2, draws=1)
    alone = text_of(runs, tmp_path)
    assert "There is no baseline" in alone and "Compared with" not in alone
    bare = dataclasses.replace(runs, provenance={}, details={}, detail_axes={})
    assert "Where harm comes from" not in text_of(bare, tmp_path)


def summary_of(comparison: Comparison) -> str:
    return re.sub(r"<[^>]+>", "", findings.summary(View.of(comparison)))


def comparison_with(change: float, harm_through: int = 2) -> Comparison:
    """Two scenarios that differ by `change` in harm, all of it through one route, and in nothing else."""
    rng = np.random.default_rng(4)
    runs, months = 40, 24
    base = rng.lognormal(0, 0.2, (runs, months))
    noise = rng.normal(1, 0.2, (runs, 1))
    parts = np.zeros((2 * runs, months, 4, 4))
    parts[:, :, 0, 0] = np.concatenate([base, base])
    parts[runs:, :, 1, harm_through] = change * noise
    monthly = {
        "cumulative_harm": np.cumsum(parts.sum(axis=(2, 3)), axis=1),
        "incidents": np.concatenate([base, base]),
    }
    names = ("status_quo",) * runs + ("open_by_default",) * runs
    known = synthetic.provenance(("status_quo", "open_by_default"), months, runs, 1)
    known["scenarios"]["open_by_default"]["title"] = "Open by default"
    axes = {"harm_by_domain_route": ("domain", "route")}
    numbers = np.tile(np.arange(runs), 2)
    details = {"harm_by_domain_route": parts}
    return Comparison(Results(monthly, names, np.zeros(2 * runs, int), numbers, known, details, axes), "status_quo")


def test_the_summary_follows_the_numbers() -> None:
    worse, better = summary_of(comparison_with(0.3)), summary_of(comparison_with(-0.3, harm_through=1))
    assert "worse by" in worse and "open weights +" in worse and "cyber intrusion +" in worse
    assert "better by" in better and "hosted interface −" in better and "open weights" not in better
    assert "100\u00a0% of paired runs are better" in better and "0\u00a0% of paired runs are better" in worse


def test_the_summary_says_when_nothing_differs() -> None:
    assert "Identical to the baseline in every headline outcome of every run" in summary_of(comparison_with(0.0))
    same = comparison_with(0.0).results
    wobble = np.concatenate([np.zeros(40), np.tile([1.0, -1.0], 20)])[:, None]
    monthly = {**same.monthly, "incidents": same.monthly["incidents"] + wobble}
    unsettled = summary_of(Comparison(dataclasses.replace(same, monthly=monthly), "status_quo"))
    assert "No headline outcome differs clearly" in unsettled and "incidents" in unsettled


def test_the_largest_clear_effect_comes_first() -> None:
    view = View.of(synthetic.comparison())
    ranked = findings.ranked(view, "staged_release")
    clear = [effect for effect in ranked if effect.verdict in ("better", "worse")]
    sizes = [abs(effect.percent(effect.mean)) for effect in clear]
    assert ranked[: len(clear)] == clear and sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (1.0, "almost always better (better in 100 % of pairs)"),
        (0.999, "almost always better (better in over 99 % of pairs)"),
        (0.85, "usually better (better in 85 % of pairs)"),
        (0.5, "about as often better as worse (better in 50 % of pairs)"),
        (0.3, "more often worse than better (better in 30 % of pairs)"),
        (0.004, "almost always worse (better in under 1 % of pairs)"),
        (None, "neither direction is better"),
    ],
)
def test_chances_in_words(p: float | None, words: str) -> None:
    assert chance(p) == words


def test_differences_in_words() -> None:
    harm = Measure("h", "Harm", "share", "lower")
    effect = Effect(harm, -0.01, -0.02, -0.005, 0.1, 0.9)
    assert percent(effect) == "−10.0 %" and settled(effect) == "better on average"
    assert interval(effect) == "−2.00 to −0.500 points"
    undefined = Effect(harm, -0.01, float("nan"), float("nan"), 0.0, 0.9)
    assert percent(undefined) == "–" and interval(undefined) == "–" and "too few" in settled(undefined)
    assert share(0.0) == "0 %" and share(1.0) == "100 %"


def test_orders_of_magnitude_are_percent_of_what_they_measure() -> None:
    effect = Effect(Measure("c", "Capability", "OOM", "higher"), -0.30103, -0.4, -0.2, 30.0, 0.0)
    assert effect.percent(effect.mean) == pytest.approx(-50, abs=1e-3)


def test_escapes() -> None:
    assert esc('<a href="x">5 %</a>') == "&lt;a href=&quot;x&quot;&gt;5\u00a0%&lt;/a&gt;"
    assert "</" not in embedded({"a": "</script>"}) and json.loads(embedded({"a": "</script>&"})) == {"a": "</script>&"}


def test_the_picture_is_an_image_that_stands_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    comparison = synthetic.comparison(months=120, replicates=2, draws=3, counterfactuals=False)
    drawn = picture.picture(comparison)
    root = ElementTree.fromstring(drawn)
    texts = " ".join(root.itertext())
    assert "Status quo" in texts and "Staged release & review" in texts and "not a forecast" in texts
    assert "href" not in drawn and "url(" not in drawn
    with pytest.raises(InputError, match="not recorded"):
        picture.picture(comparison, "nonsense")
    comparison.save(tmp_path / "saved")
    assert picture.main([str(tmp_path / "picture.svg"), str(tmp_path / "saved")]) == 0
    assert (tmp_path / "picture.svg").read_text(encoding="utf-8") == drawn
    assert picture.main([str(tmp_path / "picture.png"), str(tmp_path / "saved")]) == 2
    assert "not an SVG" in capsys.readouterr().err
