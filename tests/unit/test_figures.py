"""Figures: valid plotly, honest numbers, names that cannot break them, readable in both modes."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sim.outcomes
from sim.errors import InputError
from sim.figures import Effect, Horizon, Measure, Plots, View, fan, figure, headline, ranked, signs, stacked_bars
from sim.figures import differences as draw_differences
from sim.figures.harm import by_domain, differences_by, differences_by_channel
from sim.figures.numbers import Scale, digits, listed, quantiles, scale, spans_orders
from sim.figures.theme import BASELINE, CONFIG, DARK, LIGHT, PALETTE, TEMPLATES, plain, styles
from sim.figures.timeline import notes, shapes, spoken
from tests.unit import synthetic

HARM = Measure("cumulative_harm", "Cumulative harm", "USD", "lower")
DECADE = Horizon(2024 * 12, 120, 2027 * 12)
RUNS = np.random.default_rng(0).lognormal(20, 0.3, (16, 120)).cumsum(axis=1)


@pytest.fixture(autouse=True)
def outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.outcomes, "OUTCOMES", synthetic.OUTCOMES, raising=False)


@pytest.fixture(scope="module")
def view() -> View:
    return View.of(synthetic.comparison(replicates=2, draws=4))


def effect(mean: float, half: float, direction: str = "lower", baseline: float = 100.0) -> Effect:
    return Effect(Measure("x", "X", "USD", direction), mean, mean - half, mean + half, baseline, 0.5)


def test_every_figure_of_a_comparison_is_valid_plotly(view: View) -> None:
    plots = Plots(synthetic.comparison(replicates=2, draws=4))
    drawn = [plots.fan(name) for name in view.results.monthly]
    drawn += [plots.fan("incidents", single_runs=3), plots.headline("cumulative_harm"), plots.headlines(), plots.gap()]
    drawn += [plots.differences("open_by_default"), plots.harm_by_route(), plots.harm_by_domain()]
    drawn += [plots.market("status_quo"), figure(differences_by(view, "route")), figure(differences_by_channel(view))]
    drawn.append(figure(signs({"nested": {"harm": 0.2, "growth": None}, "level": {"harm": 0.9, "growth": 0.5}})))
    for drawing in drawn:
        text = drawing.to_json()
        assert "NaN" not in text and "Infinity" not in text
        assert drawing.layout.height > 100


def test_titles_are_objects_and_markup_is_shown_letter_by_letter(view: View) -> None:
    wild = "<b>x</b> & <script>alert(1)</script>"
    drawing = fan({wild: RUNS, "b": RUNS}, HARM, DECADE, baseline="b")
    assert drawing["layout"]["title"] == {"text": "Cumulative harm"}
    assert "<script" not in json.dumps(drawing) and "&lt;b&gt;" in json.dumps(drawing)
    bars = headline({wild: RUNS[:, -1]}, HARM)
    assert "<script" not in json.dumps(bars)


def test_fan_draws_the_baseline_grey_and_first_with_two_bands_and_a_median() -> None:
    drawing = fan({"other": 2 * RUNS, "base": RUNS}, HARM, DECADE, baseline="base")
    assert [trace["name"] for trace in drawing["data"]] == ["base"] * 4 + ["other"] * 4 + ["base", "other"]
    assert drawing["data"][8]["line"]["color"] == BASELINE and drawing["data"][9]["line"]["color"] == PALETTE[0]
    assert sum(trace.get("showlegend", True) for trace in drawing["data"]) == 2
    lower, upper, median = (np.array(drawing["data"][i]["y"]) for i in (0, 1, 8))
    assert (lower <= median).all() and (median <= upper).all()
    assert drawing["data"][1]["fill"] == "tonexty"
    found = scale("USD", [float(np.quantile(RUNS, 0.95, axis=0).max())])
    assert median == pytest.approx(np.median(RUNS, axis=0) * found.factor, rel=1e-4, abs=1e-4)


def test_fan_marks_the_start_of_policies_and_what_lies_beyond_2030() -> None:
    assert [shape["type"] for shape in shapes(DECADE)] == ["rect", "line"]
    assert shapes(DECADE)[0]["x0"] == "2031-01-01" and shapes(DECADE)[1]["x0"] == "2027-01-01"
    texts = [note["text"] for note in notes(DECADE)]
    assert "beyond 2030: rests on saturation assumptions" in texts[0] and "policies start Jan 2027" in texts[1]
    assert shapes(Horizon(2024 * 12, 84)) == [] and notes(Horizon(2024 * 12, 84)) == []
    assert shapes(Horizon(2024 * 12, 12, 2027 * 12)) == []
    assert spoken(2027 * 12 + 11) == "Dec 2027"


def test_fan_is_logarithmic_only_where_values_span_orders() -> None:
    growth = 10 ** (25 + 0.05 * np.arange(120)) * np.ones((4, 1))
    drawing = fan({"a": growth}, Measure("f", "Training", "FLOP"), DECADE)
    assert drawing["layout"]["yaxis"]["type"] == "log"
    assert "type" not in fan({"a": RUNS}, HARM, DECADE)["layout"]["yaxis"]
    assert "type" not in fan({"a": growth}, Measure("f", "T", "FLOP"), DECADE, log=False)["layout"]["yaxis"]
    assert not spans_orders(growth, "share") and not spans_orders(growth - growth.min(), "FLOP")


def test_orders_of_magnitude_are_dots_since_a_bar_from_zero_means_nothing() -> None:
    runs = {"a": 30 + np.arange(8) / 10, "b": 31 + np.arange(8) / 10}
    assert headline(runs, Measure("f", "Frontier", "OOM"))["data"][0]["type"] == "scatter"
    assert headline(runs, Measure("f", "Number", "firms"))["data"][0]["type"] == "bar"


def test_fan_leaves_out_undefined_runs_and_months() -> None:
    holes = RUNS.copy()
    holes[0], holes[:, 5] = np.nan, np.nan
    drawing = fan({"a": holes}, HARM, DECADE)
    assert drawing["data"][4]["y"][5] is None and drawing["data"][4]["y"][6] is not None
    assert quantiles(holes, [0.5])[0, 7] == np.median(RUNS[1:, 7])
    figure(drawing)


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("share", 0.1234, "12.3 %"),
        ("probability", 0.00012, "0.0120 %"),
        ("USD", 3.21e9, "3.21 billion USD"),
        ("USD", -4.5e12, "−4.50 trillion USD"),
        ("USD/month", 2.5e6, "2.50 million USD/month"),
        ("FLOP", 3.4e26, "3.40 ×10²⁶ FLOP"),
        ("HHI points", 2345.0, "2,345 HHI points"),
        ("months", 0.0, "0 months"),
        ("days", float("nan"), "–"),
    ],
)
def test_numbers_are_written_with_units(unit: str, value: float, text: str) -> None:
    assert scale(unit, [value]).text(value) == text


def test_digits() -> None:
    assert digits(123456.0) == "123,456" and digits(0.0456) == "0.0456" and digits(9.999) == "10.0"
    assert digits(1.5e-7) == "1.50×10⁻⁷" and digits(12.0, sign=True) == "+12.0" and digits(-1.0, sign=True) == "−1.00"
    assert Scale(1.0, "").text(2.0) == "2.00"


def test_lists_for_json_are_short_and_keep_six_digits() -> None:
    assert listed(np.array([1 / 3, 2 / 3, np.nan])) == [0.333333, 0.666667, None]
    assert listed(np.array([1.23456789e-9, 1.0])) == [1.23457e-09, 1.0]
    assert listed(np.zeros(2)) == [0.0, 0.0]


def test_verdicts_follow_direction_and_interval() -> None:
    assert effect(-10, 3).verdict == "better" and effect(10, 3).verdict == "worse"
    assert effect(10, 3, "higher").verdict == "better" and effect(1, 3).verdict == "unclear"
    assert effect(10, 3, "neutral").verdict == "changed"
    assert effect(10, 3, baseline=-50.0).percent(10) == 20
    assert not effect(1, 1, baseline=0.0).drawable and not effect(float("nan"), 1).drawable


def test_differences_are_in_percent_and_stretched_only_when_one_dwarfs_the_rest() -> None:
    near = draw_differences([effect(-10, 3), effect(4, 9), effect(2, 1)], title="t")
    assert {x for trace in near["data"] for x in trace["x"]} == {-10.0, 4.0, 2.0}
    far = draw_differences([effect(-1, 3), effect(900, 9), effect(2, 1)], title="t")
    assert "stretched" in far["layout"]["xaxis"]["title"]["text"]
    none = draw_differences([effect(1, 1, baseline=0.0)], title="t")
    assert none["data"] == []
    figure(near), figure(far), figure(none)


def test_market_ranks_labs_anew_each_month_and_shares_sum_to_one() -> None:
    labs = np.array([[[0.2, 0.7], [0.6, 0.3]]])
    means, names = ranked(labs)
    assert names == ("leader", "second", "third", "the rest", "open models on hosts")
    assert means[:, 0] == pytest.approx([0.7, 0.6]) and means.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert ranked(np.zeros((1, 2, 4)))[0].sum() == 0


def test_stacked_bars_sum_to_a_hundred_and_survive_zero() -> None:
    drawing = stacked_bars({"a": np.array([1.0, 3.0]), "b": np.zeros(2)}, ["x", "y"], title="t", unit="USD")
    assert [sum(trace["x"][i] for trace in drawing["data"]) for i in (0, 1)] == [0.0, 100.0]


def test_every_part_keeps_one_colour_and_styles_are_distinct() -> None:
    looks = styles([f"s{i}" for i in range(15)], "s0")
    assert len({look[:2] for look in looks.values()}) == 15 and looks["s0"][0] == BASELINE


def test_template_decides_everything_that_depends_on_the_mode(view: View) -> None:
    drawings = [by_domain(view, mode) for mode in ("light", "dark")]
    assert drawings[0]["layout"].pop("template") == TEMPLATES["light"]
    assert drawings[1]["layout"].pop("template") == TEMPLATES["dark"]
    assert drawings[0] == drawings[1]


@pytest.mark.parametrize("tones", [LIGHT, DARK])
def test_text_has_contrast(tones: object) -> None:
    for name in ("ink", "muted"):
        assert contrast(getattr(tones, name), tones.paper) >= 4.5  # type: ignore[attr-defined]
    assert contrast(BASELINE, tones.paper) >= 3  # type: ignore[attr-defined]


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_nothing_is_sent_to_a_cloud() -> None:
    assert CONFIG["showSendToCloud"] is False and CONFIG["responsive"] is True


def test_the_view_knows_names_policies_and_pairs(view: View) -> None:
    assert view.horizon.policy_start == 2027 * 12
    assert view.shown["staged_release"] == "Staged release & review" and view.shown_baseline == "Status quo"
    assert view.axis("harm_by_domain_route", 0)[0] == "fraud and impersonation"
    assert view.axis("harm_channels", 0)[1] == "open weights" and view.axis("lab_shares", 0)[0] == "Lab 1"
    assert view.abouts["staged_release"].policies[0].settings == ("delay months: 12",)
    found = view.effects("open_by_default", ["incidents"])[0]
    assert found.mean > 0 and found.verdict == "worse"
    assert view.marginal("no_ai", "status_quo", ["cumulative_harm"])[0].mean > 0


def test_unknown_outcomes_and_scenarios_are_refused() -> None:
    plots = Plots(synthetic.results(months=12, replicates=2, draws=1))
    plots.fan("incidents")
    with pytest.raises(InputError, match="not recorded"):
        plots.fan("nonsense")
    with pytest.raises(InputError, match="no baseline"):
        plots.differences("open_by_default")


def test_plain_text_is_escaped_once() -> None:
    assert plain("a < b & c") == "a &lt; b &amp; c"
