"""What a page shows, as the query of its address: the only form in which it travels, and in which it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote

import sim
from dashboard.runs import Ensemble
from dashboard.variants import START, Variant, named, presets, read_variant, shipped, written

VERSION = 1
"""Version of links. A change of their form raises it and keeps a reader of the old one, with golden links."""
FIRST = "open_by_default"
OUTCOMES = ("cumulative_innovation", "usage_hhi", "ai_attributable_harm", "consumer_surplus")
"""Outcomes of the first view, one a chart."""
MOST_QUERY = 4096
MOST_SCENARIOS = 6
MOST_SEED = 2**31 - 1
MONTHS = (24, 240)
SAFE = ";=,|.*-_:"
"""Characters that a query may hold as they are, so that links can be read."""


@dataclass(frozen=True)
class ViewState:
    """What a page shows.

    Parameters
    ----------
    scenarios : tuple of Variant
        The first is the one that the levers of Explore change.
    baseline : Variant
        What they are compared with.
    assumptions : mapping of str to float or str
        Parameters that are set for all scenarios, by full name.
    worlds : tuple of str
        Named assumptions for all scenarios.
    outcomes : tuple of str
        One a chart.
    calibrated, runs : bool
        Whether runs differ in parameters too, and whether single runs are drawn instead of bands.
    seed, months : int
    """

    scenarios: tuple[Variant, ...] = field(default_factory=lambda: (Variant(FIRST),))
    baseline: Variant = field(default_factory=lambda: Variant(START))
    assumptions: Mapping[str, Any] = field(default_factory=dict)
    worlds: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = OUTCOMES
    calibrated: bool = True
    runs: bool = False
    seed: int = 0
    months: int = 120

    @property
    def ensemble(self) -> Ensemble:
        """What the runs differ in."""
        return Ensemble(self.calibrated, self.seed)

    def first(self) -> Any:
        """Return the first scenario, assumptions included; raises InputError if a value is not admissible."""
        scenario = self.scenarios[0].scenario(self.worlds, self.months)
        return sim.apply_values(scenario, self.assumptions) if self.assumptions else scenario

    def resolve(self) -> tuple[list[Any], str]:
        """Return all scenarios, the baseline first and each once, and the name of the baseline.

        Raises
        ------
        InputError
            If a value is not admissible.
        """
        variants = [self.baseline, *self.scenarios]
        found = [variant.scenario(self.worlds, self.months) for variant in variants]
        if self.assumptions:
            found = [sim.apply_values(scenario, self.assumptions) for scenario in found]
        once: dict[str, Any] = {}
        for variant, scenario in zip(variants, found, strict=True):
            once.setdefault(variant.encoded(), scenario)
        unique = list(named(list(once.values())))
        return unique, unique[0].name

    def query(self) -> str:
        """Return the query of the address; what is as in the first view is left out."""
        base = ViewState()
        parts: dict[str, str] = {"s": "|".join(v.encoded() for v in self.scenarios)}
        if self.baseline != base.baseline:
            parts["b"] = self.baseline.encoded()
        if self.assumptions:
            parts["a"] = ";".join(f"{name}={written(value)}" for name, value in self.assumptions.items())
        if self.worlds:
            parts["w"] = ",".join(self.worlds)
        if self.outcomes != base.outcomes:
            parts["o"] = ",".join(self.outcomes)
        if not self.calibrated:
            parts["e"] = "chance"
        if self.runs:
            parts["d"] = "runs"
        if self.seed:
            parts["n"] = str(self.seed)
        if self.months != base.months:
            parts["m"] = str(self.months)
        return "&".join([f"v={VERSION}", *(f"{key}={quote(text, safe=SAFE)}" for key, text in parts.items())])


def read_view(query: Mapping[str, str], scenarios: tuple[Variant, ...] | None = None) -> tuple[ViewState, list[str]]:
    """Return what a query asks for, and in words what in it was no use; never raises.

    Parameters
    ----------
    query : mapping of str to str
        Values by key; unknown keys are ignored.
    scenarios : tuple of Variant, optional
        What to show where the query names none.
    """
    problems: list[str] = []
    version = _whole(query.get("v", "1"), 1, 10**6, None)
    if version is None or version > VERSION:
        problems.append(
            f"The link has version {query['v'][:20]!a}; this program reads {VERSION}, so the rest was tried."
        )
    found: dict[str, Any] = {}
    variants = _variants(query.get("s", ""), problems)
    if variants or scenarios:
        found["scenarios"] = variants or scenarios
    if baseline := _variants(query.get("b", ""), problems)[:1]:
        found["baseline"] = baseline[0]
    found["assumptions"] = _assumptions(query.get("a", ""), problems)
    found["worlds"] = _known(query.get("w", ""), sim.world_names(), "world", problems)
    if outcomes := _known(query.get("o", ""), tuple(sim.OUTCOMES), "outcome", problems):
        found["outcomes"] = (*outcomes, *(name for name in OUTCOMES if name not in outcomes))[:4]
    found["calibrated"] = query.get("e", "") != "chance"
    found["runs"] = query.get("d", "") == "runs"
    for key, word, low, high, default in (("n", "seed", 0, MOST_SEED, 0), ("m", "months", *MONTHS, 120)):
        value = _whole(query[key], low, high, None) if key in query else default
        if value is None:
            problems.append(f"{word} must be a whole number from {low} to {high}, not {query[key][:20]!a}.")
        found[word] = default if value is None else value
    return ViewState(**found), problems


def _variants(text: str, problems: list[str]) -> tuple[Variant, ...]:
    found = []
    for part in [part for part in text.split("|") if part][:MOST_SCENARIOS]:
        try:
            variant, odd = read_variant(part)
            found.append(variant)
            problems += odd
        except sim.InputError as error:
            problems.append(str(error))
    return tuple({variant.encoded(): variant for variant in found}.values())


def _assumptions(text: str, problems: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in [part for part in text.split(";") if part][:100]:
        name, _, written_value = part.partition("=")
        try:
            value: Any = written_value
            if name in sim.REGISTRY and not sim.REGISTRY[name].structural:
                value = float(written_value[:40])
            found[name] = sim.REGISTRY.check_value(name, value, "link")
        except ValueError as error:  # InputError is one
            problems.append(str(error)[:200])
    return found


def _known(text: str, known: tuple[str, ...], what: str, problems: list[str]) -> tuple[str, ...]:
    words = [word for word in text.split(",") if word][:50]
    problems += [f"There is no {what} {word[:60]!a}." for word in words if word not in known]
    return tuple(dict.fromkeys(word for word in words if word in known))


def _whole(text: str, low: int, high: int, otherwise: int | None) -> int | None:
    if text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high:
        return int(text)
    return otherwise


def story(variant: Variant) -> str:
    """Return the paragraph that tells a preset."""
    scenario = shipped(variant.preset)
    return " ".join(str(scenario.story or scenario.question).split())


def preset_options() -> list[dict[str, str]]:
    """Return the presets as options of a control."""
    return [{"value": name, "label": str(shipped(name).title)} for name in presets()]


def plain(state: ViewState) -> dict[str, Any]:
    """Return the state as the script of a page keeps it: every value as a link writes it."""

    def variant(one: Variant) -> dict[str, Any]:
        values = {path: written(value, path) for path, value in one.values.items()}
        return {"preset": one.preset, "add": list(one.add), "drop": list(one.drop), "values": values}

    return {
        "scenarios": [variant(one) for one in state.scenarios],
        "baseline": variant(state.baseline),
        "assumptions": {name: written(value) for name, value in state.assumptions.items()},
        "worlds": list(state.worlds),
        "outcomes": list(state.outcomes),
        "calibrated": state.calibrated,
        "runs": state.runs,
        "seed": state.seed,
        "months": state.months,
    }


def asked_for(asked: Any) -> ViewState:
    """Return the state that a request asks for; it is checked like any link.

    Raises
    ------
    InputError
        If the request has no query, or a part of it is no use.
    """
    query = asked.get("query") if isinstance(asked, Mapping) else asked
    if not isinstance(query, str) or len(query) > MOST_QUERY:
        raise sim.InputError("request", "it has no query of at most 4 kB.", "Reload the page.")
    state, problems = read_view(dict(parse_qsl(query, keep_blank_values=True)))
    if problems:
        raise sim.InputError("setting", problems[0], "")
    return state
