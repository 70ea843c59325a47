"""The lessons as pages of the documentation: ``python -m dashboard.lessons.pages`` writes them."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import sim
from dashboard.lessons.reading import chapters, class_kit
from dashboard.lessons.records import MEMBERS, Chapter, Headed, Role
from dashboard.runs import Ensemble

FOLDER = Path(__file__).parents[2] / "docs" / "tutorials"
NOTE = "<!-- Written from dashboard/lessons/content by python -m dashboard.lessons.pages -->"


def pages() -> dict[str, str]:
    """Return the pages by name of file."""
    return {"chapters.md": _chapters_page(), "class_kit.md": _kit_page()}


def _chapters_page() -> str:
    intro = (
        "Three short chapters: a story, predictions, then what the runs say. They are played on the page *Learn* of "
        "the dashboard; here they are to read, print and adapt. No result stands in them, because every number that a "
        "chapter reveals is computed from runs when it is asked for. The commands make the same numbers."
    )
    return _page("Chapters", [intro, *(part for chapter in chapters() for part in _chapter(chapter))])


def _chapter(chapter: Chapter) -> list[str]:
    asks = [f"{item.ask}. *{item.think}*" for item in chapter.predictions]
    return [
        f"## Chapter {chapter.number}: {chapter.title}",
        f"*{chapter.question}* About {chapter.minutes} minutes.",
        *chapter.story,
        "### Predict",
        _bullets(asks),
        "### Reveal",
        "```sh\n" + "\n".join(commands(chapter)) + "\n```",
        "Ways in which it may come about in the model:",
        _bullets(chapter.channels),
        "### Reflect",
        _bullets(chapter.prompts),
        f"What to keep in mind: {chapter.caution}",
    ]


def commands(chapter: Chapter) -> list[str]:
    """Return the commands that make a chapter's numbers, one a world."""
    return [
        shlex.join(
            [
                *("aperture", "compare", *chapter.scenarios, "--baseline", chapter.baseline),
                *("--with", world, *Ensemble().arguments(MEMBERS)),
            ]
        )
        for world in chapter.worlds
    ]


def _kit_page() -> str:
    kit = class_kit()
    bands = [f"{band.words} (`{band.outcome}`)" for band in kit.goal.bands]
    parts = [
        kit.summary,
        "## Facilitator’s guide",
        "### What it is for",
        _bullets(kit.aims),
        "### Before the class",
        _bullets(kit.before),
        "### Ninety minutes",
        _table(("Minutes", "What happens"), kit.agenda),
        "### What helps",
        _bullets(kit.tips),
        "## Role cards",
        *(part for role in kit.roles for part in _role(role)),
        "## Rounds",
        *(f"**{item.title}** ({item.minutes} minutes, world `{item.world}`). {item.text}" for item in kit.rounds),
        "### Goals",
        kit.goal.text,
        _bullets(bands),
        "Policies to choose from: " + ", ".join(f"`{name}`" for name in kit.goal.choices) + ".",
        "## Worksheet",
        *_headed(kit.worksheet),
        "## Debrief",
        *_headed(kit.debrief),
    ]
    return _page(kit.title, parts)


def _role(role: Role) -> list[str]:
    watches = ", ".join(sim.OUTCOMES[name].label for name in role.watches)
    lines = [
        f"**Who you are.** {role.who}",
        f"**What you want.** {role.wants}",
        f"**What you watch.** {watches}.",
        f"**What you can do.** {role.can}",
        f"**Your dilemma.** {role.dilemma}",
        f"**Begin with this.** {role.asks}",
    ]
    return [f"### {role.title}", _bullets(lines)]


def _headed(rows: Headed) -> list[str]:
    return [part for head, lines in rows for part in (f"### {head}", _bullets(lines))]


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _page(title: str, parts: Sequence[str]) -> str:
    return f"# {title}\n\n{NOTE}\n\n" + "\n\n".join(parts) + "\n"


def main(folder: Path = FOLDER) -> int:
    """Write the pages and name those that changed."""
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
