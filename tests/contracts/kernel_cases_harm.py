"""Inputs of the kernels of misuse, defence, catastrophe and enforcement."""

import numpy as np

from tests.contracts.kernel_inputs import (
    CLASSES,
    DOMAINS,
    LABS,
    MEMBERS,
    PLACES,
    RNG,
    SLICES,
    Inputs,
    columns,
    draw,
    flag,
    labs,
    shares,
    unit,
)


def misuse(rng: RNG) -> dict[str, Inputs]:
    routes = {name: unit(rng, 4) for name in ("friction", "detection", "uniforms")}
    rising = np.add.accumulate(unit(rng, DOMAINS, CLASSES, SLICES) / 4, axis=-1)
    return {
        "uplift": {"cumulative": rising, "first": 24.0, "step": 0.25, "capability": draw(rng, 23, 28, DOMAINS)},
        "through_safeguards": {"full": draw(rng, 0, 3, LABS), "passed": unit(rng, LABS)},
        "jailbreak_share": {
            **labs(rng, persistence=(0, 1), flaws=(-0.5, 2)), **columns(rng, attack_knowledge=(0, 1)), "years": 2.0,
        },
        "gives_up": labs(rng, leave=(0, 1), persistence=(0, 1)),
        "success": labs(rng, log_odds=(-6, 3)),
        "route_choice": {
            "log_success": np.log(unit(rng, 4)), **routes, "available": flag(rng, 4),
            **columns(rng, p_noise=(0.3, 1), p_aversion=(1, 8)),
        },
        "local_friction": {**columns(rng, model_log10_flop=(24, 28)), "years": 2.0, "resources": unit(rng, 4)},
        "open_friction": {"own": draw(rng, 0, 3, 4), **columns(rng, interface=(0, 2), hosted=(0, 1))},
        "exposure": {"years": 3.0},
        "found": {"seen": unit(rng, DOMAINS, 6)},
        "accepted_again": {"accepted": unit(rng, DOMAINS)},
        "turnover_thresholds": {name: unit(rng, DOMAINS) for name in ("active_share", "target")},
        "entry_target": {"profit_ratio": draw(rng, 0, 4, DOMAINS)},
        "incidents": columns(rng, ai_events=(0, 1)),
        "reported_share": {"monitoring": unit(rng, DOMAINS, 6), "duty": unit(rng, PLACES)},
        "realised": {
            "expected": draw(rng, 1, 1e9, DOMAINS), "events": draw(rng, 0, 1e4, DOMAINS),
            "spread": draw(rng, 1, 60, DOMAINS), "normal": draw(rng, -2, 2, DOMAINS),
        },
        "exposure_window": columns(rng, exploit_days=(0, 30), patch_days=(1, 60)),
    }  # fmt: skip


def defence(rng: RNG) -> dict[str, Inputs]:
    state = (DOMAINS, CLASSES, SLICES)
    return {
        "patched": {
            "unpatched": unit(rng, *state), "reachable": unit(rng, 1, CLASSES, SLICES),
            "speed": draw(rng, 0, 3, DOMAINS, CLASSES),
        },
        "exposed": {"unpatched": unit(rng, *state)},
        "exposed_margin": {
            "unpatched": unit(rng, *state), "within": unit(rng, DOMAINS, SLICES), "class_share": unit(rng, CLASSES),
        },
        "accumulate": {"exposed_slices": unit(rng, *state), "from_threshold": unit(rng, DOMAINS, SLICES), "step": 0.25},
        "tool_target": {
            "capability": draw(rng, 24, 29, DOMAINS, CLASSES), "gain": draw(rng, 1, 2, CLASSES),
            "threshold": draw(rng, 25, 27, DOMAINS), **columns(rng, commons=(0, 1)),
        },
        "tool_step": {"tools": unit(rng, 20), "target": draw(rng, 0, 2, 20)},
        "gordon_loeb": labs(rng, vulnerability=(0, 1), loss=(0, 50), productivity=(0.5, 2), exponent=(0.1, 2)),
        "gordon_loeb_second": labs(rng, vulnerability=(0.01, 0.99), loss=(0, 50), productivity=(0.5, 2)),
        "spending": {"loss_ratio": draw(rng, 0, 9, DOMAINS), "information": unit(rng, DOMAINS, CLASSES)},
        "investment_step": labs(rng, invested=(0, 1), spent=(0, 3), lost=(0, 0.2)),
        "informed": {"reported": unit(rng, DOMAINS, PLACES)},
        "aged": {"gained": draw(rng, 0, 0.5, DOMAINS)},
        "patch_days": columns(rng, effort=(0.5, 3)),
        "unpatched_after": {"days": 28.0, **columns(rng, effort=(0.5, 3))},
        "exploit_days": columns(rng, capability=(25, 29), reference=(24, 25)),
    }  # fmt: skip


def catastrophe(rng: RNG) -> dict[str, Inputs]:
    return {
        "misuse_hazard": columns(rng, attempts=(0, 9), beyond_recall=(0, 1), screening=(0, 1), tools=(0, 2)),
        "accident_hazard": columns(rng, laboratory=(0, 0.1), closeness=(0, 1)),
        "correlated_hazard": {"shares": shares(rng, LABS), **columns(rng, capability=(25, 29), flaws=(0, 9))},
        "happens": columns(rng, hazard=(0, 2), uniforms=(0, 1)),
    }


def enforcement(rng: RNG) -> dict[str, Inputs]:
    place = {name: draw(rng, -1 if name == "noise" else 0.05, 1, PLACES) for name in ("salience", "noise", "reported")}
    return {
        "salience_step": {**place, "trend": draw(rng, 0.5, 2, PLACES)},
        "stringency_step": {
            "stringency": unit(rng, PLACES), "salience": draw(rng, 0, 0.3, PLACES),
            **columns(rng, concentration=(0, 1)),
        },
        "audits": {
            **labs(rng, uniforms=(0, 1)), "rate": unit(rng, LABS, PLACES),
            "bound": rng.integers(0, 9, (MEMBERS, PLACES)),
        },
        "breach_probability": labs(rng, penalty_share=(0, 0.1), rate=(0, 1), access=(0, 1)),
        "detected": {
            **labs(rng, access=(0, 1), uniforms=(0, 1)), "in_breach": flag(rng, LABS), "audited": flag(rng, LABS),
        },
        "penalties_due": {"pending": draw(rng, 0, 1e9, LABS, PLACES)},
        "comes_back": {"excess": unit(rng, LABS, PLACES), "uniforms": draw(rng, 0, 0.2, LABS, PLACES)},
        "relocates": {**labs(rng, burden_home=(0, 1), uniforms=(0, 0.02)), **columns(rng, burden_least=(0, 0.5))},
        "chilled": labs(rng, treaty=(0, 2)),
    }  # fmt: skip
