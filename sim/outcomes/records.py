"""The declared outcomes. Names are stable identifiers."""

from __future__ import annotations

from dataclasses import dataclass

from sim.axes import DOMAINS, JURISDICTIONS, ROUTES


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    Attributes
    ----------
    name, label : str
        Identifier, and words for tables.
    unit : str
    direction : str
        ``"higher"`` or ``"lower"`` is better, or ``"neutral"``.
    summary : str
        How the months of a run make one number: ``"sum"``, ``"mean"``, ``"last"`` or ``"max"``.
    group : str
        innovation, concentration, harm, catastrophe, lags, governance or distribution.
    description : str
    """

    name: str
    label: str
    unit: str
    direction: str
    summary: str
    group: str
    description: str


HEADLINES = (
    "cumulative_innovation",
    "consumer_surplus",
    "frontier_capability",
    "api_revenue_hhi",
    "usage_hhi",
    "training_compute_hhi",
    "cumulative_harm",
    "ai_attributable_harm",
    "catastrophe_probability",
)
"""The outcomes that a short answer names: three of innovation, three of concentration, three of harm."""

INNOVATION = (
    ("innovation_index", "Innovation index", "index", "higher", "mean", "geometric mean, times 100, of the innovation rate over that of builders on a fully open frontier model in January 2023, and of surplus over demand"),
    ("cumulative_innovation", "Downstream innovations", "innovations", "higher", "sum", "expected quality-weighted innovations of real builders; mean quality is one"),
    ("innovation_rate", "Innovation rate", "1/builder/month", "higher", "mean", "expected innovations per builder and month"),
    ("innovation_on_open", "Innovation on open weights", "share", "neutral", "mean", "share of innovations that are built on open weights"),
    ("consumer_surplus", "Consumer surplus", "USD", "higher", "sum", "gain of users over buying nothing, from the same choices that make the shares"),
    ("frontier_capability", "Frontier capability", "OOM", "higher", "last", "best model of all, in orders of magnitude of effective compute"),
    ("open_capability", "Best open capability", "OOM", "higher", "last", "best model whose weights anybody can have"),
    ("models_per_year", "Releases per year", "1/year", "higher", "mean", "rows that entered the ledger in the last twelve months"),
    ("external_safety_findings", "Flaws found from outside", "flaws", "higher", "sum", "serious flaws that outside evaluators found"),
    ("builders_open_share", "Builders on open weights", "share", "neutral", "mean", "share of builders whose base model has open weights"),
    ("derivatives", "Published derivatives", "artefacts", "higher", "sum", "derivatives of open models that builders published"),
    ("social_private_return", "Social to private return", "ratio", "higher", "mean", "consumer surplus plus the value of innovations, over what developers and hosts receive"),
    ("entries", "Entrants", "labs", "higher", "sum", "developers that entered"),
    ("flagship_price", "Price of the best model", "unit cost", "lower", "mean", "price of the most capable offer, in units of the cost of serving the frontier"),
    ("fixed_capability_price", "Price of the capability of the start", "unit cost", "lower", "last", "lowest price of an offer at least as capable as the frontier was at the start"),
)  # fmt: skip
CONCENTRATION = (
    ("concentration_index", "Concentration index", "HHI", "lower", "mean", "mean of the indices of revenue, use and training compute"),
    ("api_revenue_hhi", "Concentration of revenue", "HHI", "lower", "mean", "Herfindahl–Hirschman index of payments to developers and hosts, 0 to 10,000"),
    ("api_revenue_cr3", "Revenue of the top three", "share", "lower", "mean", "share of the three largest payees"),
    ("enterprise_revenue_hhi", "Concentration of enterprise spending", "HHI", "lower", "mean", "the same for the two enterprise segments"),
    ("usage_hhi", "Concentration of use", "HHI", "lower", "mean", "by family of base weights"),
    ("enterprise_usage_hhi", "Concentration of enterprises' use", "HHI", "lower", "mean", "by family of base weights, the two enterprise segments"),
    ("developer_usage_hhi", "Concentration of developers' use", "HHI", "lower", "mean", "by family of base weights, developer segment"),
    ("consumer_usage_hhi", "Concentration of consumers' use", "HHI", "lower", "mean", "by family of base weights, consumer segment"),
    ("training_compute_hhi", "Concentration of training compute", "HHI", "lower", "mean", "by compute of the current flagship"),
    ("data_hhi", "Concentration of data", "HHI", "lower", "mean", "by use weighted with data of one's own"),
    ("labour_hhi", "Concentration of research labour", "HHI", "lower", "mean", "by research budget weighted with research staff"),
    ("framework_hhi", "Concentration of base models among builders", "HHI", "lower", "mean", "by family that builders work on"),
    ("host_revenue_share", "Hosts' share of revenue", "share", "neutral", "mean", "share of payments that go to hosts of open weights"),
    ("complement_owner_share", "Complement owners' share", "share", "lower", "mean", "share of payments that go to platform giants and large hosts"),
    ("open_usage_share", "Open share of use", "share", "neutral", "mean", "all segments"),
    ("open_usage_share_enterprise", "Open share of enterprise use", "share", "neutral", "mean", "regulated and general enterprise"),
    ("open_usage_share_developer", "Open share of developers' use", "share", "neutral", "mean", "developer segment"),
    ("open_release_share", "Open share of releases", "share", "neutral", "mean", "weights open, of the releases of the last twelve months"),
    ("open_release_share_1e23", "Open share of releases from 1e23 FLOP", "share", "neutral", "mean", "the same for training runs of at least 1e23 FLOP"),
    ("open_release_share_1e25", "Open share of releases from 1e25 FLOP", "share", "neutral", "mean", "the same for training runs of at least 1e25 FLOP"),
    ("permissive_release_share", "Permissively licensed share of releases", "share", "neutral", "mean", "weights and code open, of the releases of the last twelve months"),
    ("release_components", "Components published with a release", "components", "neutral", "mean", "of the 17 of the Model Openness Framework, mean over the releases of the last twelve months"),
    ("release_documentation", "Documentation of releases", "share", "higher", "mean", "of what could be documented, mean over the releases of the last twelve months"),
    ("release_safeguards", "Safeguards of releases", "share", "neutral", "mean", "persistence against a skilled attack, mean over the releases of the last twelve months"),
    ("leaked_releases", "Releases that leaked", "releases", "lower", "last", "models shared with vetted parties whose weights came out, so far"),
    ("unreleased_share", "Unreleased share", "share", "neutral", "mean", "releases of the last twelve months that nobody outside can use"),
    ("active_labs", "Active developers", "labs", "higher", "mean", "developers in business"),
    ("effective_developers", "Effective number of frontier developers", "labs", "higher", "mean", "inverse concentration of the effective compute of flagships"),
    ("leader_open", "Leader is open", "share", "neutral", "mean", "whether the most capable developer's flagship has open weights"),
    ("download_top1pct_share", "Downloads of the top 1 %", "share", "lower", "last", "share of downloads of the artefacts of the last four years that the top hundredth holds"),
    ("download_zero_share", "Artefacts without downloads", "share", "neutral", "last", "expected share never downloaded"),
    ("download_zipf_exponent", "Zipf exponent of downloads", "exponent", "neutral", "last", "slope of log downloads on log rank between the top 1 % and the top 20 %"),
    ("download_permissive_share", "Permissively licensed share of downloads", "share", "neutral", "mean", "downloads of derivatives of families whose code is open"),
    ("download_gini", "Gini of downloads", "share", "lower", "last", "inequality of downloads between artefacts"),
    ("us_use_share", "Use of models from the United States", "share", "neutral", "mean", "by home of the developer of the base weights"),
    ("china_use_share", "Use of models from China", "share", "neutral", "mean", "by home of the developer of the base weights"),
)  # fmt: skip
HARM = (
    ("harm_index", "Harm index", "index", "lower", "mean", "100 is the harm of the month without any AI"),
    ("cumulative_harm", "Harm", "USD", "lower", "sum", "expected harm in all domains, weights of one; most of it without AI"),
    ("realised_harm", "Realised harm", "USD", "lower", "sum", "harm that came about by chance around its expectation"),
    ("ai_attributable_harm", "AI-attributable harm", "USD", "lower", "sum", "expected harm minus what the same misusers would do without AI against the same defences"),
    ("ai_attributable_harm_share", "AI-attributable share of harm", "share", "lower", "mean", "of the harm of the month"),
    *((f"harm_{d}", f"Harm: {d}", "USD", "lower", "sum", "expected harm in the domain") for d in DOMAINS),
    *((f"realised_harm_{d}", f"Realised harm: {d}", "USD", "lower", "sum", "harm in the domain that came about by chance around its expectation") for d in DOMAINS),
    *((f"ai_attributable_harm_{d}", f"AI-attributable harm: {d}", "USD", "lower", "sum", "expected harm in the domain minus what the same misusers would do without AI against the same defences") for d in DOMAINS),
    *((f"harm_route_{r}", f"Harm by route: {r.replace('_', ' ')}", "USD", "lower" if r != "no_ai" else "neutral", "sum", "expected harm by route") for r in ROUTES),
    ("harm_large_defenders", "Harm to large organisations", "USD", "lower", "sum", "expected harm"),
    ("harm_small_defenders", "Harm to small organisations and persons", "USD", "lower", "sum", "expected harm"),
    ("harm_latest_models", "Harm with the latest models", "USD", "lower", "sum", "expected harm beyond that without AI, with models less than one OOM behind the frontier"),
    ("harm_older_models", "Harm with older models", "USD", "lower", "sum", "the same with models one OOM behind it or more"),
    ("incidents", "Reported incidents", "incidents", "lower", "sum", "AI incidents in the public record"),
    ("active_misusers", "Active misusers", "share", "lower", "mean", "share of potential misusers who are active"),
    ("misusers_stopped", "Misusers stopped", "share", "neutral", "sum", "share of potential misusers stopped, summed over months"),
    ("misusers_shut_out", "Misusers shut out of interfaces", "share", "neutral", "sum", "share of potential misusers who lost their account, summed over months"),
    ("protection", "Protection", "log-odds", "higher", "last", "mean over domains and classes of defenders"),
    ("unpatched_share", "Unpatched capability, cyber", "share", "lower", "last", "mean over slices up to the frontier and classes of defenders"),
    ("unpatched_share_28_days", "Unpatched after 28 days", "share", "lower", "mean", "share of published flaws still unpatched"),
    ("median_days_to_patch", "Days to patch", "days", "lower", "mean", "median over defenders"),
    ("median_days_to_exploit", "Days to exploit", "days", "higher", "mean", "typical time from disclosure to exploitation; negative when attackers come first"),
    ("poisoned_downloads", "Poisoned downloads", "share", "lower", "mean", "share of downloads that reach undetected poisoned derivatives"),
    ("thefts", "Thefts of weights", "thefts", "lower", "sum", "flagship weights taken"),
    ("jailbreak_share", "Requests past safeguards", "share", "lower", "mean", "share of misusers' requests at the interface they use that gets through, cyber"),
)  # fmt: skip
CATASTROPHE = (
    ("catastrophe_probability", "Catastrophe by horizon", "probability", "lower", "last", "one minus exp of the summed hazards; rates are judgements over orders of magnitude: read differences only"),
    ("catastrophe_misuse", "Catastrophe by misuse", "probability", "lower", "last", "by the horizon, this hazard alone"),
    ("catastrophe_accident", "Catastrophe by accident", "probability", "lower", "last", "by the horizon, this hazard alone"),
    ("catastrophe_correlated", "Catastrophe by correlated failure", "probability", "lower", "last", "by the horizon, this hazard alone"),
    ("catastrophes", "Catastrophes that struck", "events", "lower", "sum", "realised events"),
)  # fmt: skip
LAGS = (
    ("frontier_training_flop", "Largest training run", "FLOP", "neutral", "last", "so far"),
    ("training_cost_usd", "Cost of the largest final run", "USD", "neutral", "last", "yearly budget for final runs of the largest spender"),
    ("capability_lag_months", "Open lag in capability", "months", "neutral", "mean", "months since the frontier passed the best open model"),
    ("compute_lag_months", "Open lag in training compute", "months", "neutral", "mean", "months since the largest run passed the largest open run"),
    ("elo_gap", "Elo-like gap", "points", "neutral", "mean", "110 points per OOM between the best closed and the best open model"),
)  # fmt: skip
GOVERNANCE = (
    ("compliance_cost_usd", "Compliance cost", "USD", "lower", "sum", "share of development budgets spent on compliance"),
    ("audits", "Audits", "audits", "neutral", "sum", "of developers"),
    ("breaches", "Breaches", "labs", "lower", "mean", "developers in breach"),
    ("breaches_found", "Breaches proven", "breaches", "neutral", "sum", "by audits"),
    ("penalties_usd", "Penalties paid", "USD", "neutral", "sum", "after the enforcement lag"),
    ("relocations", "Relocations", "moves", "lower", "sum", "developers that moved home"),
    ("withdrawals", "Withdrawals", "moves", "lower", "sum", "services withdrawn from a jurisdiction"),
    ("returns", "Returns", "moves", "neutral", "sum", "withdrawn services that came back to a jurisdiction"),
    ("stringency", "Stringency", "share", "neutral", "mean", "mean over jurisdictions"),
    ("safety_effort", "Safety effort", "share", "higher", "mean", "mean over active developers"),
    ("unresolved_flaws", "Unresolved flaws", "flaws", "lower", "mean", "hidden or known, of current flagships, by use"),
    ("frontier_danger", "Danger of the frontier", "share", "neutral", "last", "danger of releasing the most capable model without safeguards, 0 to 1, as developers would see it without error"),
    ("capability_beyond_recall", "Capability beyond recall", "OOM", "neutral", "last", "best capability that nobody can withdraw: open, or stolen and public"),
)  # fmt: skip
DISTRIBUTION = (
    *((f"harm_{j}", f"Harm in jurisdiction: {j}", "USD", "lower", "sum", "expected harm by home of those harmed") for j in JURISDICTIONS),
    ("benefits_shared_usd", "Benefits shared with the public", "USD", "neutral", "sum", "income of developers that is shared out: a transfer, not part of surplus"),
    *((f"surplus_{j}", f"Surplus in jurisdiction: {j}", "USD", "higher", "sum", "consumer surplus by home of users, from what is offered there") for j in JURISDICTIONS),
    ("surplus_enterprise", "Surplus of enterprises", "USD", "higher", "sum", "regulated and general enterprise"),
    ("surplus_developers", "Surplus of developers", "USD", "higher", "sum", "developer segment"),
    ("surplus_consumers", "Surplus of consumers", "USD", "higher", "sum", "consumer segment"),
)  # fmt: skip

_GROUPS = {
    "innovation": INNOVATION,
    "concentration": CONCENTRATION,
    "harm": HARM,
    "catastrophe": CATASTROPHE,
    "lags": LAGS,
    "governance": GOVERNANCE,
    "distribution": DISTRIBUTION,
}
OUTCOMES: dict[str, Outcome] = {
    name: Outcome(name, label, unit, direction, summary, group, description)
    for group, rows in _GROUPS.items()
    for name, label, unit, direction, summary, description in rows
}
"""Every outcome by name."""
