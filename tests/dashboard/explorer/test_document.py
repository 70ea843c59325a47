"""What an explorer offers and the numbers in it: they are those of the runs, compact, and safe to embed."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest

from sim.errors import InputError
from sim.explorer import plan_of
from sim.explorer.document import kept_months, short
from sim.explorer.plan import MOST_CELLS, SCENARIOS, WORLDS
from sim.figures.timeline import Horizon
from tests.dashboard.explorer.conftest import Made

GRID = "grid_3"


def data_of(made: Made) -> dict:
    text = made.path.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found[1])


@pytest.fixture(scope="module")
def data(made: Made) -> dict:
    return data_of(made)


def test_a_plan_of_defaults_has_worlds_scenarios_and_two_levers() -> None:
    plan = plan_of()
    assert tuple(plan.scenarios) == WORLDS
    names = [item.name for item in plan.scenarios["default"]]
    assert names == ["status_quo", *SCENARIOS]
    assert [lever.path for lever in plan.levers] == ["staged_release.delay_months", "licensing.value"]
    assert plan.cells == len(WORLDS) * (len(names) + 4 * 4 - 1) <= MOST_CELLS


def test_a_cell_of_the_grid_is_the_baseline_with_the_levers_at_their_values() -> None:
    plan = plan_of()
    base = plan.scenarios["offence_dominant"][0]
    cells = {item.name: item for item in plan.grid("offence_dominant")}
    assert "grid_0_0" not in cells
    added = [policy for policy in cells["grid_3_2"].policies if policy not in base.policies]
    assert {p.kind: getattr(p, "delay_months", None) for p in added} == {"staged_release": 12.0, "licensing": 3.0}
    assert next(p for p in added if p.kind == "licensing").value == 26.0  # type: ignore[attr-defined]
    assert cells["grid_3_2"].parameters == base.parameters
    only = [policy for policy in cells["grid_1_0"].policies if policy not in base.policies]
    assert [policy.kind for policy in only] == ["staged_release"]


def test_only_levers_whose_policy_is_shown_are_offered_by_default() -> None:
    assert plan_of(["open_by_default"]).levers == ()
    assert [lever.path for lever in plan_of(["staged_release"]).levers] == ["staged_release.delay_months"]


@pytest.mark.parametrize(
    ("lever", "part"),
    [
        ("staged_release.delay_months", "not of the form"),
        ("delay=1,2", "not of the form"),
        ("staged_realease.delay_months=1,2", "staged_release"),
        ("staged_release.delay=1,2", "delay"),
        ("staged_release.delay_months=1,x", "delay_months"),
        ("staged_release.delay_months=1,-4", "delay_months"),
        ("staged_release.delay_months=3,3", "two or more different"),
        ("staged_release.delay_months=3", "two or more different"),
        ("licensing.value=25,26", "no scenario shown has the policy"),
        ("staged_release.jurisdictions=us,eu", "not a number"),
    ],
)
def test_levers_that_do_not_fit_are_refused(lever: str, part: str) -> None:
    with pytest.raises(InputError, match=part):
        plan_of(["staged_release"], levers=[lever])


def test_too_much_is_refused() -> None:
    many = ",".join(str(i / 10) for i in range(120))
    with pytest.raises(InputError, match="at most 400"):
        plan_of(levers=[f"staged_release.delay_months={many}"])
    with pytest.raises(InputError, match="two levers move"):
        plan_of(levers=["licensing.value=25,26", "licensing.strictness=0,1"])
    with pytest.raises(InputError, match="named twice"):
        plan_of(["open_by_default", "open_by_default"])


def test_bands_are_the_quantiles_of_the_runs(made: Made, data: dict) -> None:
    months = kept_months(made.view.horizon)
    assert len(data["dates"]) == len(months) and months[0] == 0 and months[-1] == made.view.horizon.months - 1
    for scenario in ("status_quo", "closed_frontier", GRID):
        for outcome in data["outcomes"]:
            name = outcome["name"]
            values = made.view.results.monthly[name][made.view.rows[scenario]][:, months]
            with np.errstate(invalid="ignore"):
                wanted = (
                    np.nanquantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0) if np.isfinite(values).all() else None
                )
            if wanted is not None:
                found = np.array(data["cells"]["default"][scenario][name]["b"], float)
                np.testing.assert_allclose(found, wanted, rtol=6e-4, atol=1e-12)


def test_differences_are_the_paired_ones(made: Made, data: dict) -> None:
    for scenario in ("staged_release", GRID):
        for effect in made.view.effects(scenario, [outcome["name"] for outcome in data["outcomes"]]):
            found = data["cells"]["default"][scenario][effect.measure.name]["d"]
            wanted = [effect.mean, effect.low, effect.high, math.nan if effect.p_better is None else effect.p_better]
            assert found == [short(value, 5) for value in wanted]
    assert all("d" not in cell for cell in data["cells"]["default"]["status_quo"].values())


def test_worlds_differ_and_cells_are_complete(data: dict) -> None:
    cells = data["cells"]
    assert set(cells) == {"default", "offence_dominant"}
    for world in cells.values():
        assert set(world) == {"status_quo", "closed_frontier", "staged_release", "grid_1", "grid_2", "grid_3"}
    assert cells["default"]["status_quo"] != cells["offence_dominant"]["status_quo"]
    assert cells["default"]["grid_1"] != cells["default"]["grid_3"]


def test_the_page_is_bounded_and_its_own_part_asks_for_nothing(made: Made) -> None:
    text = made.path.read_text(encoding="utf-8")
    start = text.index("</script>", text.index('id="data"'))
    end = text.index("</script>", start + 20)
    own = text[:start] + text[end:]
    assert len(own) < 600_000
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", own)
    assert "http://" not in own.replace("http://www.w3.org/2000/svg", "") and "https://" not in own
    assert "</script><b>" not in own and "@import" not in own and "url(" not in own


def test_months_kept_are_ends_of_quarters() -> None:
    assert kept_months(Horizon(2024 * 12, 12)) == [0, 2, 5, 8, 11]
    assert kept_months(Horizon(2024 * 12 + 1, 5)) == [0, 1, 4]


def test_short_numbers() -> None:
    assert short(1234567.0, 4) == 1235000 and isinstance(short(3.0, 4), int)
    assert short(0.000123456, 4) == 0.0001235 and short(float("nan"), 4) is None
