"""Links: what they hold, that they come back the same, that nothing in them can harm, and that old ones work."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from dashboard import files, levers
from dashboard.callbacks.taking_away import defused
from dashboard.variants import Variant, presets, read_variant
from dashboard.views import VERSION, ViewState, asked_for, plain, read_view

GOLDEN = json.loads((Path(__file__).parent / "golden_links.json").read_text("utf-8"))


def read(query: str) -> ViewState:
    state, problems = read_view(dict(parse_qsl(query, keep_blank_values=True)))
    assert not problems
    return state


def test_the_first_view_has_a_short_link():
    assert ViewState().query() == f"v={VERSION}&s=open_by_default"


def test_a_full_state_comes_back_the_same():
    values = {"staged_release.delay_months": 12.0, "staged_release.end": 24400, "staged_release.jurisdictions": ("us",)}
    edited = Variant("staged_release", ("licensing",), ("audit",), {**values, "licensing.start": 24340})
    state = ViewState(
        (edited, Variant("open_science")), Variant("closed_frontier"), {"misuse.enabled": 0.0}, ("offence_dominant",),
        ("incidents", "usage_hhi", "cumulative_harm", "elo_gap"), False, True, 7, 60,
    )  # fmt: skip
    assert read(state.query()) == state
    assert len(state.query()) < 4096


@pytest.mark.parametrize("query", GOLDEN)
def test_links_of_every_published_version_are_read_as_ever(query):
    assert plain(read(query)) == GOLDEN[query]
    assert any(query.startswith(f"v={version}") for version in range(1, VERSION + 1))


HOSTILE = [
    "", "s=", "s=|||;;;", "s=../../etc/passwd", "s=open_by_default;__class__=1",
    "s=open_by_default;mandate_open.__init__=1",
    "s=open_by_default;mandate_open.value=nan", "s=open_by_default;mandate_open.value=inf",
    "s=open_by_default;mandate_open.value=" + "9" * 3000, "s=open_by_default;mandate_open.regimes=,,,",
    "s=open_by_default;mandate_open.closed=nonsense", "s=open_by_default;*__import__;-x", "s=hindcast_2020",
    "a=misuse.enabled=2;x=1;=;market.entry_rate=nan", "w=default,default,nope", "o=nope", "n=1e3&m=-5", "n=٣", "v=x",
    "v=-1",
    "v=99999999999999999999", "m=5000", "b=open_by_default|staged_release", "s=" + "open_by_default|" * 500,
    "s=open_by_default;mandate_open.start=2027-13", "s=open_by_default;mandate_open.end=2020-01", "s=\u202eopen",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_no_link_fails_or_gives_anything_inadmissible(query):
    state, _ = read_view(dict(parse_qsl(query, keep_blank_values=True)))
    scenarios, baseline = state.resolve()
    assert baseline in {scenario.name for scenario in scenarios}
    assert len(scenarios) <= 7
    assert read(state.query()) == state


@given(st.dictionaries(st.sampled_from("vsbawoedmn"), st.text(max_size=60), max_size=5))
def test_any_text_is_survived(query):
    state, _ = read_view(query)
    state.resolve()


def test_callbacks_refuse_what_pages_only_note():
    with pytest.raises(sim.InputError):
        asked_for("v=1&s=nope")
    with pytest.raises(sim.InputError):
        asked_for({"query": ["v=1"]})
    assert asked_for("v=1&s=staged_release").scenarios == (Variant("staged_release"),)


def test_instruments_and_values_make_the_scenario():
    variant, problems = read_variant(
        "staged_release;*licensing;-audit;licensing.start=2028-03;staged_release.strength=0.5"
    )
    scenario = variant.scenario()
    kinds = [policy.kind for policy in scenario.policies]
    assert not problems
    assert "audit" not in kinds
    assert next(p for p in scenario.policies if p.kind == "licensing").start == 2028 * 12 + 2
    assert next(p for p in scenario.policies if p.kind == "staged_release").strength == 0.5
    assert scenario.title == "Staged release, edited"


def test_every_preset_stands_in_the_same_picture():
    assert len(presets()) > 20
    starts = {(sim.load(name).start, sim.load(name).months) for name in presets()}
    assert len(starts) == 1


@pytest.mark.parametrize("kind", sim.POLICIES)
def test_every_policy_has_levers_that_its_scenario_takes(kind):
    state = ViewState((Variant("status_quo", (kind,)),))
    if kind in {policy.kind for policy in sim.load("status_quo").policies}:
        state = ViewState((Variant("status_quo", (kind,), (kind,)),))
    item = next(item for item in levers.instruments(state) if item.kind == kind)
    assert {lever.path for lever in item.levers} == {f"{kind}.{field.name}" for field in fields(sim.POLICIES[kind])}
    for lever in item.levers:
        assert lever.help
        if lever.type in ("number", "integer") and lever.default is not None:
            assert lever.low < lever.high
            variant = Variant(state.scenarios[0].preset, (kind,), state.scenarios[0].drop, {lever.path: lever.default})
            assert read_variant(variant.encoded())[0].values[lever.path] == lever.default


def mantine_components(part: object) -> int:
    """Count the Mantine components of a layout."""
    if isinstance(part, dict):
        own = part.get("namespace") == "dash_mantine_components"
        return own + sum(map(mantine_components, part.values()))
    return sum(map(mantine_components, part)) if isinstance(part, list) else 0


@pytest.mark.parametrize("name", ["status_quo", "seger_recommendations", "international_treaty"])
def test_pages_stay_light(name):
    from dash._utils import to_json

    from dashboard.pages import explore

    assert 20 < mantine_components(json.loads(to_json(explore.layout(s=name)))) < 300


def test_every_parameter_has_a_lever():
    for parameter in sim.REGISTRY:
        lever = levers.parameter_lever(parameter.name, parameter.default)
        assert lever.label
        assert lever.options or lever.low <= parameter.default <= lever.high


def test_what_is_odd_is_said_and_what_the_preset_has_is_not():
    assert levers.oddities(ViewState()) == []
    off = ViewState((Variant("open_by_default", values={"mandate_open.strength": 0.0}),))
    assert "does nothing" in levers.oddities(off)[0]
    far = ViewState(assumptions={"market.price_adjustment": 0.9})
    assert "beyond the plausible range" in levers.oddities(far)[0]


def run_shell(text: str, capsys) -> dict:
    """Carry out what the text for a shell says, in this process: here-documents, then the command."""
    from sim.cli import main

    *documents, command = text.split("END\n")
    for document in documents:
        head, _, body = document.removeprefix("cat > ").partition(" <<'END'\n")
        if body:
            Path(head).write_text(body, "utf-8")
        else:
            command = document + command
    import shlex

    words = shlex.split(command)
    assert main([*words[1:], "--json", "--quiet"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_and_the_python_lines_give_the_numbers_of_the_view(tmp_path, monkeypatch, capsys):
    from dashboard.runs import Engine

    monkeypatch.chdir(tmp_path)
    state = read(
        "v=1&s=open_by_default;mandate_open.start=2024-06|staged_release&a=misuse.uplift_per_oom_cyber=1.2&w=offence_dominant&m=24&n=3"
    )
    scenarios, baseline = state.resolve()
    shown = sim.Comparison(Engine(0).results(scenarios, state.ensemble), baseline)
    shell, python = files.commands(state)
    found = run_shell(shell, capsys)
    for scenario, outcomes in shown.results.statistics().items():
        for outcome in state.outcomes:
            assert found["scenarios"][scenario][outcome]["mean"] == outcomes[outcome]["mean"]
    exec(compile(python, "reproduce", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    expected = [
        f"{name} {outcome} {rows[outcome]}" for name, rows in shown.differences().items() for outcome in state.outcomes
    ]
    assert printed == expected


def test_saved_files_hold_the_view_and_stand_alone(tmp_path):
    import base64

    state = read("v=1&s=staged_release;staged_release.delay_months=9&a=misuse.uplift_per_oom_cyber=1.2")
    text = files.saved(state)
    assert files.opened("data:x;base64," + base64.b64encode(text.encode()).decode()) == state.query()
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    assert sim.load(path).digest() == state.first().digest()
    for bad in (
        None,
        5,
        "x",
        "data:,%%%",
        "data:x;base64," + base64.b64encode(b"\xff\xfe").decode(),
        "data:x;base64,eA==",
    ):
        with pytest.raises(sim.InputError):
            files.opened(bad)


def test_cells_that_a_spreadsheet_would_run_are_defused():
    assert defused("=1+1") == "'=1+1"
    assert defused("Status quo") == "Status quo"
