"""Docking: kernels reduced to published models against closed forms that are written out here and nowhere else."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from sim import kernels
from sim.validation.docking import MODELS, cases, close, dock

SIM = Path(kernels.__file__).parents[1]


def armstrong(n: int, e: float, mu: float) -> dict[str, float]:
    k = e * (n - 1) + 1
    private = 1 - n * mu / ((n + 1) * k) if mu <= k else (k / mu) ** n / (n + 1)
    public = 1 - mu / e / (n + 1) if mu <= e else 1 - mu / e * (1 - (1 - e / mu) ** (n + 1)) / (n + 1)
    return {"risk_none": 1 - min(1, mu / (n * e)), "risk_private": private, "risk_public": public}


def quadratic(n: int, k: float, w: float) -> dict[str, float]:
    a, b, c = n * (k - 1), -(n * (2 * k - 1) + w * (n - 1)), n * k
    p = (-b - math.sqrt(b * b - 4 * a * c)) / (2 * a) if a else -c / b
    return {"p": p, "joint_survival": p**n}


def curse(v_over_sigma: float, n: int) -> dict[str, float]:
    return {"p_release": 1 - norm.cdf(-v_over_sigma) ** n}


def later(budget_ratio: float, growth_per_year: float) -> dict[str, float]:
    return {"lag_years": math.log(budget_ratio) / math.log(growth_per_year)}


def spending(form: str, v: float, L: float, alpha: float, beta: float = 1.0) -> dict[str, float]:
    if form == "S1":
        return {"z": max((v * beta * alpha * L) ** (1 / (beta + 1)) - 1, 0) / alpha}
    inside = -alpha * v * L * math.log(v)
    return {"z": math.log(1 / inside) / (alpha * math.log(v)) if inside > 1 else 0.0}


def scaling(q: float, n: int) -> dict[str, float]:
    return {"exploitable": (1 - q**n) * q**n}


def clocks(
    weaponisation_rate: float, patch_rate: float, attack_rate: float, head_start: float = 0.0, rival_rate: float = 0.0
) -> dict[str, float]:
    lam, mu, kappa, nu = weaponisation_rate, patch_rate, attack_rate, rival_rate
    gone = math.exp(-(mu + nu) * head_start)
    return {"p_hit": (nu / (mu + nu) * (1 - gone) + gone) * lam / (lam + mu) * kappa / (kappa + mu)}


def withheld(s_own: float, s_rest: float, r: float) -> dict[str, float]:
    return {"lag_years": math.log((1 - s_rest) / (1 - s_own)) / r}


def simon(new_item_share: float) -> dict[str, float]:
    return {"pdf_exponent": 1 + 1 / (1 - new_item_share)}


def research(a_minus_A: float, b: float, gamma: float, beta: float) -> dict[str, float]:
    alone = a_minus_A * (2 - beta) / (4.5 * b * gamma - (2 - beta) * (1 + beta))
    joint = a_minus_A * (1 + beta) / (4.5 * b * gamma - (1 + beta) ** 2)
    return {"x_noncooperative": alone, "x_cooperative": joint}


def zones(b: float, c: float, B: float, W: float, s: float) -> dict[str, float]:
    aa, ab, ba, bb = b / 2 - c, b / (s + 1) - c, s * b / (s + 1), b / 2
    social = 1 - (aa + B / (2 * W)) / (bb + s * B / (2 * W))
    dominant = 1 - (aa + ab + B / (2 * W)) / (ba + bb + 3 * s * B / (2 * W))
    return {"p_r_social": social, "p_r_riskdom": dominant}


RATES = ("weaponisation_rate", "patch_rate", "attack_rate", "head_start", "rival_rate")
POINTS: list[tuple[str, Callable[..., dict[str, float]], dict[str, Any]]] = [
    *(
        ("abs_race", armstrong, {"n": n, "e": e, "mu": mu})
        for n, e, mu in ((2, 0.3, 0.5), (3, 0.01, 0.001), (10, 1.0, 3.0), (50, 0.2, 20.0), (200, 0.9, 150.0))
    ),
    *(
        ("quadratic_race", quadratic, {"n": n, "k": k, "w": w})
        for n, k, w in ((2, 1.0, 1.0), (2, 0.5, 1.0), (10, 2.0, 5.0), (1000, 5.0, 2.0), (3, 1e5, 0.1))
    ),
    *(
        ("unilateralist", curse, {"v_over_sigma": v, "n": n})
        for v, n in ((-3.0, 1), (-4.0, 20), (-2.0, 50), (0.5, 3), (2.0, 2))
    ),
    *(("access_lag", later, {"budget_ratio": b, "growth_per_year": g}) for b, g in ((1, 2), (10, 1.05), (1e6, 40))),
    *(
        ("gordon_loeb", spending, {"form": form, "v": v, "L": loss, "alpha": a, "beta": 2.0})
        for form in ("S1", "S2")
        for v, loss, a in ((0.01, 1e3, 1e-6), (0.3, 4e6, 1e-5), (0.9, 1e9, 1e-4))
    ),
    *(("offence_defence_scaling", scaling, {"q": q, "n": n}) for q, n in ((0.5, 1), (0.99, 69), (0.999, 10_000))),
    *(
        ("patch_race", clocks, dict(zip(RATES, x, strict=True)))
        for x in ((0.1, 0.05, 0.2, 30.0, 0.02), (1.0, 0.001, 0.01, 365.0, 0.0), (0.02, 0.5, 0.1, 3.0, 1.0))
    ),
    *(
        ("withholding_lag", withheld, {"s_own": own, "s_rest": rest, "r": r})
        for own, rest, r in ((0.5, 0.5, 1.0), (0.999, 0.0, 0.03), (0.1, 0.8, 2.0))
    ),
    *(
        ("rnd_spillovers", research, {"a_minus_A": size, "b": b, "gamma": gamma, "beta": beta})
        for size, b, gamma, beta in ((10.0, 2.0, 1.0, 0.2), (1.0, 0.5, 4.0, 0.9), (3.0, 1.0, 1.2, 0.6))
    ),
    *(
        ("dsair_thresholds", zones, {"b": b, "c": c, "B": prize, "W": rounds, "s": s})
        for b, c, prize, rounds, s in ((4.0, 1.0, 1e4, 300, 2.0), (8.0, 0.5, 10.0, 50, 1.2), (2.0, 0.0, 1e5, 1e3, 5.0))
    ),
    *(("popularity_growth", simon, {"new_item_share": a}) for a in (0.01, 0.4, 0.7)),
]  # fmt: skip


@pytest.mark.parametrize(("model", "closed_form", "inputs"), POINTS)
def test_kernels_give_the_closed_form(model: str, closed_form: Callable[..., Any], inputs: dict[str, Any]) -> None:
    obtained = dock(model, inputs)
    for output, expected in closed_form(**inputs).items():
        assert close(obtained[output], expected, 2e-3), (output, expected, obtained[output])


@pytest.mark.parametrize("model", MODELS)
def test_listed_cases(model: str) -> None:
    listed = cases()[model]
    assert listed["cases"]
    for case in listed["cases"]:
        obtained = dock(model, case["inputs"])
        for output, expected in case["expected"].items():
            assert close(obtained[output], expected, listed["rtol"]), (case, output, obtained[output])


def test_every_listed_model_exists() -> None:
    assert set(cases()) == set(MODELS)


def test_two_strategies_balance_between_their_takeovers() -> None:
    inputs = {"b": 4, "c": 1, "B": 1e4, "Z": 20, "W": 100, "s": 1.5, "p_r": 0.7, "beta": 0.02}
    pair, three = (dock("dsair_stationary", {**inputs, "conditional": answer}) for answer in ("no", "yes"))
    assert set(pair) == {"safe", "unsafe"} and pair["safe"] + pair["unsafe"] == pytest.approx(1)
    assert set(three) == {"safe", "unsafe", "conditional"} and sum(three.values()) == pytest.approx(1)
    assert dock("dsair_stationary", inputs) == pair
    assert "conditional" in dock("dsair_stationary", {**inputs, "W": 1e6})


@pytest.mark.parametrize(("theta", "sign"), [(0.4, -1), (1.6, 1)])
def test_safety_rises_with_compute_price_only_above_the_ratio(theta: float, sign: int) -> None:
    inputs = {"n": 3, "A": 2, "B": 1, "alpha": 1, "beta": 1, "theta": theta, "d": 0.2, "sigma": "winner_only"}
    cheap, dear = (dock("spt_equilibrium", {**inputs, "r": r})["s"] for r in (0.01, 0.02))
    assert np.sign(dear - cheap) == sign


def test_price_competition_rests_where_the_first_order_conditions_hold() -> None:
    alpha, cost, qualities, free = 2.0, 0.5, [1.0, 3.0, 4.5], 0.2
    found = dock("logit_bertrand", {"mc": cost, "alpha": alpha, "qualities": qualities, "open_utility": free})
    prices = np.array(found["prices"])
    strength = np.exp(np.array(qualities) - alpha * prices)
    total = 1 + strength.sum() + math.exp(free)
    np.testing.assert_allclose(found["shares"], strength / total, rtol=1e-5)
    np.testing.assert_allclose(prices - cost, 1 / (alpha * (1 - strength / total)), rtol=1e-5)
    assert close(found["consumer_surplus"], math.log(total) / alpha, 1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_the_kernels_named_are_called_and_decide(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = cases()[model]["cases"]
    for name in MODELS[model].kernels:
        module, function = name.split(".")
        kernel = __import__(f"sim.kernels.{module}", fromlist=[function])
        calls: list[int] = []
        original = getattr(kernel, function)

        def noted(*args: Any, _calls: list[int] = calls, _original: Any = original, **more: Any) -> Any:
            _calls.append(1)
            return _original(*args, **more)

        with monkeypatch.context() as patch:
            patch.setattr(kernel, function, noted)
            for case in listed:
                dock(model, case["inputs"])
        assert calls, name


@pytest.mark.parametrize("model", MODELS)
def test_the_kernels_named_belong_to_the_month(model: str) -> None:
    month = "\n".join(
        path.read_text("utf-8") for part in ("stages", "actors", "kernels") for path in (SIM / part).glob("*.py")
    )
    for name in MODELS[model].kernels:
        function = name.split(".")[1]
        assert month.count(f"{function}(") > month.count(f"def {function}("), name
