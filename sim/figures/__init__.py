"""Figures: pure functions from data to plotly figures as plain dicts, and `Plots` for results.

Dict figures are what the report and the dashboard draw; `figure` makes a plotly figure of one.
"""

from sim.figures.bars import headline, small_multiples
from sim.figures.captions import bands as bands_caption
from sim.figures.channels import by_part
from sim.figures.designs import Axis, cells, parallel, trade_off, undominated
from sim.figures.differences import Effect, differences
from sim.figures.fan import LEVELS, fan
from sim.figures.gap import gap
from sim.figures.labels import label, readable
from sim.figures.numbers import Scale, digits, quantiles, scale
from sim.figures.plots import Plots, figure
from sim.figures.shares import ranked, stacked_areas, stacked_bars
from sim.figures.signs import signs
from sim.figures.theme import BASELINE, CONFIG, FONT, TEMPLATES, Figure, layout, styles, translucent
from sim.figures.timeline import Horizon, Measure, axis, iso, spoken
from sim.figures.view import View

__all__ = [
    "BASELINE",
    "CONFIG",
    "FONT",
    "LEVELS",
    "TEMPLATES",
    "Axis",
    "Effect",
    "Figure",
    "Horizon",
    "Measure",
    "Plots",
    "Scale",
    "View",
    "axis",
    "bands_caption",
    "by_part",
    "cells",
    "differences",
    "digits",
    "fan",
    "figure",
    "gap",
    "headline",
    "iso",
    "label",
    "layout",
    "parallel",
    "quantiles",
    "ranked",
    "readable",
    "scale",
    "signs",
    "small_multiples",
    "spoken",
    "stacked_areas",
    "stacked_bars",
    "styles",
    "trade_off",
    "translucent",
    "undominated",
]
