"""Capability: training compute, algorithmic knowledge and distillation.

Capability is counted in orders of magnitude (OOM) of effective training compute: ``K = C + A + D``, with ``C`` log10
physical training FLOP, ``A`` algorithmic knowledge (0 in January 2024) and ``D`` what is gained by distilling a
better model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels.choice import exp10, log10, logistic, soft_minimum

F32 = NDArray[np.float32]

EPOCH_YEAR = 2023
"""Calendar year in which the compute price of the parameter table holds."""
STOCK_YEAR = 2026
"""Calendar year at whose beginning the chip stock of the parameter table holds."""
MONTHS = np.float32(12)  # of a year
SMALLEST_USD = np.float32(1)  # keeps the logarithm of spending finite
BUDGET, COURNOT, COURNOT_JOINT = "budget", "cournot", "cournot_joint"
"""Forms of research spending: a share of the budget, or that share times what the Cournot firms of d'Aspremont &
Jacquemin (1988) do at the spillover of one's own releases, each for itself or jointly."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """Columns ``(member, 1)``; meaning, unit, range and source of each stand in ``sim/parameters/capability.toml``."""

    enabled: F32
    flop_per_usd_log10: F32
    hardware_growth_initial: F32
    hardware_growth_final: F32
    hardware_growth_decay: F32
    chip_stock_log10_flop: F32
    chip_stock_growth_initial: F32
    chip_stock_growth_final: F32
    chip_stock_growth_decay: F32
    largest_run_share: F32
    compute_shock: F32
    capability_shock: F32
    knowledge_growth: F32
    research_form: str
    spillover_cost: F32
    research_returns: F32
    ideas_harder: F32
    research_reference_usd: F32
    open_commons_gain: F32
    absorption_public: F32
    absorption_frontier: F32
    distillation_share: F32
    distillation_midpoint: F32
    distillation_width: F32
    api_teacher_discount: F32
    copy_gap: F32
    interval_shortest: F32
    interval_longest: F32
    interval_jitter: F32
    data_shortfall: F32
    labour_shortfall: F32
    collective_penalty: F32
    frontier_reach: F32


def _grown(year: float, base_year: int, initial: F32, final: F32, decay: F32) -> F32:
    """log10 growth since `base_year` of something whose yearly growth factor decays from `initial` to `final`."""
    elapsed = np.float32(year - base_year)
    slow, fast = log10(final), log10(initial)
    return np.asarray(slow * elapsed + (fast - slow) * (1 - np.exp(-decay * elapsed)) / decay)


def compute_price(year: float, p: Parameters) -> F32:
    """log10 FLOP that a dollar of final training run buys in `year`; ``(member, 1)``. Sources A09, A28."""
    grown = _grown(year, EPOCH_YEAR, p.hardware_growth_initial, p.hardware_growth_final, p.hardware_growth_decay)
    return np.asarray(p.flop_per_usd_log10 + grown * p.enabled)


def largest_run(year: float, p: Parameters) -> F32:
    """log10 FLOP of the largest run that the world's chips and power admit in `year`; ``(member, 1)``. Source A22."""
    grown = _grown(year, STOCK_YEAR, p.chip_stock_growth_initial, p.chip_stock_growth_final, p.chip_stock_growth_decay)
    return np.asarray(p.chip_stock_log10_flop + grown + log10(p.largest_run_share))


def training_flop(spend_usd: F32, year: float, levy: F32, cap: F32, collective: F32, shock: F32, p: Parameters) -> F32:
    """log10 training FLOP of a run.

    Parameters
    ----------
    spend_usd : ndarray ``(member, lab)``
        Spending on the final run.
    levy, cap : ndarray ``(member, lab)``
        log10 factor on the price of compute (levies, export control), and the largest run that law allows (log10 FLOP).
    collective : ndarray ``(member, lab)`` of 0 or 1
        1 for a community that trains in a distributed way and pays an efficiency penalty.
    shock : ndarray ``(member, lab)``
        Standard normal.
    """
    wanted = log10(np.maximum(spend_usd, SMALLEST_USD)) + compute_price(year, p) - levy
    wanted = wanted - collective * p.collective_penalty + shock * p.compute_shock
    return np.asarray(np.minimum(soft_minimum(wanted, largest_run(year, p)), cap))


