"""The study of open and closed policies, and what their differences depend on, from results that commands stored."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.experiments.words import CLEAR, describe
from sim.experiments.words import number as short
from sim.figures.numbers import scale
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.reference_pages.markdown import code, page, table

HERE = Path(__file__).parents[2] / "docs" / "studies" / "open_or_closed"
RESULTS = HERE / "results"
ARGUMENTS = "arguments.toml"
TOP = 10
"""Assumptions whose evidence is weighed."""
CRUXES = 3

STUDY = """Should the weights of frontier models be open or closed? A model cannot say. It can say on what the
answer hangs. This study lets every uncertain parameter vary over its range, in three policies at once, and asks
which of the assumptions would change the choice if they were known, and at which values.

Policies: `closed_frontier` (a bloc forbids open release near the frontier), `staged_release` (a delay first) and
`open_by_default` (what is offered must be open). Designs: [futures](futures.toml), [screening](screening.toml),
[shares](shares.toml). One script makes everything anew: [run.sh](run.sh)."""
COMMANDS = """```text
docs/studies/open_or_closed/run.sh RUNS 2
```

The commands in it are those of [Analyse a sweep](../../how-to/analyse_a_sweep.md). With the runs of
`futures.toml` at hand, `aperture cruxes` takes well under a minute; the runs themselves, 6,144, take some minutes
to a quarter of an hour on two cores."""
STRIPS = """Strips run over the range of each assumption; the tick is where the preferred policy changes, with its
95 % interval, the diamond the default. The assumptions further down are within what luck explains."""
CALIBRATED = """The same question over the [128 draws](calibrated.toml) that the patterns to the end of 2024 do
not rule out, with four replicates each. So few futures find only what is strong."""
LIMITS = """- Futures are the *prior*: every parameter over its whole range, independent of the others. Where
  ranges are judgements, shares of futures are shares of judgement. Draws that agree with the data to 2024 are
  used in [Which policy is best, and how often](../../reference/ranking.md).
- Preferences add outcomes up and are neutral to risk. By `swing`, weights are per typical stake of this choice:
  other policies, other stakes.
- A crux is judged one assumption at a time. Two that turn the choice only together are not seen; knowing
  everything is worth more than the cruxes one by one.
- Means of innovations rest on a few futures with very many of them, so that even the sign of their difference is
  not sure by the mean; in log points it is, see [What open against closed depends
  on](../../reference/sensitivity.md).
- Two replicates a draw: what chance makes of single futures counts as knowledge in *knowing everything*, which is
  therefore an upper bound.
- Policies start in 2027 and are judged to the end of 2033. Later harm and later innovation do not count."""


def read(name: str) -> dict[str, Any]:
    """What a command stored."""
    return dict(json.loads((RESULTS / f"{name}.json").read_text("utf-8")))


def study_page() -> str:
    """Return the page of the study."""
    harm, every, wary = (read(f"cruxes_{name}") for name in ("harm", "all", "wary"))
    parts = [STUDY, "## By harm alone", _choice(harm), _cruxes(harm)]
    parts += ["![The values of each assumption that speak for open and for closed](cruxes.svg)"]
    parts += [STRIPS]
    if (RESULTS / "cruxes_calibrated.json").is_file():  # draws may be older than the ranges of the parameters
        known = read("cruxes_calibrated")
        parts += ["## By harm alone, over the calibrated draws", CALIBRATED, _choice(known)]
        parts += [_cruxes(known), _again(harm, known)]
    parts += ["## By innovation, concentration and harm alike", _choice(every), _flips(every), _weights(every)]
    parts += ["## With harm ten times as heavy", _choice(wary), _flips(wary), _weights(wary)]
    parts += ["## By other rules of decision", _rules()]
    parts += ["## Where closed does less harm", _box(), "## Levels and differences", _levels()]
    parts += ["## What this does not say", LIMITS, "## Make it again", COMMANDS, models()]
    return page("Open or closed: what the choice turns on", *parts)


def models() -> str:
    """Say which state of the model the stored results come from."""
    rows = [
        ("futures.toml", read("cruxes_harm")),
        ("screening.toml", read("screening")),
        ("shares.toml", read("shares")),
    ]
    cells = [[code(name), one["sweep"]["version"], code(one["sweep"]["model"][:12])] for name, one in rows]
    head = "The stored results were made by these states of the model; `runs/manifest.json` of a sweep names its own:"
    return f"{head}\n\n{table(['Design', 'Version', 'Digest of the model'], cells)}"


def _choice(found: dict[str, Any]) -> str:
    best = ", ".join(f"{code(name)} in {100 * share:.0f} %" for name, share in found["best_in"].items())
    return (
        f"Over {found['futures']:,} futures {code(found['best'])} is best on average. Best in single futures: {best}. "
        f"Knowing everything before choosing would be worth {short(found['everything'])} in units of "
        "utility; if nothing "
        f"mattered, the luckiest of the assumptions would seem worth up to {short(found['luck'])}."
    )


def clear(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The cruxes that luck does not explain."""
    return [crux for crux in found["cruxes"] if crux["chance"] <= CLEAR and crux["worth"] > 0]


