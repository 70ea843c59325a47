"""Random but admissible inputs for every public function of every kernel."""

from collections.abc import Callable
from inspect import signature

import numpy as np

from sim.actors.labs import RELEASE_ATTRIBUTES
from tests.contracts.kernel_cases_harm import catastrophe, defence, enforcement, misuse
from tests.contracts.kernel_inputs import (
    KINDS,
    LABS,
    MEMBERS,
    OPTIONS,
    PLACES,
    REGIMES,
    RNG,
    SEGMENTS,
    Inputs,
    columns,
    draw,
    flag,
    labs,
    shares,
    unit,
)
from tests.support import KERNELS, kernel, sampled

WITHOUT_MEMBERS = {
    "misuse.slices_reached": "a length, the same for all members",
    "picks.places": "flat places differ by member by design",
    "picks.counted": "takes flat places",
    "picks.where": "gives flat places",
    "picks.pick": "takes rows of a table that events share",
}
"""Public functions for which "member m depends only on member m" says nothing, and why."""


def _capability(rng: RNG) -> dict[str, Inputs]:
    return {
        "compute_price": {"year": 2025.5},
        "largest_run": {"year": 2028.25},
        "training_flop": {
            **labs(rng, spend_usd=(1e6, 1e9), levy=(0, 0.3), cap=(24, 30), collective=(0, 1), shock=(-2, 2)),
            "year": 2026.0,
        },
        "without_data": labs(rng, data=(0, 1)),
        "effective_research": labs(rng, research_usd=(0, 1e10), labour=(0, 1)),
        "knowledge_step": {
            **labs(rng, knowledge=(-1, 2), research_usd=(0, 1e10)),
            **columns(rng, open_share=(0, 1), frontier=(1, 2)), "public": unit(rng, LABS),
        },
        "public_step": {
            **labs(rng, knowledge=(0, 2)), "spillover": unit(rng, PLACES, LABS), "public": unit(rng, PLACES),
            "deployed": flag(rng, LABS),
        },
        "distillation": {**labs(rng, base=(24, 27)), **columns(rng, teacher=(25, 28))},
        "best_teacher": {**labs(rng, base=(24, 27)), **columns(rng, open_best=(24, 27), api_best=(25, 28))},
        "training_interval": labs(rng, position=(0, 1), uniforms=(0.001, 0.999)),
        "at_the_frontier": {**labs(rng, capability=(25, 27)), **columns(rng, frontier=(26, 27))},
        "position": {**labs(rng, capability=(24, 27)), **columns(rng, frontier=(26, 27))},
    }  # fmt: skip


def _release(rng: RNG) -> dict[str, Inputs]:
    choice = (LABS, REGIMES)
    return {
        "true_risk": labs(rng, capability=(26, 30)),
        "estimated_risk": labs(rng, capability=(26, 30), noise=(-2, 2), evidence_share=(0, 1)),
        "expected_share": {
            **labs(rng, capability=(24, 27), current=(24, 27)), "active": flag(rng, LABS),
            **columns(rng, open_best=(24, 26)),
        },
        "launch_left": columns(rng, market_usd=(1e8, 1e12), reference_usd=(1e9, 5e9)),
        "payoffs": {
            **labs(
                rng, share=(0, 1), stake=(0, 1), taste=(-1, 1), risk=(0, 1), liability=(0, 1), liability_cap=(0, 3),
                relief=(0, 1), prize=(0, 1), compliance=(0, 0.2),
            ),
            "row": {name: unit(rng, REGIMES) for name in RELEASE_ATTRIBUTES},
        },
        "permitted": {
            "metrics": unit(rng, LABS, KINDS), "thresholds": draw(rng, 0, 3, LABS, REGIMES, KINDS),
            "choosable": np.arange(REGIMES) < 5,
        },
        "licensed": {
            "capability": draw(rng, 24, 31, 3), "strictness": unit(rng, 3, REGIMES),
            "row": {name: unit(rng, REGIMES) for name in ("safeguard_persistence", "revocability")},
        },
        "tolerated": {
            **labs(rng, risk=(0, 1), ceiling=(0, 1)), "exposed": unit(rng, REGIMES), "permitted": flag(rng, *choice),
        },
        "choose": {"utility": draw(rng, -2, 2, *choice), "allowed": flag(rng, *choice), "uniforms": unit(rng, *choice)},
        "held_back": {**labs(rng, months=(0, 12)), **columns(rng, growth=(0, 0.2))},
        "staged_opens": labs(rng, uniforms=(0, 1), flaws=(0, 9), surge=(0, 2)),
    }  # fmt: skip


