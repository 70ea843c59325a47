"""Slow twins of the behavioural kernels: one agent, one month, plain numbers.

Each function says again, in the simplest words of Python, what a kernel says in arrays: loops instead of broadcasting, ``math`` instead
of NumPy, double precision. Parameters of one member come as a mapping from a field of the kernel's record to a number, or to a list
along the field's index (domain, segment, route, kind, jurisdiction). Nothing here is fast; a test holds that both say the same.
"""

from tests.reference.developers import (
    adjust_effort,
    audited,
    bertrand_price,
    breach_probability,
    choose_regime,
    clear_segment,
    copy_effort,
    estimated_risk,
    expected_share,
    market_utilities,
    payments,
    permitted,
    price,
    proven,
    regime_payoff,
    salience,
    segment_shares,
    stringency,
    survival,
    training_budget,
    unit_cost,
)
from tests.reference.populations import (
    adopt_tools,
    base_utilities,
    choose_base,
    choose_route,
    download,
    entry_target,
    expected_harm,
    exposed_capability,
    follow_on,
    gain_experience,
    innovation_rate,
    invest,
    jailbreak_share,
    leave_and_enter,
    local_friction,
    patch,
    success,
    through_safeguards,
    turn_over,
    uplift,
)

__all__ = [
    "adjust_effort", "adopt_tools", "audited", "base_utilities", "bertrand_price", "breach_probability", "choose_base",
    "choose_regime", "choose_route", "clear_segment", "copy_effort", "download", "entry_target", "estimated_risk",
    "expected_harm", "expected_share", "exposed_capability", "follow_on", "gain_experience", "innovation_rate", "invest",
    "jailbreak_share", "leave_and_enter", "local_friction", "market_utilities", "patch", "payments", "permitted", "price",
    "proven", "regime_payoff", "salience", "segment_shares", "stringency", "success", "survival", "through_safeguards",
    "training_budget", "turn_over", "unit_cost", "uplift",
]  # fmt: skip