def _cruxes(found: dict[str, Any]) -> str:
    known = clear(found)
    if not known:
        return "No assumption turns this choice by itself beyond what luck explains."
    chosen = [crux for crux in found["cruxes"] if crux in known or crux["thresholds"]][:CRUXES]
    lines = ["The assumptions that turn it most:"]
    for place, crux in enumerate(chosen, 1):
        low, high = map(short, crux["interval"])
        lines.append(
            f"{place}. "
            f"{code(crux['assumption'])}{'' if crux in known else ' (within what luck explains)'}: "
            f"{describe(crux['assumption'])}. {_coded(crux['words'], found)} "
            f"Knowing it is worth {short(crux['worth'])} ({low} to {high}). {_why(crux['assumption'])}"
        )
    return "\n".join([lines[0], "", *lines[1:]])


def _flips(found: dict[str, Any]) -> str:
    chosen = clear(found)
    return _cruxes(found) if chosen else f"{_cruxes(found)} {_nearest(found)}"


def _nearest(found: dict[str, Any]) -> str:
    leads = [crux["lead"][0] for crux in found["cruxes"]]
    least = short(min(leads))
    return f"Where an assumption speaks most against it, the lead of {code(found['best'])} falls to {least}."


def _again(prior: dict[str, Any], known: dict[str, Any]) -> str:
    """Say what becomes of the cruxes of the prior over other draws."""
    parts = []
    examined = {crux["assumption"]: crux["worth"] for crux in known["cruxes"]}
    for crux in clear(prior)[:CRUXES]:
        name = crux["assumption"]
        worth = examined.get(name, known["others"].get(name))
        parts.append(f"{code(name)} {'does not differ' if worth is None else short(worth)}")
    return f"What knowing the cruxes of the prior is worth there: {', '.join(parts)}." if parts else ""


def _coded(text: str, found: dict[str, Any]) -> str:
    for name in found["policies"]:
        text = text.replace(name, code(name))
    return text


def _why(name: str) -> str:
    return arguments().get(name, {}).get("why", "")


def _weights(found: dict[str, Any]) -> str:
    rows = [
        f"- If {OUTCOMES[turn['outcome']].label} weighed "
        f"{'more' if turn['turns_at'] > turn['stated'] else 'less'} than "
        f"{short(turn['turns_at'])} instead of {short(turn['stated'])}, {code(turn['then'])} would be best on average."
        for turn in found["weights"]
    ]
    return "\n".join(rows) or (
        f"No weight of a single outcome, however large, makes another policy than {code(found['best'])} "
        "best on average: "
        "it is so because it is best on average on each outcome by itself."
    )


