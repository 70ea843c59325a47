"""The ranking of release policies: counts with known answers, and that what is stored fits the model."""

import numpy as np
import pytest

from sim.experiments.regime_ranking import CLOSED, FORM, GOALS, OPEN, SCENARIOS, THREE, corner, gains, stored, tally
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.runner import run
from tests.support import small


def test_counts() -> None:
    # Four draws. The open policy is best in two of them on every goal, and worse than the closed one in the others.
    values = np.zeros((len(SCENARIOS), 4))
    values[SCENARIOS.index(CLOSED)] = [1, 1, 1, 1]
    values[SCENARIOS.index(OPEN)] = [2, 2, 0, 0]
    found = tally(dict.fromkeys(GOALS, values))
    assert found["draws"] == 4 and found["open_wins_all"] == 0.5 and found["open_loses_all"] == 0.5
    for goal in GOALS:
        assert found["best"][goal][OPEN] == 0.5 and found["best"][goal][CLOSED] == 0.5
        assert found["open_better"][goal] == 0.5


def test_mixed_goals_are_neither_won_nor_lost() -> None:
    up, down = np.zeros((len(SCENARIOS), 2)), np.zeros((len(SCENARIOS), 2))
    up[SCENARIOS.index(OPEN)], down[SCENARIOS.index(CLOSED)] = 1, 1
    found = tally({goal: down if goal == "harm" else up for goal in GOALS})
    assert found["open_wins_all"] == found["open_loses_all"] == 0


def test_gains_turn_what_should_fall() -> None:
    scenarios = [small(name, 4, start="2027-01").replace(name=name) for name in SCENARIOS]
    results = run(scenarios, replicates=2, draws=3, details=False)
    found = gains(results)
    summary = results.summary()
    first = (np.array(results.scenario) == SCENARIOS[0]) & (results.draw == 1)
    for goal, outcome in GOALS.items():
        sign = -1 if OUTCOMES[outcome].direction == "lower" else 1
        assert found[goal].shape == (len(SCENARIOS), 3)
        assert found[goal][0, 1] == pytest.approx(sign * summary[outcome][first].mean())


def test_what_turns_the_sign_is_found() -> None:
    rng = np.random.default_rng(2)
    samples = {"decides": rng.random(200), "idle": rng.random(200), "fixed": np.ones(200)}
    harm = np.zeros((len(SCENARIOS), 200))
    harm[SCENARIOS.index(OPEN)] = samples["decides"]
    rows = corner({"harm": harm}, samples)
    assert rows[0]["parameter"] == "decides" and rows[0]["correlation"] == pytest.approx(1)
    assert [row["parameter"] for row in rows] == ["decides", "idle"]


def test_what_is_stored_fits_the_model() -> None:
    forms = stored()["forms"]
    assert set(forms) == set(REGISTRY[FORM].options or ()) and set(THREE) <= set(GOALS)
    for rows in forms.values():
        assert set(rows["best"]) == set(rows["open_better"]) == set(GOALS)
        assert all(sum(shares.values()) == pytest.approx(1) for shares in rows["best"].values())
        assert all(row["parameter"] in REGISTRY for row in rows["corner"])
