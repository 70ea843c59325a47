"""The counterfactuals that outcomes are measured against: closed-only, and no AI uplift to misuse at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario

CLOSED = "closed_frontier"
"""The scenario that stands for closed-only; its title names what it covers."""
NO_AI = {"misuse.enabled": 0.0}
"""Parameters without AI uplift: the same policies, population and background harm."""


def counterfactuals(
    scenarios: Sequence[Scenario], worlds: Sequence[str], settings: Sequence[str]
) -> dict[str, tuple[Scenario, ...]]:
    """Return the scenarios of each counterfactual, for runs on the same luck.

    Parameters
    ----------
    scenarios : sequence of Scenario
        What is measured; the first gives start and population.
    worlds, settings : sequences of str
        What the scenarios were loaded with: they hold for the counterfactuals as well.
    """
    from sim.cli.requests import load_all

    first = scenarios[0]
    closed = next((s for s in scenarios if s.name == CLOSED), None)
    if closed is None:
        closed = load_all([CLOSED], worlds, [word for word in settings if not _of_policy(word)])[0]
        closed = closed.replace(start=first.start, population=first.population)
    without = tuple(s.replace(parameters={**s.parameters, **NO_AI}) for s in scenarios)
    return {CLOSED: (closed,), "no_ai": without}


def _of_policy(setting: str) -> bool:
    """Whether a setting is a field of a policy, which the closed scenario need not have."""
    from sim.policies import POLICIES

    return setting.partition(".")[0].strip() in POLICIES
