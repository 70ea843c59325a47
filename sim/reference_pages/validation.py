"""The pages of docking and of validation."""

from __future__ import annotations

from typing import Any

from sim.reference_pages.markdown import code, number, page, table
from sim.validation import docking
from sim.validation.documents import stored

DOCKING = """Docking asks whether the parts of the model give what published models say they should. Each case
calls the functions that the monthly step calls, with everything else switched off, at enough
quasi-random points, agents or steps for the tolerance; the closed form is only ever the expected
value. A parameter that a reduction does not set is not a number, so that a forgotten one spoils the
result for all to see. Tests work the closed forms out again at other inputs, and check that the
functions named are called and belong to the month.

`aperture dock MODEL key=value …` docks any admissible inputs, `aperture dock --all` the cases
below; it fails if one is off."""

FIGURES = """![Every docked number: obtained over expected, on the line of equality](../images/docking.svg)

Whether to regulate a race has no single answer, and that is a result of the model docked as
`dsair_thresholds`: forcing developers to be safe helps in one zone of risk and speed, changes
nothing in a second, and does harm in a third.

![Map of three zones over the speed and the risk of unsafe development](../images/race_zones.svg)

The lower line is where both developers are as well off with unsafe haste as with safety, the upper
line where safety becomes what a population of developers chooses by itself."""

VALIDATION = """What the model gives for 2023 to 2025 beside what was observed. `aperture validate` works it out
anew for the default parameters, one set for all patterns; `aperture validate --draws calibrated` and
`aperture validate --hindcast` for the calibrated draws. The tables below were made together with the
draws, by `python -m sim.validation.publish`. Medians near the edge of a tolerance fall on either
side of it with another seed.

- **Fitted** patterns lie before the end of 2024, and nothing later was used for calibration. A
  *miss* among them is one that no choice of parameters within their ranges mended: a fault of the
  model, or of the measure.
- **Predicted** patterns lie after 2024. The model saw nothing of them.
- An interval holds nine in ten runs; each run differs in its parameters *and* in its chance. The
  one history that was observed is one run.
- Patterns that are *not required* rest on facts that could not be verified.

Read misses as loudly as hits: they say where the model should not be trusted."""

CALIBRATION = """History matching (Vernon, Goldstein & Bower 2010): parameters are drawn from their ranges, and draws
whose patterns are further than three standard deviations from a target are ruled out; the tolerance
of the source and the chance of a single history both count. Linear emulators of all patterns choose
what is tried next. Of the draws that are not ruled out, the nearest to all patterns together are kept
(smallest mean square of the distances). What no pattern speaks about
stays as wide as its range: **most parameters, and among them nearly all that decide whether
openness helps or hurts**, are not informed by any data to 2024."""

EARLY = """Shares of 2020 to 2022, in a history that begins in January 2020 (`hindcast_2020`). No parameter was
fitted to these years: what makes the shares move, the cost of a launch counted in the profit of a
growing market, was fitted to 2023 and 2024. Tolerance is ±0.10, as in the source."""

DRIVEN = """How identifiable a pattern makes which parameter: the share of its variance over the prior that a
linear emulator explains, and the parameters with the steepest slopes, in standard deviations of the
pattern over half the range of the parameter. What is not explained is chance, curvature, and many
small effects. A pattern that several parameters move alike tells none of them apart."""

HINDCAST = """Scores are continuous ranked probability scores (CRPS) in the unit of the pattern: smaller is
better, and a point forecast scores its absolute error. *Last value* is the naive forecast that
nothing changes, *trend* that the log-linear trend before 2025 goes on; a dash where nothing earlier
is known. Bold is the best of the three."""