def without_data(data: F32, p: Parameters) -> F32:
    """Capability in OOM, negative, that developers lack for want of data of their own, ``(member, lab)``; `data` is 0
    to 1.
    """
    return np.asarray(-p.enabled * p.data_shortfall * (1 - data))


def effective_research(research_usd: F32, labour: F32, p: Parameters) -> F32:
    """Research spending that counts, USD a year, ``(member, lab)``: less where the best staff, `labour` 0 to 1, work
    elsewhere.
    """
    return np.asarray(research_usd * (1 - p.labour_shortfall * (1 - labour)))


def knowledge_step(
    knowledge: F32, research_usd: F32, open_share: F32, public: F32, frontier: F32, p: Parameters
) -> F32:
    """Algorithmic knowledge after one month; ``(member, lab)``.

    ``dA/dt = g (R (1 + χ S) / R0)^λ exp(−φ A) + a_pub (A_pub − A)+ + a_front (A_front − A)+`` with ``R`` in USD a
    year, ``R0`` constant and ``S`` `open_share`, the share of builders on open code and weights ``(member, 1)``;
    `public` ``(member, lab)`` is what is public where each developer works.
    Sources A12, F08, F11.
    """
    effort = np.maximum(
        research_usd * (1 + p.open_commons_gain * open_share) / p.research_reference_usd, 1 / p.research_reference_usd
    )
    own = p.knowledge_growth * np.exp(p.research_returns * np.log(effort) - p.ideas_harder * knowledge)
    absorbed = p.absorption_public * np.maximum(public - knowledge, 0) + p.absorption_frontier * np.maximum(
        frontier - knowledge, 0
    )
    return np.asarray(knowledge + p.enabled * (own + absorbed) / MONTHS)


def public_step(public: F32, knowledge: F32, spillover: F32, deployed: NDArray[np.bool_]) -> F32:
    """Public knowledge of each jurisdiction ``(member, jurisdiction)`` after one month.

    The strongest leak among deployed models, each of its own gap per year.

    Parameters
    ----------
    knowledge, deployed : ndarray ``(member, lab)``
    spillover : ndarray ``(member, jurisdiction, lab)``
        Share of its lead that each developer's models leak to each jurisdiction in a year.
    """
    lead = np.maximum(knowledge[:, None] - public[:, :, None], 0)
    flow = np.where(deployed[:, None], spillover * lead, np.float32(0))
    return np.asarray(public + np.maximum.reduce(flow, axis=-1) / MONTHS)


def distillation(base: F32, teacher: F32, p: Parameters) -> F32:
    """Gain in OOM of a model of `base` capability that learns from `teacher`.

    The share passed on rises with the teacher's capability.
    """
    share = p.distillation_share * logistic((teacher - p.distillation_midpoint) / p.distillation_width)
    return np.asarray(p.enabled * share * np.maximum(teacher - base, 0))


def best_teacher(base: F32, open_best: F32, api_best: F32, p: Parameters) -> F32:
    """Distillation gain from the better of two teachers: one that can be downloaded, one that can only be queried.

    Source B26.
    """
    queried = p.api_teacher_discount * distillation(base, api_best, p)
    return np.asarray(np.maximum(distillation(base, open_best, p), queried))


def training_interval(position: F32, uniforms: F32, p: Parameters) -> F32:
    """Months to the next run.

    Shortest for the lab at the frontier (`position` 1), longest far behind (0), with jitter.
    """
    mean = p.interval_longest - (p.interval_longest - p.interval_shortest) * position
    return np.asarray(np.maximum(np.rint(mean + p.interval_jitter * (2 * uniforms - 1)), 1))


def position(capability: F32, frontier: F32) -> F32:
    """Closeness to the frontier: the ratio of effective compute, 1 at the frontier and 0.1 one OOM behind."""
    return np.asarray(np.minimum(exp10(capability - frontier), 1))


def at_the_frontier(capability: F32, frontier: F32, p: Parameters) -> NDArray[np.bool_]:
    """Whether models count as frontier models: beyond the best one, or behind it by less than the reach."""
    return np.asarray(capability >= frontier - p.frontier_reach)
