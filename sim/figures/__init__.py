"""Figures: pure functions from data to plotly figures as plain dicts, and `Plots` for results.

Dict figures are what the report and the dashboard draw; `figure` makes a plotly figure of one.
"""

from sim.figures.bars import headline, small_multiples
from sim.figures.channels import by_part
from sim.figures.differences import Effect, differences
from sim.figures.fan import fan
from sim.figures.gap import gap
from sim.figures.plots import Plots, figure
from sim.figures.shares import ranked, stacked_areas, stacked_bars
from sim.figures.signs import signs
from sim.figures.theme import CONFIG, FONT, TEMPLATES, Figure
from sim.figures.timeline import Horizon, Measure
from sim.figures.view import View

__all__ = [
    "CONFIG",
    "FONT",
    "TEMPLATES",
    "Effect",
    "Figure",
    "Horizon",
    "Measure",
    "Plots",
    "View",
    "by_part",
    "differences",
    "fan",
    "figure",
    "gap",
    "headline",
    "ranked",
    "signs",
    "small_multiples",
    "stacked_areas",
    "stacked_bars",
]
