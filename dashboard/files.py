"""A view as a file, and as commands that give its numbers."""

from __future__ import annotations

import base64
import json
import shlex
from typing import Any

import sim
from dashboard import runs
from dashboard.views import ViewState

MOST_FILE = 200_000
MARK = "# view: "
"""Beginning of the line of a saved file that holds the link of the view."""


def slug(state: ViewState) -> str:
    """Return a name for files of a view: letters, digits and underscores."""
    variant = state.scenarios[0]
    return f"{variant.preset}_edited" if variant.edited else variant.preset


def saved(state: ViewState) -> str:
    """Return the first scenario as a file, with the link of the view in its first line."""
    return f"{MARK}{state.query()}\n{sim.to_toml(sim.resolved(state.first()))}"


def opened(content: Any) -> str:
    """Return the link in a saved file that was uploaded.

    Parameters
    ----------
    content : str
        As `dcc.Upload` sends it: a data address in base64.

    Raises
    ------
    InputError
        If it is not a file that a page saved.
    """
    where, remedy = "file", "Open a .toml file that “Save file” wrote; others run with aperture compare ./FILE.toml."
    if not isinstance(content, str) or len(content) > 2 * MOST_FILE:
        raise sim.InputError(where, "it is too large or not a file.", remedy)
    try:
        text = base64.b64decode(content.partition(",")[2], validate=True).decode("utf-8-sig")
    except ValueError:
        raise sim.InputError(where, "it is not text in UTF-8.", remedy) from None
    first = text.partition("\n")[0].strip()
    if not first.startswith(MARK):
        raise sim.InputError(where, "its first line holds no view.", remedy)
    return first.removeprefix(MARK)


def commands(state: ViewState) -> tuple[str, str]:
    """Return the text for a shell and the text for Python."""
    scenarios, baseline = state.resolve()
    plain_state = ViewState(state.scenarios, state.baseline, months=state.months)
    own = [item for item in plain_state.resolve()[0] if item.name not in sim.scenario_names()]
    files = {item.name: sim.to_toml(sim.resolved(item)) for item in own}
    asked = {item.name: f"./{item.name}.toml" if item.name in files else item.name for item in scenarios}
    settings = [f"{name}={value!r}".replace("'", "") for name, value in state.assumptions.items()]
    words = ["aperture", "compare", *(name for key, name in asked.items() if key != baseline)]
    words += ["--baseline", asked[baseline], *state.ensemble.arguments(runs.FULL), "--months", str(state.months)]
    words += [word for world in state.worlds for word in ("--with", world)]
    words += [word for setting in settings for word in ("--set", setting)]
    written = "".join(f"cat > {name}.toml <<'END'\n{text}END\n" for name, text in files.items())
    return written + shlex.join(words), _python(state, asked, baseline, settings, files)


def _python(state: ViewState, asked: dict[str, str], baseline: str, settings: list[str], files: dict[str, str]) -> str:
    ensemble, lines = state.ensemble, ["from pathlib import Path", "", "import sim", ""]
    lines += [f"Path({name + '.toml'!r}).write_text({json.dumps(text)})" for name, text in files.items()]
    lines.append(f"names = {list(asked.values())!r}")
    lines.append(f"scenarios = [sim.load(name, {list(state.worlds)!r}, {settings!r}) for name in names]")
    draws = f'sim.named_draws("calibrated:{runs.FULL}")' if ensemble.calibrated else "1"
    replicates = 1 if ensemble.calibrated else runs.FULL
    lines.append(
        f"comparison = sim.compare(scenarios, {baseline!r}, replicates={replicates}, draws={draws}, "
        f"seed={ensemble.seed}, months={state.months})"
    )
    lines += ["for name, outcomes in comparison.differences().items():"]
    lines += [f"    for outcome in {list(state.outcomes)!r}:", "        print(name, outcome, outcomes[outcome])"]
    return "\n".join(lines)
