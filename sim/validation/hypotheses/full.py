"""Hypotheses that are looked for in the whole month, on paired runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.parameters import REGISTRY
from sim.policies import POLICIES, Policy, absolute_month
from sim.validation.hypotheses.records import Contrast, Hypothesis, Monthly, Variant, between, mean_of, relative

F64 = NDArray[np.float64]

EARLY = absolute_month(2000, 1)
"""Policies are in force from the first month."""
EVERYWHERE = ("us", "eu", "china", "rest")


def policy(kind: str, **fields: Any) -> Policy:
    """A policy in force everywhere from the first month."""
    return POLICIES[kind](start=EARLY, jurisdictions=EVERYWHERE, **fields)


def welfare(monthly: Monthly) -> F64:
    """Consumer surplus and the value of innovations, USD a month."""
    value = float(str(REGISTRY["innovation.value_usd"].default))
    return np.asarray((monthly["consumer_surplus"] + value * monthly["cumulative_innovation"]).mean(axis=1))


FLYWHEEL = {
    name: {"innovation.flywheel_gain": 0.3 * part, "release.ecosystem_gain": 1.5 * part}
    for name, part in (("weak", 0.0), ("middle", 0.5), ("strong", 1.0))
}
TRANSPARENT = policy("transparency_mandate", floor=0.9)
OPEN = policy("mandate_open", value=0.0)
SHARED = tuple(
    policy(kind, share=share) for kind, share in (("public_compute", 0.8), ("complement_access", 0.9))
)  # fmt: skip
CONCENTRATED = {
    "market.complement_weight": 1.5, "initial.capital_sd": 1.2, "release.complement_gain": 1.6,
    "market.host_concentration": 2.0,
}  # fmt: skip


def by_flywheel(*policies: Policy) -> dict[str, Variant]:
    """A variant for each strength of the flywheel."""
    return {name: Variant(policies, values) for name, values in FLYWHEEL.items()}


def leaders_against_all(runs: Mapping[str, Monthly]) -> F64:
    """How much rarer the leader's weights are out than those of all releases."""
    base = runs["base"]
    return np.asarray((base["leader_open"] - base["open_release_share"]).mean(axis=1))


def large_against_all(runs: Mapping[str, Monthly]) -> F64:
    """How much rarer weights are out among the largest runs than among all."""
    base = runs["base"]
    return np.asarray((base["open_release_share_1e25"] - base["open_release_share"])[:, 12:].mean(axis=1))


LATER = 24
"""Months after which prices and shares have answered to a policy of the first month."""