def _safety(rng: RNG) -> dict[str, Inputs]:
    return {
        "survival": {**labs(rng, effort=(0.02, 0.98)), **columns(rng, returns=(1, 30))},
        "effort_step": {**labs(rng, effort=(0.02, 0.98), share=(0, 1), liability=(0, 1)), "closeness": unit(rng, 1)},
        "effort_pull": {**labs(rng, effort=(0.02, 0.98), share=(0, 1), liability=(0, 1)), "closeness": unit(rng, 1)},
        "race_effort": {**labs(rng, capability=(0, 1), lead=(-1, 1)), **columns(rng, rivals=(1, 11))},
        "approach": labs(rng, effort=(0.02, 0.98), wanted=(0, 1)),
        "imitate": {
            **labs(rng, effort=(0, 1), model_effort=(0, 1), earnings=(0, 9), model_earnings=(0, 9), uniforms=(0, 0.05)),
            **columns(rng, spread=(1, 4)),
        },
        "accident_hazard": {
            **labs(rng, capability=(25, 28), effort=(0, 1), flaws=(0, 9)), **columns(rng, outside=(0, 1)),
            "active": flag(rng, LABS),
        },
        "performance_lost": labs(rng, effort=(0, 1)),
    }  # fmt: skip


def _security(rng: RNG) -> dict[str, Inputs]:
    return {
        "theft_hazard": {**labs(rng, rate_per_year=(0, 3), level=(1, 5)), "years": 3.0},
        "criminal_rate": labs(rng, rate_per_year=(0, 3), level=(1, 5)),
        "level_step": labs(rng, level=(1, 5), capability=(24, 30), floor=(1, 5)),
        "diffuse": {**labs(rng, held=(24, 27), next_tier=(23, 27), uniforms=(0, 1)), **columns(rng, months=(1, 20))},
        "strip_hazard": labs(rng, flop_log10=(23, 28), tamper=(0, 1)),
        "strip_ease": labs(rng, size_log10=(23, 28)),
    }


def _market(rng: RNG) -> dict[str, Inputs]:
    option = {name: unit(rng, OPTIONS) for name in ("price", "customisability", "distribution", "hosted")}
    deep, slope, frontier = (SEGMENTS, OPTIONS), draw(rng, 0.1, 0.5, 1), draw(rng, 26, 27, 1)
    return {
        "segment_sizes": columns(rng, frontier=(25, 30), reference=(24, 25)),
        "demand_response": {"paid": draw(rng, 0.5, 9, SEGMENTS), "served": flag(rng, SEGMENTS).astype(np.float32)},
        "surplus": {name: draw(rng, 0.1, 9, SEGMENTS) for name in ("demand_usd", "response", "gained")},
        "unit_cost": {**labs(rng, capability=(23, 27)), "frontier": frontier},
        "bertrand_price": {**labs(rng, cost=(0, 1), share=(0, 1)), "sensitivity": slope},
        "price_step": {**labs(rng, price=(0, 9), cost=(0, 1), share=(0, 1)), "sensitivity": slope},
        "utilities": {"relative": draw(rng, -2, 0, OPTIONS), **option, "available": flag(rng, OPTIONS)},
        "nested_shares": {"utility": draw(rng, -3, 3, *deep), "family": rng.integers(0, LABS, (MEMBERS, OPTIONS))},
        "brand_step": {**labs(rng, brand=(0, 1), used=(0, 1)), "known": flag(rng, 1)},
        "share_step": {
            "held": shares(rng, *deep), "wanted": shares(rng, *deep), "available": flag(rng, OPTIONS),
            **columns(rng, interoperability=(0, 1)),
        },
        "spread": {
            "use": unit(rng, OPTIONS), "family": rng.integers(0, LABS, (MEMBERS, OPTIONS)), "families": LABS,
        },
        "revenue": {"share": shares(rng, *deep), "price": unit(rng, OPTIONS), "size": draw(rng, 1, 1e9, SEGMENTS)},
        "firms_of_hosts": {},
        "host_split": {},
        "rating_gap": {name: draw(rng, 24, 27) for name in ("leading", "following")},
        "prospect": {**labs(rng, capability=(23, 27)), "frontier": frontier},
        "budget_step": {
            **labs(rng, budget=(1e6, 1e9), own_revenue=(0, 1e10), position=(0, 1)), "market": draw(rng, 1e9, 1e11, 1),
        },
        "raises_funds": {**labs(rng, runway=(0, 12), capability=(24, 27), uniforms=(0, 1)), "frontier": frontier},
        "asset_at_hand": {**labs(rng, asset=(0, 1), shared=(0, 1)), **columns(rng, best=(0, 1))},
        "serving_cost": {**labs(rng, capability=(23, 27), cloud=(0, 1)), "frontier": frontier},
        "promise": columns(rng, market=(1e9, 1e11), earned=(0, 1e11)),
        "entry_hazard": columns(rng, open_best=(24, 27), frontier=(26, 27), open_use=(0, 1), ventures=(0, 3)),
    }  # fmt: skip