def docking_page() -> str:
    """Return the page of docking: every model with its cases, expected beside obtained."""
    checks = list(docking.checks())
    good = sum(check.holds for check in checks)
    parts = [DOCKING, f"{good} of {len(checks)} numbers agree.", FIGURES]
    for model in docking.MODELS.values():
        rows = [
            [" ".join(f"{k} = {_text(v)}" for k, v in c.inputs.items()), code(c.output), _text(c.expected),
             _text(_like(c.obtained, c.expected)), "agrees" if c.holds else "**off**"]
            for c in checks if c.model == model.name
        ]  # fmt: skip
        kernels = ", ".join(f"{code(name)} of {code(f'sim/kernels/{module}.py')}" for module, name in _parts(model))
        about = f"{model.source}. {model.setting} Calls {kernels}."
        parts += [f"## {model.title}", f"{code(model.name)} · {about}", table(HEADS, rows)]
    return page("Docking", *parts)


def _parts(model: docking.Published) -> list[tuple[str, str]]:
    return [(module, name) for module, _, name in (kernel.partition(".") for kernel in model.kernels)]


HEADS = ["Inputs", "Output", "Expected", "Obtained", "Verdict"]


def _like(obtained: Any, expected: Any) -> Any:
    """An obtained number with as many digits as the expected one deserves."""
    if isinstance(obtained, list):
        return [_like(o, e) for o, e in zip(obtained, expected, strict=True)]
    return float(f"{obtained:.4g}")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    return number(value) if isinstance(value, int | float) else str(value)


def validation_page() -> str:
    """Return the page of validation, from what was stored with the calibrated draws."""
    found = stored()
    fitted = [row for row in found["calibrated"] if not row["predicted"]]
    default = {row["pattern"]: row for row in found["defaults"]}
    hits = sum(row["agrees"] for row in fitted)
    parts = [
        VALIDATION,
        "## Fitted patterns",
        f"{hits} of {len(fitted)} medians over the calibrated draws lie within the tolerance of the source, and "
        f"{sum(default[row['pattern']]['agrees'] for row in fitted)} with the defaults.",
    ]
    parts.append(table(FITTED_HEADS, [_fitted(row, default[row["pattern"]]) for row in fitted]))
    scores = found["hindcast"]
    parts += ["## Hindcast of 2025", HINDCAST, _coverage(scores), table(SCORE_HEADS, map(_score, scores))]
    parts += ["## Hindcast from 2020", EARLY, _early(found["early"], found["early_defaults"])]
    calibration = found["calibration"]
    runs = " and ".join(
        f"{kept} of {tried}" for kept, tried in zip(calibration["kept"], calibration["runs"], strict=True)
    )
    parts += [
        "## Calibration",
        CALIBRATION,
        f"Kept, wave by wave: {runs}; {found['draws']} of them come with Aperture.",
    ]
    parts += [_ruled(calibration), "### What moves the patterns", DRIVEN, _driven(calibration)]
    parts += ["### What the patterns inform", _uninformed(calibration), _informed(calibration["informed"])]
    return page("Validation", *parts)


FITTED_HEADS = [
    "Pattern",
    "Observed",
    "Tolerance",
    "Defaults",
    "Calibrated",
    "90 % of runs",
    "Unit",
    "Verdict",
    "Facts",
]


def _fitted(row: dict[str, Any], default: dict[str, Any]) -> list[str]:
    verdict = "agrees" if row["agrees"] else "**miss**"
    return [
        row["label"], number(row["target"]), _between(row["tolerance"]), _short(default["median"]),
        _short(row["median"]),
        _between(row["interval90"]), row["unit"], verdict if row["required"] else f"{verdict}, not required",
        " ".join(row["facts"]),
    ]  # fmt: skip


SCORE_HEADS = [
    "Predicted",
    "Observed",
    "Median",
    "90 % of runs",
    "CRPS",
    "Last value",
    "Trend",
    "Unit",
    "In 50 %",
    "In 90 %",
]


def _score(row: dict[str, Any]) -> list[str]:
    rivals = [row["crps"], row["crps_last_value"], row["crps_trend"]]
    best = min(value for value in rivals if value is not None)
    shown = [
        "–" if v is None else f"**{_short(v)}**" if v == best and len(_known(rivals)) > 1 else _short(v) for v in rivals
    ]
    return [
        row["label"], number(row["observed"]), _short(row["median"]), _between(row["interval90"]), *shown, row["unit"],
        "yes" if row["in50"] else "**no**", "yes" if row["in90"] else "**no**",
    ]  # fmt: skip


