"""Read a small TOML file that anybody may have written, and refuse everything else with a message."""

from __future__ import annotations

import math
import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError

MAX_BYTES = 1_000_000
MAX_LINES = 5_000
MAX_MARKS = 50_000
"""Most dots, commas, brackets and equals signs: beyond it the reader would need seconds."""
MAX_DOTS_IN_LINE = 120
MAX_DEPTH = 8
MAX_TEXT = 10_000
MAX_SHOWN = 8
MAX_MESSAGE = 2_500
LOOKALIKES = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "FULLWIDTH", "MATHEMATICAL", "COPTIC")
"""Scripts whose letters resemble each other."""


class Problem(NamedTuple):
    """One thing that is wrong: where in the file, what, and what to write instead."""

    path: str
    problem: str
    remedy: str = ""


def shown(value: object, most: int = 60) -> str:
    """Write a value on one line in plain ASCII, shortened, so that nothing in it can confuse a terminal."""
    if isinstance(value, dict | list):
        return f"a {'table' if isinstance(value, dict) else 'list'} of {len(value)}"
    try:
        text = ascii(value[: 4 * most]) if isinstance(value, str) else ascii(value)
    except ValueError:
        text = "a very large number"
    return text if len(text) <= most else text[: most - 1] + "..."


def failure(where: str, problems: list[Problem]) -> InputError:
    """Make one exception of all problems of one file."""
    if len(problems) == 1:
        path, problem, remedy = problems[0]
        return InputError(f"{where}: {path}" if path else where, _short(problem), _short(remedy))
    lines = [f"  {' '.join(filter(None, (f'{p.path}:', _short(p.problem), _short(p.remedy))))}" for p in problems]
    more = f"\n  and {len(problems) - MAX_SHOWN} more" if len(problems) > MAX_SHOWN else ""
    body = "\n".join(lines[:MAX_SHOWN])
    return InputError(where, f"{len(problems)} problems:\n{body[:MAX_MESSAGE]}{more}", "")


def _short(text: str, most: int = 240) -> str:
    return text if len(text) <= most else text[:most] + "..."


def read_toml(path: str | Path) -> dict[str, Any]:
    """Read a TOML file.

    Parameters
    ----------
    path : str or Path
        An ordinary file of at most `MAX_BYTES`, UTF-8, with or without a byte-order mark.

    Returns
    -------
    dict
        Tables, lists, text, finite numbers within 64 bits, truth values and dates.

    Raises
    ------
    InputError
        If it cannot be read, or holds anything else.
    """
    where = shown(str(path), 200).strip("'\"")
    return parse_toml(_read_bytes(str(path), where), where)


