"""Scenarios as text: TOML of a plain document, and the template for a new scenario."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sim.scenario_reading import name_of

TEMPLATE = '''schema_version = 1
title = "{title}"
question = "What do you want to know?"
story = """
One paragraph in plain words: what changes, for whom, from when."""
sources = ["Where the idea and the numbers come from"]
tension = "What pulls in opposite directions?"
baseline = "status_quo"          # start from this scenario and compare with it; `aperture list` names the others
# remove_policies = ["audit"]    # kinds of inherited policies to drop
# months = 120                   # horizon

# Instruments: `aperture schema` describes every kind and field. One table each; their order does not matter.
[[policies]]
kind = "staged_release"
start = 2027-01-01
# end = 2030-01-01
# phase_in_months = 12
jurisdictions = ["us", "eu"]     # of us, eu, china, rest
threshold = "distance_to_frontier"
value = -1.0                     # orders of magnitude; for training_flop the power of ten, such as 26
delay_months = 6.0

# Numbers of simulated agents; each stands for many, so harm does not grow with them.
# [population]
# misusers = 2000

# Assumptions that differ from the defaults; `aperture parameters` lists them all.
# [parameters]
# "misuse.uplift_per_oom_cyber" = 0.9
'''


def template(name: str) -> str:
    """Return the text of a new scenario file; raises InputError if the name is not usable."""
    title = name_of(name).replace("_", " ").strip().capitalize()
    return TEMPLATE.format(title=title)


def to_toml(document: Mapping[str, Any]) -> str:
    """Write a plain document as TOML: first plain values, then tables, then lists of tables.

    Parameters
    ----------
    document : mapping
        Text, numbers, truth values, lists of them, mappings of them and lists of mappings, as `sim.scenario.resolved`
        returns.
    """
    lines: list[str] = []
    _table(document, "", lines)
    return "\n".join(lines).strip() + "\n"


def _table(table: Mapping[str, Any], path: str, lines: list[str]) -> None:
    later: list[tuple[str, Any]] = []
    for key, value in table.items():
        if isinstance(value, Mapping) or (isinstance(value, list) and value and isinstance(value[0], Mapping)):
            later.append((key, value))
        elif value is not None:
            lines.append(f"{_key(key)} = {_value(value)}")
    for key, value in later:
        here = f"{path}.{_key(key)}" if path else _key(key)
        for item in [value] if isinstance(value, Mapping) else value:
            lines += ["", f"[{here}]" if isinstance(value, Mapping) else f"[[{here}]]"]
            _table(item, here, lines)


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else _text(key)


def _value(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
