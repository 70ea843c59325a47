"""What every shipped scenario and world keeps to: it loads, explains itself, survives being written and read."""

import json
import os
import pickle
import re
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from sim import scenario_shipped
from sim.errors import InputError
from sim.parameters import REGISTRY
from sim.policies import POLICIES, absolute_month, fold
from sim.regimes import REGIMES
from sim.scenario import Scenario, from_document, load, load_world, resolved, scenario_names, world_names
from sim.scenario_explain import PLACES, explain, lever_changes, warnings
from sim.scenario_files import json_schema, read_form
from sim.scenario_record import Population
from sim.scenario_settings import apply_settings
from sim.scenario_text import template, to_toml

SCENARIOS = scenario_names()
WORLDS = world_names()
ROOT = Path(__file__).parents[2]


def test_the_named_ones_are_shipped() -> None:
    assert {
        "status_quo", "closed_frontier", "closed_frontier_unilateral", "closed_frontier_universal", "open_by_default",
        "staged_release", "structured_access", "compute_threshold_licensing", "open_weights_ban_above_threshold",
        "rogue_giant", "community_training", "defender_first", "developer_liability", "coordinated_pause",
        "lock_down_labs", "shared_compute", "external_scrutiny", "international_treaty", "fragmented_world",
        "open_science", "transparency_mandate", "open_model_prize", "provenance", "fast_follower_shock",
        "seger_recommendations", "hindcast_2020", "hindcast_2023",
    } <= set(SCENARIOS)  # fmt: skip
    assert {
        "default", "offence_dominant", "defence_dominant", "level_offence", "patch_race", "cheap_fine_tuning",
        "durable_safeguards", "concentrated_complements", "strong_flywheel", "strong_spillover", "slow_progress",
        "fast_progress", "weak_states", "near_term", "mid_term", "long_term",
    } <= set(WORLDS)  # fmt: skip


