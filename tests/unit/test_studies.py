"""Studies of sweeps find what was planted, refuse what they cannot answer, and draw what they found."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim import experiments
from sim.errors import InputError
from sim.experiments import documents, tasks
from sim.experiments.depends import next_design
from sim.experiments.design import from_document, read_design
from sim.experiments.futures import read_futures
from sim.experiments.preference import GOALS, Preference, read_preference
from sim.experiments.store import Store
from sim.experiments.sweep import sweep
from sim.experiments.words import crux_report, describe, enough_sentence
from sim.report.analyses import draw_precision, draw_study
from sim.report.papers import as_csv, as_latex, escape
from sim.results.documents import dumps
from tests.planted import CRUX, POLICIES, TURN, Planted, planted_sweep, turning_value

PAIR = ["closed_frontier", "open_by_default"]
HARM = read_preference("harm=1")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return planted_sweep(tmp_path_factory.mktemp("planted") / "s")


def drawn(found: Any) -> dict[str, Any]:
    """The figures of what was found, all valid."""
    figures = draw_study(found)
    for drawing in figures.values():
        text = sim.figures.figure(drawing).to_json()
        assert "NaN" not in text and "Infinity" not in text
    return figures


def test_public_names_are_there_and_hide_no_module() -> None:
    modules = {path.stem for path in Path(experiments.__file__).parent.glob("*.py")}
    assert not modules & set(experiments.__all__)
    assert all(callable(getattr(experiments, name)) for name in experiments.__all__)
    assert sim.experiments is experiments and set(experiments.__all__) == set(dir(experiments))
    with pytest.raises(AttributeError):
        experiments.nothing  # noqa: B018


def test_cruxes_finds_the_planted_assumption_and_where_it_turns(store: Store) -> None:
    found = experiments.cruxes(store, HARM, PAIR)
    first = found.found.cruxes[0]
    assert first.name == CRUX and first.chance < 0.05
    (threshold,) = first.thresholds
    assert (threshold.below, threshold.above) == (1, 0)
    assert threshold.value == pytest.approx(turning_value(), rel=0.02)
    # the gap is uniform from -TURN to 1 - TURN: what knowing it saves, per mean distance between the two policies
    distance = 0.5 * (TURN**2 + (1 - TURN) ** 2)
    assert first.worth == pytest.approx(0.5 * TURN**2 / distance, rel=0.05)
    assert first.worth == pytest.approx(found.found.everything, rel=0.05)
    assert all(crux.chance > 0.05 for crux in found.found.cruxes[1:])
    text = "\n".join(crux_report(found))
    assert CRUX in text and "Below 1.04" in text and "closed_frontier is best" in text
    figures = drawn(found)
    assert figures["worth"]["data"][0]["y"][-1].replace("<br>", "") == CRUX
    strips = [bar for bar in figures["turns"]["data"] if bar["type"] == "bar"]
    assert {bar["name"] for bar in strips} == {"closed frontier", "open by default"}
    document = json.loads(dumps(documents.turning_document(found)))
    assert document["cruxes"][0]["thresholds"][0]["below"] == "open_by_default" and document["best"] == PAIR[0]


def test_weights_at_which_the_preference_turns(store: Store) -> None:
    found = experiments.cruxes(store, Preference(dict.fromkeys(GOALS.values(), 1.0)), PAIR)
    assert found.futures.policies[found.found.leader] == "open_by_default"
    turn = next(t for t in found.turns if t.outcome == "cumulative_harm")
    # open gains two typical distances and loses on harm the mean of the gap over its mean distance
    gap = (0.5 - TURN) / (0.5 * (TURN**2 + (1 - TURN) ** 2))
    assert turn.weight == pytest.approx(2 / gap, rel=0.05) and found.futures.policies[turn.policy] == PAIR[0]
    assert any(sentence.startswith("If Harm weighed more than") for sentence in crux_report(found))


def test_worlds_are_one_more_assumption(tmp_path: Path) -> None:
    class Worldly(Planted):
        def __init__(self, task: tasks.Task) -> None:
            super().__init__(task)
            if task.world == "patch_race" and task.scenario.name == "open_by_default":
                self.values["cumulative_harm"] = self.values["cumulative_harm"] - 5e9

    store = planted_sweep(tmp_path / "s", Worldly, worlds=["default", "patch_race"], samples=64, scenarios=PAIR)
    found = experiments.cruxes(store, HARM)
    assert found.found.cruxes[0].name == "world"
    options = {s.names: found.futures.policies[s.policy] for s in found.found.cruxes[0].stretches}
    assert options == {("default",): "closed_frontier", ("patch_race",): "open_by_default"}
    assert "which of the worlds" in describe("world") and drawn(found)
    assert "open_by_default with patch_race" in "\n".join(crux_report(found))
    with pytest.raises(InputError, match="the sweep has default, patch_race"):
        experiments.replicates(store, "cumulative_harm", None, None, 1e9)


def test_robust_ranks_by_every_rule(store: Store) -> None:
    found = experiments.robust(store)
    assert set(found.tables) == {*GOALS.values(), "preference"}
    harm = found.tables["cumulative_harm"]
    assert harm.scores["expected value"] == pytest.approx([-12.5e9, -12.55e9, -12.6e9], rel=0.003)
    assert harm.ranks["expected value"].tolist() == [1, 2, 3]
    assert harm.scores["largest regret"][2] == pytest.approx((1 - TURN) * 1e9, rel=0.05)
    assert all(found.tables["cumulative_innovation"].ranks[r].tolist() == [3, 2, 1] for r in ("worst case", "Hurwicz"))
    assert set(drawn(found)) == set(found.tables)
    document = json.loads(dumps(documents.ranked_document(found)))
    assert document["tables"]["preference"]["rules"]["expected value"]["rank"]["open_by_default"] == 1


def test_discover_finds_the_planted_limit(store: Store) -> None:
    found = experiments.discover(store, HARM, PAIR)
    assert found.statement == "closed_frontier is better than open_by_default by harm"
    assert set(found.found.chosen.limits) == {CRUX}
    low, high = found.found.chosen.limits[CRUX]
    assert low == pytest.approx(turning_value(), rel=0.03) and high == np.inf
    assert found.found.checked.density > 0.95 and found.found.reproduced[CRUX] > 0.99
    assert set(drawn(found)) == {"peeling", "box"}
    document = json.loads(dumps(documents.discovered_document(found, HARM)))
    assert document["box"]["limits"][CRUX][1] is None and document["held_out"]["density"] > 0.95
    with pytest.raises(InputError, match="no assumption"):
        experiments.discover(store, HARM, PAIR, patterns=["market.nothing*"])
    with pytest.raises(InputError, match="3 are named"):
        experiments.discover(store, HARM, POLICIES)


def test_replicates_counts_draws(store: Store) -> None:
    found = experiments.replicates(store, "cumulative_harm", PAIR, target=5e7)
    assert (found.verdict, found.units) == ("enough", 256)
    assert found.half_width == pytest.approx(1.97 * 1e9 / np.sqrt(12 * 256), rel=0.05)
    assert found.within < 0.01 * found.between and "Enough." in enough_sentence(found, "USD", "draws")
    more = experiments.replicates(store, "cumulative_harm", PAIR, target=1e7)
    assert more.verdict == "more" and more.needed == pytest.approx((1.96e9 / np.sqrt(12) / 1e7) ** 2, rel=0.05)
    back = experiments.replicates(store, "cumulative_harm", PAIR[::-1], target=5e7)
    assert back.mean == pytest.approx(-found.mean)
    figure = draw_precision(more, "cumulative_harm", "draws")["precision"]
    assert figure["data"][2]["x"] == [more.needed] and sim.figures.figure(figure)
    assert documents.enough_document(found, "cumulative_harm", tuple(PAIR))["verdict"] == "enough"


def test_saltelli_shares_with_a_dummy_and_the_seed(tmp_path: Path) -> None:
    store = planted_sweep(tmp_path / "s", design="saltelli", samples=64, scenarios=PAIR)
    found = experiments.sensitivity(store, "cumulative_harm")
    indices = found.indices
    assert indices is not None and indices.names == (*store.factors,) and "dummy" in indices.names
    total = dict(zip(indices.names, indices.total, strict=True))
    assert total[CRUX] == pytest.approx(1, abs=0.1) and total["dummy"] == 0 and found.sound and indices.settled
    assert found.chance < 0.01 and found.policies == tuple(PAIR)
    assert found.tails[CRUX] > 3 * found.tails["dummy"]
    level = experiments.sensitivity(store, "cumulative_harm", PAIR[:1])
    assert level.indices is not None
    by_name = dict(zip(level.indices.names, level.indices.total, strict=True))
    assert by_name["misuse.exposure_growth"] == pytest.approx(1, abs=0.1) and 0 < level.chance < 0.02
    bars = drawn(found)["shares"]["data"][0]
    assert bars["y"][:2] == ["seed", "dummy"] and bars["y"][-1] == CRUX
    assert json.loads(dumps(documents.dependence_document(found)))["indices"]["dummy"]["total"] == 0
    assert len(read_futures(store, ["cumulative_harm"]).believed()) == 128
    assert experiments.cruxes(store, HARM).found.cruxes[0].name == CRUX


def test_screening_leads_to_a_design(tmp_path: Path) -> None:
    store = planted_sweep(tmp_path / "s", design="morris", samples=8, scenarios=PAIR)
    found = experiments.sensitivity(store, "cumulative_harm")
    effects = found.effects
    assert effects is not None and found.indices is None
    absolute = dict(zip(effects.names, effects.absolute, strict=True))
    assert absolute[CRUX] == pytest.approx(1e9) and absolute["dummy"] == absolute["misuse.learning"] == 0
    assert drawn(found)["effects"]["data"][0]["text"][effects.names.index(CRUX)] == "route_friction_stolen"
    file = tmp_path / "next.toml"
    file.write_text(next_design([found], store, 2, 32), "utf-8")
    design = read_design(file)
    assert design.kind == "saltelli" and CRUX in [factor.name for factor in design.factors] and design.draws == 32 * 5
    assert tomllib.loads(file.read_text("utf-8"))["scenarios"] == PAIR
    with pytest.raises(InputError, match="no sample"):
        experiments.cruxes(store, HARM)


def test_a_sample_gives_first_order_indices_and_tails(store: Store) -> None:
    found = experiments.sensitivity(store, "cumulative_harm", PAIR)
    assert found.alone[CRUX] == pytest.approx(1, abs=0.02) and found.tails[CRUX] > 3 * found.tails["dummy"]
    assert all(share <= found.luck for name, share in found.alone.items() if name != CRUX) and found.luck < 0.1
    assert CRUX in next_design([found], store, 1, 16, also=["market.run_share_of_revenue"])
    assert '"market.run_share_of_revenue"' in next_design([found], store, 1, 16, also=["market.run_share_of_revenue"])
    level = experiments.sensitivity(store, "cumulative_innovation", PAIR, relative=True)
    assert level.unit == "log points" and level.mean == pytest.approx(100 * np.log(1.201), rel=0.001)


def test_unfinished_blocks_and_undefined_outcomes_are_refused(store: Store, tmp_path: Path) -> None:
    half = planted_sweep(tmp_path / "s", design="saltelli", samples=64, scenarios=PAIR)
    next(path for _, path, _ in half.chunks()).unlink()
    with pytest.raises(InputError, match="draws are missing"):
        experiments.sensitivity(half, "cumulative_harm")
    assert experiments.replicates(half, "cumulative_harm", PAIR, target=1e9).units < 128
    with pytest.raises(InputError, match="undefined in"):
        read_futures(store, ["capability_lag_months"])
    with pytest.raises(InputError, match="not in the sweep"):
        read_futures(store, ["cumulative_harm"], ["open_science"])
    with pytest.raises(InputError, match="no outcome"):
        read_futures(store, ["harm"])
    with pytest.raises(InputError, match="Name one, or two"):
        experiments.sensitivity(store, "cumulative_harm")


def test_dummy_has_no_share_on_the_real_model(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(
        'schema_version = 1\ntitle = "Small"\nbaseline = "status_quo"\nmonths = 6\n'
        "[population]\nmisusers = 64\ndefenders = 64\nbuilders = 64\n", "utf-8",
    )  # fmt: skip
    document = {"schema_version": 1, "scenario": "small.toml", "design": "saltelli", "samples": 16, "replicates": 2,
                "parameters": ["misuse.harm_initial_usd_fraud", "misuse.route_noise"]}  # fmt: skip
    store = sweep(from_document(document, folder=tmp_path), tmp_path / "s")
    found = experiments.sensitivity(store, "cumulative_harm")
    assert found.indices is not None
    place = found.indices.names.index("dummy")
    assert found.indices.total[place] - found.indices.total_half[place] <= 0 <= found.indices.total[place]
    assert found.indices.total[0] > 0.5 and 0 < found.chance < 0.5


def test_table_of_a_paper(store: Store) -> None:
    rows = experiments.tabulate(store, ["cumulative_harm", "cumulative_innovation"])
    assert [row.scenario for row in rows[::2]] == list(POLICIES) and rows[0].runs == 512 and rows[0].draws == 256
    last = rows[-2]
    assert last.difference == pytest.approx(0.1e9, rel=0.05) and last.low < last.difference < last.high
    assert last.difference_error == pytest.approx(1e9 / np.sqrt(12 * 256), rel=0.05)
    assert np.isnan(rows[0].difference) and rows[-1].p_better == 1.0 and last.p_value < 0.05
    text = as_csv(rows)
    assert text.splitlines()[1].endswith(",,,,,,") and len(text.splitlines()) == 7
    latex = as_latex(rows, "Harm & so on")
    assert r"\caption{Harm \& so on}" in latex and r"open\_by\_default" in latex and "clustered" in latex
    assert latex.count(r"\begin{tabular}") == latex.count(r"\end{tabular}") == 1
    assert latex.count("{") == latex.count("}") and latex.count("$") % 2 == 0
    assert experiments.tabulate(store, baseline="open_by_default")[0].scenario == "open_by_default"
    assert escape("50 % of {x}_~") == r"50 \% of \{x\}\_\textasciitilde{}"
    with pytest.raises(InputError, match="not among"):
        experiments.tabulate(store, baseline="open_science")
