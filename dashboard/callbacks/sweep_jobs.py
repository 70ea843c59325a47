"""What the server does for the jobs of Sweep: it looks after them, and pauses, resumes and cancels them."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

import sim
from dashboard.jobs import keeper, records

SLOTS = 6
"""Jobs that are shown: those that may still run, then the latest."""
BUTTONS = (("pause", "Pause"), ("resume", "Resume"), ("cancel", "Cancel"), ("show", "Show results"))
ACTIONS = {"pause": keeper.pause, "resume": keeper.resume, "cancel": keeper.cancel}
PARTS = (("slot", "hidden"), ("name", "children"), ("state", "children"), ("bar", "value"))
WORDS = {
    "queued": "waiting",
    "running": "running",
    "paused": "paused",
    "cancelled": "cancelled",
    "finished": "finished",
}


def register(app: Dash) -> None:
    """Register the callbacks of jobs."""
    _register_watching(app)
    _register_buttons(app)


def _register_watching(app: Dash) -> None:
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


def _register_buttons(app: Dash) -> None:
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
        words.append(f"{rate:.3g} runs a second, about {duration((job.runs - done) / rate)} left")
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


def duration(seconds: float) -> str:
    """Say a time in one unit."""
    for length, word in ((3600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {word}"
    return f"{max(1, seconds):.0f} s"
