"""Levers: what policies move and kernels read.

A policy never touches a kernel, and a kernel never knows a policy. Each lever declares its unit, its neutral value and the rule
by which several policies combine, so that the order of policies cannot matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.axes import JURISDICTIONS, THRESHOLDS

F32 = NDArray[np.float32]
INFINITE = 1e9
"""Neutral threshold: above anything that the model can reach, and finite so that arithmetic on levers stays finite."""


@dataclass(frozen=True)
class Lever:
    """One lever: its unit, the value that changes nothing, and how several policies combine (``max``, ``min`` or ``sum``)."""

    name: str
    unit: str
    neutral: float
    combine: str
    description: str


def _levers(*rows: tuple[str, str, float, str, str]) -> dict[str, Lever]:
    return {row[0]: Lever(*row) for row in rows}


# fmt: off
LEVERS = _levers(
    ("forbidden_above", "threshold", INFINITE, "min", "a regime is forbidden at or above this threshold; one per regime and kind of threshold"),
    ("staged_delay_months", "months", 0.0, "max", "least time between the first, limited release and open weights in a staged release"),
    ("licence_above_log10_flop", "log10 FLOP", INFINITE, "min", "training compute at which a release needs a licence"),
    ("licence_strictness", "share", 0.0, "max", "share of the assessed risk that the licence requires to be mitigated before release, by fixing flaws and by the form of release"),
    ("licence_delay_months", "months", 0.0, "max", "time that an assessment or licence adds before a covered release"),
    ("licence_exemption", "share", 0.0, "max", "share of licence duties that open weights are relieved of"),
    ("liability_exemption", "share", 0.0, "max", "share of developers' liability that open weights are relieved of"),
    ("audit_exemption", "share", 0.0, "max", "share of audits that developers of open flagships are relieved of"),
    ("exemption_below_log10_flop", "log10 FLOP", 0.0, "max", "training compute below which open weights are exempt"),
    ("risk_ceiling", "share", INFINITE, "min", "largest risk, as the developer estimates it, with which a model may be released beyond recall"),
    ("assessment_above_log10_flop", "log10 FLOP", INFINITE, "min", "training compute from which a model is assessed before release"),
    ("assessment_share", "share", 0.0, "max", "share of a covered model's latent flaws that the assessment finds before release"),
    ("pause", "share", 0.0, "max", "share of frontier training that is suspended"),
    ("compute_cap_log10_flop", "log10 FLOP", INFINITE, "min", "largest training run that is allowed"),
    ("compute_price_factor", "log10 factor", 0.0, "sum", "levy on training compute, in orders of magnitude of its price"),
    ("public_compute", "share", 0.0, "sum", "public compute offered to non-leading developers, as a share of the leader's run"),
    ("complement_access", "share", 0.0, "max", "share of the gap in complementary assets that access rules close"),
    ("entry_support", "factor", 0.0, "sum", "rate of entry added by lower barriers, as a multiple"),
    ("benefit_share", "share", 0.0, "sum", "share of developers' income that is shared with the public"),
    ("collective_relief", "share", 0.0, "max", "share of the cost of training in a distributed community that support removes"),
    ("interoperability", "share", 0.0, "max", "share of users' switching inertia that interoperability removes"),
    ("open_prize", "payoff", 0.0, "sum", "payoff paid for opening weights, in units of expected closed profit"),
    ("open_prize_indexed", "payoff", 0.0, "sum", "the same for a model at the frontier, falling with the distance to it"),
    ("public_voice", "factor", 0.0, "max", "weight of the public's preference for openness added, as a multiple of what it is"),
    ("complement_bonus", "payoff", 0.0, "sum", "extra gain of platform giants from commoditising their complement"),
    ("transparency_floor", "share", 0.0, "max", "least research and documentation openness of a release"),
    ("safety_floor", "share", 0.0, "max", "least share of effort that developers give to safety"),
    ("governance", "share", 0.0, "max", "share of failures of internal governance that required structures repair"),
    ("harm_weight", "factor", 0.0, "max", "weight of estimated harm added in release decisions, as a multiple of what it is"),
    ("internal_audit", "factor", 0.0, "max", "search for flaws by developers' own auditors, as a multiple of that by outside evaluators"),
    ("security_floor", "security level", 1.0, "max", "least weight-security level, SL1 to SL5"),
    ("audit_access", "access", 0.0, "max", "access that auditors must get: 0.33 black box, 0.67 grey box, 1 white box"),
    ("audit_rate", "share/month", 0.0, "sum", "share of developers audited each month, before the regulator's capacity"),
    ("researcher_access", "access", 0.0, "max", "access that outside researchers must get, on the same scale as audits"),
    ("red_team_funding", "factor", 0.0, "sum", "outside evaluators added, as a multiple of those there are"),
    ("bug_bounty", "factor", 0.0, "sum", "finders added by a developer's bounties, as a multiple of outside evaluators"),
    ("evaluator_independence", "share", 0.0, "max", "share of outside evaluators' dependence on developers that is removed"),
    ("liability_developer", "share", 0.0, "sum", "share of expected harm that the developer must internalise"),
    ("liability_downstream", "share", 0.0, "sum", "share of expected harm that builders and hosts must internalise"),
    ("liability_cap", "payoff", INFINITE, "min", "largest liability that a developer can bear, in units of expected closed profit"),
    ("penalty_share", "share of turnover", 0.0, "max", "penalty for a proven breach"),
    ("compliance_cost", "share of budget", 0.0, "sum", "share of the development budget spent on compliance"),
    ("incident_reporting", "share", 0.0, "max", "share of unseen incidents that a reporting duty brings to light"),
    ("know_your_customer", "share", 0.0, "max", "share of misusers that identity checks keep from an interface"),
    ("provenance", "share", 0.0, "max", "share of outputs whose origin can be detected, beyond what regimes give"),
    ("tamper_resistance", "share", 0.0, "max", "share of safeguard strength that survives fine-tuning of open weights"),
    ("safeguard_sharing", "share", 0.0, "max", "share of the gap to full safeguards at interfaces that shared techniques close"),
    ("fine_tuning_screening", "share", 0.0, "max", "share of attempts to strip safeguards by fine-tuning that providers of computing refuse"),
    ("host_safeguards", "share", 0.0, "max", "share of misuse of hosted open models that safeguards beside the model stop, so that hosts are of that much less use to misusers"),
    ("synthesis_screening", "share", 0.0, "max", "share of biological or chemical attempts stopped by screening of orders"),
    ("hosting_ban", "share", 0.0, "max", "share of open-model hosting that is closed to users of a jurisdiction"),
    ("export_control", "log10 factor", 0.0, "max", "extra cost of training compute, in orders of magnitude"),
    ("defender_subsidy", "factor", 0.0, "sum", "defenders' budgets added, as a multiple of what they spend"),
    ("defender_head_start_months", "months", 0.0, "max", "time by which vetted defenders may use a model before anyone else"),
    ("head_start_share", "share", 0.0, "max", "share of defenders, by exposure, that is vetted for early access"),
    ("patch_mandate", "factor", 0.0, "max", "increase of the speed of patching, as a multiple"),
    ("resilience", "log-odds", 0.0, "sum", "protection added by public resilience measures"),
)
# fmt: on
"""Every lever by name."""


@dataclass(frozen=True)
class Levers:
    """The levers in force.

    Attributes
    ----------
    values : mapping of str to ndarray
        Each ``(member, jurisdiction)``, except ``forbidden_above``: ``(member, jurisdiction, regime, threshold kind)``.
    moved : frozenset of str
        Names of all that may differ from their neutral value, so that the others need not be looked at.
    """

    values: Mapping[str, F32]
    moved: frozenset[str] = frozenset(LEVERS)

    @classmethod
    def neutral(cls, members: int, regimes: int) -> Levers:
        """Levers that change nothing."""
        shape = (members, len(JURISDICTIONS))
        values = {
            lever.name: np.full(
                (*shape, regimes, len(THRESHOLDS)) if lever.name == "forbidden_above" else shape,
                lever.neutral,
                np.float32,
            )
            for lever in LEVERS.values()
        }
        return cls(values, frozenset())

    def __getitem__(self, name: str) -> F32:
        return self.values[name]

    def move(
        self,
        name: str,
        value: float | F32,
        jurisdictions: Iterable[str],
        *,
        regimes: Iterable[int] = (),
        kind: str = "",
    ) -> Levers:
        """Return new levers in which one lever is combined with a value.

        Parameters
        ----------
        name : str
            A key of `LEVERS`.
        value : float or ndarray
            The value in the lever's unit; an array is ``(member,)``.
        jurisdictions : iterable of str
            Where it holds.
        regimes, kind
            For ``forbidden_above`` only: rows of the regime table, and one of `sim.axes.THRESHOLDS`.

        Returns
        -------
        Levers
            A new record; the old one is untouched.
        """
        lever = LEVERS[name]
        combine = {"max": np.maximum, "min": np.minimum, "sum": np.add}[lever.combine]
        array = self.values[name].copy()
        amount = np.asarray(value, np.float32)
        for place in jurisdictions:
            j = JURISDICTIONS.index(place)
            if name == "forbidden_above":
                k = THRESHOLDS.index(kind)
                for r in regimes:
                    array[:, j, r, k] = combine(array[:, j, r, k], amount)
            else:
                array[:, j] = combine(array[:, j], amount)
        return self.replace({name: array})

    def replace(self, values: Mapping[str, F32]) -> Levers:
        """Levers with new values for some."""
        return Levers({**self.values, **values}, self.moved.union(values))

    def rows(self, start: int, stop: int) -> Levers:
        """The levers of the members from `start` to `stop`."""
        return Levers({name: array[start:stop] for name, array in self.values.items()}, self.moved)


def stack(parts: Sequence[Levers], neutral: Levers) -> Levers:
    """Join the levers of consecutive groups of members; `neutral` is that of all of them."""
    if len(parts) == 1:
        return parts[0]
    moved = frozenset[str]().union(*(part.moved for part in parts))
    return neutral.replace({name: np.concatenate([part.values[name] for part in parts]) for name in moved})