def test_an_expectation_of_nothing_known_is_refused() -> None:
    document = {"schema_version": 1, "title": "T", "expects": ["wealth +"]}
    with pytest.raises(InputError, match="expects: there is no outcome 'wealth'"):
        from_document(document, "mine")
    with pytest.raises(InputError, match="expects"):
        from_document({**document, "expects": ["incidents up"]}, "mine")


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_is_complete(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    for text in (scenario.title, scenario.question, scenario.story, scenario.tension):
        assert len(text) > 5
    assert scenario.question.endswith("?") and scenario.sources and "  " not in scenario.story
    assert scenario.baseline == (None if name == "status_quo" else "status_quo")


@pytest.mark.parametrize("name", [name for name in SCENARIOS if not name.startswith("hindcast_")])
def test_packages_share_the_history_before_2027(name: str) -> None:
    own, base = load(name), load("status_quo")
    assert (own.start, own.population) == (base.start, base.population)
    for policy in own.policies:
        assert policy in base.policies or policy.start >= absolute_month(2027, 1)
    for month in range(own.start, absolute_month(2027, 1)):
        one, other = (fold(s.policies, 1, REGIMES.ids, None, month, {}) for s in (own, base))
        assert all(one[lever].tobytes() == other[lever].tobytes() for lever in one.values)


@pytest.mark.parametrize("name", SCENARIOS)
def test_round_trip(name: str) -> None:
    scenario = load(name, ["offence_dominant"], ["months=36"])
    document = resolved(scenario)
    assert from_document(document, "elsewhere") == scenario
    assert from_document(json.loads(json.dumps(document)), "elsewhere") == scenario
    again = from_document(tomllib.loads(to_toml(document)), "elsewhere")
    assert again == scenario and again.digest() == scenario.digest()
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy == scenario and hash(copy) == hash(scenario)


@pytest.mark.parametrize("name", SCENARIOS)
def test_resolved_file_stands_alone(name: str, tmp_path: Path) -> None:
    scenario = load(name)
    path = tmp_path / "copy.toml"
    path.write_text(to_toml(resolved(scenario)), encoding="utf-8")
    assert load(path) == scenario


@pytest.mark.parametrize("name", SCENARIOS)
def test_digest_follows_what_decides_the_numbers(name: str) -> None:
    scenario = load(name)
    digest = scenario.digest()
    assert len(digest) == 64 and digest == load(name).digest()
    assert digest == scenario.replace(title="other", story="", policies=scenario.policies[::-1]).digest()
    default = REGISTRY["market.reconsider_share"].default
    assert digest == scenario.replace(parameters={"market.reconsider_share": default}).digest()
    changes = (
        {"months": 36}, {"start": scenario.start + 1}, {"population": Population(misusers=10)},
        {"parameters": {"market.reconsider_share": 0.1}}, {"policies": (*scenario.policies, POLICIES["pause"]())},
    )  # fmt: skip
    digests = {scenario.replace(**change).digest() for change in changes}
    assert len(digests | {digest}) == len(changes) + 1


def test_digests_differ_and_do_not_depend_on_the_process() -> None:
    here = [load(name).digest() for name in SCENARIOS]
    assert len(set(here)) == len(SCENARIOS)
    code = "import sim.scenario as s; print(*[s.load(n).digest() for n in s.scenario_names()])"
    env = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == here


@pytest.mark.parametrize("name", SCENARIOS)
def test_only_oddity_is_the_horizon(name: str) -> None:
    odd = [text for text in warnings(load(name)) if "months beyond 2030" not in text]
    assert not odd


@pytest.mark.parametrize("name", SCENARIOS)
def test_explains_itself(name: str) -> None:
    scenario = load(name)
    text = explain(scenario, load("status_quo") if scenario.baseline else None)
    assert scenario.title in text and "Sources" in text
    assert ("Warnings" in text) == bool(warnings(scenario))
    assert ("compared with status_quo" in text) == (scenario.baseline is not None)
    assert "{" not in text and "None" not in text and all(policy.title in text for policy in scenario.policies)
    assert lever_changes(scenario)


@pytest.mark.parametrize("name", SCENARIOS)
def test_quick_reader_agrees_with_the_strict_one(name: str) -> None:
    document = scenario_shipped.shipped_document(name, "scenario")
    assert scenario_shipped.shipped_form(document) == read_form(document, name, "scenario")


@pytest.mark.parametrize("world", WORLDS)
def test_world_holds_parameters_only(world: str) -> None:
    name, form = load_world(world)
    assert name == world and form.title and form.question.endswith("?") and form.story and form.sources and form.tension
    assert form == read_form(scenario_shipped.shipped_document(world, "world"), world, "world")
    document = tomllib.loads((files("scenarios") / "worlds" / f"{world}.toml").read_text("utf-8"))
    assert document.keys() <= {"schema_version", "title", "question", "story", "sources", "tension", "parameters"}
    assert set(form.parameters) <= set(REGISTRY.names()) and (form.parameters or world == "default")
    for key, value in form.parameters.items():
        low, high = REGISTRY[key].bounds or (value, value)
        assert low <= value <= high, key  # type: ignore[operator]


@pytest.mark.parametrize("world", WORLDS)
def test_any_scenario_runs_in_any_world(world: str) -> None:
    plain = load("staged_release")
    assumed = load("staged_release", [world])
    assert assumed.worlds == (world,) and assumed.policies == plain.policies
    assert (assumed.digest() == plain.digest()) == (not dict(load_world(world)[1].parameters))


def test_worlds_that_disagree_are_noted_and_the_later_wins() -> None:
    scenario = load("status_quo", ["offence_dominant", "defence_dominant"])
    assert scenario.parameters["defence.self_hosting_share"] == 0.45
    assert any("defence.self_hosting_share" in note and "offence_dominant" in note for note in scenario.notes)
    assert set(scenario.notes) <= set(warnings(scenario))
    assert not load("status_quo", ["patch_race", "cheap_fine_tuning"]).notes


def test_inheritance(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'schema_version = 1\ntitle = "t"\nbaseline = "staged_release"\nremove_policies = ["audit", "pause"]\n'
        'months = 60\n[[policies]]\nkind = "resilience"\nstart = "2028-03"\n[parameters]\n"market.host_markup" = 1.2\n'
    )
    mine, base = load(path), load("staged_release")
    kept = [policy for policy in base.policies if policy.kind != "audit"]
    assert [*mine.policies[:-1]] == kept and mine.policies[-1].start == absolute_month(2028, 3)
    assert (mine.months, mine.baseline, mine.start) == (60, "staged_release", base.start)
    assert mine.parameters == {"market.host_markup": 1.2} and any("pause" in note for note in mine.notes)
    assert load("staged_release") == base


def test_added_regime_can_be_named_by_a_policy(tmp_path: Path) -> None:
    path = tmp_path / "regime.toml"
    path.write_text(
        'schema_version = 1\ntitle = "t"\n[[regimes]]\nid = "r7_late"\nlabel = "late weights"\nlike = "r7"\n'
        '[regimes.attributes]\nresearch_openness = 0.6\n[[policies]]\nkind = "forbid_above"\nregimes = ["r7_late"]\n'
    )
    scenario = load(path)
    assert scenario.regimes[0].attributes == {"research_openness": 0.6}
    assert from_document(tomllib.loads(to_toml(resolved(scenario))), "x") == scenario.replace(name="regime")
    assert hash(scenario) and scenario.digest() != scenario.replace(regimes=(), policies=()).digest()


def test_settings() -> None:
    settings = [
        "months=24", "start=2025-07", "population.misusers=50", "market.reconsider_share=.2", "defence.form=nested",
        "staged_release.delay_months=9", "staged_release.start=2026-01", "staged_release.jurisdictions=us, china",
        "staged_release.threshold=capability", "staged_release.value=27", "months=30",
    ]  # fmt: skip
    scenario = load("staged_release", settings=settings)
    assert (scenario.months, scenario.start, scenario.population.misusers) == (30, absolute_month(2025, 7), 50)
    assert scenario.parameters == {"market.reconsider_share": 0.2, "defence.form": "nested"}
    assert scenario.policies[-1] == POLICIES["staged_release"](
        delay_months=9, start=absolute_month(2026, 1), jurisdictions=("us", "china"), threshold="capability", value=27
    )


def test_nothing_is_changed_in_place() -> None:
    scenario = load("staged_release")
    before = scenario.digest()
    scenario.replace(months=12)
    load("staged_release", ["patch_race"], ["months=12", "audit.rate=0.5"])
    with pytest.raises(TypeError):
        scenario.parameters["market.host_markup"] = 1.0  # type: ignore[index]
    assert scenario.digest() == before == load("staged_release").digest()


def test_oddities_are_found() -> None:
    rows = ",".join(f"r{i}" for i in range(10))
    settings = [f"mandate_open.closed={rows}", "months=48", "market.host_markup=1.1", "audit.strength=0"]
    found = " ".join(warnings(load("open_by_default", settings=[*settings, "transparency_mandate.start=2040-01"])))
    for text in ("no kind of release is left", "is set to its default", "strength 0", "never acts within the horizon"):
        assert text in found
    assert "2030" not in found and all(place in found for place in PLACES.values())


def test_schema_of_editors_is_current() -> None:
    shipped = json.loads((files("scenarios") / "schema.json").read_text("utf-8"))
    assert shipped == json_schema(), "write it anew: aperture schema > scenarios/schema.json"
    assert {f"policy_{kind}" for kind in POLICIES} <= shipped["$defs"].keys()


def test_template_is_a_scenario() -> None:
    scenario = from_document(tomllib.loads(template("my_idea")), "my_idea")
    assert scenario.title == "My idea" and scenario.policies[-1].kind == "staged_release"
    plain = "\n".join(
        line.removeprefix("# ") if " = " in line or "[" in line else line for line in template("x").split("\n")
    )
    assert from_document(tomllib.loads(plain), "x").population.misusers == 2000


def test_toml_writer_keeps_odd_text() -> None:
    odd = 'quote " back \\ tab \t line \n é – del \x7f end'
    scenario = Scenario(name="odd", title=odd, sources=(odd, ""))
    assert tomllib.loads(to_toml(resolved(scenario)))["title"] == odd


def test_settings_of_absent_policies() -> None:
    assert apply_settings(load("status_quo"), ["staged_release.delay_months=1"], absent=True) == load("status_quo")
    with pytest.raises(InputError, match="has no policy staged_release"):
        apply_settings(load("status_quo"), ["staged_release.delay_months=1"])


def test_recommendations_together_are_the_five_single_ones() -> None:
    singles = [name for name in scenario_names() if re.fullmatch(r"seger_\d_.*", name)]
    assert len(singles) == 5
    inherited = load("status_quo").policies
    alone = {policy for name in singles for policy in load(name).policies if policy not in inherited}
    together = {policy for policy in load("seger_recommendations").policies if policy not in inherited}
    assert together == alone
