"""What the server does for the designs of Sweep: a form becomes text, the text is checked and becomes a job."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

import sim
from dashboard.callbacks.sweep_jobs import duration
from dashboard.jobs import keeper
from dashboard.sweeping import form

FIELDS = ("title", "scenarios", "worlds", "design", "samples", "replicates", "seed", "months", "parameters", "levers")


def register(app: Dash) -> None:
    """Register the callbacks of designs."""

    @app.callback(
        Output("sweep-text", "value"),
        Input("sweep-shipped", "value"),
        *(Input(f"sweep-form-{name}", "value") for name in FIELDS),
        prevent_initial_call=True,
    )
    def write(shipped: Any, *values: Any) -> str:
        if ctx.triggered_id == "sweep-shipped" and shipped:
            return str(sim.shipped_design(str(shipped)))
        return form.text_of(dict(zip(FIELDS, values, strict=True)))

    @app.callback(
        Output("sweep-check", "children"),
        Output("sweep-check", "className"),
        Output("sweep-start", "disabled"),
        Input("sweep-text", "value"),
        Input("sweep-workers", "value"),
    )
    def check(text: Any, workers: Any) -> tuple[str, str, bool]:
        try:
            design = keeper.check(text)
            estimate = sim.cost(design, keeper.processes(_whole(workers)))
        except sim.InputError as error:
            return str(error), "sweep-check bad", True
        cases = f"{len(design.cases)} scenarios and worlds × {design.draws:,} draws × {design.replicates:,} replicates"
        about = f"{len(design):,} runs ({cases}), about {duration(estimate.seconds)}, {estimate.bytes / 1e6:,.1f} MB."
        return about, "sweep-check good", False

    @app.callback(
        Output("sweep-started", "data"),
        Input("sweep-start", "n_clicks"),
        State("sweep-text", "value"),
        State("sweep-workers", "value"),
        prevent_initial_call=True,
    )
    def start(clicks: int | None, text: Any, workers: Any) -> Any:
        return keeper.submit(text, _whole(workers)).name if clicks else no_update


def _whole(text: Any) -> Any:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 4 else text