def _innovation(rng: RNG) -> dict[str, Inputs]:
    option = {"relative": draw(rng, -2, 0, OPTIONS), "customisability": unit(rng, OPTIONS)}
    traits = np.array([0, 1, 1], np.float32)
    artefacts = {
        name: draw(rng, 0, high, 20) for name, high in (("downloads", 999), ("weight", 30), ("poisoned", 0.01))
    }
    return {
        "base_utility": {
            **option, "price": unit(rng, OPTIONS), "popularity": unit(rng, OPTIONS), "need": traits,
            "permissive": unit(rng, OPTIONS), "budget": 1 - traits, "available": flag(rng, 3, OPTIONS),
            "frameworks": unit(rng, OPTIONS),
        },
        "cumulative_shares": {"utility": draw(rng, -4, 4, 3, OPTIONS)},
        "follow_on": {name: unit(rng, OPTIONS) for name in ("weights", "code", "data", "research")},
        "innovation_rate": {
            **option, "access": unit(rng, OPTIONS), "need": traits,
            **columns(rng, frontier=(25, 29), reference=(24, 25), stock=(0, 9)),
        },
        "popularity_step": {
            "log_quality": draw(rng, -4, 4, 20), "age_months": rng.uniform(0, 40, (1, 20)).astype(np.float32),
            "downloads": artefacts["downloads"], "weight": artefacts["weight"], **columns(rng, total=(1, 1e5)),
        },
        "ventures": columns(rng, innovations=(0.001, 0.1)),
        "returned": labs(rng, flywheel=(0, 1), use=(0, 1), builders=(0, 1)),
        "poisoned_share": {"fresh": unit(rng, 20), "family": unit(rng, 20)},
        "poisoned_exposure": {**artefacts, **columns(rng, screening=(0, 1))},
    }  # fmt: skip


def _oversight(rng: RNG) -> dict[str, Inputs]:
    seek = labs(rng, hidden=(0, 9), access=(0, 1), documentation=(0, 1), open_builders=(0, 1))
    return {
        "flaws_at_release": labs(rng, capability=(25, 28), effort_survival=(0, 1), inherited=(0, 9)),
        "found": {**seek, **columns(rng, evaluators=(1, 3))},
        "resolve": labs(rng, known=(0, 9), new=(0, 9), weights=(0, 1)),
        "attack_knowledge_step": columns(rng, knowledge=(0, 1), found_open=(0, 9), fixed_open=(0, 9)),
    }


def _shared(rng: RNG) -> tuple[dict[str, Inputs], dict[str, Inputs]]:
    x = {"x": draw(rng, 0.1, 9, LABS)}
    choice = {
        "exp10": x, "log10": x, "logistic": x, "gumbel": {"uniforms": unit(rng, LABS)},
        "fermi": {"gain": x["x"], "intensity": unit(rng, 1)},
        "soft_minimum": {**x, "ceiling": draw(rng, 1, 9, 1)}, "concentration": {"amounts": x["x"]},
    }  # fmt: skip
    index = rng.integers(0, LABS, (MEMBERS, 12))
    picks = {
        "rows": {"table": x["x"], "index": index},
        "grouped": {"index": index - 1, "weights": unit(rng, 12), "groups": LABS},
    }
    return choice, picks


def _races(rng: RNG) -> dict[str, Inputs]:
    firms = columns(
        rng, rivals=(1, 11), safety_scale=(1, 30), performance_scale=(1, 30), safety_returns=(0.25, 1.5),
        performance_returns=(0.25, 1.5), coupling=(0, 1.5), disaster=(0, 2), price=(0.005, 0.1),
    )  # fmt: skip
    setting = {"population": np.rint(draw(rng, 2, 12, 1)), **columns(rng, intensity=(0.001, 0.1)), "most": 24}
    duopoly = {**labs(rng, spillover=(0, 1), market=(1, 9)), **columns(rng, cost=(1.2, 6))}
    return {
        "tradeoff_equilibrium": {**firms, "winner_only": False},
        "race_payoffs": columns(
            rng, benefit=(2, 8), cost=(0.3, 2), prize=(100, 1e5), rounds=(20, 1e4), speed=(1.1, 3), risk=(0, 1)
        ),
        "takeover": {"payoff": draw(rng, 0, 90, 3, 3), "resident": 0, "mutant": 1, **setting},
        "stationary_shares": {"payoff": draw(rng, 0, 90, 3, 3), **setting},
        "research_reply": {**duopoly, **labs(rng, rival=(0, 3)), "joint": True},
        "research_at_rest": {**duopoly, "joint": False},
    }


MAKERS: dict[str, Callable[[RNG], dict[str, Inputs]]] = {
    "capability": _capability, "release": _release, "safety": _safety, "security": _security, "market": _market,
    "innovation": _innovation, "oversight": _oversight, "misuse": misuse, "defence": defence,
    "catastrophe": catastrophe, "enforcement": enforcement, "choice": lambda rng: _shared(rng)[0],
    "picks": lambda rng: _shared(rng)[1], "races": _races,
}  # fmt: skip


def cases() -> dict[str, Inputs]:
    """Inputs of every function by ``kernel.function``; `p` holds another draw from the prior in each member."""
    out = {}
    for seed, (name, make) in enumerate(MAKERS.items()):
        record = sampled(name, MEMBERS) if name in KERNELS else None
        for function, inputs in make(np.random.default_rng(seed)).items():
            wants = "p" in signature(getattr(kernel(name), function)).parameters
            out[f"{name}.{function}"] = {**inputs, "p": record} if wants else inputs
    return out
