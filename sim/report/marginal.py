"""The document of a marginal-risk assessment: six steps in words and numbers."""

from __future__ import annotations

from sim.axes import DOMAINS, ROUTES
from sim.evidence import facts
from sim.experiments.marginal_risk import VARIANTS, WORLDS, Assessment
from sim.figures.numbers import scale
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.parameters.entries import Parameter
from sim.reference_pages.markdown import number
from sim.report.steps import Block, Items, Rows, Step, Text, as_markdown
from sim.statistics import Difference

NAMES = {
    "fraud": "fraud and impersonation",
    "cyber": "cyber intrusion",
    "influence": "influence operations and non-consensual imagery",
    "bio": "biological or chemical attacks",
}
"""Threats in words."""
THREAT, DEFENCE = ("misuse",), ("defence",)
"""Tables whose parameters of the domain stand under the threat and under its defence."""
FRAMEWORK = "Kapoor et al. 2024, On the Societal Impact of Open Foundation Models"


def document(found: Assessment, command: str) -> str:
    """Return the assessment as Markdown.

    Parameters
    ----------
    found : Assessment
    command : str
        Command that makes it again.
    """
    told = (
        f"**{found.scenario.title}** against **{found.against.title}**, in the six steps of {FRAMEWORK}. {lead(found)}"
    )
    return as_markdown(title(found), told, steps(found, command))


def title(found: Assessment) -> str:
    """Return the title of the document."""
    return f"Marginal risk: {NAMES[found.threat]}"


def lead(found: Assessment) -> str:
    """Return what the numbers are."""
    return (
        f"{found.runs} paired runs of {found.months} months on the same random numbers; harm is summed over months. "
        "Numbers are conditional on the model and its assumptions: read differences and signs, not levels."
    )


def steps(found: Assessment, command: str) -> list[Step]:
    """Return the six steps, and how to make them again."""
    return [
        Step("threat", "1 Threat", _threat(found)),
        Step("existing", "2 Risk that exists anyway", _existing(found)),
        Step("defences", "3 Defences that exist anyway", _defences(found)),
        Step("evidence", "4 Evidence of marginal risk", _evidence(found)),
        Step("ease", "5 Ease of defending against what is new", _ease(found)),
        Step("uncertainty", "6 Uncertainty and assumptions", _uncertainty(found)),
        Step("command", "Made by", [Text(f"`{command}`")]),
    ]


def _threat(found: Assessment) -> list[Block]:
    domain = found.threat
    rows = [_parameter(entry) for entry in _of_domain(domain, THREAT)]
    told = (
        f"Who: opportunists, organised crime, state-linked groups and lone actors who attempt {NAMES[domain]}, against "
        "organisations and persons in four jurisdictions. How: without AI, through an interface whose safeguards they "
        "get past, with open weights, or with stolen ones."
    )
    return [Text(told), Rows("What decides the size of the threat in the model", HEADS, rows)]


def _existing(found: Assessment) -> list[Block]:
    bare, other = found.levels["without AI"], found.levels["as it is"]
    without, closed = bare[found.against.name]["mean"], other[found.against.name]["mean"]
    shown = scale("USD", [without, closed])
    share = (closed - without) / closed if closed else 0.0
    return [
        Text(
            f"Without any AI the same misusers would do expected harm of {shown.text(without)}. In the world that it "
            f"is compared with ({found.against.title}) it is {shown.text(closed)}: {share:.1%} of that comes with AI "
            "which is there in any case."
        )
    ]


def _defences(found: Assessment) -> list[Block]:
    heads = ["Defence", found.against.title, found.scenario.title, "Unit"]
    rows = [
        [OUTCOMES[name].label, number(float(f"{found.states[found.against.name][name]:.3g}")),
         number(float(f"{found.states[found.scenario.name][name]:.3g}")), OUTCOMES[name].unit]
        for name in found.states[found.scenario.name]
    ]  # fmt: skip
    entries = [_parameter(entry) for entry in _of_domain(found.threat, DEFENCE)]
    return [
        Rows("Means over months and runs", heads, rows),
        Rows("What defenders can do in this domain", HEADS, entries),
    ]


