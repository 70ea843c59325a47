"""Figures of results as plotly figures: ``comparison.plot.fan("cumulative_harm")``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.figures.bars import headline, small_multiples
from sim.figures.differences import differences
from sim.figures.fan import fan
from sim.figures.gap import gap
from sim.figures.harm import by_domain, by_route
from sim.figures.market import market
from sim.figures.theme import Figure
from sim.figures.view import View
from sim.results.comparison import Comparison
from sim.results.runs import Results

if TYPE_CHECKING:
    import plotly.graph_objects as go


def figure(drawing: Figure) -> go.Figure:
    """Return a dict figure as a plotly figure, which shows itself in notebooks.

    Plotly's graph objects are imported on first use: they cost half a second that dict figures need not pay.
    """
    import plotly.graph_objects as go

    return go.Figure(drawing)


class Plots:
    """Figures of results or of a comparison.

    Parameters
    ----------
    source : Results or Comparison
        What to draw.
    mode : {"light", "dark"}
        Colours of the page.
    """

    def __init__(self, source: Results | Comparison, mode: str = "light") -> None:
        self.view = View.of(source)
        self.mode = mode

    def fan(self, outcome: str, *, log: bool | None = None, single_runs: int = 0) -> go.Figure:
        """Return an outcome over time with bands over the runs; see `sim.figures.fan.fan`."""
        self._recorded(outcome)
        view = self.view
        options = {"baseline": view.shown_baseline, "log": log, "single_runs": single_runs, "mode": self.mode}
        return figure(fan(view.monthly(outcome), view.monthly_measure(outcome), view.horizon, **options))  # type: ignore[arg-type]

    def headline(self, outcome: str) -> go.Figure:
        """Return one number a scenario with the range of 90 percent of the runs."""
        self._recorded(outcome)
        view = self.view
        drawing = headline(view.summary(outcome), view.measure(outcome), baseline=view.shown_baseline, mode=self.mode)
        return figure(drawing)

    def headlines(self, outcomes: Sequence[str] | None = None, *, columns: int = 2) -> go.Figure:
        """Return small multiples of the headline outcomes, or of those named."""
        view = self.view
        names = view.headlines if outcomes is None else [self._recorded(name) for name in outcomes]
        values = {name: view.summary(name) for name in names}
        measures = [view.measure(name) for name in names]
        drawing = small_multiples(values, measures, baseline=view.shown_baseline, columns=columns, mode=self.mode)
        return figure(drawing)

    def differences(self, scenario: str, outcomes: Sequence[str] | None = None) -> go.Figure:
        """Return a scenario's paired differences to the baseline in the headline outcomes, or in those named."""
        view = self.view
        if scenario not in view.others or view.baseline is None:
            known = ", ".join(view.others) if view.baseline else "none: there is no baseline"
            raise InputError(
                "scenario", f"{scenario!r} is not compared with a baseline here.", f"Compared are {known}."
            )
        names = view.headlines if outcomes is None else [self._recorded(name) for name in outcomes]
        return figure(differences(view.effects(scenario, names), title=view.shown[scenario], mode=self.mode))

    def gap(self, upper: str = "elo_gap", lower: str = "capability_lag_months") -> go.Figure:
        """Return how far open models trail, as a gap and as a lag over time."""
        view = self.view
        upper, lower = self._recorded(upper), self._recorded(lower)
        panels = (
            (view.measure(upper), view.monthly(upper)),
            (view.measure(lower), view.monthly(lower)),
        )
        return figure(gap(panels, view.horizon, baseline=view.shown_baseline, mode=self.mode))

    def harm_by_route(self) -> go.Figure:
        """Return the shares of realised harm by route, one bar a scenario."""
        return figure(by_route(self.view, self.mode))

    def harm_by_domain(self) -> go.Figure:
        """Return the shares of realised harm by domain, one bar a scenario."""
        return figure(by_domain(self.view, self.mode))

    def market(self, scenario: str) -> go.Figure:
        """Return whose models are used over time in one scenario."""
        return figure(market(self.view, scenario, self.mode))

    def _recorded(self, outcome: str) -> str:
        if outcome not in self.view.results.monthly:
            raise InputError("outcome", f"{outcome!r} was not recorded.", "`aperture outcomes` lists them.")
        return outcome
