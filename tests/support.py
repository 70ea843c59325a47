"""What several tests need: records of parameters, small scenarios, one member's values as plain numbers."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.axes import THRESHOLDS
from sim.levers import LEVERS
from sim.parameters import REGISTRY, columns
from sim.policies import Move, Policy, absolute_month
from sim.policies.fields import choice, date, number, rows
from sim.runner import run
from sim.scenario import Scenario, load

F32 = NDArray[np.float32]
KERNELS = (
    "capability", "release", "safety", "security", "market", "innovation", "oversight", "misuse", "defence",
    "catastrophe", "enforcement",
)  # fmt: skip
"""Submodels with a record of parameters; `choice` and `picks` have none."""
ROUNDING = 1e-6
"""Relative difference below which two float32 results count as the same."""
SMALL = ("population.misusers=200", "population.defenders=128", "population.builders=200")


def kernel(name: str) -> ModuleType:
    """The module of a kernel."""
    return importlib.import_module(f"sim.kernels.{name}")


def f32(*values: Any) -> F32:
    """One argument as a float32 array; several as a row ``(1, n)``."""
    if len(values) == 1:
        return np.asarray(values[0], np.float32)
    return np.asarray([values], np.float32)


def col(*values: float) -> F32:
    """A column ``(member, 1)``."""
    return np.asarray(values, np.float32)[:, None]


def parameters(name: str, members: int = 1, **overrides: Any) -> Any:
    """Record of a kernel's parameters from the registry's defaults.

    Overrides are fields of the record: a number for all members, a list along the field's index, an array
    ``(member, …)``, or text for a choice.
    """
    record = columns(kernel(name).Parameters, name, {}, members)
    changed = {}
    for field, value in overrides.items():
        default = getattr(record, field)
        if isinstance(default, str):
            changed[field] = value
            continue
        array = np.asarray(value, np.float32)
        changed[field] = np.ascontiguousarray(np.broadcast_to(array, default.shape if array.ndim < 2 else array.shape))
    return replace(record, **changed)


def sampled(name: str, members: int, seed: int = 0) -> Any:
    """Record of a kernel's parameters with another draw from the prior in every member; choices stay default."""
    names = [entry.name for entry in REGISTRY.table(name) if not entry.structural]
    return columns(kernel(name).Parameters, name, dict(REGISTRY.sample(members, seed, names)), members)


def rows_of(record: Any, start: int, stop: int) -> Any:
    """The record of the members from `start` to `stop`."""
    return type(record)(**{f.name: _rows(getattr(record, f.name), start, stop) for f in fields(record)})


def _rows(value: Any, start: int, stop: int) -> Any:
    return value if isinstance(value, str) else np.ascontiguousarray(value[start:stop])


def one(record: Any, member: int = 0) -> dict[str, Any]:
    """Parameters of one member as plain numbers; a list where the field has an index."""
    out: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        plain = value if isinstance(value, str) else [float(x) for x in value[member]]
        out[field.name] = plain[0] if isinstance(plain, list) and len(plain) == 1 else plain
    return out


def small(
    shipped: str = "status_quo",
    months: int = 12,
    settings: Sequence[str] = (),
    worlds: Sequence[str] = (),
    start: str | None = None,
    **changes: Any,
) -> Scenario:
    """A shipped scenario with small populations and few months; `changes` are fields of the record."""
    wanted = [*SMALL, f"months={months}", *([f"start={start}"] if start else []), *settings]
    return load(shipped, worlds=worlds, settings=wanted).replace(**changes)


def with_policies(scenario: Scenario, *policies: Policy, name: str | None = None) -> Scenario:
    """The scenario with policies added."""
    return scenario.replace(policies=(*scenario.policies, *policies), name=name or scenario.name)


def monthly(scenario: Scenario | Sequence[Scenario], **settings: Any) -> Mapping[str, NDArray[np.float64]]:
    """Outcomes ``(run, month)`` of a run without breakdowns."""
    return run(scenario, details=False, **{"replicates": 2, **settings}).monthly


def differing(a: Mapping[str, NDArray[Any]], b: Mapping[str, NDArray[Any]]) -> set[str]:
    """Names of arrays that are not equal to the last bit."""
    assert a.keys() == b.keys()
    return {name for name in a if not np.array_equal(a[name], b[name])}


def direction(function: Callable[..., Any], inputs: Mapping[str, Any], change: Mapping[str, Any]) -> str:
    """Where the output of a kernel goes when some inputs change: ``up``, ``down``, ``unchanged`` or ``mixed``.

    An input named ``p.field`` is a field of the record that stands in `inputs` as ``p``.
    """
    fields_changed = {name[2:]: value for name, value in change.items() if name.startswith("p.")}
    others = {name: value for name, value in change.items() if not name.startswith("p.")}
    moved = {**inputs, **others}
    if fields_changed:
        moved["p"] = changed_record(inputs["p"], fields_changed)
    before, after = (np.asarray(function(**given), np.float64) for given in (inputs, moved))
    gap = after - before
    gap[np.abs(gap) <= ROUNDING * (np.abs(before) + np.abs(after))] = 0
    if (gap == 0).all():
        return "unchanged"
    if (gap >= 0).all():
        return "up"
    return "down" if (gap <= 0).all() else "mixed"


def changed_record(record: Any, changes: Mapping[str, Any]) -> Any:
    """The record with some fields at other values, each broadcast over members and index."""
    wide = {
        name: np.ascontiguousarray(np.broadcast_to(f32(value), getattr(record, name).shape))
        for name, value in changes.items()
    }
    return replace(record, **wide)


@dataclass(frozen=True, kw_only=True)
class MoveLever(Policy):
    """Moves one lever everywhere from the first month on, whatever policy would do that."""

    kind: ClassVar[str] = "move_lever"

    lever: str = choice("pause", tuple(LEVERS), "which lever")
    value: float = number(0.0, -1e10, 1e10, "any", "to what")
    regimes: tuple[str, ...] = rows(("r6", "r7", "r8", "r9"), "which are forbidden, for thresholds")
    threshold: str = choice("training_flop", THRESHOLDS, "for thresholds")
    start: int = date(absolute_month(2000, 1), "long before the start")

    def moves(self, share: float, month: int) -> Iterator[Move]:
        given = (self.regimes, self.threshold) if self.lever == "forbidden_above" else ()
        yield Move(self.lever, self.value * share, *given)
