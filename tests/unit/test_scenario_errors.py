"""Files and settings that must be refused: quickly, by one message that helps, and by nothing but an InputError."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenario import from_document, load, load_world, resolved
from sim.scenario_reading import parse_toml
from sim.scenario_record import Population, Scenario
from sim.scenario_text import TEMPLATE, template

HEAD = 'schema_version = 1\ntitle = "t"\n'
REGIME = HEAD + '[[regimes]]\nid = "x"\nlabel = "x"\nlike = "r7"\n'
POLICY = HEAD + '[[policies]]\nkind = "audit"\n'

BAD_TEXT: dict[str, tuple[str, str]] = {
    "empty": ("", "schema_version"),
    "syntax": ("title = \n", "line 1"),
    "unknown key": (HEAD + "polcies = []\n", "Did you mean policies"),
    "months 0": (HEAD + "months = 0\n", "1 to 600"), "months -1": (HEAD + "months = -1\n", "1 to 600"),
    "months 601": (HEAD + "months = 601\n", "1 to 600"), "months 1e12": (HEAD + "months = 1e12\n", "1 to 600"),
    "months 10.5": (HEAD + "months = 10.5\n", "1 to 600"),
    "months text": (HEAD + 'months = "many"\n', "1 to 600"),
    "months number as text": (HEAD + 'months = "100"\n', "1 to 600"),
    "months true": (HEAD + "months = true\n", "1 to 600"),
    "months nan": (HEAD + "months = nan\n", "finite"),
    "months inf": (HEAD + "months = inf\n", "finite"),
    "5,000 digits": (HEAD + f"months = {'9' * 5000}\n", "thousands of digits"),
    "beyond 64 bits": (HEAD + f"months = {2**63}\n", "64 bits"),
    "future schema": ('schema_version = 99\ntitle = "t"\n', "99"),
    **{f"schema {v}": (f"schema_version = {v}\ntitle = 't'\n", "schema_version = 1") for v in ('"1"', "true", "0")},
    "no title": ("schema_version = 1\n", "title"),
    "empty title": ('schema_version = 1\ntitle = ""\n', "title"),
    "duplicate key": (HEAD + 'title = "u"\n', "TOML"),
    "start": (HEAD + 'start = "January"\n', "2027-01"),
    "start month 13": (HEAD + 'start = "2027-13"\n', "2027-01"),
    "start too early": (HEAD + 'start = "1999-01"\n', "2015-01"),
    "start as a number": (HEAD + "start = 2027\n", "2027-01"),
    "start with a time": (HEAD + "start = 2027-01-01T00:00:00\n", "2027-01"),
    "labs 1": (HEAD + "[population]\nlabs = 1\n", "2 to 64"),
    "labs over slots": (HEAD + "[population]\nlabs = 30\n", "24 slots"),
    "misusers 0": (HEAD + "[population]\nmisusers = 0\n", "1 to 2000000"),
    "misusers 1e12": (HEAD + "[population]\nmisusers = 1000000000000\n", "1 to 2000000"),
    "misusers true": (HEAD + "[population]\nmisusers = true\n", "1 to 2000000"),
    "builders": (HEAD + "[population]\nbuilders = 200001\n", "1 to 200000"),
    "defenders": (HEAD + "[population]\ndefenders = 100001\n", "1 to 100000"),
    "unknown actor": (HEAD + "[population]\nmisuser = 5\n", "misusers"),
    "population no table": (HEAD + "population = 5\n", "table"),
    "unknown policy": (HEAD + '[[policies]]\nkind = "ban_everything"\nstart = 2025-01-01\n', "ban_everything"),
    "policy near miss": (HEAD + '[[policies]]\nkind = "staged_relase"\n', "staged_release"),
    "policy without kind": (HEAD + "[[policies]]\nstart = 2027-01-01\n", "kind: is missing"),
    "policy kind a list": (HEAD + "[[policies]]\nkind = [1]\n", "kind"),
    "policies no list": (HEAD + 'policies = "audit"\n', "list"),
    "policies of numbers": (HEAD + "policies = [1, 2]\n", "policies[1]"),
    "policy field": (POLICY + "strenght = 1.0\n", "strength"),
    "policy strength": (POLICY + "strength = 1.0000001\n", "0 to 1"),
    "policy nan": (POLICY + "rate = nan\n", "finite"),
    "policy place": (POLICY + 'jurisdictions = ["uk"]\n', "china"),
    "policy no place": (POLICY + "jurisdictions = []\n", "empty"),
    "end before start": (POLICY + "start = 2028-01-01\nend = 2027-01-01\n", "not after the start"),
    "dunder": (POLICY + "__class__ = 1\n", "__class__"),
    "threshold": (HEAD + '[[policies]]\nkind = "forbid_above"\nthreshold = "flop"\n', "training_flop"),
    "threshold not log": (HEAD + '[[policies]]\nkind = "forbid_above"\nvalue = 1e26\n', "write 26"),
    "threshold of its kind": (
        HEAD + '[[policies]]\nkind = "forbid_above"\nthreshold = "distance_to_frontier"\nvalue = 26\n', "-20 to 5",
    ),
    "unknown row": (HEAD + '[[policies]]\nkind = "forbid_above"\nregimes = ["r77"]\n', "policies[0].regimes"),
    "unknown parameter": (HEAD + '[parameters]\n"market.host_markp" = 1.1\n', "market.host_markup"),
    "parameter out of range": (HEAD + '[parameters]\n"market.host_markup" = 1e9\n', "1.02 to 1.4"),
    "parameter true": (HEAD + '[parameters]\n"market.host_markup" = true\n', "1.02 to 1.4"),
    "parameter unquoted": (HEAD + "[parameters]\nmarket.host_markup = 1.1\n", "in quotes"),
    "parameter choice": (HEAD + '[parameters]\n"defence.form" = "square"\n', "nested"),
    "agents.__class__": (HEAD + '[parameters]\n"agents.__class__" = 1\n', "agents.__class__"),
    "baseline escapes": (HEAD + 'baseline = "../other"\n', "not a shipped scenario"),
    "baseline a path": (HEAD + 'baseline = "/etc/passwd"\n', "not a shipped scenario"),
    "baseline near miss": (HEAD + 'baseline = "status_qou"\n', "status_quo"),
    "world unknown": (HEAD + 'worlds = ["ofence_dominant"]\n', "offence_dominant"),
    "remove unknown": (HEAD + 'remove_policies = ["audits"]\n', "audit"),
    "regime like nothing": (HEAD + '[[regimes]]\nid = "x"\nlabel = "x"\nlike = "r77"\n', "r7"),
    "regime attribute": (REGIME + "attributes = {monitoring = 2}\n", "0 to 1"),
    "regime recallable": (REGIME + "attributes = {revocability = 1}\n", "recall"),
    "regime twice": (HEAD + '[[regimes]]\nid = "r7"\nlabel = "x"\nlike = "r7"\n', "r7"),
    "homoglyph key": (HEAD + '"p\u043elicies" = []\n', "look alike"),
    "homoglyph bare key": (HEAD + "p\u043elicies = []\n", "U+043E"),
    "homoglyph title": ('schema_version = 1\ntitle = "st\u0430tus"\n', "look alike"),
    "bidi override": ('schema_version = 1\ntitle = "a\u202eb"\n', "U+202E"),
    "zero width": ('schema_version = 1\ntitle = "a\u200bb"\n', "U+200B"),
    "bell": ('schema_version = 1\ntitle = "a\\u0007b"\n', "U+0007"),
    "long title": (f'schema_version = 1\ntitle = "{"a" * 400}"\n', "title"),
    "long key": (HEAD + f"{'k' * 500_000} = 1\n", "500000"),
    "nested lists": (HEAD + f"x = {'[' * 50_001}\n", "far more"),
    "nested lists, closed": (HEAD + f"x = {'[' * 2000}{']' * 2000}\n", "deep"),
    "nested tables": (HEAD + "".join(f"[{'.'.join('a' * n)}]\n" for n in range(1, 100)), "deep"),
    "2,000 nested tables": (HEAD + f"[{'.'.join('a' * 2000)}]\n", "deep"),
    "2,000 nested inline": (HEAD + f"x = {'{a=' * 2000}1{'}' * 2000}\n", "deep"),
    "many keys": (HEAD + "".join(f"k{i} = 1\n" for i in range(4000)), "4000 problems"),
    "200,000 keys": (HEAD + "".join(f"k{i}=1\n" for i in range(100_000)), "entries"),
    "many parameters": (HEAD + "[parameters]\n" + "".join(f'"a.b{i}" = 1\n' for i in range(4000)), "4000 problems"),
    "many policies": (HEAD + '[[policies]]\nkind = "audit"\n' * 300, "200"),
    "long list": (HEAD + f"sources = [{'1,' * 40_000}]\n", "at most 100"),
}  # fmt: skip


def refused(attempt: Any) -> str:
    """Message of the InputError that a call raises within a second."""
    start = time.perf_counter()
    with pytest.raises(InputError) as caught:
        attempt()
    assert time.perf_counter() - start < 1.0
    message = str(caught.value)
    assert 10 < len(message) < 3000 and message.isascii() and message.replace("\n", "").isprintable()
    return message


@pytest.mark.parametrize("case", BAD_TEXT)
def test_bad_text(case: str, tmp_path: Path) -> None:
    text, expected = BAD_TEXT[case]
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    message = refused(lambda: load(path))
    assert expected in message and "s.toml" in message
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x00" * 100, "NUL"), (HEAD.encode("utf-16"), "NUL"), (b"\x89PNG\r\n\x1a\n\xff", "not UTF-8"),
        (HEAD.encode() + b"\xff", "not UTF-8"), (b"a" * 10_000_000, "1 MB"), (HEAD.encode() + b"\x00", "NUL"),
        (b"\xff\xfe" + "é".encode("utf-16-le"), "UTF-16"),
    ],
)  # fmt: skip
def test_bad_bytes(data: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(data)
    assert expected in refused(lambda: load(path))


def test_byte_order_mark_and_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    text = template("s")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    windows = load(path)
    path.write_text(text)
    assert load(path) == windows


def test_what_is_no_ordinary_file(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "fifo.toml")
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "nowhere.toml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.toml"))
        for name in ("folder", "fifo", "loop", "dangling", "missing", "s"):
            assert name in refused(lambda name=name: load(tmp_path / f"{name}.toml"))
    for path in ("/dev/zero", "/dev/null", "./nope.toml", "a\0b.toml", "x" * 5000 + ".toml", "/"):
        refused(lambda path=path: load(path))


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    denied = Mock(side_effect=PermissionError(13, "Permission denied"))
    monkeypatch.setattr(os, "open", denied)  # played: root may read everything
    assert "Permission" in refused(lambda: load(tmp_path / "s.toml"))


@pytest.mark.parametrize("stem", ["st\u0430tus", "a\u202eb", "a\nb", "-x", "x" * 100, "a\u200bb", ".", "a;b"])
def test_deceptive_names(stem: str, tmp_path: Path) -> None:
    path = tmp_path / f"{stem}.toml"
    path.write_text(HEAD)
    assert "name" in refused(lambda: load(path))


@pytest.mark.parametrize("stem", ["my_idea", "My idea 2", "été", "план", "a-b.c"])
def test_honest_names(stem: str, tmp_path: Path) -> None:
    path = tmp_path / f"{stem}.toml"
    path.write_text(HEAD)
    assert load(path).name == stem


UNKNOWN = ["nope", "", "..", "status_qou", "worlds", "__init__", "\u0455tatus_quo", "x" * 10_000]


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_names(name: str) -> None:
    message = refused(lambda: load(name))
    assert "staged_release" in message or "status_quo" in message
    assert "offence_dominant" in refused(lambda: load("status_quo", [name]))


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("market.nope=1", "market."), ("market.host_markup", "path=value"), ("=1", "path=value"), ("", "path=value"),
        ("market.host_markup=", "path=value"), ("market.host_markup=nan", "1.02"), ("market.host_markup=inf", "1.02"),
        ("market.host_markup=1e999", "1.02"), ("market.host_markup=true", "1.02"), ("market.host_markup=0x1", "1.02"),
        ("months=2.5", "whole"), ("months=0", "1 to 600"), ("months=" + "9" * 5000, "path=value"),
        ("months=x", "number"), ("start=2027", "2015-01"), ("start=2027-99", "number"),
        ("population.labs=99", "2 to 64"), ("population.labs=0", "2 to 64"),
        ("population.robots=1", "population."), ("agents.__class__=1", "name"), ("__class__=1", "name"),
        ("audit.__class__=1", "audit."), ("audit.rate=2", "0 to 1"), ("audit.jurisdictions=mars", "china"),
        ("audit.start=soon", "number"), ("audit.end=2020-01", "not after"),
        ("staged_release.delay_months=1", "no policy"), ("defence.form=square", "nested"),
        ("x" * 5000 + "=1", "x"), ("name=x", "name"), ("a\u202eb=1", "u202e"),
    ],
)  # fmt: skip
def test_bad_settings(setting: str, expected: str) -> None:
    assert expected in refused(lambda: load("status_quo", settings=[setting]))


def test_all_problems_are_listed_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        HEAD + 'months = 0\n[population]\nlabs = 1\n[[policies]]\nkind = "audit"\nrate = 2\nacess = 1\n'
        '[[policies]]\nkind = "pauze"\n[parameters]\n"market.hst_markup" = 1\n'
    )
    message = refused(lambda: load(path))
    for text in ("6 problems", "months: 0", "population.labs: 1", "policies[0].rate: 2", "policies[0].acess", "access",
                 "policies[1].kind", "pause", "market.hst_markup", "market.host_markup"):  # fmt: skip
        assert text in message


def test_world_may_hold_parameters_only(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text(HEAD + 'months = 10\n[[policies]]\nkind = "audit"\n')
    message = refused(lambda: load_world(path))
    assert "months" in message and "policies" in message
    assert "w.toml" in refused(lambda: load("status_quo", [str(path)]))


@pytest.mark.parametrize(
    "document", [None, 1, "x", [], {"title": object()}, {1: 2}, {"schema_version": 1, "title": b"x"}]
)
def test_documents_that_no_file_could_hold(document: Any) -> None:
    refused(lambda: from_document(document, "x"))


def test_records_built_in_python_are_checked() -> None:
    for attempt in (
        lambda: Scenario(name="x", months=True), lambda: Scenario(name="x", months=0), lambda: Population(labs=1),
        lambda: Scenario(name="x", parameters={"market.nope": 1.0}), lambda: Scenario(name="x", start=0),
        lambda: load("status_quo").replace(months=601), lambda: Population(labs=30),
    ):  # fmt: skip
        refused(attempt)


def read_or_refused(attempt: Callable[[], Scenario]) -> Scenario | None:
    """Scenario, or None if it was refused in a few words; any other exception is a failure."""
    message = ""
    try:
        return attempt()
    except InputError as error:
        message = str(error)
    assert 10 < len(message) < 3000
    return None


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    read_or_refused(lambda: from_document(parse_toml(data, "fuzz"), "fuzz"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_no_change_of_a_good_document_raises_anything_else(data: st.DataObject) -> None:
    document = resolved(load("staged_release", ["cheap_fine_tuning"]))
    for _ in range(data.draw(st.integers(1, 3))):
        target: Any = document
        while isinstance(target, dict | list) and target:
            keys = list(target) if isinstance(target, dict) else list(range(len(target)))
            key = data.draw(st.sampled_from(keys))
            if not isinstance(target[key], dict | list) or not target[key] or data.draw(st.booleans()):
                target[key] = data.draw(VALUES)
                break
            target = target[key]
    scenario = read_or_refused(lambda: from_document(document, "fuzz"))
    if scenario is not None:
        assert scenario.digest() == from_document(resolved(scenario), "fuzz").digest()


@given(st.integers(0, len(TEMPLATE)), st.integers(0, 30), st.text(max_size=5))
def test_no_slip_in_a_file_raises_anything_else(at: int, cut: int, new: str) -> None:
    text = template("mine")
    slipped = (text[:at] + new + text[at + cut :]).encode("utf-8", "replace")
    read_or_refused(lambda: from_document(parse_toml(slipped, "fuzz"), "fuzz"))