def _known(values: list[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _coverage(scores: list[dict[str, Any]]) -> str:
    half, most = (sum(row[key] for row in scores) for key in ("in50", "in90"))
    compared = [row for row in scores if row["crps_last_value"] is not None]
    beats = sum(row["crps"] < row["crps_last_value"] for row in compared)
    trends = [row for row in scores if row["crps_trend"] is not None]
    beats_trend = sum(row["crps"] < row["crps_trend"] for row in trends)
    return (
        f"Of {len(scores)} observed values, {half} lie in the central half of the predictions and {most} in nine "
        f"tenths of them. The model scores better than the last value on {beats} of {len(compared)}, better than the "
        f"trend on {beats_trend} of {len(trends)}."
    )


def _early(rows: list[dict[str, Any]], default: list[dict[str, Any]]) -> str:
    heads = ["Pattern", "Observed", "Defaults", "Calibrated", "90 % of runs", "Verdict", "Facts"]
    body = [
        [row["label"], number(row["target"]), _short(plain["median"]), _short(row["median"]),
         _between(row["interval90"]), "agrees" if row["agrees"] else "**miss**", row["fact"]]
        for row, plain in zip(rows, default, strict=True)
    ]  # fmt: skip
    return table(heads, body)


def _ruled(calibration: dict[str, Any]) -> str:
    labels = {row["pattern"]: row for row in stored()["calibrated"]}
    heads = ["Pattern", "Ruled out of the prior", "Ruled out of the last wave", "Chance alone (s.d.)"]
    return table(
        heads,
        [
            [labels[row["pattern"]]["label"], f"{row['ruled_out_of_prior']:.0%}",
             f"{row['ruled_out_of_last_wave']:.0%}", _short(row["chance_sd"])]
            for row in calibration["patterns"]
        ],
    )  # fmt: skip


def _driven(calibration: dict[str, Any]) -> str:
    labels = {row["pattern"]: row["label"] for row in stored()["calibrated"]}
    rows = [
        [labels[row["pattern"]], f"{row['explained']:.0%}",
         ", ".join(f"{code(d['parameter'])} {d['slope']:+.2f}" for d in row["drivers"])]
        for row in calibration["patterns"]
    ]  # fmt: skip
    return table(["Pattern", "Explained", "Steepest"], rows)


def _uninformed(calibration: dict[str, Any]) -> str:
    informed, every = len(calibration["informed"]), calibration["parameters"]
    silent = [name for name in CONTESTED if name not in {row["parameter"] for row in calibration["informed"]}]
    return (
        f"Of {every} uncertain parameters the distribution of {informed} was changed by more than chance changes any "
        f"of all of them in one calibration of twenty (the table below); {every - informed} stay as wide as their "
        "ranges. Among the latter are, of those that say how offence and defence work: "
        f"{', '.join(map(code, silent)) or 'none'}."
    )


CONTESTED = (
    "defence.persistent_share_cyber", "defence.persistent_share_fraud", "defence.slice_patch_rate_cyber",
    "defence.tool_per_oom_cyber", "defence.tool_adoption", "misuse.uplift_per_oom_cyber", "misuse.uplift_per_oom_fraud",
    "misuse.uplift_cap_cyber", "security.strip_rate_per_month", "catastrophe.misuse_rate",
)  # fmt: skip
"""Parameters of offence and defence, for the report of what is not known."""


def _informed(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "None."
    heads = ["Parameter", "Distance (KS)", "Shift of the mean (half ranges)", "Spread left (of the prior)"]
    body = [[code(r["parameter"]), f"{r['distance']:.2f}", f"{r['shift']:+.2f}", f"{r['spread']:.2f}"] for r in rows]
    return table(heads, body)


def _between(pair: list[Any]) -> str:
    return f"{_short(pair[0])} to {_short(pair[1])}"


def _short(value: float | None) -> str:
    return "–" if value is None else number(float(f"{value:.3g}"))