def _rules() -> str:
    found = read("robust")
    names = found["policies"]
    parts = [
        "Rank (and share of resampled futures in which it is first) by rule, for the preference that "
        "lets the three outcomes count alike, "
        "and by harm alone:"
    ]
    for key, label in (("preference", "All three alike"), ("cumulative_harm", "Harm")):
        rules = found["tables"][key]["rules"]
        rows = [
            [rule, *(f"{cells['rank'][name]:g} ({100 * cells['first'][name]:.0f} %)" for name in names)]
            for rule, cells in rules.items()
        ]
        parts.append(table([label, *map(code, names)], rows))
    return "\n\n".join(parts)


def _box() -> str:
    found = read("discover_harm")
    share = found["true_in"] / found["futures"]
    start = f"Closed does less harm in {found['true_in']:,} of {found['futures']:,} futures ({100 * share:.0f} %)."
    if not found["box"]["limits"]:
        return f"{start} No box of assumptions holds up on futures that the search has not seen."
    limits = " and ".join(_limit(name, ends) for name, ends in found["box"]["limits"].items())
    again = ", ".join(f"{code(name)} {100 * value:.0f} %" for name, value in found["reproduced"].items())
    return (
        f"{start} The box that describes them best is {limits}. On the half of the futures that the "
        "search did not see it holds "
        f"{100 * found['held_out']['coverage']:.0f} % of them, and "
        f"{100 * found['held_out']['density']:.0f} % of its futures are "
        f"such futures, against {100 * share:.0f} % everywhere. Limits found again in other halves: "
        f"{again}. That is a tendency and "
        "no rule: in most futures many assumptions decide together."
    )


def _limit(name: str, ends: list[float | None]) -> str:
    low, high = ends
    text = f"{code(name)}"
    if low is not None and high is not None:
        return f"{text} from {short(low)} to {short(high)}"
    return f"{text} above {short(low)}" if low is not None else f"{text} below {short(high or 0.0)}"


def _levels() -> str:
    lines = (RESULTS / "table.csv").read_text("utf-8").splitlines()
    keys = lines[0].split(",")
    cells = [dict(zip(keys, line.split(","), strict=True)) for line in lines[1:]]
    rows = []
    for c in cells:
        shown = scale(c["unit"], [float(c["mean"])])
        low, middle, high = (shown.bare(float(c[key] or "nan"), sign=True) for key in ("low", "difference", "high"))
        gap = f"{middle} ({low} to {high})" if c["low"] else ""
        rows.append([code(c["scenario"]), OUTCOMES[c["outcome"]].label, shown.text(float(c["mean"])), gap])
    rows.sort(key=lambda row: row[1])
    head = "Written by `aperture table`, [as CSV](results/table.csv) and [as LaTeX](results/table.tex):"
    return f"{head}\n\n{table(['Policy', 'Outcome', 'Mean', 'Difference, 95 % interval'], rows)}\n\n{_enough()}"


def _enough() -> str:
    found = read("replicates")
    verdict = {"enough": "is enough", "more": f"needs about {found['needed']:,} draws", "none": "cannot be judged"}
    return (
        f"The difference in harm between {' and '.join(map(code, found['policies']))} is known to ± "
        f"{short(found['half_width'])} USD from "
        f"{found['units']:,} draws; a half-width of {short(found['target'])} USD "
        f"{verdict[found['verdict']]}. Of the variance of a "
        f"single pair, {100 * found['within'] / (found['within'] + found['between']):.0f} % is chance within a draw."
    )


def arguments() -> dict[str, dict[str, str]]:
    """Evidence for and against values of parameters, by name."""
    text = files("sim.evidence").joinpath(ARGUMENTS).read_text("utf-8")
    return dict(tomllib.loads(text))


def most_important(shares: dict[str, Any], number: int = TOP) -> list[tuple[str, dict[str, float]]]:
    """The assumptions with the largest total index on any of the differences, with it by outcome."""
    totals: dict[str, dict[str, float]] = {}
    for analysis in shares["analyses"]:
        for name, row in analysis["indices"].items():
            if name in REGISTRY:
                totals.setdefault(name, {})[analysis["outcome"]] = row["total"]
    return sorted(totals.items(), key=lambda item: -max(item[1].values()))[:number]
