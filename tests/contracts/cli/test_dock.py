"""The command ``dock``: what it refuses, and what it prints."""

import json

import pytest

from sim.cli import main
from sim.errors import InputError
from sim.validation import docking
from sim.validation.docking import dock

BAD = {
    "no such model": ["curse"],
    "missing": ["access_lag", "budget_ratio=3"],
    "unknown": ["access_lag", "budget_ratio=3", "growth_per_year=2", "growht=1"],
    "twice": ["access_lag", "budget_ratio=3", "budget_ratio=3", "growth_per_year=2"],
    "no value": ["access_lag", "budget_ratio"],
    "text": ["access_lag", "budget_ratio=large", "growth_per_year=2"],
    "bounds": ["access_lag", "budget_ratio=0.5", "growth_per_year=2"],
    "whole": ["unilateralist", "v_over_sigma=-1", "n=2.5"],
    "truth": ["unilateralist", "v_over_sigma=-1", "n=true"],
    "not finite": ["unilateralist", "v_over_sigma=NaN", "n=2"],
    "empty list": ["logit_bertrand", "mc=1", "alpha=1", "qualities=[]"],
    "list of text": ["logit_bertrand", "mc=1", "alpha=1", 'qualities=["a"]'],
    "choice": ["gordon_loeb", "form=S3", "v=0.5", "L=1", "alpha=1"],
    "a monopoly": ["logit_bertrand", "mc=1", "alpha=1", "qualities=[45]"],
    "no equilibrium": [
        "spt_equilibrium",
        "n=2",
        "A=1",
        "B=1",
        "alpha=1",
        "beta=1",
        "theta=0",
        "d=0",
        "r=10",
        "sigma=multiplicative",
    ],
    "research without bound": ["rnd_spillovers", "a_minus_A=1", "b=1", "gamma=0.5", "beta=0.5"],
    "model beside all": ["access_lag", "--all"],
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD.keys())
def test_inadmissible_inputs_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dock", *arguments]) == 2
    captured = capsys.readouterr()
    assert not captured.out and captured.err.startswith("aperture: dock") and len(captured.err.splitlines()) == 1


def test_command_prints_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dock", "logit_bertrand", "mc=1", "alpha=1", "qualities=[2, 2]"]) == 0
    assert set(json.loads(capsys.readouterr().out)) >= {"prices", "shares", "consumer_surplus"}


def test_all_fails_when_one_is_off(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    case = {"inputs": {"budget_ratio": 100, "growth_per_year": 3}, "expected": {"lag_years": 4.1918}}
    monkeypatch.setattr(docking, "cases", lambda: {"access_lag": {"rtol": 1e-4, "cases": [case]}})
    assert main(["dock", "--all"]) == 0
    capsys.readouterr()
    case["expected"] = {"lag_years": 4.2}
    assert main(["dock", "--all", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["holds"] is False


def test_input_errors_name_what_is_admissible() -> None:
    with pytest.raises(InputError, match="a whole number from 2"):
        dock("abs_race", {"n": 1, "e": 0.5, "mu": 1})