def _read_bytes(path: str, where: str) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise InputError(where, "there is no such file.", "`aperture list` names the shipped scenarios.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(where, f"cannot be opened: {reason}.", "Name an ordinary file.") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise InputError(where, "is not an ordinary file.", "Name a TOML file.")
        with os.fdopen(handle, "rb", closefd=False) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(where, f"cannot be read: {error.strerror}.", "Name an ordinary file.") from None
    finally:
        os.close(handle)
    if len(data) > MAX_BYTES:
        raise InputError(where, "is larger than 1 MB.", "A scenario needs a few kB.")
    return data


def parse_toml(data: bytes, where: str) -> dict[str, Any]:
    """Turn the bytes of a TOML file into a document; see `read_toml`."""
    if b"\0" in data:
        raise InputError(where, "holds NUL bytes, so it is binary or UTF-16.", "Save it as UTF-8 text.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(where, f"is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from None
    lines = text.splitlines()
    if len(lines) > MAX_LINES or sum(map(text.count, ".,=[{")) > MAX_MARKS:
        raise InputError(where, "holds far more entries than any scenario.", f"Use at most {MAX_LINES} lines.")
    if any(line.count(".") > MAX_DOTS_IN_LINE for line in lines):
        raise InputError(where, "has a line with too many dots.", f"Nest at most {MAX_DEPTH} levels deep.")
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise InputError(where, "is nested too deeply.", f"Nest at most {MAX_DEPTH} levels deep.") from None
    except ValueError as error:
        raise _syntax(where, str(error), lines) from None
    check_document(document, where)
    return document


def check_document(document: object, where: str) -> None:
    """Raise InputError unless a document is a table of finite, undeceptive, not too deeply nested values."""
    if not isinstance(document, dict):
        raise InputError(where, f"{shown(document)} is not a table.", "Give a mapping of keys to values.")
    problems = list(_unfit(document))
    if problems:
        raise failure(where, problems)


def _syntax(where: str, message: str, lines: list[str]) -> InputError:
    if "digits" in message:
        return InputError(where, "holds a number with thousands of digits.", "Write a smaller number.")
    place = re.search(r"at line (\d+)", message)
    line = lines[int(place[1]) - 1] if place and int(place[1]) <= len(lines) else ""
    odd = sorted({f"U+{ord(character):04X}" for character in line if not character.isascii()})
    remedy = f"That line holds {', '.join(odd[:3])}, outside quotes perhaps." if odd else "Mend that line."
    return InputError(where, f"is not valid TOML: {_short(ascii(message)[1:-1])}.", remedy)


def _unfit(document: dict[str, Any]) -> Iterator[Problem]:
    stack: list[tuple[str, Any, int]] = [("", document, 0)]
    while stack:
        path, value, depth = stack.pop()
        if depth > MAX_DEPTH:
            yield Problem(path[:60], "is nested too deeply.", f"Nest at most {MAX_DEPTH} levels deep.")
        elif isinstance(value, dict):
            for key, item in value.items():
                if not isinstance(key, str):
                    yield Problem(path, f"holds the key {shown(key)}.", "Use text for keys.")
                    continue
                here = f"{path}.{key_shown(key)}" if path else key_shown(key)
                yield from _text_problems(here, key, name=True)
                stack.append((here, item, depth + 1))
        elif isinstance(value, list):
            stack.extend((f"{path}[{i}]", item, depth + 1) for i, item in enumerate(value))
        elif isinstance(value, str):
            yield from _text_problems(path, value)
        elif isinstance(value, float) and not math.isfinite(value):
            yield Problem(path, f"{value} is not a finite number.")
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            yield Problem(path, "is beyond 64 bits.", "Write a smaller number.")


def key_shown(key: str) -> str:
    """Write a key as it stands in the file if it is plain, otherwise in quoted ASCII."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", key) else shown(key)


def _text_problems(path: str, text: str, name: bool = False) -> Iterator[Problem]:
    if len(text) > (200 if name else MAX_TEXT):
        yield Problem(path, f"is text of {len(text)} characters.", f"Use at most {200 if name else MAX_TEXT}.")
        return
    yield from (Problem(path, problem, remedy) for problem, remedy in text_faults(text, one_line=name))


def text_faults(text: str, *, one_line: bool) -> Iterator[tuple[str, str]]:
    """Yield what makes text deceptive: control and direction characters, and words that mix scripts that look alike."""
    allowed = "" if one_line else "\n\t\r"
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") and character not in allowed:
            yield f"holds the invisible character U+{ord(character):04X}.", "Remove it."
            return
    if not text.isascii():
        for word in re.findall(r"\w+", text):
            scripts = {s for s in map(_script, word) if s in LOOKALIKES}
            if len(scripts) > 1:
                yield f"mixes letters of different scripts that look alike: {shown(word)}.", "Retype the word."
                return


def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ")[0] if character.isalpha() else ""


def name_of(path: str | Path) -> str:
    """Return the name of a scenario file: its stem; raises InputError if that could deceive a reader."""
    stem = Path(path).name.removesuffix(".toml")
    where = shown(str(path), 200).strip("'\"")
    for problem, remedy in text_faults(stem, one_line=True):
        raise InputError(where, f"its name {problem}", remedy)
    if not re.fullmatch(r"\w[\w .+()-]{0,79}", stem):
        raise InputError(where, f"{shown(stem)} is not a usable name.", "Use letters, digits, '_' and '-' (up to 80).")
    return stem
