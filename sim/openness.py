"""What the literature would call a regime. Derived from its attributes for people to read; no kernel uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.regime_table import RegimeTable
from sim.regimes import Regime

SOLAIMAN_LEVELS = (
    "fully closed",
    "gradual or staged release",
    "hosted access",
    "cloud-based or API access",
    "downloadable",
    "fully open",
)
"""Gradient of release, from least to most open: Solaiman 2023, "The Gradient of Generative AI Release", figure 1."""

MOF_CLASSES = {"III": "open model", "II": "open tooling", "I": "open science"}
"""Classes of the Model Openness Framework, from least to most complete: White et al. 2024, arXiv:2403.13784."""


@dataclass(frozen=True)
class Component:
    """One of the 17 components of the Model Openness Framework.

    Attributes
    ----------
    name : str
        As the framework calls it.
    mof_class : str
        Least complete class that requires it.
    dimension : str
        Attribute of a regime that it belongs to.
    threshold : float
        Value of that attribute from which on it counts as released: a judgement, ordered by how readily developers
        release it.
    optional : bool
        Whether the class can be had without it.
    """

    name: str
    mof_class: str
    dimension: str
    threshold: float
    optional: bool = False


COMPONENTS = (
    Component("model architecture", "III", "code_openness", 0.2),
    Component("model parameters (final)", "III", "weights_access", 0.5),
    Component("technical report", "III", "research_openness", 0.4),
    Component("evaluation results", "III", "research_openness", 0.4),
    Component("model card", "III", "research_openness", 0.3),
    Component("data card", "III", "data_openness", 0.05),
    Component("sample model outputs", "III", "research_openness", 0.3, optional=True),
    Component("training, validation and testing code", "II", "code_openness", 0.75),
    Component("inference code", "II", "code_openness", 0.3),
    Component("evaluation code", "II", "code_openness", 0.6),
    Component("evaluation data", "II", "data_openness", 0.1),
    Component("supporting libraries and tools", "II", "code_openness", 0.5),
    Component("research paper", "I", "research_openness", 0.8),
    Component("datasets", "I", "data_openness", 0.75),
    Component("data preprocessing code", "I", "code_openness", 0.95),
    Component("model parameters (intermediate)", "I", "research_openness", 0.85),  # weights_access speaks of final ones
    Component("model metadata", "I", "research_openness", 0.6, optional=True),
)
"""The 17 components, class by class; a class also requires the components of the classes before it.

That White et al. (2024) have three classes is checked; which component stands in which is not checked against the
original, and the thresholds are a judgement of ours."""


def released_components(row: Regime) -> tuple[str, ...]:
    """Names of the components that the regime releases."""
    return tuple(component.name for component in COMPONENTS if _released(component, row.attributes))


def mof_class(row: Regime) -> str | None:
    """Class of the Model Openness Framework, ``"III"``, ``"II"`` or ``"I"``; None when class III is not reached."""
    reached = None
    for name in MOF_CLASSES:
        required = (component for component in COMPONENTS if component.mof_class == name and not component.optional)
        if not all(_released(component, row.attributes) for component in required):
            break
        reached = name
    return reached


def _released(component: Component, attributes: Mapping[str, float]) -> bool:
    return attributes[component.dimension] >= component.threshold


def solaiman_level(row: Regime) -> str:
    """The place of the regime on the gradient of release, one of `SOLAIMAN_LEVELS`."""
    has = row.attributes
    if has["weights_access"] >= 0.5 and has["code_openness"] >= 0.5 and has["data_openness"] >= 0.5:
        return SOLAIMAN_LEVELS[5]
    if has["weights_access"] >= 0.1:
        return SOLAIMAN_LEVELS[4]
    if row.opens_to not in (None, row.id):
        return SOLAIMAN_LEVELS[1]
    if has["api_access"] < 0.1:
        return SOLAIMAN_LEVELS[0]
    return SOLAIMAN_LEVELS[3] if has["customisability"] >= 0.2 else SOLAIMAN_LEVELS[2]


def kapoor_properties(row: Regime) -> dict[str, bool]:
    """The five distinctive properties of open foundation models: Kapoor et al. 2024, arXiv:2403.07918, section 3."""
    has = row.attributes
    return {
        "broader access": has["weights_access"] >= 0.5,
        "greater customisability": has["customisability"] >= 0.7,
        "local inference ability": has["local_inference"] >= 0.5,
        "inability to rescind access": has["revocability"] <= 0.2,
        "inability to monitor or moderate": has["monitoring"] <= 0.2,
    }


def widder_affordances(row: Regime) -> dict[str, float]:
    """What openness affords: Widder, West and Whittaker 2023, "Open (For Business)".

    Returns
    -------
    dict of str to float
        ``transparency`` (mean openness of code, data and research), ``reusability`` (mean of access to the weights and
        local inference) and ``extensibility`` (mean of fine-tuning and customisability), shares from 0 to 1.
    """
    has = row.attributes
    return {
        "transparency": (has["code_openness"] + has["data_openness"] + has["research_openness"]) / 3,
        "reusability": (has["weights_access"] + has["local_inference"]) / 2,
        "extensibility": (has["fine_tuning"] + has["customisability"]) / 2,
    }


def component_masks(table: RegimeTable) -> NDArray[np.int64]:
    """Components that each row releases as bits, in the order of `COMPONENTS`; ``(member, regime)``."""
    bits = [
        (table[component.dimension] >= component.threshold).astype(np.int64) << place
        for place, component in enumerate(COMPONENTS)
    ]
    return np.asarray(np.bitwise_or.reduce(bits, axis=0))