def _evidence(found: Assessment) -> list[Block]:
    margin = found.margins["as it is"]
    level = found.levels["as it is"][found.against.name]["mean"]
    rows = [[_route(name), *_shown(difference)] for name, difference in found.routes.items()]
    share = margin.mean / level if level else 0.0
    settled = (
        "The sign is settled by these runs." if margin.low * margin.high > 0 else "These runs do not settle the sign."
    )
    told = (
        f"The scenario changes expected harm in the domain by {_shown(margin)[0]} ({share:+.2%}); 95 % interval "
        f"{_shown(margin)[1]}. {settled} It does less harm in {margin.p_better:.0%} of the paired runs."
    )
    return [Text(told), Rows("By route", ["Route", "Difference", "95 % interval", "Less harm in"], rows)]


def _ease(found: Assessment) -> list[Block]:
    rows = [[label, *_shown(found.margins[label])] for label in VARIANTS]
    with_it, without = found.margins["as it is"].mean, found.margins["without defence"].mean
    if with_it < without:
        said = "Defence takes away part of what the scenario adds, or adds to what it saves."
    else:
        said = "Defence does not lessen the margin: it protects at least as well in the other world."
    told = (
        "The same margin if nobody patched, built tools or bought protection; and without AI, where it is what the "
        "scenario changes in harm that needs none, through tools and protection"
    )
    return [Text(said), Rows(told, ["Variant", "Difference", "95 % interval", "Less harm in"], rows)]


def _uncertainty(found: Assessment) -> list[Block]:
    rows = [[world.replace("_", " "), *_shown(found.margins[world])] for world in WORLDS]
    entries = [entry for entry in _of_domain(found.threat, (*THREAT, *DEFENCE)) if entry.uncertain]
    judged = [entry.name for entry in entries if entry.source == "judgement"]
    cited = sorted({fact for entry in entries for fact in entry.source.split(", ") if fact in facts()})
    weak = [fact for fact in cited if not facts()[fact].verified]
    listed = [f"{f}: {facts()[f].quantity} ({facts()[f].source}; {facts()[f].verification})" for f in cited]
    verdict = _verdict([found.margins[label] for label in ("as it is", *WORLDS)])
    names = ", ".join(f"`{name}`" for name in judged) or "none"
    return [
        Text(verdict),
        Rows(
            "The margin in two other sets of assumptions",
            ["World", "Difference", "95 % interval", "Less harm in"],
            rows,
        ),
        Text("Facts behind the parameters of this domain:"),
        Items(listed or ["none"]),
        Text(f"By judgement alone: {names}." + (f" Not verified: {', '.join(weak)}." if weak else "")),
        Text(
            "Not known: how many attackers of which skill there are, how much of what new capability exposes can "
            "never be mended, how fast defenders adopt, and whatever the model leaves out. No interval here contains "
            "that."
        ),
    ]


def _verdict(margins: list[Difference]) -> str:
    """Whether the sign holds in all sets of assumptions, as far as the runs settle it."""
    if len({margin.mean > 0 for margin in margins}) > 1:
        return "**The sign turns with the world.**"
    if all(margin.low * margin.high > 0 for margin in margins):
        return "The sign is the same in all three, and settled by the runs."
    return "The means have one sign in all three, but the runs do not settle it in each of them: zero is not excluded."


def shown_margins(found: Assessment) -> dict[str, Difference]:
    """Return the margins by what is assumed, in words."""
    return {label.replace("_", " "): margin for label, margin in found.margins.items()}


HEADS = ["Parameter", "Meaning", "Value", "Range", "Unit", "Source"]


def _of_domain(domain: str, tables: tuple[str, ...]) -> list[Parameter]:
    assert domain in DOMAINS
    return [entry for entry in REGISTRY if entry.table in tables and entry.name.endswith(f"_{domain}")]


def _parameter(entry: Parameter) -> list[str]:
    def shown(value: object) -> str:
        return number(value) if isinstance(value, float | int) else str(value)

    span = f"{shown(entry.low)} to {shown(entry.high)}"
    return [f"`{entry.name}`", entry.description, shown(entry.default), span, entry.unit, entry.source]


def _shown(margin: Difference) -> list[str]:
    sized = scale("USD", [margin.mean, margin.low, margin.high])
    between = f"{sized.bare(margin.low, sign=True)} to {sized.text(margin.high, sign=True)}"
    return [sized.text(margin.mean, sign=True), between, f"{margin.p_better:.0%} of pairs"]


def _route(name: str) -> str:
    assert name in ROUTES
    return name.replace("_", " ").replace("api", "interface").replace("ai", "AI")
