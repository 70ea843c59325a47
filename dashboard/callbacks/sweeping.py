"""What the server does for Sweep: designs are checked, jobs are looked after, stored sweeps are drawn."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

import sim
from dashboard import ids
from dashboard.jobs import keeper, records
from dashboard.sweeping import form, pictures, points

SLOTS = 6
"""Jobs that are shown: those that may still run, then the latest."""
BUTTONS = (("pause", "Pause"), ("resume", "Resume"), ("cancel", "Cancel"), ("show", "Show results"))
ACTIONS = {"pause": keeper.pause, "resume": keeper.resume, "cancel": keeper.cancel}
FIELDS = ("title", "scenarios", "worlds", "design", "samples", "replicates", "seed", "months", "parameters", "levers")
PARTS = (("slot", "hidden"), ("name", "children"), ("state", "children"), ("bar", "value"))
WORDS = {"queued": "waits", "running": "runs", "paused": "paused", "cancelled": "cancelled", "finished": "finished"}
HINT = {
    "heatmap": "Click on a cell to open its scenario in Explore.",
    "lines": "The factors that go most with the outcome, by rank, and the two outcomes.",
    "scatter": "Click on a point to open it in Explore. None beats those on the dotted steps in both outcomes.",
    "table": "Choose a row for a link that opens it in Explore.",
}


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
    _register_design(app)
    _register_jobs(app)
    _register_results(app)
    _register_clicks(app)


def _register_design(app: Dash) -> None:
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
        about = f"{len(design):,} runs ({cases}), about {_duration(estimate.seconds)}, {estimate.bytes / 1e6:,.1f} MB."
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


def _duration(seconds: float) -> str:
    for length, word in ((3600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {word}"
    return f"{max(1, seconds):.0f} s"


def _register_jobs(app: Dash) -> None:
    outputs = [Output(f"sweep-{name}-{i}", prop) for i in range(SLOTS) for name, prop in PARTS]
    outputs += [Output(f"sweep-{name}-{i}", "disabled") for i in range(SLOTS) for name, _ in BUTTONS]

    @app.callback(
        *outputs,
        Output("sweep-slots", "data"),
        Output("sweep-none", "hidden"),
        Output("sweep-queue", "children"),
        Output("sweep-open", "data"),
        Input("sweep-tick", "n_intervals"),
        Input("sweep-started", "data"),
        State("sweep-open", "data"),
    )
    def tick(ticks: Any, started: Any, known: Any) -> list[Any]:
        keeper.look()
        jobs = shown_jobs()
        rows = [_row(job) for job in jobs] + [(True, "", "", "0")] * (SLOTS - len(jobs))
        able = [_able(job) for job in jobs] + [[True] * len(BUTTONS)] * (SLOTS - len(jobs))
        waiting = sum(job.state == "queued" for job in jobs)
        running = sum(job.state == "running" for job in jobs)
        names = records.sweeps()
        return [
            *(value for row in rows for value in row),
            *(value for row in able for value in row),
            [job.name for job in jobs],
            bool(jobs),
            f"{running} running, {waiting} waiting" if jobs else "",
            no_update if names == known else names,
        ]

    buttons = [Input(f"sweep-{name}-{i}", "n_clicks") for i in range(SLOTS) for name, _ in BUTTONS]

    @app.callback(
        Output("sweep-started", "data", allow_duplicate=True),
        Output("sweep-open", "value"),
        *buttons,
        State("sweep-slots", "data"),
        prevent_initial_call=True,
    )
    def act(*values: Any) -> tuple[Any, Any]:
        slots, asked = values[-1], str(ctx.triggered_id or "").split("-")
        if not any(values[:-1]) or not isinstance(slots, list) or len(asked) != 3 or int(asked[2]) >= len(slots):
            return no_update, no_update
        name = records.checked(slots[int(asked[2])])
        if asked[1] == "show":
            return no_update, name
        ACTIONS[asked[1]](name)
        return f"{name} {asked[1]} {sum(filter(None, values[:-1]))}", no_update


def shown_jobs() -> list[records.Job]:
    """Return the jobs that the page shows: those that may still run in their order, then the latest others."""
    jobs = records.jobs()
    active = [job for job in jobs if job.state in records.OPEN]
    past = [job for job in reversed(jobs) if job.state not in records.OPEN]
    return [*active, *past][:SLOTS]


def _row(job: records.Job) -> tuple[bool, str, str, str]:
    """What stands in the slot of a job: whether it is hidden, its title, its state, its share of finished runs."""
    done = finished(job.name)
    words = [f"{WORDS.get(job.state, job.state)}, {done:,} of {job.runs:,} runs"]
    rate = _rate(job)
    if job.state == "running" and rate > 0:
        words.append(f"{rate:.3g} runs a second, about {_duration((job.runs - done) / rate)} left")
    if job.reason:
        words.append(job.reason)
    return False, job.title, " · ".join(words), f"{min(done / max(job.runs, 1), 1):.4f}"


def _rate(job: records.Job) -> float:
    try:
        return float((records.folder(job.name) / "rate").read_text("utf-8"))
    except (OSError, ValueError):
        return 0.0


def finished(name: str) -> int:
    """Return the finished runs of a sweep; 0 before it has begun."""
    try:
        status = sim.open_sweep(records.store(name)).status()
    except (sim.InputError, OSError):
        return 0
    return int(status["finished"])


def _able(job: records.Job) -> list[bool]:
    """Whether each button is disabled."""
    can = {
        "pause": job.state in ("running", "queued"),
        "resume": job.state in ("paused", "cancelled", "failed"),
        "cancel": job.state in records.OPEN,
        "show": finished(job.name) > 0,
    }
    return [not can[name] for name, _ in BUTTONS]


CHOICES = [Input(f"sweep-{name}", "value") for name in ("open", "outcome", "second")]


def _register_results(app: Dash) -> None:
    @app.callback(
        Output("sweep-about", "children"),
        Output("sweep-hint", "children"),
        Output("sweep-link-line", "hidden", allow_duplicate=True),
        *CHOICES,
        Input("sweep-view", "value"),
        prevent_initial_call="initial_duplicate",
    )
    def about(name: Any, outcome: Any, second: Any, view: Any) -> tuple[str, str, bool]:
        if not name:
            return "None is finished yet. Start one at the left; sweeps of the command line show here too.", "", True
        shown = points.load(name, [outcome, second])
        text = f"{shown.title}: {shown.runs:,} runs over {len(shown.factors)} varied factors"
        text += f", of which the first {shown.read:,} are shown" if shown.read < shown.runs else ""
        text += f"; {shown.failed:,} failed" if shown.failed else ""
        return text + ".", HINT.get(str(view), ""), True

    @app.callback(
        Output("sweep-heatmap", "figure"),
        Output("sweep-rows", "data"),
        Output("sweep-columns", "data"),
        Output("sweep-rows", "value"),
        Output("sweep-columns", "value"),
        *CHOICES,
        Input("sweep-rows", "value"),
        Input("sweep-columns", "value"),
        Input(ids.MODE, "data"),
    )
    def heatmap(name: Any, outcome: Any, second: Any, rows: Any, columns: Any, mode: Any) -> tuple[Any, ...]:
        if not name:
            return (no_update,) * 5
        shown = points.load(name, [outcome, second])
        first, other = pictures.sides(shown, rows, columns)
        drawing = pictures.heatmap(shown, outcome, first, other, _mode(mode))
        values = tuple(no_update if a == b else a for a, b in ((first, rows), (other, columns)))
        return drawing, shown.dimensions, shown.dimensions, *values

    _register_drawings(app)


def _register_drawings(app: Dash) -> None:
    @app.callback(Output("sweep-lines", "figure"), *CHOICES, Input(ids.MODE, "data"))
    def lines(name: Any, outcome: Any, second: Any, mode: Any) -> Any:
        if not name:
            return no_update
        return pictures.lines(points.load(name, [outcome, second]), _outcomes(outcome, second), _mode(mode))

    @app.callback(Output("sweep-scatter", "figure"), *CHOICES, Input(ids.MODE, "data"))
    def scatter(name: Any, outcome: Any, second: Any, mode: Any) -> Any:
        if not name:
            return no_update
        return pictures.scatter(points.load(name, [outcome, second]), outcome, second, _mode(mode))

    @app.callback(Output("sweep-table", "columnDefs"), Output("sweep-table", "rowData"), *CHOICES)
    def table(name: Any, outcome: Any, second: Any) -> tuple[Any, Any]:
        if not name:
            return no_update, no_update
        return pictures.grid(points.load(name, [outcome, second]), _outcomes(outcome, second))


def _outcomes(first: str, second: str) -> list[str]:
    return list(dict.fromkeys((first, second)))


def _mode(mode: Any) -> str:
    return "dark" if mode == "dark" else "light"


def _register_clicks(app: Dash) -> None:
    states = [State(f"sweep-{name}", "value") for name in ("open", "outcome", "second")]

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True),
        Input("sweep-heatmap", "clickData"),
        *states,
        State("sweep-rows", "value"),
        State("sweep-columns", "value"),
        prevent_initial_call=True,
    )
    def cell(clicked: Any, name: Any, outcome: Any, second: Any, rows: Any, columns: Any) -> Any:
        place = _custom(clicked)
        if not (isinstance(place, list) and len(place) == 2 and all(type(i) is int for i in place)):
            return no_update
        shown = points.load(name, [outcome, second])
        row = pictures.cell_row(shown, *pictures.sides(shown, rows, columns), (place[0], place[1]))
        return points.address(shown, row, _outcomes(outcome, second))

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True),
        Input("sweep-scatter", "clickData"),
        *states,
        prevent_initial_call=True,
    )
    def point(clicked: Any, name: Any, outcome: Any, second: Any) -> Any:
        place = _custom(clicked)
        if place is None:
            return no_update
        shown = points.load(name, [outcome, second])
        return points.address(shown, pictures.row_of(shown, place), _outcomes(outcome, second))

    @app.callback(
        Output("sweep-link", "children"),
        Output("sweep-link", "href"),
        Output("sweep-link-line", "hidden"),
        Input("sweep-table", "selectedRows"),
        *states,
        prevent_initial_call=True,
    )
    def chosen(rows: Any, name: Any, outcome: Any, second: Any) -> tuple[Any, ...]:
        if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
            return no_update, no_update, True
        shown = points.load(name, [outcome, second])
        row = pictures.row_of(shown, rows[0].get("place"))
        text = f"Open draw {row['draw']} of {row['scenario']} in Explore"
        return text, points.address(shown, row, _outcomes(outcome, second)), False


def _custom(clicked: Any) -> Any:
    """What a figure says of the point that was clicked on; None if nothing was."""
    try:
        return clicked["points"][0]["customdata"]
    except (KeyError, IndexError, TypeError):
        return None
