"""Scenarios by chance: any parameters within their ranges, any policies within their declarations, tiny populations."""

import dataclasses
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.axes import JURISDICTIONS
from sim.parameters import REGISTRY
from sim.policies import POLICIES, Policy, ThresholdPolicy, absolute_month
from sim.policies.pauses import Pause
from sim.regimes import REGIMES
from sim.scenario import Population, Scenario

START, MONTHS = absolute_month(2026, 1), 5
UNCERTAIN = tuple(REGISTRY.uncertain())


def _values(field: dataclasses.Field[Any]) -> st.SearchStrategy[Any]:
    """Admissible values of a declared field of a policy; its ends are as likely as what lies between."""
    told = field.metadata
    if told["type"] == "number":
        inner = st.floats(told["low"], told["high"], allow_nan=False)
        return st.one_of(st.sampled_from([told["low"], told["high"]]), inner)
    if told["type"] == "integer":
        return st.integers(told["low"], told["high"])
    if told["type"] == "choice":
        return st.sampled_from(told["options"])
    if told["type"] == "places":
        return st.lists(st.sampled_from(JURISDICTIONS), min_size=1, unique=True).map(tuple)
    if told["type"] == "rows":
        return st.lists(st.sampled_from(REGIMES.ids), min_size=1, unique=True).map(tuple)
    return st.integers(START, START + MONTHS)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any instrument with any admissible fields, in force within the horizon."""
    cls = POLICIES[draw(st.sampled_from(sorted(POLICIES)))]
    given: dict[str, Any] = {"start": draw(st.integers(START, START + 2))}
    for field in dataclasses.fields(cls):
        if field.name not in {"start", "end", "value"} and draw(st.booleans()):
            given[field.name] = draw(_values(field))
    if issubclass(cls, ThresholdPolicy):
        kind = given.get("threshold", cls.threshold)
        given["value"] = draw(st.floats(*cls.RANGES[kind]))
    elif "value" in {field.name for field in dataclasses.fields(cls)} and draw(st.booleans()):
        given["value"] = draw(_values(cls.__dataclass_fields__["value"]))
    if issubclass(cls, Pause):  # its shortest time may not be over its longest
        ends = [given.get(name, getattr(Pause, name)) for name in ("least_months", "most_months")]
        given["least_months"], given["most_months"] = sorted(ends)
    return cls(**given)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A small scenario with up to five policies, at any date that is allowed."""
    labs = draw(st.integers(2, 12))
    return Scenario(
        name="any",
        title="Any",
        start=START,
        months=draw(st.integers(1, MONTHS)),
        population=Population(
            labs=labs,
            slots=draw(st.integers(labs, 24)),
            misusers=draw(st.integers(1, 200)),
            defenders=draw(st.integers(1, 128)),
            builders=draw(st.integers(1, 100)),
        ),
        parameters={"defence.form": draw(st.sampled_from(REGISTRY["defence.form"].options or ()))},
        policies=tuple(draw(st.lists(policies(), max_size=5))),
    )


def corner(seed: int, at_an_end: float) -> dict[str, NDArray[Any]]:
    """One draw of all uncertain parameters: a share of them at one end of its range, the others anywhere inside."""
    rng = np.random.default_rng(seed)
    found = {}
    for name in UNCERTAIN:
        entry = REGISTRY[name]
        place = float(rng.integers(2)) if rng.random() < at_an_end else float(rng.random())
        found[name] = np.array([min(max(entry.low + (entry.high - entry.low) * place, entry.low), entry.high)])
    return found
