"""The table of a sweep for a paper, as CSV and as LaTeX."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import asdict, fields

from sim.experiments.tabulation import Cell
from sim.figures.numbers import Scale, digits, scale
from sim.outcomes import OUTCOMES


def as_csv(rows: Sequence[Cell]) -> str:
    """Write the cells as CSV, one line a cell; undefined numbers are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(Cell)])
    for row in rows:
        writer.writerow(["" if v != v else repr(v) if isinstance(v, float) else v for v in asdict(row).values()])
    return text.getvalue()


def as_latex(rows: Sequence[Cell], caption: str = "") -> str:
    r"""Write the table for LaTeX with the package ``booktabs``.

    Levels of the baseline with the standard deviation between runs in brackets; below, differences to it with standard
    errors in parentheses and 95 % intervals in brackets.

    Parameters
    ----------
    rows : sequence of Cell
        From `sim.experiments.tabulate`.
    caption : str
        Plain text.
    """
    outcomes = list(dict.fromkeys(row.outcome for row in rows))
    shown = {name: scale(OUTCOMES[name].unit, [r.mean for r in rows if r.outcome == name]) for name in outcomes}
    lines = [r"\begin{table}", r"\centering"]
    lines += [rf"\caption{{{escape(caption)}}}"] if caption else []
    lines += [rf"\begin{{tabular}}{{l{'r' * len(outcomes)}}}", r"\toprule"]
    lines += [" & ".join(["", *(escape(OUTCOMES[n].label) for n in outcomes)]) + r" \\"]
    lines += [" & ".join(["", *(escape(shown[n].unit) for n in outcomes)]) + r" \\", r"\midrule"]
    for world in dict.fromkeys(row.world for row in rows):
        lines.append(rf"\multicolumn{{{len(outcomes) + 1}}}{{l}}{{\emph{{World: {escape(world)}}}}} \\")
        for scenario in dict.fromkeys(row.scenario for row in rows if row.world == world):
            lines += _lines([r for r in rows if (r.world, r.scenario) == (world, scenario)], shown)
        lines.append(r"\addlinespace")
    lines[-1] = r"\bottomrule"
    return "\n".join([*lines, r"\end{tabular}", _note(rows), r"\end{table}", ""])


def _lines(row: Sequence[Cell], shown: dict[str, Scale]) -> list[str]:
    """A scenario's lines: levels of the baseline, or differences with errors and intervals."""
    name = escape(row[0].scenario)
    if all(cell.difference != cell.difference for cell in row):
        levels = [_number(shown[cell.outcome], cell.mean) for cell in row]
        spread = [f"[{_number(shown[cell.outcome], cell.deviation)}]" for cell in row]
        return [_line([f"{name} (level)", *levels]), _line(["", *spread])]
    gaps = [_number(shown[cell.outcome], cell.difference, sign=True) for cell in row]
    errors = [f"({_number(shown[cell.outcome], cell.difference_error)})" for cell in row]
    ends = ["[" + ", ".join(_number(shown[c.outcome], v, sign=True) for v in (c.low, c.high)) + "]" for c in row]
    return [_line([name, *gaps]), _line(["", *errors]), _line(["", *ends])]


def _line(parts: Sequence[str]) -> str:
    return " & ".join(parts) + r" \\"


def _number(shown: Scale, value: float, *, sign: bool = False) -> str:
    if not math.isfinite(value):
        return "--"
    text = digits(value * shown.factor, sign=sign).replace("−", "-")
    head, times, power = text.partition("×10")
    if times:
        power = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        return rf"${head} \times 10^{{{power}}}$"
    return f"${text}$".replace(",", "{,}")


def _note(rows: Sequence[Cell]) -> str:
    runs = sorted({row.runs for row in rows})
    draws = sorted({row.draws for row in rows})
    return (
        r"\par\smallskip\footnotesize First line of each world: level, with the standard deviation between runs in "
        f"brackets. Others: mean paired difference to it on common random numbers, standard error clustered by draw in "
        rf"parentheses, 95\,\% interval in brackets. {_list(runs)} runs and {_list(draws)} independent draws a cell."
    )


def escape(text: str) -> str:
    """Return text with the characters that LaTeX reads as commands made letters."""
    marks = {
        "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "×": r"$\times$", "–": "--",
    }  # fmt: skip
    return "".join(marks.get(letter, letter) for letter in text)


def _list(parts: Sequence[object]) -> str:
    return ", ".join(str(part) for part in parts)