HYPOTHESES = (
    Hypothesis(
        "flywheel_openness",
        "Openness is not monotone in the strength of the flywheel: least at middle strength.",
        "Xu, Wang, Chen & Xie 2025",
        "Status quo; what returns to owners from outside use and work: none, half of the largest, the largest.",
        (
            Contrast("open share of releases, middle less none", -1,
                     between(mean_of("open_release_share"), "middle", "weak")),
            Contrast("open share of releases, middle less strong", -1,
                     between(mean_of("open_release_share"), "middle", "strong")),
        ),
        {**by_flywheel(), **{
            f"use {name}": Variant((), {"innovation.flywheel_gain": values["innovation.flywheel_gain"]})
            for name, values in FLYWHEEL.items()
        }},
        (Contrast("the same, only use returns: strong less none", -1,
                  between(mean_of("open_release_share"), "use strong", "use weak")),),
        "Two forces are in the model and each is monotone: returns from outside work draw developers to open, returns "
        "from use make leaders stronger and so closed. The published bend needs a leader that foresees how its own "
        "openness teaches rivals. Developers here look one release ahead and do not foresee that.",
    ),
    Hypothesis(
        "transparency_welfare",
        "A transparency mandate can lower welfare at a middle strength of the flywheel.",
        "Xu, Wang, Chen & Xie 2025",
        "Mandate to publish nine tenths of methods against none, at three strengths of the flywheel; welfare is "
        "consumer surplus and the value of innovations.",
        (Contrast("log welfare, mandate less none, middle strength", -1,
                  relative(welfare, "mandate middle", "middle")),),
        {**by_flywheel(), **{f"mandate {name}": variant for name, variant in by_flywheel(TRANSPARENT).items()}},
        (),
        "A mandate costs developers a percent or two of their budget and teaches rivals more; it does not make a "
        "developer close what it would have opened, which is how welfare falls in the published model.",
    ),
    Hypothesis(
        "laggards_open",
        "Laggards open and leaders close.",
        "Patterns B13 and B17; models of strategic openness",
        "Status quo: nothing in the model knows ranks.",
        (
            Contrast("leader's weights out, less the open share of releases", -1, leaders_against_all),
            Contrast("open share of runs from 1e25 FLOP, less that of all", -1, large_against_all),
        ),
        {"base": Variant()},
    ),
    Hypothesis(
        "profit_moves",
        "Opening does not cut concentration of profit where complements are concentrated, but cuts that of use, and "
        "prices; once they are shared it cuts both.",
        "Azoulay, Krieger & Nagaraj 2024; Widder, Whittaker & West 2024",
        "Mandate to open everything against none, in a world of concentrated complements, and there with compute and "
        "complements shared.",
        (
            Contrast("complement owners' share of payments, opened", 1,
                     between(mean_of("complement_owner_share", LATER), "opened", "concentrated")),
            Contrast("concentration of use, opened", -1,
                     between(mean_of("usage_hhi", LATER), "opened", "concentrated")),
            Contrast("price of the best model, opened", -1,
                     between(mean_of("flagship_price", LATER), "opened", "concentrated")),
            Contrast("complement owners' share, opened and shared", -1,
                     between(mean_of("complement_owner_share", LATER), "both", "concentrated")),
            Contrast("concentration of use, opened and shared", -1,
                     between(mean_of("usage_hhi", LATER), "both", "concentrated")),
        ),
        {
            "concentrated": Variant((), CONCENTRATED), "opened": Variant((OPEN,), CONCENTRATED),
            "both": Variant((*SHARED, OPEN), CONCENTRATED),
        },
        (Contrast("concentration of revenue over all payees, opened", 1,
                  between(mean_of("api_revenue_hhi", LATER), "opened", "concentrated")),),
        "Measured over payees the index of revenue falls, since several hosts share what one developer had; that "
        "profit moves to owners of complements shows in their share, not in the index.",
    ),
    Hypothesis(
        "downstream_only",
        "Weak regulation of those downstream alone backfires: those upstream do less for safety.",
        "Laufer, Kleinberg & Heidari 2025",
        "Builders and hosts bear three tenths of harm, developers none, against no liability.",
        (Contrast("safety effort of developers", -1, between(mean_of("safety_effort"), "downstream", "none")),),
        {
            "none": Variant(), "downstream": Variant((policy("liability", developer=0.0, downstream=0.3),)),
            "both": Variant((policy("liability", developer=0.3, downstream=0.3),)),
        },
        (
            Contrast("log of innovations, downstream alone", -1,
                     relative(mean_of("cumulative_innovation"), "downstream", "none")),
            Contrast("safety effort, developers liable as well", 1, between(mean_of("safety_effort"), "both", "none")),
        ),
        "Developers do not look at duties of those who build on their models, so they cannot lean on them; safety "
        "upstream stays as it was to the last bit. What such a rule does is deter innovation; laid on developers too, "
        "it raises safety, as in the published remedy.",
    ),
    Hypothesis(
        "attackers_first",
        "Growth of capability that both sides share helps attackers first and defenders later.",
        "Garfinkel & Dafoe 2019",
        "Algorithms that improve by .55 against .40 OOM a year, twelve years.",
        (
            Contrast("log harm that AI adds, first four years", 1,
                     relative(mean_of("ai_attributable_harm", 0, 48), "fast", "slow")),
            Contrast("log harm in cyber, last four years", -1, relative(mean_of("harm_cyber", 96), "fast", "slow")),
        ),
        {name: Variant((), {"capability.knowledge_growth": g}) for name, g in (("slow", 0.40), ("fast", 0.55))},
        (Contrast("log harm in cyber, with and without AI, first four years", 1,
                  relative(mean_of("harm_cyber", 0, 48), "fast", "slow")),),
        "Of the harm that AI adds attackers get theirs first. Better tools stop other intrusions as well: counted with "
        "those, faster growth helps defenders from the start.",
        months=144,
    ),
    Hypothesis(
        "public_information",
        "Public information about capability is safer than private, except where capability is decisive.",
        "Armstrong, Bostrom & Shulman 2016; Emery-Xu, Park & Trager 2024",
        "The race of the month with private and with public capability (`safety.form`), where safety decides "
        "(`safety.race_scale` .3) and where capability does (4).",
        (
            Contrast("safety effort, public less private, safety decides", 1,
                     between(mean_of("safety_effort", LATER), "public 0.3", "private 0.3")),
            Contrast("safety effort, public less private, capability decides", -1,
                     between(mean_of("safety_effort", LATER), "public 4", "private 4")),
        ),
        {
            f"{name} {scale:g}": Variant((), {"safety.form": f"race_{name}", "safety.race_scale": scale})
            for name in ("private", "public") for scale in (0.3, 4.0)
        },
    ),
)  # fmt: skip
