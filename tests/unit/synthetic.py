"""A made-up comparison for tests of figures and report: plausible shapes and sizes, no model behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.results.comparison import Comparison
from sim.results.runs import Results

NAMES = ("status_quo", "closed_frontier_bloc", "open_by_default", "staged_release")
TITLES = ("Status quo", "Closed frontier in a bloc of states", "Open by default", "Staged release & review")
START = 2024 * 12


@dataclass(frozen=True)
class Record:
    """As the records of `sim.outcomes`."""

    name: str
    label: str
    unit: str
    direction: str
    summary: str
    group: str = "harm"
    description: str = ""


OUTCOMES = {
    record.name: record
    for record in (
        Record("cumulative_harm", "Cumulative harm", "USD", "lower", "last"),
        Record("ai_attributable_harm_share", "Harm attributable to AI", "share", "lower", "mean"),
        Record("incidents", "Incidents", "incidents", "lower", "sum"),
        Record("catastrophe_probability", "Probability of a catastrophe", "probability", "lower", "last"),
        Record("cumulative_innovation", "Quality-weighted innovation", "quality units", "higher", "last"),
        Record("consumer_surplus", "Consumer surplus", "USD/month", "higher", "mean"),
        Record("api_revenue_hhi", "Concentration of API revenue", "HHI points", "lower", "mean"),
        Record("open_usage_share_enterprise", "Open share of enterprise use", "share", "neutral", "last"),
        Record("capability_lag_months", "Lag of open models", "months", "neutral", "mean"),
        Record("elo_gap", "Gap to the best open model", "Elo points", "neutral", "mean"),
        Record("frontier_training_flop", "Largest training run", "FLOP", "neutral", "last"),
        Record("median_days_to_patch", "Days until a flaw is patched", "days", "lower", "mean"),
    )
}


def results(
    names: tuple[str, ...] = NAMES, months: int = 120, replicates: int = 4, draws: int = 8, harm: float = 1.0
) -> Results:
    """Return made-up results: later scenarios are more open, from 2027 on."""
    parts = [_monthly(i, months, replicates, draws, harm) for i in range(len(names))]
    monthly = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    runs = replicates * draws
    details = [_details(i, part["cumulative_harm"]) for i, part in enumerate(parts)]
    return Results(
        monthly,
        tuple(name for name in names for _ in range(runs)),
        np.tile(np.repeat(np.arange(draws), replicates), len(names)),
        np.tile(np.arange(replicates), draws * len(names)),
        provenance(names, months, replicates, draws),
        {name: np.concatenate([part[name] for part in details]) for name in details[0]},
        {"harm_by_domain_route": ("domain", "route"), "harm_channels": ("channel",), "lab_shares": ("lab",)},
    )


def provenance(names: tuple[str, ...], months: int, replicates: int, draws: int) -> dict[str, Any]:
    """Return a provenance as the runner writes it, with prose and policies."""
    staged = [{"kind": "staged_release", "title": "Staged release", "start": "2027-01", "delay_months": 12.0}]
    scenarios = {
        name: {
            "title": title,
            "question": f"What does {title.lower()} change?",
            "story": f"A made-up story of {title.lower()}, one paragraph long, so that the page has something to show.",
            "policies": staged if i else [],
            "parameters": {"misuse.reconsider_share": 0.08} if i == 2 else {},
            "digest": f"{i:064x}",
        }
        for i, (name, title) in enumerate(zip(names, TITLES, strict=False))
    }
    known = {"version": "0.1.0", "seed": 7, "replicates": replicates, "draws": draws, "months": months, "start": START}
    command = f"aperture compare {' '.join(names)} --baseline status_quo -r {replicates} --draws {draws} --seed 7"
    more = {"python": "3.11.2", "numpy": "2.4.0", "worlds": ["default"], "command": command}
    return known | more | {"channels": ["jailbreak", "open_weights", "theft", "slow_patching"], "scenarios": scenarios}


def comparison(months: int = 120, replicates: int = 4, draws: int = 8, counterfactuals: bool = True) -> Comparison:
    """Return a made-up comparison of four scenarios."""
    runs = results(months=months, replicates=replicates, draws=draws)
    others = {}
    if counterfactuals:
        others["no_ai"] = results(months=months, replicates=replicates, draws=draws, harm=0.6)
        closed = results(("closed_frontier_universal",), months, replicates, draws)
        others["closed_frontier_universal"] = closed
    return Comparison(runs, "status_quo", others)


def _monthly(place: int, months: int, replicates: int, draws: int, harm: float) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    runs = replicates * draws
    luck = rng.normal(0, 1, (runs, 8))
    own = np.random.default_rng(50 + place).normal(0, 0.2, (runs, 8))
    t = np.arange(months)
    after = place * np.clip(t - 36, 0, None) / 84
    noise = rng.normal(0, 1, (runs, months))

    def level(k: int, spread: float, effect: float) -> np.ndarray:
        return np.exp(spread * (luck[:, k : k + 1] + own[:, k : k + 1] * (place > 0)) + effect * after)

    monthly_harm = 4e9 * harm * np.exp(0.021 * t) * level(0, 0.3, 0.12)
    lag = 9 + 2 * np.sin(t / 25) + luck[:, 4:5] - 1.2 * after + 0.3 * noise
    return {
        "cumulative_harm": np.cumsum(monthly_harm, axis=1),
        "ai_attributable_harm_share": np.clip(0.1 + 0.002 * t * level(1, 0.4, 0.05), 0, 1),
        "incidents": rng.poisson(np.broadcast_to(3 + 0.2 * t + 4 * after, (runs, months))).astype(float),
        "catastrophe_probability": 1 - np.exp(-np.cumsum(4e-6 * t * level(2, 0.8, 0.05), axis=1)),
        "cumulative_innovation": np.cumsum(40 * np.exp(0.015 * t) * level(3, 0.2, 0.25), axis=1),
        "consumer_surplus": 3e9 * np.exp(0.03 * t) * level(4, 0.2, 0.05),
        "api_revenue_hhi": 2600 + 200 * luck[:, 5:6] - 260 * after + 30 * noise,
        "open_usage_share_enterprise": 1 / (1 + np.exp(1.6 - 0.5 * after + 0.2 * luck[:, 6:7] + 0 * t)),
        "capability_lag_months": lag,
        "elo_gap": np.where(t < 3, np.nan, 9.5 * lag),
        "frontier_training_flop": 10 ** (25.4 + 0.05 * t * (1 - 0.01 * place) + 0.15 * luck[:, 7:8]),
        "median_days_to_patch": np.clip(40 - 0.1 * t - 2 * after + noise, 1, None),
    }


def _details(place: int, cumulative: np.ndarray) -> dict[str, np.ndarray]:
    runs, months = cumulative.shape
    monthly = np.diff(cumulative, axis=1, prepend=0)
    domains = np.array([0.5, 0.3, 0.18, 0.02])
    t = np.arange(months)[:, None]
    routes = np.array([3.0, 1.2, 0.6, 0.2]) * np.ones((months, 1))
    routes[:, 2:3] += place * np.clip(t - 36, 0, None) / 84
    routes /= routes.sum(axis=1, keepdims=True)
    channels = np.array([0.3, 0.4, 0.1, 0.2])
    labs = np.random.default_rng(9).dirichlet([8, 5, 3, 2, 1, 1], (runs, months)) * (0.95 - 0.03 * place)
    return {
        "harm_by_domain_route": monthly[:, :, None, None] * domains[:, None] * routes[None, :, None, :],
        "harm_channels": monthly[:, :, None] * channels * (1 + 0.1 * place * np.array([-1, 1, 0.2, 0.1])),
        "lab_shares": labs,
    }
