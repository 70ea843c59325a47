"""The table of channels through which openness helps and hurts."""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters import REGISTRY, Parameter
from sim.reference_pages.markdown import code, table
from sim.reference_pages.parameters import span, value


@dataclass(frozen=True)
class Channel:
    """One way in which openness acts.

    Attributes
    ----------
    what : str
        What happens.
    effect : str
        ``helps``, ``hurts`` or ``either``, and what.
    kernel : str
        File in ``sim/kernels`` that holds the equation.
    strength : tuple of str
        Parameters that set how strong it is: full names or fields.
    switch : str
        Field of the table ``channels`` that shuts it; empty when it has no switch of its own.
    """

    what: str
    effect: str
    kernel: str
    strength: tuple[str, ...]
    switch: str


CHANNELS = (
    Channel(
        "Work of all builders on open code and weights makes every developer's research more productive",
        "helps progress at the frontier; what the frontier makes possible follows",
        "capability",
        ("capability.open_commons_gain", "innovation.commons_share"),
        "capability",
    ),
    Channel(
        "Knowledge in a released model becomes public, and others take it up",
        "helps followers and entrants; takes the leader's advantage",
        "capability",
        ("capability.absorption_public", "regimes.r2_knowledge_spillover", "regimes.r7_knowledge_spillover"),
        "capability",
    ),
    Channel(
        "Followers train on what a better model says; one at hand teaches better than one that can only be queried",
        "helps followers; shortens the leader's lead",
        "capability",
        ("capability.distillation_share", "capability.api_teacher_discount"),
        "capability",
    ),
    Channel(
        "Use data and outside improvements return to the owner of the base model",
        "helps the owner; which regime returns most is open",
        "capability",
        ("innovation.flywheel_gain", "innovation.flywheel_builders", "regimes.r2_flywheel", "regimes.r7_flywheel"),
        "capability",
    ),
    Channel(
        "Developers who are behind serve a fine-tuned copy of the best open model",
        "helps competition in use; pulls use onto few base models",
        "market",
        ("capability.copy_gap",),
        "market",
    ),
    Channel(
        "Hosts serve open weights near cost",
        "helps users by price; takes revenue from owners",
        "market",
        ("market.host_markup", "market.open_intercept", "market.nest_dissimilarity"),
        "market",
    ),
    Channel(
        "Owners whose weights are out earn less, so the next training run is smaller",
        "hurts progress of those who open",
        "market",
        ("market.run_share_of_revenue", "market.revenue_weight"),
        "market",
    ),
    Channel(
        "Where the worth of models goes to hosts and users, investors expect less of any developer, open or closed",
        "hurts progress at the frontier, and so what users gain later",
        "market",
        ("market.appropriation_weight", "market.revenue_weight"),
        "market",
    ),
    Channel(
        "Open models raise demand for what platform owners sell beside them",
        "helps owners of complements to fund open models; moves profit to them",
        "market",
        ("market.complement_return", "market.complement_weight"),
        "market",
    ),
    Channel("Good open weights make entry cheap", "helps entry", "market", ("market.entry_open_gain",), "market"),
    Channel(
        "Use that goes to models served near cost leaves entrants less margin",
        "hurts entry",
        "market",
        ("market.entry_squeeze",),
        "market",
    ),
    Channel(
        "Builders who innovate more found more developers",
        "helps entry, as far as openness helps innovation",
        "innovation",
        ("innovation.venture_elasticity",),
        "innovation",
    ),
    Channel(
        "Follow-on innovation needs weights, code, data and methods; each closed input costs part of it",
        "helps innovation",
        "innovation",
        ("innovation.closure_penalty",),
        "innovation",
    ),
    Channel(
        "Builders who need to adapt a model can",
        "helps innovation",
        "innovation",
        ("innovation.customisability_gain", "innovation.customisability_weight"),
        "innovation",
    ),
    Channel(
        "Part of what is built on open models becomes tools for defence",
        "helps defence",
        "defence",
        ("innovation.safety_tools_share", "defence.tool_commons_gain"),
        "innovation",
    ),
    Channel(
        "Poisoned derivatives reach users of open models and spread along families",
        "hurts",
        "innovation",
        ("innovation.poisoned_share", "innovation.poisoned_inheritance", "innovation.poisoned_screening"),
        "innovation",
    ),
    Channel(
        "Outside evaluators see more: white box instead of black box, with documentation, and many eyes",
        "helps: flaws are found",
        "oversight",
        ("oversight.access_exponent", "oversight.documentation_gain", "oversight.commons_gain"),
        "oversight",
    ),
    Channel(
        "Flaws that were found and mended no longer help to get past the safeguards of an interface",
        "helps, as far as openness lets flaws be found and mended",
        "misuse",
        ("misuse.jailbreak_flaws",),
        "oversight",
    ),
    Channel(
        "Fixes reach an interface at once and open weights only as far as users take them up",
        "hurts: known flaws stay in use",
        "oversight",
        ("oversight.fix_rate_closed", "oversight.uptake_rate_open"),
        "oversight",
    ),
    Channel(
        "Attacks found on open weights work on closed models too, and so do fixes",
        "either",
        "oversight",
        ("oversight.attack_transfer", "oversight.fix_transfer"),
        "oversight",
    ),
    Channel(
        "Safety research on models that can be studied in depth prevents accidents elsewhere",
        "helps",
        "safety",
        ("safety.white_box_gain",),
        "safety",
    ),
    Channel(
        "Close pursuers, open ones among them, sharpen the race and leave less time to contain an accident",
        "hurts",
        "safety",
        ("safety.openness_pressure", "catastrophe.accident_race"),
        "safety",
    ),
    Channel(
        "Weights that were shared with vetted parties leak to everybody; closed ones can be stolen",
        "either: gated weights leak most, open ones have nothing left to leak",
        "security",
        ("security.theft_level_effect", "regimes.r2_theft_per_year", "regimes.r6_theft_per_year"),
        "security",
    ),
    Channel(
        "Misusers run open weights themselves, without vetting",
        "hurts",
        "misuse",
        ("misuse.route_friction_open_weights", "misuse.hosted_friction", "misuse.local_compute_friction"),
        "misuse",
    ),
    Channel(
        "Somebody publishes copies of open weights without safeguards",
        "hurts",
        "security",
        ("security.strip_rate_per_month", "security.strip_tamper_effect", "regimes.r7_safeguard_persistence"),
        "misuse",
    ),
    Channel(
        "Use of open weights is not seen, so misusers are not shut out there, and some not stopped",
        "hurts",
        "misuse",
        (
            *("misuse.detection_api", "misuse.ban_months", "misuse.ban_stops"),
            *("regimes.r2_monitoring", "regimes.r7_monitoring"),
        ),
        "misuse",
    ),
    Channel(
        "The origin of what open weights produce can hardly be detected",
        "hurts: influence operations keep their force",
        "misuse",
        ("misuse.provenance_gain", "regimes.r2_provenance", "regimes.r7_provenance"),
        "misuse",
    ),
    Channel(
        "Exploits come faster, and protection that was bought ages, as the best capability that misusers reach grows",
        "hurts, as far as openness raises that capability",
        "defence",
        ("defence.exploit_capability", "misuse.zero_day_share", "defence.innovation_decay"),
        "misuse",
    ),
    Channel(
        "Defenders who may not send data out run open models, and adapt them to their own systems",
        "helps",
        "defence",
        ("defence.self_hosting_share", "defence.self_hosting_gain"),
        "defence",
    ),
    Channel(
        "Open models do not refuse dual-use work that defenders need",
        "helps",
        "defence",
        ("defence.api_refusal", "defence.tool_per_oom", "defence.slice_patch_rate"),
        "defence",
    ),
    Channel(
        "Auditors see more of a model that is more open",
        "helps enforcement",
        "enforcement",
        ("enforcement.detection",),
        "enforcement",
    ),
    Channel(
        "Misuse of open weights is reported less, so that regulators and defenders know less of it",
        "hurts what is known, and so what defenders spend; flatters the record of openness",
        "misuse",
        ("misuse.reporting_unseen", "defence.information_gain"),
        "enforcement",
    ),
    Channel(
        "Access that cannot be withdrawn cannot be closed after a warning",
        "hurts",
        "catastrophe",
        ("catastrophe.misuse_irrevocable",),
        "catastrophe",
    ),
    Channel(
        "A concentrated stack fails at once; openness may spread use over more base models or gather it on one",
        "either",
        "catastrophe",
        ("catastrophe.diversity_exponent", "catastrophe.correlated_rate"),
        "",
    ),
)
"""Every channel; what helps stands beside what hurts."""

HEADS = ["What happens", "Effect of openness", "Kernel", "Strength: default (range)", "Switch"]


def channel_table() -> str:
    """Return the table of channels."""
    return table(HEADS, map(_row, CHANNELS))


def _row(channel: Channel) -> list[str]:
    strength = "\n".join(line for name in channel.strength for line in _strength(name))
    switch = code(f"channels.{channel.switch}") if channel.switch else "none: through what others do"
    return [channel.what, channel.effect, code(f"{channel.kernel}.py"), strength, switch]


def _strength(name: str) -> list[str]:
    return [f"{code(entry.name)} {value(entry.default)} ({span(entry)})" for entry in entries_of(name)]


def entries_of(name: str) -> tuple[Parameter, ...]:
    """Return the parameter of a full name, or those of a field that runs along an axis."""
    if name in REGISTRY:
        return (REGISTRY[name],)
    head, _, field = name.partition(".")
    return REGISTRY.fields(head)[field]
